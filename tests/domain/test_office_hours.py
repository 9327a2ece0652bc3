"""Working hours of a week, and counting working days over its end."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import SHANGHAI
from domain.office_hours import is_open, workday_after, workday_before, works_on

DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))


@pytest.mark.parametrize(
    ("day", "hour", "minute", "is_it"),
    [
        (20, 9, 0, True),
        (20, 8, 59, False),
        (20, 17, 29, True),
        (20, 17, 30, False),
        (21, 10, 0, False),
        (22, 10, 0, False),
        (23, 0, 0, False),
        (23, 12, 30, True),
    ],
)
def test_open(day: int, hour: int, minute: int, is_it: bool) -> None:
    assert is_open(datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)) == is_it


@pytest.mark.parametrize(("day", "count", "then"), [(23, 0, 23), (23, 3, 26), (20, 1, 23), (21, 1, 23), (19, 3, 24)])
def test_working_days_ahead(day: int, count: int, then: int) -> None:
    assert workday_after(date(2026, 11, day), count) == date(2026, 11, then)


@given(DAYS, st.integers(1, 30))
def test_counting_agrees_with_walking(day: date, count: int) -> None:
    then = workday_after(day, count)
    between = [day + timedelta(days=n) for n in range(1, (then - day).days + 1)]
    assert sum(each.weekday() not in (5, 6) for each in between) == count
    assert works_on(then)
    assert workday_before(workday_after(day, 1)) <= day
