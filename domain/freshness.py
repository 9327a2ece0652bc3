"""How old the data of a feed may be: what is late, and which rules must not judge by it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from domain.basis import Basis
from domain.calendar import Calendar

_OURS = Basis(date(2026, 1, 1), "本行与科技部门约定的供数时间；缺省为前一工作日的数据当天上班前到")


@dataclass(frozen=True)
class Expected:
    """A feed that comes every working day: its data is at most so many working days old."""

    feed: str
    title: str
    workdays: int
    basis: Basis = _OURS


@dataclass(frozen=True)
class Standing:
    """How one feed stands on a day; `as_of` is None for one that never came, `wanted` the day it should have."""

    expected: Expected
    as_of: date | None
    wanted: date

    @property
    def is_late(self) -> bool:
        """Never having come is not late: not every bank delivers everything."""
        return self.as_of is not None and self.as_of < self.wanted


# In the order of loading. What changes seldom, or comes from the bank's other systems now and then, has more time.
EXPECTED = (
    Expected("org_units", "机构", 5),
    Expected("staff", "员工", 1),
    Expected("customers", "客户", 1),
    Expected("service_team", "服务团队", 5),
    Expected("risk_assessments", "风险测评", 2),
    Expected("products", "产品", 2),
    Expected("product_nav", "产品净值", 2),
    Expected("accounts", "账户", 1),
    Expected("holdings", "持仓", 1),
    Expected("transactions", "交易", 1),
    Expected("aum_daily", "每日资产", 1),
    Expected("loans", "贷款", 1),
    Expected("interactions", "互动记录", 1),
    Expected("complaints", "历史投诉", 5),
    Expected("relations", "客户关系", 5),
    Expected("touchpoints", "触点", 2),
)

# What each kind of rule reads, and how many working days old it may be: late data looks like silence, while a maturity
# date stands for long.
READS: Mapping[str, Mapping[str, int]] = {
    "silence": {"customers": 1, "interactions": 1, "aum_daily": 1},
    "maturity": {"customers": 10, "holdings": 10},
}


@dataclass(frozen=True, slots=True)
class Lateness:
    """The late feeds, each with the day that it should be of, and the kinds of rules that must not judge meanwhile."""

    late: Mapping[str, date] = field(default_factory=dict)
    waiting: frozenset[str] = frozenset()


TIMELY = Lateness()


def lateness(days: Mapping[str, date], calendar: Calendar, today: date) -> Lateness:
    """What has come and is too old; of what never came nothing is said."""
    late = {each.expected.feed: each.wanted for each in standing(days, calendar, today) if each.is_late}
    came = {kind: {feed: age for feed, age in feeds.items() if feed in days} for kind, feeds in READS.items()}
    waiting = {
        kind for kind, feeds in came.items() if any(days[f] < _wanted(calendar, today, age) for f, age in feeds.items())
    }
    return Lateness(late, frozenset(waiting))


def surely_timely(days: Mapping[str, date], today: date) -> bool:
    """Whether nothing can be late however the working days fall, so that nobody has to ask a calendar."""
    return all(days[each.feed] >= today - timedelta(days=each.workdays) for each in EXPECTED if each.feed in days)


def standing(days: Mapping[str, date], calendar: Calendar, today: date) -> tuple[Standing, ...]:
    """Every feed by what has arrived (`days`: the business day of each)."""
    return tuple(Standing(each, days.get(each.feed), _wanted(calendar, today, each.workdays)) for each in EXPECTED)


def late(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    """Those that somebody should be asked about."""
    return tuple(each for each in standings if each.is_late)


def may_judge(kind: str, days: Mapping[str, date], calendar: Calendar, today: date) -> bool:
    """Whether everything that a kind of rule reads is there, and young enough."""
    return all(days.get(feed, date.min) >= _wanted(calendar, today, age) for feed, age in READS[kind].items())


def _wanted(calendar: Calendar, today: date, workdays: int) -> date:
    day = today
    for _ in range(workdays):
        day = calendar.workday_before(day)
    return day
