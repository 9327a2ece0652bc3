"""Business time against a model that looks at every minute and knows of days and hours only as text; then the laws."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.calendar import Calendar, Day
from domain.working_hours import read_hours
from domain.zone import SHANGHAI

FIRST = datetime(2026, 9, 21, tzinfo=SHANGHAI)
DAYS = 21
Ranges = list[tuple[str, str]]


@dataclass(frozen=True)
class Minutes:
    """Who works when, minute by minute."""

    usual: Ranges
    special: dict[str, Ranges]

    def on(self, moment: datetime) -> Ranges:
        weekend = moment.isoweekday() in (6, 7)
        return self.special.get(moment.strftime("%Y-%m-%d"), [] if weekend else self.usual)

    def worked(self, moment: datetime) -> bool:
        clock = moment.strftime("%H:%M")
        return any(opens <= clock < shuts for opens, shuts in self.on(moment))

    def between(self, start: datetime, end: datetime) -> int:
        return sum(60 for moment in each(start, end, timedelta(minutes=1)) if self.worked(moment))

    def after(self, start: datetime, minutes: int) -> datetime:
        moment = start
        while minutes:
            minutes -= self.worked(moment)
            moment += timedelta(minutes=1)
        return moment

    def opening(self, moment: datetime) -> datetime:
        while not self.worked(moment):
            moment += timedelta(minutes=1)
        return moment

    def days(self, start: datetime, end: datetime) -> int:
        """Working days that begin after the start's day, up to the end's."""
        midnight = start.replace(hour=0, minute=0)
        return sum(bool(self.on(day)) for day in each(midnight, end, timedelta(days=1)) if day > midnight)

    def day_after(self, start: datetime, days: int) -> datetime:
        while days:
            start += timedelta(days=1)
            days -= bool(self.on(start))
        return start


def each(start: datetime, end: datetime, step: timedelta) -> Iterator[datetime]:
    """The steps from start until the end, or until its day where the step is a day."""
    while start < end or (step.days and start == end):
        yield start
        start += step


@st.composite
def ranges(draw: st.DrawFn) -> Ranges:
    """One to four ranges, apart from each other, the last perhaps until midnight."""
    marks = draw(
        st.lists(st.integers(0, 288), min_size=2, max_size=8, unique=True).filter(lambda found: len(found) % 2 == 0)
    )
    written = [f"{mark // 12:02}:{mark % 12 * 5:02}" for mark in sorted(marks)]
    return list(zip(written[::2], written[1::2], strict=True))


@st.composite
def models(draw: st.DrawFn) -> Minutes:
    days = st.integers(0, DAYS).map(lambda number: (FIRST + timedelta(days=number)).strftime("%Y-%m-%d"))
    return Minutes(
        draw(ranges()), draw(st.dictionaries(days, st.one_of(st.just(list[tuple[str, str]]()), ranges()), max_size=12))
    )


def calendar_of(model: Minutes) -> Calendar:
    def written(found: Ranges) -> str:
        return "|".join("-".join(part) for part in found)

    days = {
        date.fromisoformat(day): Day(True, read_hours(written(found))) if found else Day(False)
        for day, found in model.special.items()
    }
    return Calendar(read_hours(written(model.usual)), days)


MOMENTS = st.integers(0, DAYS * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
INSTANTS = st.integers(0, DAYS * 86_400_000_000).map(lambda micro: FIRST + timedelta(microseconds=micro))
SECONDS = st.integers(0, 200 * 3600)
CALENDARS = models().map(calendar_of)


@settings(max_examples=60)
@given(models(), MOMENTS, MOMENTS, st.integers(0, 3000), st.integers(0, 30))
def test_as_every_minute_says(model: Minutes, start: datetime, end: datetime, minutes: int, days: int) -> None:
    calendar = calendar_of(model)
    assert calendar.hours_between(start, end) == model.between(start, end)
    assert calendar.after_hours(start, minutes * 60) == model.after(start, minutes)
    assert calendar.next_opening(start) == model.opening(start)
    assert calendar.is_open(start) == model.worked(start)
    assert calendar.workdays_between(start, end) == model.days(start, end)
    assert calendar.after_workdays(start, days) == model.day_after(start, days)


@given(CALENDARS, INSTANTS, SECONDS)
def test_waiting_and_counting_are_inverse(calendar: Calendar, start: datetime, seconds: int) -> None:
    due = calendar.after_hours(start, seconds)
    assert calendar.hours_between(start, due) == seconds
    if seconds:
        assert calendar.hours_between(start, due - timedelta(seconds=1)) == seconds - 1


@given(CALENDARS, INSTANTS, INSTANTS)
def test_counting_and_waiting_are_inverse(calendar: Calendar, start: datetime, end: datetime) -> None:
    start, end = min(start, end), max(start, end)
    due = calendar.after_hours(start, calendar.hours_between(start, end))
    assert calendar.hours_between(min(due, end), max(due, end)) <= 1  # what is left of a second at the end


@given(CALENDARS, INSTANTS, INSTANTS, INSTANTS)
def test_splitting_a_span_changes_nothing(calendar: Calendar, one: datetime, two: datetime, three: datetime) -> None:
    first, middle, last = sorted((one, two, three))
    for between in (calendar.hours_between, calendar.workdays_between):
        assert between(first, middle) + between(middle, last) == between(first, last)


@given(CALENDARS, INSTANTS, SECONDS, SECONDS, st.integers(0, 40), st.integers(0, 40))
def test_waiting_twice_is_waiting_for_both(
    calendar: Calendar, start: datetime, one: int, two: int, days: int, more: int
) -> None:
    assert calendar.after_hours(calendar.after_hours(start, one), two) == calendar.after_hours(start, one + two)
    assert calendar.after_workdays(calendar.after_workdays(start, days), more) == calendar.after_workdays(
        start, days + more
    )


@given(CALENDARS, INSTANTS, INSTANTS, SECONDS, SECONDS)
def test_later_or_longer_is_never_earlier(
    calendar: Calendar, one: datetime, two: datetime, some: int, more: int
) -> None:
    first, second = min(one, two), max(one, two)
    assert calendar.after_hours(first, some) <= calendar.after_hours(second, some)
    assert calendar.after_hours(first, min(some, more)) <= calendar.after_hours(first, max(some, more))
    assert calendar.hours_between(first, second) >= 0 == calendar.hours_between(second, first)


@given(CALENDARS, INSTANTS)
def test_the_next_opening_is_the_first_moment_of_work(calendar: Calendar, moment: datetime) -> None:
    opens = calendar.next_opening(moment)
    assert opens >= moment
    assert calendar.is_open(opens)
    assert calendar.next_opening(opens) == opens
    assert opens == moment or calendar.hours_between(moment, opens) == 0


@given(CALENDARS, INSTANTS, st.integers(1, 40))
def test_a_working_day_later_is_a_working_day(calendar: Calendar, start: datetime, days: int) -> None:
    due = calendar.after_workdays(start, days)
    assert calendar.is_workday(due.date())
    assert due.timetz() == start.timetz()
    assert calendar.workdays_between(start, due) == days
