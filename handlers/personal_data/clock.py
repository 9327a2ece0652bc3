"""The days of a request: when its people hear of it next."""

from datetime import datetime, time

from domain.personal_data.request import SubjectRequest, next_word
from domain.zone import SHANGHAI
from storage import calendars, timers
from storage.unit import Unit

REMIND, SUBJECT = "subject.remind", "subject:"


def arm(unit: Unit, asked: SubjectRequest) -> None:
    """The next word: ahead of the last day, at its end, then every working morning until it is answered."""
    calendar = calendars.calendar_of(unit, None)
    morning = datetime.combine(calendar.workday_after(unit.now.astimezone(SHANGHAI).date(), 1), time(9), SHANGHAI)
    at = next_word(asked.due_on, unit.now, calendar.workday_before, morning)
    timers.arm(unit, subject=SUBJECT + asked.number, kind=REMIND, person="", due_at=at)
