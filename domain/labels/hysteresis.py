"""The tier over months: a rise holds at once, a fall needs every one of some months below a share of the floor.

A month lifts to at least what its mean reaches, and leaves at most what one of the last months still supports: it is a
clamp of the tier before.
"""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import cache
from typing import TypeAlias

from domain.customer import AumPoint
from domain.ids import Fen
from domain.labels.rules import LabelRules, rules_on
from domain.tier import Tier
from domain.tiering import Window, total_over, window_before

Sums: TypeAlias = Callable[[Window], tuple[Fen, int]]
"""The sum of the daily levels in a window, and its number of days."""

_ALL = tuple(Tier)


def month_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def months_after(day: date, until: date) -> list[date]:
    """The first days of the months after that of `day`, to that of `until`."""
    first, last = day.year * 12 + day.month, until.year * 12 + until.month
    return [date(month // 12, month % 12 + 1, 1) for month in range(first, last)]


def earlier(month: date, count: int) -> date:
    """The first day of the month so many before."""
    for _ in range(count):
        month = month_of(month - timedelta(days=1))
    return month


@cache
def windows_of(month: date, count: int) -> tuple[Window, ...]:
    """The windows that decide at the begin of `month`, its own first: each is of the three full months before."""
    return tuple(window_before(earlier(month, back)) for back in range(count))


def rank_of(total: Fen, days: int, rules: LabelRules, permille: int = 1000) -> int:
    """The highest tier of whose floor the mean reaches so many thousandths."""
    reached = sum(total * 1000 >= floor * days * permille for floor in rules.floors.values())
    return max(reached - 1, 0)


def clamp(sums: Sums, month: date, rules: LabelRules) -> tuple[int, int] | None:
    """The lowest and the highest tier that the begin of `month` allows; None without a day of data before it."""
    windows = [sums(window) for window in windows_of(month, rules.grace_months)]
    total, days = windows[0]
    if not days:
        return None
    kept = (rank_of(fen, count, rules, rules.keep_permille) for fen, count in windows if count)
    return rank_of(total, days, rules), max(kept)


def tier_after(
    before: Tier | None, points: Sequence[AumPoint], months: Sequence[date], versions: Sequence[LabelRules]
) -> Tier | None:
    """The tier after these months, having begun with `before`; None when there was none and no month had data."""
    rank, seen = before.rank if before else 0, before is not None
    flat = _only(points, versions)
    if flat is not None and rank <= flat and months and points[0].day < months[-1]:
        return _ALL[flat]
    sums = cache(lambda window: total_over(points, window))
    for month in months:
        bounds = clamp(sums, month, rules_on(versions, month))
        if bounds is not None:
            rank, seen = max(bounds[0], min(bounds[1], rank)), True
    return _ALL[rank] if seen else None


def _only(points: Sequence[AumPoint], versions: Sequence[LabelRules]) -> int | None:
    """The one tier in which all levels lie, as those of nearly all customers do; then every mean lies in it too."""
    if not points:
        return None
    levels = [point.fen for point in points]
    found = {rank_of(fen, 1, rules) for fen in (min(levels), max(levels)) for rules in versions}
    return found.pop() if len(found) == 1 else None
