"""Ninety working days of autumn 2026 as plain ranges of time, written without the calendar of the house."""

from bisect import bisect_left
from datetime import datetime, timedelta
from itertools import accumulate

from domain.zone import SHANGHAI
from tests.domain.calendar_2026 import DAYS

START = datetime(2026, 8, 17, 9, 0, tzinfo=SHANGHAI)
RANGES = (("09:00", "12:00"), ("13:30", "17:30"))
A_DAY = timedelta(hours=7)


def ranges(days: int) -> list[tuple[datetime, datetime]]:
    """When people work, in order, for so many working days from START on."""
    found: list[tuple[datetime, datetime]] = []
    day = START
    while len(found) < days * len(RANGES):
        if DAYS.get(day.date(), day.isoweekday() < 6):
            found += [(_clock(day, opens), _clock(day, shuts)) for opens, shuts in RANGES]
        day += timedelta(days=1)
    return found


def _clock(day: datetime, written: str) -> datetime:
    return datetime.fromisoformat(f"{day.date()}T{written}:00+08:00")


class WorkingTime:
    """Moments of working time, looked up in the list of ranges."""

    def __init__(self, days: int) -> None:
        self.ranges = ranges(days)
        self._sums = list(accumulate(shuts - opens for opens, shuts in self.ranges))

    def moment(self, worked: timedelta) -> datetime:
        """When so much was worked since START; something at least."""
        place = bisect_left(self._sums, worked)
        return self.ranges[place][1] - (self._sums[place] - worked)

    def after(self, start: datetime, seconds: int) -> datetime:
        return self.moment(self.worked(start) + timedelta(seconds=seconds))

    def worked(self, until: datetime) -> timedelta:
        return sum((min(shuts, until) - opens for opens, shuts in self.ranges if opens < until), timedelta())
