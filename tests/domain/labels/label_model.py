"""Tier and lifecycle once more, day by day and in plain words; shares no code with the rules, the pack or the SQL."""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

FLOORS = {"大众": 0, "富裕": 50_000_000, "高净值": 600_000_000, "超高净值": 5_000_000_000}
NAMES = list(FLOORS)
ONE = timedelta(days=1)


def daily(points: Any, last: date) -> dict[date, int]:
    """The level of every day since the first."""
    found: dict[date, int] = {}
    for point in points:
        if point.day <= last:
            found[point.day] = point.fen
    if not found:
        return {}
    day, level = min(found), 0
    levels: dict[date, int] = {}
    while day <= last:
        level = found.get(day, level)
        levels[day] = level
        day += ONE
    return levels


def month_before(month: date) -> date:
    return (month - ONE).replace(day=1)


def mean_of(levels: dict[date, int], month: date) -> Fraction | None:
    """Of the three months before `month`."""
    begin = month_before(month_before(month_before(month)))
    inside = [fen for day, fen in levels.items() if begin <= day < month]
    return Fraction(sum(inside), len(inside)) if inside else None


def tier(points: Any, day: date, last: date) -> tuple[str, bool]:
    levels = daily(points, last)
    if not levels:
        return "大众", True
    month, means, held = min(levels).replace(day=1), [], 0
    while True:
        month = (month + timedelta(days=32)).replace(day=1)
        if month > day:
            break
        mean = mean_of(levels, month)
        assert mean is not None
        means.append(mean)
        reached = max(place for place, name in enumerate(NAMES) if mean >= FLOORS[name])
        if reached > held:
            held = reached
        while held > reached and all(each < Fraction(8, 10) * FLOORS[NAMES[held]] for each in means[-3:]):
            held -= 1
    if means:
        return NAMES[held], False
    mean = Fraction(sum(levels.values()), len(levels))
    return max((name for name in NAMES if mean >= FLOORS[name]), key=NAMES.index), True


def stage(history: Any, day: date, last: date, tier_name: str) -> str:
    levels = daily(history.aum, last)
    if history.closed_on is not None and history.closed_on <= last:
        return "流失客户"
    kept = [a for a in history.accounts if not (a.opened_on and a.opened_on > last)]
    if kept and not [a for a in kept if a.closed_on is None or a.closed_on > last]:
        return "流失客户"
    opened = history.opened_on
    if opened is None or opened > last or not any(fen > 0 for fen in levels.values()):
        return "潜在客户"
    age = (last - opened).days
    first_money = min(day for day, fen in levels.items() if fen > 0)
    if age <= 90 or (first_money > min(levels) and (last - first_money).days <= 90):
        return "新客户"
    now, year, quarter = levels[last], tail(levels, last, 365), tail(levels, last, 90)
    quiet = silent(history, opened, last)
    if age >= 180 and now < 100_000 and quiet >= 180:
        return "流失客户"
    if age >= 180 and max(year) >= 5_000_000 and max(quarter) * 10 <= max(year):
        return "流失客户"
    here = [
        h
        for h in history.holdings
        if (h.opened_on is None or h.opened_on <= last) and (h.closed_on is None or h.closed_on > last)
    ]
    before = levels.get(last - 90 * ONE)
    keeps = any(h.matures_on and h.matures_on > last for h in here) and before and now >= before
    if quiet >= (60 if tier_name in ("高净值", "超高净值") else 90) and not keeps:
        return "休眠客户"
    calm = Fraction(max(quarter) - min(quarter), max(quarter) + min(quarter)) * 1000 < 201 if max(quarter) else False
    return "成熟客户" if age >= 365 and len({h.kind for h in here}) >= 3 and calm else "成长客户"


def tail(levels: dict[date, int], last: date, days: int) -> list[int]:
    return [fen for day, fen in levels.items() if (last - day).days < days]


def silent(history: Any, opened: date, last: date) -> int:
    days = [(last - day).days for day in history.active if 0 <= (last - day).days < 365]
    return min(days, default=min((last - opened).days, 365))
