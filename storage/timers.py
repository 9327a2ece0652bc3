"""Time as rows: armed with a generation, fired once by whoever is first, cancelled by a newer generation."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage import cases, in_hand, schema
from storage.columns import Instant
from storage.unit import Unit

ARMED, FIRED, CANCELLED = "armed", "fired", "cancelled"
_COLUMNS = schema.timer.c
_SUBJECT = (_COLUMNS.subject == sa.bindparam("of"), _COLUMNS.kind == sa.bindparam("what"))
_FIRE = schema.timer.update().where(_COLUMNS.id == sa.bindparam("row"), _COLUMNS.state == ARMED)
_CANCEL = schema.timer.update().where(*_SUBJECT, _COLUMNS.state == ARMED)
_NEWEST = sa.select(sa.func.max(_COLUMNS.generation)).where(*_SUBJECT).scalar_subquery()
_CANCEL_OLDER = _CANCEL.where(_COLUMNS.generation < _NEWEST)
# Whoever arms the same timer at the same moment waits for the key of the next generation, and then takes the one after.
_ARM = sa.text(
    "INSERT INTO timer (subject, kind, generation, person, due_at, state)"
    " SELECT :of, :what, coalesce(max(generation), 0) + 1, :person, :due_at, 'armed'"
    " FROM timer WHERE subject = :of AND kind = :what ON CONFLICT (subject, kind, generation) DO NOTHING"
).bindparams(sa.bindparam("due_at", type_=Instant))

_ARM_FOR_ALL = sa.text(
    "INSERT INTO timer (subject, kind, generation, person, due_at, state)"
    " SELECT 'case:' || id, :what, coalesce((SELECT max(generation) FROM timer"
    " WHERE subject = 'case:' || case_file.id AND kind = :what), 0) + 1, :person, :due_at, 'armed'"
    " FROM case_file WHERE closed = :closed ON CONFLICT (subject, kind, generation) DO NOTHING"
).bindparams(sa.bindparam("due_at", type_=Instant), sa.bindparam("closed", False, type_=sa.Boolean))


@dataclass(frozen=True)
class DueTimer:
    id: int
    subject: str
    kind: str
    generation: int
    person: str
    due_at: datetime


def arm(unit: Unit, *, subject: str, kind: str, person: str, due_at: datetime) -> None:
    """Set the one timer of this subject and kind; an older one is cancelled."""
    name = {"of": subject, "what": kind}
    while not unit.changed(_ARM, {**name, "person": person, "due_at": due_at}):
        pass
    unit.execute(_CANCEL_OLDER, {**name, "state": CANCELLED})


def arm_for_all(unit: Unit, *, kind: str, person: str) -> None:
    """Something that every open case has to do now, each in its turn and in a unit of work of its own."""
    unit.execute(_ARM_FOR_ALL, {"what": kind, "person": person, "due_at": unit.now})


def cancel(unit: Unit, *, subject: str, kind: str) -> None:
    unit.execute(_CANCEL, {"of": subject, "what": kind, "state": CANCELLED})


def due(unit: Unit, limit: int = 50) -> list[DueTimer]:
    """Timers whose business time has come; several replicas may see the same one, `fire` decides."""
    waiting = sa.select(schema.timer).where(_COLUMNS.state == ARMED, _COLUMNS.due_at <= unit.now)
    rows = unit.rows(waiting.order_by(_COLUMNS.due_at, _COLUMNS.id).limit(limit))
    return [DueTimer(row.id, row.subject, row.kind, row.generation, row.person, row.due_at) for row in rows]


def fire(unit: Unit, timer: DueTimer) -> bool:
    """True for the one unit that may act on this timer. First the person or the case, then its timer, as everybody
    takes them who handles that person's words or moves the case: else the two would wait for each other."""
    in_hand.wait_for(unit, timer.person)
    cases.hold(unit, timer.subject)
    return unit.changed(_FIRE, {"row": timer.id, "state": FIRED})
