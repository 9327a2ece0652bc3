"""Logged visits: what was entered is never deleted; an undone one stays and no longer counts."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

import orjson
import sqlalchemy as sa

from domain.given import Place
from domain.ids import CustomerId, TodoId, UserId, VisitId
from domain.visit import Interaction, LoggedVisit, Visit
from storage import label_due, photos, schema
from storage.unit import Unit

_COLUMNS = schema.visit.c
_INTERACTIONS = schema.rows_of(schema.interaction)
SAVED, UNDONE = "saved", "undone"


def add(unit: Unit, logged: LoggedVisit, interaction: Interaction) -> None:
    """A visit, its interaction and its photos (fetched later) in one go."""
    visit, visit_id = logged.visit, logged.visit_id
    seal = unit.vault.seal_optional
    unit.execute(
        schema.visit.insert().values(
            id=visit_id,
            customer_id=visit.customer_id,
            userid=logged.by,
            kind=visit.kind,
            reached=visit.reached,
            at=visit.at,
            notes=seal("visit", "notes", visit_id, visit.note or None),
            place=seal("visit", "place", visit_id, _place_cell(visit.place)),
            todo_id=logged.todo_id,
            interaction_id=_interaction_id(visit_id),
        )
    )
    _add_interaction(unit, visit_id, interaction)
    label_due.mark(unit, [visit.customer_id])
    photos.add(unit, visit_id, logged.by, visit.photos)
    unit.audit("visit.logged", f"visit:{visit_id}", {"reached": visit.reached}, [visit.customer_id])


def _interaction_id(visit_id: VisitId) -> str:
    return f"visit-{visit_id}"


def _add_interaction(unit: Unit, visit_id: VisitId, interaction: Interaction) -> None:
    key = _interaction_id(visit_id)
    unit.execute(
        _INTERACTIONS.insert().values(
            interaction_id=key,
            customer_id=interaction.customer_id,
            at=interaction.at,
            channel=interaction.channel,
            direction=interaction.direction,
            kind=interaction.kind,
            by_userid=interaction.by,
            summary=unit.vault.seal("interaction", "summary", key, interaction.summary),
            reached=interaction.reached,
            origin="visit",
            source="chat",
            as_of=interaction.at.date(),
            arrived_at=unit.now,
        )
    )


def latest_of(unit: Unit, userid: UserId) -> LoggedVisit | None:
    """The person's latest entry, undone or not."""
    mine = sa.select(schema.visit).where(_COLUMNS.userid == userid)
    row = unit.row(mine.order_by(_COLUMNS.at.desc(), _COLUMNS.id.desc()).limit(1))
    return None if row is None else _logged(unit, row)


def load(unit: Unit, visit_id: VisitId) -> LoggedVisit | None:
    row = unit.row(sa.select(schema.visit).where(_COLUMNS.id == visit_id))
    return None if row is None else _logged(unit, row)


def undo(unit: Unit, visit_id: VisitId) -> bool:
    """Take an entry back; its interaction stops counting. True for the one that does."""
    here = schema.visit.update().where(_COLUMNS.id == visit_id, _COLUMNS.state == SAVED)
    if not unit.changed(here.values(state=UNDONE, undone_at=unit.now)):
        return False
    mine = _INTERACTIONS.update().where(_INTERACTIONS.c.interaction_id == _interaction_id(visit_id))
    unit.execute(mine.values(closed_as_of=unit.now.date()))
    label_due.mark(unit, sa.select(_COLUMNS.customer_id).where(_COLUMNS.id == visit_id))
    unit.audit("visit.undone", f"visit:{visit_id}")
    return True


def saved_since(unit: Unit, userid: UserId, since: datetime) -> int:
    here = sa.and_(_COLUMNS.userid == userid, _COLUMNS.at >= since, _COLUMNS.state == SAVED)
    return int(unit.execute(sa.select(sa.func.count()).select_from(schema.visit).where(here)).scalar_one())


def recent_of(unit: Unit, userid: UserId, limit: int) -> list[LoggedVisit]:
    mine = sa.select(schema.visit).where(_COLUMNS.userid == userid, _COLUMNS.state == SAVED)
    return [_logged(unit, row) for row in unit.rows(mine.order_by(_COLUMNS.at.desc()).limit(limit))]


def last_promise(unit: Unit, customer_id: CustomerId) -> tuple[datetime, TodoId] | None:
    """When a follow-up was last promised to a customer, and the to-do that it became."""
    kept = sa.and_(_COLUMNS.customer_id == customer_id, _COLUMNS.state == SAVED, _COLUMNS.todo_id.is_not(None))
    row = unit.row(sa.select(_COLUMNS.at, _COLUMNS.todo_id).where(kept).order_by(_COLUMNS.at.desc()).limit(1))
    return None if row is None else (row.at, TodoId(row.todo_id))


def _logged(unit: Unit, row: sa.Row[Any]) -> LoggedVisit:
    def opened(column: str) -> str | None:
        return unit.vault.open_optional("visit", column, row.id, getattr(row, column))

    visit = Visit(
        customer_id=CustomerId(row.customer_id),
        kind=row.kind,
        reached=row.reached,
        at=row.at,
        note=opened("notes") or "",
        place=_place(opened("place")),
    )
    todo_id = TodoId(row.todo_id) if row.todo_id else None
    return LoggedVisit(VisitId(row.id), visit, UserId(row.userid), row.at, todo_id, row.undone_at)


def _place_cell(place: Place | None) -> str | None:
    return None if place is None else orjson.dumps(asdict(place)).decode()


def _place(cell: str | None) -> Place | None:
    return None if cell is None else Place(**orjson.loads(cell))
