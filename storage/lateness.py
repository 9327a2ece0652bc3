"""Which feeds are late as a customer is loaded."""

from collections.abc import Iterable
from datetime import timedelta

from domain.freshness import TIMELY, Lateness, lateness, surely_timely
from domain.profile import Arrival
from storage.calendars import calendar_of
from storage.unit import Unit

LOOKING_BACK = timedelta(days=60)
"""Ten working days lie within, whatever the holidays."""


def lateness_of(unit: Unit, arrivals: Iterable[Arrival]) -> Lateness:
    """By the bank's calendar, which is read only where a feed might be late."""
    days, today = {each.feed: each.as_of for each in arrivals}, unit.now.date()
    if surely_timely(days, today):
        return TIMELY
    return lateness(days, calendar_of(unit, None, today - LOOKING_BACK), today)
