"""Requests to bring somebody back who was stopped, each decided once."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from domain.command_change import State
from domain.ids import UserId
from storage import schema
from storage.unit import Unit

_COLUMNS = schema.staff_return.c


@dataclass(frozen=True)
class Return:
    """Who is to come back, and how far that is."""

    return_id: str
    userid: UserId
    requester: UserId
    requested_at: datetime
    state: State = State.WAITING
    decided_by: UserId | None = None
    decided_at: datetime | None = None


def add(unit: Unit, wish: Return) -> None:
    values = {"id": wish.return_id, "userid": wish.userid, "requester": wish.requester}
    unit.execute(schema.staff_return.insert().values(**values, requested_at=wish.requested_at))
    unit.audit("staff.return_requested", f"staff:{wish.userid}", {"return": wish.return_id})


def load(unit: Unit, return_id: str) -> Return | None:
    row = unit.row(sa.select(schema.staff_return).where(_COLUMNS.id == return_id))
    if row is None:
        return None
    by = UserId(row.decided_by) if row.decided_by else None
    return Return(row.id, UserId(row.userid), UserId(row.requester), row.requested_at, State(row.state), by,
                  row.decided_at)  # fmt: skip


def settle(unit: Unit, wish: Return) -> bool:
    """Write down how it was decided; False when somebody else was first."""
    here = schema.staff_return.update().where(_COLUMNS.id == wish.return_id, _COLUMNS.state == State.WAITING.value)
    decided = {"state": wish.state.value, "decided_by": wish.decided_by, "decided_at": wish.decided_at}
    if not unit.changed(here.values(**decided)):
        return False
    unit.audit(f"staff.return_{wish.state.value}", f"staff:{wish.userid}", {"return": wish.return_id})
    return True
