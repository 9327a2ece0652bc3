"""Who was told something lately, so that the same sentence is not said again too soon."""

from datetime import date, timedelta

import sqlalchemy as sa

from domain.ids import UserId
from storage import schema
from storage.unit import Unit

_QUIET, _GREETING = schema.quiet.c, schema.greeting.c


def may_speak(unit: Unit, person: UserId, topic: str, silence: timedelta) -> bool:
    """True at most once per `silence`; a true answer begins the silence."""
    here = sa.and_(_QUIET.person == person, _QUIET.topic == topic)
    until = unit.execute(sa.select(_QUIET.until).where(here)).scalar()
    if until is not None and until > unit.now:
        return False
    if until is not None:
        unit.execute(schema.quiet.update().where(here).values(until=unit.now + silence))
    else:
        unit.execute(schema.quiet.insert().values(person=person, topic=topic, until=unit.now + silence))
    return True


def first_today(unit: Unit, person: UserId, day: date) -> bool:
    """True for the first entry of a day."""
    here = sa.and_(_GREETING.person == person, _GREETING.day == day)
    if unit.row(sa.select(_GREETING.person).where(here)) is not None:
        return False
    unit.execute(schema.greeting.insert().values(person=person, day=day))
    return True
