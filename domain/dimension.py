"""The dimensions of the 360° view in the order of the drop-down, and one of them as somebody may read it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from domain.customer import CustomerFacts
from domain.sharing import Audience
from domain.summary import Line, ShownLine, show_lines
from domain.view.assets import assets
from domain.view.basic import basic
from domain.view.credit import credit
from domain.view.relations import relations
from domain.view.risk import risk
from domain.view.service import service
from domain.view.source import Source
from domain.view.trail import trail
from domain.view.transactions import transactions

Build = Callable[[CustomerFacts, date], tuple[Line, ...]]
TRAIL = "trail"


@dataclass(frozen=True, slots=True)
class Dimension:
    """One entry of the drop-down."""

    key: str
    title: str
    build: Build
    source: Source


@dataclass(frozen=True, slots=True)
class ShownDimension:
    """A dimension as one audience may read it; `source` says where it comes from and how fresh it is."""

    key: str
    title: str
    lines: tuple[ShownLine, ...]
    source: str


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension("basic", "基本信息", basic, Source("开户系统、CRM、客户经理录入", {"customers": "客户资料"})),
    Dimension("assets", "资产信息", assets, Source(
        "核心、理财、基金代销系统", {"aum_daily": "每日资产", "holdings": "持仓", "accounts": "账户"}
    )),
    Dimension("transactions", "交易行为", transactions, Source(
        "交易系统、手机银行和网银、POS", {"transactions": "交易"}
    )),
    Dimension("credit", "负债与信用", credit, Source("信贷系统", {"loans": "贷款"})),
    Dimension("risk", "风险评级", risk, Source("风险测评系统", {"risk_assessments": "风险测评"})),
    Dimension("service", "服务记录", service, Source(
        "呼叫中心、在线客服、拜访登记和案件（即时）", {"interactions": "联系记录", "complaints": "历史投诉"}
    )),
    Dimension("relations", "关系", relations, Source("开户系统、客户经理录入（即时）", {"relations": "关系"})),
    Dimension(TRAIL, "行为轨迹", trail, Source("手机银行、网站埋点", {"touchpoints": "访问记录"})),
)  # fmt: skip


def offered(*, with_trail: bool) -> tuple[Dimension, ...]:
    """The dimensions that this bank looks at: the trail only where it was agreed to."""
    return tuple(each for each in DIMENSIONS if with_trail or each.key != TRAIL)


def show_dimension(key: str, facts: CustomerFacts, audience: Audience, today: date) -> ShownDimension | None:
    """One dimension as this audience may read it; None for an unknown key."""
    found = next((each for each in offered(with_trail=facts.trail) if each.key == key), None)
    if found is None:
        return None
    lines = show_lines(found.build(facts, today), audience)
    return ShownDimension(found.key, found.title, lines, found.source.freshness(facts, today))
