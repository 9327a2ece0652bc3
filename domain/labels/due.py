"""When to look at a customer again although nothing new is known: a number of days is reached, or something leaves the
time that counts.

Never later than the first label that changes by itself, and seldom much earlier; who is looked at in vain keeps what
he has. What is new (a booking, a level, a call, a test) makes a customer due by itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from domain.ids import Fen
from domain.labels.hysteresis import earlier, month_of, months_after
from domain.labels.measures import QUARTER, YEAR, Held, History
from domain.labels.rules import LabelRules, measured
from domain.labels.standing import Day
from domain.language.tree import Among, Between, Compare, FieldRef, Literal, Tree, operands, walk
from domain.tier import Tier

OPENED, FUNDED, SILENT, LEFT = "开户时间", "首次入金时间", "沉默时间", "加权剩余期限"
_MOVING = (OPENED, FUNDED, SILENT, LEFT)
"""What changes from day to day by itself; all other measures stay until something begins, ends or is a year old."""
_DAY = timedelta(days=1)
_ENDS = {">=": (0,), "<": (0,), ">": (1,), "<=": (1,), "=": (0, 1), "!=": (0, 1)}


@dataclass(frozen=True, slots=True)
class Ahead:
    """What lies before a customer: the last day of data with which the measures may make a difference, and the lowest
    and highest AUM since the begin of what decides the next month (none: no AUM known).
    """

    change: date | None
    low: Fen | None = None
    high: Fen | None = None


@lru_cache(maxsize=64)
def steps(rules: LabelRules) -> Mapping[str, tuple[int, ...]] | None:
    """The numbers of days at which a condition on a moving measure may turn; None when any day may turn one."""
    found: dict[str, set[int]] = {name: set() for name in _MOVING}
    found[SILENT].add(YEAR)
    for node in _conditions(rules):
        named = {node.field, *(each.name for each in operands(node) if isinstance(each, FieldRef))}
        if len(named) > 1 and named & set(_MOVING):
            return None
        if node.field in found:
            found[node.field] |= set(_turns(node))
    return {name: tuple(sorted(days)) for name, days in found.items()}


def _conditions(rules: LabelRules) -> Iterator[Compare | Between | Among]:
    worded = (*rules.stages, rules.undecided, *rules.segments)
    trees: list[Tree] = [each.rule.tree for each in worded if each.rule is not None]
    for tree in trees:
        yield from (node for node in walk(tree) if isinstance(node, Compare | Between | Among))


def _turns(node: Compare | Between | Among) -> Iterator[int]:
    """`>= 90` turns at 90, `<= 90` at 91."""
    match node:
        case Compare(op=op):
            ends: Iterable[tuple[int, ...]] = [_ENDS[op]]
        case Between():
            ends = [(0,), (1,)]
        case Among(members=members):
            ends = [(0, 1)] * len(members)
    for operand, after in zip(operands(node), ends, strict=True):
        number = measured(node.field, operand.value) if isinstance(operand, Literal) else None
        yield from (number + each for each in after if number is not None)


def horizon(day: date) -> date:
    """The first day that counts for the begin of the next month, or of any later one."""
    return earlier(month_of(day), 2)


def ahead(history: History, day: Day) -> Ahead:
    """The definition; storage.label_sql says the same of many at once."""
    last = day.last
    days = [each for each in _changes(history, last, day.rules) if each > last]
    points = [point for point in history.aum if point.day <= last]
    since = horizon(day.day)
    ends = [*(point.day for point in points[1:]), date.max]
    levels = [point.fen for point, end in zip(points, ends, strict=False) if end > since]
    return Ahead(min(days, default=None), min(levels, default=None), max(levels, default=None))


def _changes(history: History, last: date, rules: LabelRules) -> Iterator[date]:
    moving = steps(rules)
    if moving is None:
        yield last + _DAY
        return
    year_ago = last - YEAR * _DAY
    levels = [point.day for point in history.aum if point.day <= last]
    yield from (max(day + (QUARTER - 1) * _DAY, last + _DAY) for day in levels if day > last - QUARTER * _DAY)
    yield from (day + (YEAR - 1) * _DAY for day in levels)
    yield from (trade.day + YEAR * _DAY for trade in history.trades if year_ago < trade.day <= last)
    opened = history.opened_on if history.opened_on and history.opened_on <= last else None
    active = max((day for day in history.active if year_ago < day <= last), default=opened)
    money = next((place for place, point in enumerate(history.aum) if point.fen > 0 and point.day <= last), 0)
    funded = levels[money] if money else None
    for name, since in ((OPENED, opened), (FUNDED, funded), (SILENT, active)):
        yield from (since + days * _DAY for days in moving[name] if since is not None)
    for account in history.accounts:
        yield from (day for day in (account.opened_on, account.closed_on) if day is not None)
    past = [held for held in history.holdings if held.opened_on is None or held.opened_on <= last]
    for held in past:
        yield from (day for day in (held.matures_on, held.closed_on) if day is not None)
        yield from [held.opened_on + YEAR * _DAY] if held.opened_on else []
    yield from _running_out(past, last, moving[LEFT])


def _running_out(past: list[Held], last: date, numbers: Iterable[int]) -> Iterator[date]:
    """When the mean time left falls below each of the numbers, if nothing ends before."""
    here = [held for held in past if held.closed_on is None or held.closed_on > last]
    left = [(held.amount, (held.matures_on - last).days) for held in here if held.matures_on and held.matures_on > last]
    total, running = sum(held.amount for held in here), sum(fen for fen, _ in left)
    if total <= 0 or not running or not numbers:
        return
    if running < 0:
        yield last + _DAY
        return
    spare = [sum(fen * days for fen, days in left) - number * total for number in numbers]
    yield from (last + (each // running + 1) * _DAY for each in spare if each >= 0)


def due_on(known: Ahead, tier: Tier, day: Day, *, provisional: bool) -> date | None:
    """The first day whose labels may differ from those of `day`; `tier` is the computed one."""
    days = [known.change + _DAY] if known.change is not None else []
    if provisional:
        days += [day.day + _DAY] if known.low is not None else []
    elif not _is_settled(known, tier, day.rules):
        days += months_after(day.day, month_of(day.day) + 31 * _DAY)[:1]
    return min(days, default=None)


def _is_settled(known: Ahead, tier: Tier, rules: LabelRules) -> bool:
    """A mean lies between the lowest and the highest: no month lifts the tier, and none takes it away."""
    if known.low is None or known.high is None:
        return True
    above = next((floor for each, floor in rules.floors.items() if each.rank == tier.rank + 1), None)
    stays = tier is Tier.MASS or known.low * 1000 >= rules.floors[tier] * rules.keep_permille
    return stays and (above is None or known.high < above)
