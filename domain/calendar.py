"""The working calendar and the arithmetic of business time (business-rules.md §1.4).

Mondays to Fridays are working days of the usual hours; what differs is written down day by day. A draft of it adds
working days and takes none away: until holidays are published the due date comes out early, never late.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import accumulate

from domain.process.facts import Answer, Question, Topic
from domain.refusal import Refused
from domain.working_hours import USUAL, Hours, minutes_of
from domain.zone import SHANGHAI

_SECOND, _MINUTE = 1_000_000, 60_000_000  # time within a day and sums of time are whole microseconds
_LAST_DAY = date.max.toordinal()


class NoWorkingTime(Refused):
    """The calendar ends before so much working time has passed."""

    def __init__(self) -> None:
        super().__init__("工作日历里没有足够的工作时间，算不出时限：请系统管理员用 rmbot calendar show 检查")


@dataclass(frozen=True, slots=True)
class Day:
    """What is special about one day; without hours of its own a working day has the usual ones."""

    works: bool
    hours: Hours | None = None
    confirmed: bool = True


def believed(told: Iterable[tuple[date, Day]]) -> dict[date, Day]:
    """What counts of what was told of each day, the farthest authority first: of a draft only that people work."""
    days: dict[date, Day] = {}
    for on, day in told:
        if day.confirmed:
            days[on] = day
        elif day.works and not (on in days and days[on].works):
            days[on] = Day(works=True)
    return days


class _Sums:
    """What lies before each day: Mondays to Fridays by arithmetic, special days by how much they differ from that."""

    def __init__(self, usual: int, special: Iterable[tuple[int, int]]) -> None:
        differences = sorted((day, amount - usual * _is_weekday(day)) for day, amount in special)
        self._usual = usual
        self._days = [day for day, _ in differences]
        self._differ = list(accumulate((difference for _, difference in differences), initial=0))

    def before(self, day: int) -> int:
        weeks, rest = divmod(day - 1, 7)  # day 1 was a Monday
        return self._usual * (5 * weeks + min(rest, 5)) + self._differ[bisect_left(self._days, day)]

    def through(self, day: int) -> int:
        return self.before(day + 1)

    def day_of(self, amount: int, since: int) -> int:
        """The first day, not before `since`, by whose end so much has come together. Raises NoWorkingTime."""
        day = bisect_left(range(_LAST_DAY + 1), amount, lo=since, key=self.through)
        if day > _LAST_DAY:
            raise NoWorkingTime
        return day


@dataclass(frozen=True)
class Calendar:
    """When people work; `days` are those that are special. Moments carry a zone (ValueError otherwise) and come back in
    the bank's.
    """

    hours: Hours = USUAL
    days: Mapping[date, Day] = field(default_factory=dict)
    confirmed_through: date = date.min

    def confirmed(self, until: date) -> bool:
        """Whether everything up to this day rests on published holidays; a card says “日历未确认” otherwise."""
        return until <= self.confirmed_through

    def is_workday(self, day: date) -> bool:
        special = self.days.get(day)
        return special.works if special else day.weekday() < 5

    def hours_of(self, day: date) -> Hours:
        """The ranges in which people work on that day; none on a day off."""
        special = self.days.get(day)
        if special is None:
            return self.hours if day.weekday() < 5 else ()
        return (special.hours or self.hours) if special.works else ()

    def is_open(self, moment: datetime) -> bool:
        return self.next_opening(moment) == moment

    def next_opening(self, moment: datetime) -> datetime:
        """When people work next: this very moment while they do. Raises NoWorkingTime."""
        return self._when(_local(moment), 1) - timedelta(microseconds=1)

    def after_hours(self, start: datetime, seconds: int) -> datetime:
        """The first moment by which so many seconds were worked; the start itself for none. Raises NoWorkingTime."""
        return self._when(_local(start), seconds * _SECOND) if seconds > 0 else _local(start)

    def hours_between(self, start: datetime, end: datetime) -> int:
        """Seconds worked from one moment to the other, 0 backwards. Each end is taken at its whole second of work, so
        that spans add up.
        """
        return max(0, self._worked(_local(end)) // _SECOND - self._worked(_local(start)) // _SECOND)

    def after_workdays(self, start: datetime, days: int) -> datetime:
        """The same time of day when so many working days have begun after the first. Raises NoWorkingTime."""
        local = _local(start)
        return local + (self.workday_after(local.date(), days) - local.date())

    def workday_after(self, day: date, count: int) -> date:
        """The last of the next `count` working days; the day itself for none. Raises NoWorkingTime."""
        if count <= 0:
            return day
        first = day.toordinal()
        return date.fromordinal(self._workdays.day_of(self._workdays.through(first) + count, first))

    def workday_before(self, day: date) -> date:
        """The latest working day before that day."""
        return date.fromordinal(self._workdays.day_of(self._workdays.before(day.toordinal()), 1))

    def workdays_between(self, start: datetime, end: datetime) -> int:
        """Working days begun after the first day, up to that of the end; 0 backwards."""
        first, last = _local(start).toordinal(), _local(end).toordinal()
        return max(0, self._workdays.through(last) - self._workdays.through(first))

    def answer(self, question: Question) -> Answer:
        """What a process asks of the calendar (Topic.AFTER and Topic.BETWEEN)."""
        topic, key = question
        unit, first, second = key.split("|")
        start = datetime.fromisoformat(first)
        match topic, unit:
            case Topic.AFTER, "hours":
                return self.after_hours(start, int(second))
            case Topic.AFTER, "workdays":
                return self.after_workdays(start, int(second))
            case Topic.BETWEEN, "hours":
                return self.hours_between(start, datetime.fromisoformat(second))
            case Topic.BETWEEN, "workdays":
                return self.workdays_between(start, datetime.fromisoformat(second))
        raise ValueError(f"not a question for the calendar: {topic} {key}")

    @cached_property
    def _workdays(self) -> _Sums:
        return _Sums(1, ((day.toordinal(), int(self.is_workday(day))) for day in self.days))

    @cached_property
    def _time(self) -> _Sums:
        amounts = ((day.toordinal(), minutes_of(self.hours_of(day)) * _MINUTE) for day in self.days)
        return _Sums(minutes_of(self.hours) * _MINUTE, amounts)

    def _worked(self, local: datetime) -> int:
        """Time worked since the first of all days."""
        now = (local - _midnight(local)) // timedelta(microseconds=1)
        today = (
            min(max(now - opens * _MINUTE, 0), (shuts - opens) * _MINUTE)
            for opens, shuts in self.hours_of(local.date())
        )
        return self._time.before(local.toordinal()) + sum(today)

    def _when(self, local: datetime, amount: int) -> datetime:
        """The first moment by which `amount`, more than nothing, was worked since `local`."""
        total = self._worked(local) + amount
        found = self._time.day_of(total, local.toordinal())
        day, left = date.fromordinal(found), total - self._time.before(found)
        for span in self.hours_of(day):
            if left <= span.minutes * _MINUTE:
                break
            left -= span.minutes * _MINUTE
        return _midnight(day) + timedelta(minutes=span.opens, microseconds=left)


def _local(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment} has no zone")
    return moment.astimezone(SHANGHAI)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, SHANGHAI)


def _is_weekday(day: int) -> bool:
    return (day - 1) % 7 < 5
