"""What each dimension says, and to whom: money, debts, people, touchpoints, how fresh they are; what stays unsaid."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from itertools import combinations

import pytest

from domain.customer import AumPoint, Contact, Customer, CustomerFacts, Holding, Product, RiskAssessment
from domain.dimension import DIMENSIONS, show_dimension
from domain.ids import CaseId, CustomerId, ProductId, UserId
from domain.policy import Purpose, Relation
from domain.profile import Arrival, Habit, Loan, Member, OwnCase, PastComplaint, Tie, Touch
from domain.sharing import Audience, Field, Setting, Surface
from domain.summary import show, summarise
from tests.policies import seen_by

CN = timezone(timedelta(hours=8))
TODAY = date(2026, 11, 23)
WAN = 10_000 * 100
OWN, OTHERS = Relation.OWN_BOOK, Relation.IN_SCOPE
PERSON = Customer(CustomerId("C1"), "王示例", opened_on=date(2020, 11, 23))
FACTS = CustomerFacts(PERSON, date(2026, 11, 22))


def at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=CN)


def said(key: str, who: Relation | Audience = OWN, **facts: object) -> list[tuple[str, str]]:
    audience = who if isinstance(who, Audience) else seen_by(who)
    shown = show_dimension(key, replace(FACTS, **facts), audience, TODAY)  # type: ignore[arg-type]
    assert shown is not None
    return [(line.label, line.text) for line in shown.lines]


def habit(kind: str, channel: str | None, count: int, *, initiated: bool = True, out: int = 0, come: int = 0) -> Habit:
    return Habit(kind, channel, initiated, 1, count, come, out, 2 * come, 2 * out, at(11, 20))


SPENDING = (
    habit("消费", "快捷支付", 6, out=2 * WAN),
    habit("转账", "手机银行", 3, out=30 * WAN),
    habit("缴费", "手机银行", 1),
    habit("结息", "系统", 9, initiated=False, come=5 * WAN),
)


def test_transactions() -> None:
    assert said("transactions", habits=SPENDING) == [
        ("近30天", "主动 3 笔，流入 5.00 万，流出 32.00 万"),
        ("近90天", "主动 10 笔，流入 10.00 万，流出 64.00 万"),
        ("净流动", "近90天净流出 54.00 万"),
        ("最近主动", "3天前（11月20日）"),
        ("常用渠道", "快捷支付 60% · 手机银行 40%"),
        ("常做的事", "消费 60% · 转账 30% · 缴费 10%"),
    ]
    assert said("transactions", OTHERS, habits=SPENDING)[0] == ("近30天", "主动 3 笔，流入 5–20 万，流出 20–50 万")
    assert said("transactions") == [("近90天", "没有交易")]


def test_interest_alone_is_no_activity() -> None:
    lines = dict(said("transactions", habits=SPENDING[-1:]))
    assert (lines["近90天"], lines["最近主动"]) == ("主动 0 笔，流入 10.00 万，流出 0.00 元", "近90天没有主动交易")


MORTGAGE = Loan(
    "L1", "住房按揭", 100 * WAN, 75 * WAN, 0, "已放款", "正常", date(2039, 1, 1), date(2026, 12, 1), 512_345
)
LATE = Loan("L2", "消费贷款", 8 * WAN, 3 * WAN, 12, None, "关注")
ASKED = Loan("L3", "经营贷款", 50 * WAN, 0, 0, "审批中")


def test_loans_and_how_far_an_application_is() -> None:
    assert said("credit", loans=(MORTGAGE, LATE, ASKED)) == [
        ("贷款进度", "经营贷款 50.00 万，审批中"),
        ("贷款余额", "78.00 万，共 2 笔"),
        ("住房按揭", "余额 75.00 万，正常，没有逾期，2039年1月1日到期，8天后（12月1日）还 5,123.45 元"),
        ("消费贷款", "余额 3.00 万，关注，已逾期 12 天"),
    ]
    assert ("贷款余额", "50–100 万，共 2 笔") in said("credit", OTHERS, loans=(MORTGAGE, LATE))
    assert said("credit") == [("贷款", "没有贷款，也没有在办的申请")]


def test_who_collects_is_told_to_who_serves_and_nobody_courts_meanwhile() -> None:
    chased = replace(PERSON, collections=True, birth_date=date(1970, 11, 25))
    large = Holding("H1", Product(ProductId("P1"), "示例", "wealth"), 900 * WAN, matures_on=date(2026, 11, 30))
    facts = replace(FACTS, customer=chased, holdings=(large,))
    shown = show(summarise(facts, TODAY), seen_by(OWN))
    assert ("催收提示", "正在催收，先不要挽留或营销") in [(line.label, line.text) for line in shown.lines]
    assert (shown.action, shown.reason) == ("先不做挽留和营销，联系前请先问主管", "客户正在催收中")
    assert said("credit", customer=chased)[0][0] == said("basic", customer=chased)[0][0] == "催收提示"
    due = replace(facts, customer=replace(chased, kyc_due=date(2026, 11, 1)))
    assert summarise(due, TODAY).suggestions[0].key == "kyc.review"
    calm = summarise(replace(FACTS, customer=replace(chased, collections=False)), TODAY)
    assert (calm.suggestions[0].key, calm.collections) == ("birthday.solar", ())


def test_risk_history_and_regimes() -> None:
    risks = (
        RiskAssessment("C3", date(2026, 6, 1), date(2027, 5, 31), "bank", "手机银行"),
        RiskAssessment("C4", date(2026, 5, 1), date(2026, 10, 31), "fund", "网点"),
        RiskAssessment("C2", date(2025, 6, 2), date(2026, 6, 1), "bank", "网点"),
    )
    lines = said("risk", risk=risks[0], risks=risks)
    assert lines[:3] == [
        ("风险等级", "C3 平衡型，有效至2027年5月31日"),
        ("测评日期", "6月1日"),
        ("基金口径", "C4 成长型，已于10月31日过期"),
    ]
    assert lines[-1] == ("以前测评", "C2 稳健型（2025年6月2日，网点，银行理财）")


LAUNDERING = {"反洗钱等级", "制裁名单", "账户冻结"}


def everything() -> Iterator[Customer]:
    """Customers who differ in nothing but what only those who fight money laundering know."""
    for risk in (None, "低", "高"):
        for sanctioned, frozen in combinations((None, True, False, True), 2):
            yield replace(PERSON, kyc_risk=risk, sanctioned=sanctioned, frozen=frozen)


@pytest.mark.parametrize("surface", list(Surface))
@pytest.mark.parametrize("relation", list(Relation))
@pytest.mark.parametrize("post", ["客户经理", "合规岗", "风控专员", "分行行长", None])
def test_nobody_else_can_tell_what_only_the_fight_against_laundering_knows(surface, relation, post) -> None:
    audience = seen_by(relation, surface=surface, post=post or "没有的岗位", purpose=Purpose.DUE_DILIGENCE)
    pictures = set()
    for customer in everything():
        facts = replace(FACTS, customer=customer)
        views = [show_dimension(dimension.key, facts, audience, TODAY) for dimension in DIMENSIONS]
        pictures.add(repr((views, show(summarise(facts, TODAY), audience))))
    assert len(pictures) == 1


def test_who_fights_laundering_reads_it_of_every_customer_alike() -> None:
    audience = seen_by(OTHERS, post="反洗钱岗", purpose=Purpose.DUE_DILIGENCE)
    for customer in everything():
        assert {label for label, _ in said("risk", audience, customer=customer)} >= LAUNDERING
    high = replace(PERSON, kyc_risk="高", sanctioned=True)
    lines = dict(said("risk", audience, customer=high))
    assert [lines[label] for label in ("反洗钱等级", "制裁名单", "账户冻结")] == ["高", "是", "没有数据"]


def test_the_contribution_is_for_who_decides_on_risk() -> None:
    held = Holding("H1", Product(ProductId("P1"), "示例", "wealth"), 70 * WAN)
    facts = {"holdings": (held,), "loans": (MORTGAGE,)}
    officer = seen_by(OTHERS, post="风控专员", purpose=Purpose.POST_LOAN)

    def told(**more: object) -> str:
        return dict(said("assets", officer, **{**facts, **more}))["综合贡献"]

    assert told() == "资产 暂无数据，贷款 50–100 万，持有 1 类 1 只产品，往来 6 年"
    assert told(aum=(AumPoint(TODAY - timedelta(days=30), 0),), loans=()).startswith("没有资产，没有贷款，持有 1 类")
    assert told(aum=(AumPoint(TODAY - timedelta(days=30), 1),), loans=(replace(MORTGAGE, balance=1),)).startswith(
        "资产 不足 1 万，贷款 不足 1 万，"
    )
    assert "综合贡献" not in dict(said("assets", OWN, **facts))


def test_concentration_and_maturities() -> None:
    def held(key: str, amount: int, matures: date | None) -> Holding:
        return Holding(key, Product(ProductId(key), f"示例{key}", "wealth"), amount, matures_on=matures)

    three = (
        held("一", 60 * WAN, date(2026, 12, 23)),
        held("二", 30 * WAN, date(2027, 2, 21)),
        held("三", 10 * WAN, None),
    )
    lines = said("assets", holdings=three)
    assert ("集中度", "示例一 占 60%") in lines
    assert ("30天内到期", "1 笔，共 60.00 万，最早30天后（12月23日）") in lines
    assert ("90天内到期", "2 笔，共 90.00 万，最早30天后（12月23日）") in lines
    assert dict(said("assets"))["30天内到期"] == "没有"


TIES = (
    Tie("配偶", CustomerId("C00000002"), Relation.OWN_BOOK),
    Tie("担保人", CustomerId("C00000003"), Relation.IN_SCOPE, tie_id="t1"),
    Tie("子女", CustomerId("C00000004")),
)


@pytest.mark.parametrize(
    ("audience", "lines"),
    [
        (seen_by(OWN), ["客户号 C00000002", "客户号 尾号0003（行内登记）", "行内客户"]),
        (seen_by(OTHERS), ["客户号 C00000002", "客户号 尾号0003（行内登记）", "行内客户"]),
        (seen_by(OWN, Setting.REFERENCE), []),
    ],
)
def test_a_third_person_is_shown_as_the_reader_stands_to_them(audience: Audience, lines: list[str]) -> None:
    assert [text for _, text in said("relations", audience, ties=TIES)] == lines


def test_no_relations_yet() -> None:
    assert said("relations") == [("关系", "还没有登记")]


def test_service_tells_complaints_cases_and_content() -> None:
    contacts = (
        Contact(at(11, 20), "电话", "回访", "both", True, "满意"),
        Contact(at(11, 1), "面访", "面访", "both", True),
    )
    past = (PastComplaint(at(10, 2)), PastComplaint(at(5, 1), at(5, 8), "已道歉"))
    cases = (OwnCase(CaseId("C202611230001"), False, at(11, 23)),)
    lines = said("service", contacts=contacts, complaints=past, cases=cases)
    assert ("满意度", "满意（11月20日）") in lines
    assert ("案件", "C202611230001 11月23日登记，办理中") in lines
    assert ("历史投诉", "2 件，1 件没有办结；最近 10月2日，没有办结") in lines
    assert ("11月20日", "电话 回访 联系上，评价 满意") in lines
    assert dict(said("service"))["历史投诉"] == "没有"


def test_the_team_and_consent() -> None:
    team = (Member(UserId("rm02"), "赵敏样", "协办"), Member(UserId("ra01"), "钱顾样", "投顾", date(2026, 12, 31)))
    lines = said("basic", team=team)
    assert [text for label, text in lines if label == "服务团队"] == ["协办 赵敏样", "投顾 钱顾样，到12月31日"]
    assert ("营销同意", "没有同意，不能向客户营销") in lines


TOUCHES = (
    Touch("手机银行", "产品详情", "示例九十天", 3, 300, at(11, 22, 20)),
    Touch("网站", "首页", None, 1, 40, at(11, 1)),
)


def test_the_trail_is_there_only_where_the_bank_agreed() -> None:
    lines = said("trail", touches=TOUCHES, trail=True)
    assert lines == [
        ("近90天", "访问 4 次，停留约 5 分钟"),
        ("最近访问", "昨天"),
        ("渠道", "手机银行 3 次 · 网站 1 次"),
        ("常看页面", "产品详情 3 次 · 首页 1 次"),
        ("看过产品", "示例九十天 3 次"),
    ]
    assert said("trail", OTHERS, touches=TOUCHES, trail=True) == []
    assert show_dimension("trail", replace(FACTS, touches=TOUCHES), seen_by(OWN), TODAY) is None


@pytest.mark.parametrize(
    ("arrivals", "fresh"),
    [
        ({"aum_daily": 22, "holdings": 22, "accounts": 22}, "数据到 11月22日（11月23日 02:10 收到）"),
        (
            {"aum_daily": 22, "holdings": 20, "accounts": 22},
            "数据到 11月22日（11月23日 02:10 收到）；持仓晚到，只到 11月20日",
        ),
        ({"loans": 22, "aum_daily": 21, "holdings": 21, "accounts": 21},
         "每日资产晚到，只到 11月21日；持仓晚到，只到 11月21日；账户晚到，只到 11月21日"),
        ({"aum_daily": 22}, "数据到 11月22日（11月23日 02:10 收到）；持仓还没有收到；账户还没有收到"),
    ],
)  # fmt: skip
def test_what_is_late_says_so(arrivals: dict[str, int], fresh: str) -> None:
    came = tuple(
        Arrival(feed, date(2026, 11, day), at(11, day + 1, 2).replace(minute=10)) for feed, day in arrivals.items()
    )
    shown = show_dimension("assets", replace(FACTS, arrivals=came), seen_by(OWN), TODAY)
    assert shown is not None
    assert shown.source == f"来源：核心、理财、基金代销系统；{fresh}"


def test_every_field_is_said_somewhere() -> None:
    """The vocabulary of the policy and the view are one: no field that no dimension uses."""
    facts = replace(
        FACTS,
        customer=replace(PERSON, collections=True, occupation="示例", investor_class="普通"),
        habits=SPENDING, loans=(MORTGAGE,), ties=TIES, touches=TOUCHES, trail=True,
        holdings=(Holding("H1", Product(ProductId("P1"), "示例", "wealth"), WAN),),
    )  # fmt: skip
    lines = [line.text for dimension in DIMENSIONS for line in dimension.build(facts, TODAY)]
    used = {part.field for text in lines for part in text if not isinstance(part, str)}
    never = {Field.ADDRESS, Field.ID_NUMBER, Field.MOBILE, Field.NAME, Field.NOTE, Field.GROWTH, Field.ADVICE}
    assert used == set(Field) - never
