"""Messages that nobody knows to have arrived, or that never will: an operator looks at them and decides."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from storage import reasons, schema
from storage.outbox import AMBIGUOUS, DEAD, NEW, SENT
from storage.unit import Unit


def ambiguous(unit: Unit) -> Sequence[sa.Row[Any]]:
    """Messages that may or may not have arrived: an operator decides."""
    return unit.rows(_ended(AMBIGUOUS))


def dead(unit: Unit, limit: int) -> tuple[int, Sequence[sa.Row[Any]]]:
    """How many messages will never arrive, and the latest of them."""
    counted = sa.select(sa.func.count()).select_from(schema.outbox).where(schema.outbox.c.state == DEAD)
    latest = unit.rows(_ended(DEAD).order_by(None).order_by(schema.outbox.c.id.desc()).limit(limit))
    return int(unit.execute(counted).scalar_one()), latest[::-1]


def _ended(state: str) -> sa.Select[Any]:
    columns = schema.outbox.c
    shown = (columns.id, columns.recipient, columns.kind, columns.errcode, columns.error, columns.created_at)
    return sa.select(*shown, columns.lane).where(columns.state == state).order_by(columns.id)


def resolve(unit: Unit, row_id: int, *, resend: bool, reason: str) -> bool:
    """An operator's word on an ambiguous message: send again, or take it as arrived."""
    columns = schema.outbox.c
    row = schema.outbox.update().where(columns.id == row_id, columns.state == AMBIGUOUS)
    values: dict[str, Any] = {"state": NEW, "due": 0.0, "first_try": None, "attempts": 0} if resend else {"state": SENT}
    if not unit.changed(row.values(**values)):
        return False
    unit.audit("outbox.resolve", f"outbox:{row_id}", {"resend": resend, "why": reasons.keep(unit, reason)})
    return True
