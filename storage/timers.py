"""Time as rows: armed with a generation, fired once by whoever is first, cancelled by a newer generation."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from storage import schema
from storage.statement import Statement
from storage.unit import Unit

ARMED, FIRED, CANCELLED = "armed", "fired", "cancelled"
_COLUMNS = schema.timer.c
_SUBJECT = (_COLUMNS.subject == sa.bindparam("of"), _COLUMNS.kind == sa.bindparam("what"))
_NEWEST = sa.select(sa.func.coalesce(sa.func.max(_COLUMNS.generation), 0)).where(*_SUBJECT)
_LATER = Statement(
    schema.timer.update().where(*_SUBJECT, _COLUMNS.state == ARMED).values(generation=_COLUMNS.generation + 1)
)
_ARM = Statement(schema.timer.insert().values(generation=_NEWEST.scalar_subquery() + 1))
_CANCEL = Statement(schema.timer.update().where(*_SUBJECT, _COLUMNS.state == ARMED))
_FIRE = Statement(
    schema.timer.update().where(
        _COLUMNS.id == sa.bindparam("which"), _COLUMNS.state == ARMED, _COLUMNS.due_at <= sa.bindparam("moment")
    )
)


@dataclass(frozen=True)
class DueTimer:
    id: int
    subject: str
    kind: str
    generation: int
    person: str
    due_at: datetime


def arm(unit: Unit, *, subject: str, kind: str, person: str, due_at: datetime) -> None:
    """Set the one timer of this subject and kind; one that is set already is moved."""
    which, values = {"of": subject, "what": kind}, {"person": person, "due_at": due_at}
    if not unit.changed(_LATER, {**which, **values}):
        unit.execute(_ARM, {**which, **values, "subject": subject, "kind": kind, "state": ARMED})


def cancel(unit: Unit, *, subject: str, kind: str) -> None:
    unit.execute(_CANCEL, {"of": subject, "what": kind, "state": CANCELLED})


def due(unit: Unit, limit: int = 50) -> list[DueTimer]:
    """Timers whose business time has come; several replicas may see the same one, `fire` decides."""
    waiting = sa.select(schema.timer).where(_COLUMNS.state == ARMED, _COLUMNS.due_at <= unit.now)
    rows = unit.rows(waiting.order_by(_COLUMNS.due_at, _COLUMNS.id).limit(limit))
    return [DueTimer(row.id, row.subject, row.kind, row.generation, row.person, row.due_at) for row in rows]


def fire(unit: Unit, timer_id: int) -> bool:
    """True for the one unit that may act on this timer; not when it was moved since it was seen."""
    return unit.changed(_FIRE, {"which": timer_id, "moment": unit.now, "state": FIRED})
