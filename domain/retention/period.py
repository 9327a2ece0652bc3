"""Periods of keeping: years, months or days after the day on which the clock began."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_SHORTEST_MONTH, _LONGEST_MONTH = 28, 31


@dataclass(frozen=True, slots=True)
class Period:
    """So many months, or so many days; the day of the beginning does not count (民法典 201)."""

    months: int = 0
    days: int = 0

    def after(self, begun: date) -> date:
        """The last day on which it is still kept."""
        if self.days:
            return _capped(begun.toordinal() + self.days)
        year, month = divmod(begun.year * 12 + begun.month - 1 + self.months, 12)
        if year > date.max.year:
            return date.max
        return date(year, month + 1, min(begun.day, monthrange(year, month + 1)[1]))

    def latest_over(self, day: date) -> date:
        """The latest beginning whose period is over on `day`: the same question asked of a whole table."""
        begun = day - timedelta(days=(self.days or _LONGEST_MONTH * self.months) + 1)
        while self.after(begun + timedelta(days=1)) < day:
            begun += timedelta(days=1)
        return begun

    def covers(self, other: "Period") -> bool:
        """Whether this one never ends before the other, whenever both begin."""
        if bool(self.days) == bool(other.days):
            return (self.months, self.days) >= (other.months, other.days)
        if self.days:
            return self.days >= other.months * _LONGEST_MONTH
        return self.months * _SHORTEST_MONTH >= other.days

    def __str__(self) -> str:
        if self.days:
            return f"{self.days} 天"
        return f"{self.months} 个月" if self.months % 12 else f"{self.months // 12} 年"


def _capped(ordinal: int) -> date:
    return date.fromordinal(min(ordinal, date.max.toordinal()))
