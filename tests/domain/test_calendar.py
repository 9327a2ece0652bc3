"""Business time, by hand: lunch, weekends, Spring Festival and National Day of 2026, make-up days, ends of years."""

from datetime import UTC, date, datetime, timedelta

import pytest

from domain.calendar import Calendar, Day, NoWorkingTime, believed
from domain.process.facts import Topic
from domain.working_hours import Hours, read_hours
from domain.zone import SHANGHAI
from tests.domain.calendar_2026 import CALENDAR

LONGER = Calendar(
    hours=read_hours("08:00-11:00|12:00-15:00|18:00-24:00"),
    days={
        date(2026, 11, 21): Day(True, read_hours("10:00-11:00")),  # a Saturday
        date(2026, 11, 24): Day(True, read_hours("09:00-12:00")),
        date(2026, 11, 25): Day(False),
    },
)


def at(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=SHANGHAI)


def seconds(written: str) -> int:
    """1:30 is an hour and a half, 0:00:01 a second."""
    parts = [*map(int, written.split(":")), 0][:3]
    return parts[0] * 3600 + parts[1] * 60 + parts[2]


AFTER_HOURS = [
    # an ordinary Monday
    ("2026-11-23 09:00", "1:00", "2026-11-23 10:00"),
    ("2026-11-23 09:00", "3:00", "2026-11-23 12:00"),  # up at the end of the morning, not after lunch
    ("2026-11-23 09:00", "3:00:01", "2026-11-23 13:30:01"),
    ("2026-11-23 11:59", "0:30", "2026-11-23 13:59"),
    ("2026-11-23 12:10", "1:00", "2026-11-23 14:30"),
    ("2026-11-23 09:00", "7:00", "2026-11-23 17:30"),
    ("2026-11-23 09:00", "7:00:01", "2026-11-24 09:00:01"),
    ("2026-11-23 03:00", "0:30", "2026-11-23 09:30"),
    ("2026-11-23 23:59:59", "0:30", "2026-11-24 09:30"),
    ("2026-11-23 09:00", "80:00", "2026-12-08 12:00"),  # eleven days and three hours
    ("2026-11-27 17:00", "1:00", "2026-11-30 09:30"),  # over a weekend
    # nothing to wait for
    ("2026-11-23 12:10", "0:00", "2026-11-23 12:10"),
    ("2026-10-03 10:00", "0:00", "2026-10-03 10:00"),
    # Spring Festival: 14 and 28 February are worked Saturdays
    ("2026-02-13 16:00", "2:00", "2026-02-14 09:30"),
    ("2026-02-14 17:00", "1:00", "2026-02-24 09:30"),
    ("2026-02-17 08:00", "7:00", "2026-02-24 17:30"),
    ("2026-02-27 17:30", "7:00", "2026-02-28 17:30"),
    ("2026-02-28 17:30", "0:00:01", "2026-03-02 09:00:01"),
    # Labour Day: 9 May is a worked Saturday
    ("2026-04-30 17:00", "1:00", "2026-05-06 09:30"),
    ("2026-05-08 17:30", "3:30", "2026-05-09 14:00"),
    # National Day: 20 September is a worked Sunday, 10 October a worked Saturday
    ("2026-09-20 11:30", "1:00", "2026-09-20 14:00"),
    ("2026-09-18 17:30", "7:30", "2026-09-21 09:30"),
    ("2026-09-24 17:00", "1:00", "2026-09-28 09:30"),
    ("2026-09-30 17:00", "1:00", "2026-10-08 09:30"),
    ("2026-10-08 09:00", "21:00", "2026-10-10 17:30"),
    ("2026-10-10 17:00", "1:00", "2026-10-12 09:30"),
    # the ends of the year; 4 January is a worked Sunday, 2027 is not published
    ("2026-01-02 12:00", "2:00", "2026-01-04 11:00"),
    ("2026-12-31 17:00", "1:00", "2027-01-01 09:30"),
]


@pytest.mark.parametrize(("start", "wait", "due"), AFTER_HOURS)
def test_after_so_many_hours(start: str, wait: str, due: str) -> None:
    assert CALENDAR.after_hours(at(start), seconds(wait)) == at(due)


HOURS_BETWEEN = [
    ("2026-11-23 09:00", "2026-11-23 17:30", "7:00"),
    ("2026-11-23 00:00", "2026-11-24 00:00", "7:00"),
    ("2026-11-23 12:00", "2026-11-23 13:30", "0:00"),
    ("2026-11-23 11:30", "2026-11-23 14:00", "1:00"),
    ("2026-11-21 09:00", "2026-11-22 18:00", "0:00"),
    ("2026-11-27 16:30", "2026-11-30 09:15", "1:15"),
    ("2026-11-23 10:00", "2026-11-23 10:00", "0:00"),
    ("2026-11-24 10:00", "2026-11-23 10:00", "0:00"),  # backwards
    ("2026-02-13 09:00", "2026-02-24 09:00", "14:00"),
    ("2026-02-15 00:00", "2026-02-24 00:00", "0:00"),
    ("2026-02-28 00:00", "2026-03-01 00:00", "7:00"),
    ("2026-05-09 10:00", "2026-05-09 12:30", "2:00"),
    ("2026-09-20 00:00", "2026-09-20 10:00", "1:00"),
    ("2026-09-30 12:00", "2026-10-10 13:30", "21:00"),
    ("2026-10-01 00:00", "2026-10-08 00:00", "0:00"),
    ("2026-01-01 00:00", "2027-01-01 00:00", "1736:00"),  # 261 weekdays, 19 off, 6 made up: 248 days
    ("2026-12-31 17:00", "2027-01-04 09:30", "8:00"),
]


@pytest.mark.parametrize(("start", "end", "worked"), HOURS_BETWEEN)
def test_hours_between(start: str, end: str, worked: str) -> None:
    assert CALENDAR.hours_between(at(start), at(end)) == seconds(worked)


AFTER_WORKDAYS = [
    ("2026-11-23 10:00", 1, "2026-11-24 10:00"),
    ("2026-11-23 10:00", 5, "2026-11-30 10:00"),
    ("2026-11-21 08:00", 1, "2026-11-23 08:00"),
    ("2026-11-21 08:00", 0, "2026-11-21 08:00"),
    ("2026-11-23 23:30", 1, "2026-11-24 23:30"),
    ("2026-02-13 10:00", 1, "2026-02-14 10:00"),
    ("2026-02-13 10:00", 2, "2026-02-24 10:00"),
    ("2026-02-13 10:00", 6, "2026-02-28 10:00"),
    ("2026-02-13 10:00", 7, "2026-03-02 10:00"),
    ("2026-05-08 10:00", 1, "2026-05-09 10:00"),
    ("2026-09-18 10:00", 1, "2026-09-20 10:00"),
    ("2026-09-30 16:00", 5, "2026-10-13 16:00"),
    ("2025-12-31 16:00", 1, "2026-01-04 16:00"),
    ("2026-12-31 16:00", 1, "2027-01-01 16:00"),
]


@pytest.mark.parametrize(("start", "days", "due"), AFTER_WORKDAYS)
def test_after_so_many_workdays(start: str, days: int, due: str) -> None:
    assert CALENDAR.after_workdays(at(start), days) == at(due)
    assert CALENDAR.workday_after(at(start).date(), days) == at(due).date()


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2026, 11, 24), date(2026, 11, 23)),
        (date(2026, 11, 23), date(2026, 11, 20)),
        (date(2026, 11, 22), date(2026, 11, 20)),
        (date(2026, 2, 24), date(2026, 2, 14)),
        (date(2026, 3, 2), date(2026, 2, 28)),
        (date(2026, 10, 8), date(2026, 9, 30)),
        (date(2026, 10, 12), date(2026, 10, 10)),
        (date(2026, 9, 21), date(2026, 9, 20)),
    ],
)
def test_the_workday_before(day: date, before: date) -> None:
    assert CALENDAR.workday_before(day) == before


WORKDAYS_BETWEEN = [
    ("2026-11-23 10:00", "2026-11-23 18:00", 0),
    ("2026-11-23 10:00", "2026-11-24 00:00", 1),
    ("2026-11-20 10:00", "2026-11-22 23:59", 0),
    ("2026-11-20 10:00", "2026-11-27 00:00", 5),
    ("2026-11-27 10:00", "2026-11-20 10:00", 0),
    ("2026-02-13 10:00", "2026-02-28 01:00", 6),
    ("2026-09-30 10:00", "2026-10-10 09:00", 3),
    ("2025-12-31 10:00", "2026-12-31 09:00", 248),
]


@pytest.mark.parametrize(("start", "end", "days"), WORKDAYS_BETWEEN)
def test_workdays_between(start: str, end: str, days: int) -> None:
    assert CALENDAR.workdays_between(at(start), at(end)) == days


OPENINGS = [
    ("2026-11-23 09:00", "2026-11-23 09:00"),
    ("2026-11-23 11:59:59", "2026-11-23 11:59:59"),
    ("2026-11-23 11:59:59.999999", "2026-11-23 11:59:59.999999"),
    ("2026-11-23 12:00", "2026-11-23 13:30"),
    ("2026-11-23 08:59:59", "2026-11-23 09:00"),
    ("2026-11-23 17:29:59", "2026-11-23 17:29:59"),
    ("2026-11-23 17:30", "2026-11-24 09:00"),
    ("2026-11-21 10:00", "2026-11-23 09:00"),
    ("2026-02-14 10:00", "2026-02-14 10:00"),
    ("2026-02-14 20:00", "2026-02-24 09:00"),
    ("2026-02-27 20:00", "2026-02-28 09:00"),
    ("2026-09-25 10:00", "2026-09-28 09:00"),
    ("2026-09-30 18:00", "2026-10-08 09:00"),
    ("2026-01-01 00:00", "2026-01-04 09:00"),
]


@pytest.mark.parametrize(("moment", "opens"), OPENINGS)
def test_when_people_are_there(moment: str, opens: str) -> None:
    assert CALENDAR.next_opening(at(moment)) == at(opens)
    assert CALENDAR.is_open(at(moment)) == (moment == opens)


@pytest.mark.parametrize(
    ("start", "wait", "due"),
    [
        ("2026-11-23 08:00", "12:00", "2026-11-24 00:00"),  # until midnight
        ("2026-11-23 08:00", "12:00:01", "2026-11-24 09:00:01"),  # hours of its own
        ("2026-11-24 08:00", "3:00", "2026-11-24 12:00"),
        ("2026-11-24 08:00", "4:00", "2026-11-26 09:00"),  # over a day off
        ("2026-11-20 23:00", "2:30", "2026-11-23 08:30"),  # over a Saturday of one hour
    ],
)
def test_a_day_may_have_hours_of_its_own(start: str, wait: str, due: str) -> None:
    assert LONGER.after_hours(at(start), seconds(wait)) == at(due)
    assert LONGER.hours_between(at(start), at(due)) == seconds(wait)


def test_the_next_opening_is_that_of_the_day() -> None:
    assert LONGER.next_opening(at("2026-11-21 09:00")) == at("2026-11-21 10:00")
    assert LONGER.next_opening(at("2026-11-24 12:00")) == at("2026-11-26 08:00")
    assert not LONGER.is_open(at("2026-11-24 13:00"))


# --- what is known --------------------------------------------------------------------------------------------------


def test_confirmed_is_what_was_published() -> None:
    assert CALENDAR.confirmed(date(2026, 12, 31))
    assert not CALENDAR.confirmed(date(2027, 1, 1))
    assert not Calendar().confirmed(date(2020, 1, 1))


HALF: Hours = read_hours("09:00-12:00")
WEEKDAY, WEEKEND = date(2027, 2, 8), date(2027, 2, 13)


@pytest.mark.parametrize(
    ("told", "works"),
    [
        ([], [True, False]),
        ([(WEEKDAY, Day(False, confirmed=False))], [True, False]),  # a day off that is not sure is not believed
        ([(WEEKDAY, Day(False))], [False, False]),
        ([(WEEKEND, Day(True, confirmed=False))], [True, True]),  # work that is not sure is
        ([(WEEKEND, Day(True))], [True, True]),
        ([(WEEKDAY, Day(False)), (WEEKDAY, Day(True, confirmed=False))], [True, False]),
        ([(WEEKDAY, Day(False)), (WEEKDAY, Day(False, confirmed=False))], [False, False]),  # a draft hides nothing
        ([(WEEKEND, Day(True)), (WEEKEND, Day(False, confirmed=False))], [True, True]),
        ([(WEEKDAY, Day(False)), (WEEKDAY, Day(True))], [True, False]),  # the nearer authority
        ([(WEEKEND, Day(True)), (WEEKEND, Day(False))], [True, False]),
    ],
)
def test_what_is_believed(told: list[tuple[date, Day]], works: list[bool]) -> None:
    calendar = Calendar(days=believed(told))
    assert [calendar.is_workday(day) for day in (WEEKDAY, WEEKEND)] == works


@pytest.mark.parametrize(
    ("day", "hours"), [(Day(True, HALF), HALF), (Day(True, HALF, confirmed=False), Calendar().hours)]
)
def test_hours_of_a_day_count_once_they_are_sure(day: Day, hours: Hours) -> None:
    calendar = Calendar(days=believed([(WEEKDAY, day)]))
    assert calendar.hours_of(WEEKDAY) == hours


def test_what_is_not_confirmed_is_due_no_later() -> None:
    draft = [(day, Day(special.works, confirmed=False)) for day, special in CALENDAR.days.items()]
    unsure = Calendar(days=believed(draft))
    for start in (at("2026-02-13 10:00"), at("2026-09-30 17:00"), at("2026-05-08 17:29")):
        for wait in range(0, 80 * 3600, 1800):
            assert unsure.after_hours(start, wait) <= CALENDAR.after_hours(start, wait)


# --- zones, ends, speed ---------------------------------------------------------------------------------------------


def test_moments_of_other_zones_are_the_same_moments() -> None:
    monday = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)  # 01:00 on Monday in the bank's zone
    assert not CALENDAR.is_open(monday)
    due = CALENDAR.after_hours(monday, 3600)
    assert (due, due.utcoffset()) == (at("2026-11-23 10:00"), timedelta(hours=8))
    assert CALENDAR.hours_between(monday, monday + timedelta(days=1)) == 7 * 3600
    assert CALENDAR.workdays_between(monday, monday + timedelta(hours=22)) == 0


@pytest.mark.parametrize("ask", ["is_open", "next_opening"])
def test_a_moment_without_zone_is_a_mistake(ask: str) -> None:
    with pytest.raises(ValueError, match="no zone"):
        getattr(CALENDAR, ask)(datetime(2026, 11, 23))  # noqa: DTZ001 - that is the point


def test_a_calendar_without_work_says_so() -> None:
    never = Calendar(hours=())
    for ask in (never.is_open, never.next_opening, lambda moment: never.after_hours(moment, 1)):
        with pytest.raises(NoWorkingTime, match="没有足够的工作时间"):
            ask(at("2026-11-23 09:00"))
    assert never.after_hours(at("2026-11-23 09:00"), 0) == at("2026-11-23 09:00")
    assert never.hours_between(at("2026-11-23 09:00"), at("2027-11-23 09:00")) == 0


@pytest.mark.parametrize("amount", [10**8, 10**15])
def test_beyond_the_last_of_all_days(amount: int) -> None:
    with pytest.raises(NoWorkingTime):
        CALENDAR.after_workdays(at("2026-11-23 09:00"), amount)
    with pytest.raises(NoWorkingTime):
        CALENDAR.after_hours(at("2026-11-23 09:00"), amount * 3600)


def test_the_length_of_a_span_costs_nothing() -> None:
    """It is reckoned by sums: as few days are looked at for ninety years as for ninety days."""
    looked: list[date] = []

    class Watched(Calendar):
        def hours_of(self, day: date) -> Hours:
            looked.append(day)
            return super().hours_of(day)

    calendar = Watched(days=CALENDAR.days)
    assert calendar.hours_between(at("2026-01-01 00:00"), at("2026-01-02 00:00")) == 0
    for years in (0.25, 90):
        looked.clear()
        end = calendar.after_hours(at("2026-01-04 09:00"), int(years * 248 * 7 * 3600))
        calendar.hours_between(at("2026-01-04 09:00"), end)
        assert len(looked) <= 4


# --- as a process asks ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("topic", "key", "answer"),
    [
        (Topic.AFTER, "hours|2026-09-30T17:00:00+08:00|3600", at("2026-10-08 09:30")),
        (Topic.AFTER, "workdays|2026-09-30T17:00:00+08:00|2", at("2026-10-09 17:00")),
        (Topic.BETWEEN, "hours|2026-09-30T09:00:00Z|2026-10-08T10:00:00+08:00", 5400),
        (Topic.BETWEEN, "workdays|2026-09-30T17:00:00+08:00|2026-10-10T10:00:00+08:00", 3),
    ],
)
def test_a_question_of_a_process(topic: Topic, key: str, answer: object) -> None:
    assert CALENDAR.answer((topic, key)) == answer


@pytest.mark.parametrize(
    ("topic", "key"),
    [
        (Topic.AFTER, "minutes|2026-09-30T17:00:00+08:00|3600"),
        (Topic.PEOPLE, "rm|2026-09-30T17:00:00+08:00|3600"),
        (Topic.AFTER, "hours|2026-09-30T17:00:00|3600"),
        (Topic.BETWEEN, "hours|2026-09-30T17:00:00+08:00"),
    ],
)
def test_no_question_for_a_calendar(topic: Topic, key: str) -> None:
    with pytest.raises(ValueError, match=r"question|zone|unpack"):
        CALENDAR.answer((topic, key))
