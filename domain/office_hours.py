"""When the office is open: Monday to Friday from nine, until a unit's own calendar says otherwise."""

from datetime import date, datetime, time, timedelta

OPENS, CLOSES = time(9), time(17, 30)
_DAY = timedelta(days=1)
_WORKING = 5


def works_on(day: date) -> bool:
    return day.weekday() < _WORKING


def is_open(moment: datetime) -> bool:
    """Whether `moment`, in its own zone, lies in working hours."""
    return works_on(moment.date()) and OPENS <= moment.time() < CLOSES


def workday_after(day: date, count: int) -> date:
    """The last of the next `count` working days; the day itself for none."""
    for _ in range(count):
        day += _DAY
        while not works_on(day):
            day += _DAY
    return day


def workday_before(day: date) -> date:
    """The latest working day before `day`."""
    day -= _DAY
    while not works_on(day):
        day -= _DAY
    return day
