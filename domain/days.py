"""Days that a phrase may mean, and the calendar arithmetic to find them."""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.festivals import FIRST_YEAR, LAST_YEAR
from domain.unreadable import Unreadable

Span = tuple[date, date | None]
"""A day, or the first and last of several."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days a phrase may mean, in order; one alone was said outright, among several the direction chooses."""

    candidates: tuple[Span, ...]
    today_counts: bool = True
    weekday: int | None = None


def only(day: date) -> Days:
    return Days(((day, None),))


def some(days: Iterable[date | None], otherwise: str = "没有这一天，请写一个日期") -> Days | Unreadable:
    found = tuple((day, None) for day in sorted(day for day in days if day))
    return Days(found) if found else Unreadable(otherwise)


def dated(years: list[int], month: int, day: int) -> Days | Unreadable:
    if not 1 <= month <= 12:
        return Unreadable(f"一年没有 {month} 月，请写 1 到 12 月")
    if beyond := outside(years):
        return beyond
    year = f"{years[0]} 年 " if len(years) == 1 else ""
    days = (date(year, month, day) for year in years if 1 <= day <= monthrange(year, month)[1])
    return some(days, f"{year}{month} 月没有 {day} 日，请改一个日期")


def outside(years: list[int]) -> Unreadable | None:
    inside = all(FIRST_YEAR <= year <= LAST_YEAR for year in years)
    return None if inside else Unreadable(f"年份请写 {FIRST_YEAR} 到 {LAST_YEAR} 之间")


def month_length(day: date) -> int:
    return monthrange(day.year, day.month)[1]


def add_months(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    return first.replace(day=min(day.day, month_length(first)))
