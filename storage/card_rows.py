"""Cards that were sent: what each showed, to whom, on which subject and revision, and what its options mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson
import sqlalchemy as sa

from domain.ids import TaskId, UserId
from storage import schema
from storage.unit import Unit

LIVE, SPENT = "live", "spent"
CODE_LIFETIME = timedelta(hours=72)  # response_code: one use within 72 h (page 94888)
_COLUMNS = schema.card.c


@dataclass(frozen=True)
class CardRow:
    """A sent card. `content` is the template card as sent, `context` what its options stand for."""

    task_id: TaskId
    addressee: UserId
    subject: str
    revision: int
    state: str
    expires_at: datetime
    content: Mapping[str, Any]
    context: Mapping[str, Any]


def digest(content: Mapping[str, Any]) -> str:
    """Digest of the fields shown; goes into the audit trail in their place."""
    return sha256(orjson.dumps(dict(content), option=orjson.OPT_SORT_KEYS)).hexdigest()


def put(unit: Unit, row: CardRow) -> str:
    """Keep a card in the commit that sends it; returns the digest of what it shows."""
    shown = digest(row.content)
    seal = unit.vault.seal_bytes
    unit.execute(
        schema.card.insert().values(
            task_id=row.task_id,
            addressee=row.addressee,
            subject=row.subject,
            revision=row.revision,
            digest=shown,
            state=row.state,
            expires_at=row.expires_at,
            created_at=unit.now,
            content=seal("card", "content", row.task_id, orjson.dumps(dict(row.content))),
            context=seal("card", "context", row.task_id, orjson.dumps(dict(row.context))),
        )
    )
    return shown


def load(unit: Unit, task_id: TaskId) -> CardRow | None:
    row = unit.row(sa.select(schema.card).where(_COLUMNS.task_id == task_id))
    if row is None:
        return None
    content = orjson.loads(unit.vault.open_bytes("card", "content", task_id, row.content))
    context = orjson.loads(unit.vault.open_bytes("card", "context", task_id, row.context))
    return CardRow(
        task_id, UserId(row.addressee), row.subject, row.revision, row.state, row.expires_at, content, context
    )


def latest_live(unit: Unit, person: UserId, subject: str) -> CardRow | None:
    """The newest card of this subject that the person may still answer."""
    mine = sa.select(_COLUMNS.task_id).where(_COLUMNS.addressee == person, _COLUMNS.subject == subject)
    live = mine.where(_COLUMNS.state == LIVE, _COLUMNS.expires_at > unit.now).order_by(_COLUMNS.created_at.desc())
    task_id = unit.execute(live.limit(1)).scalar()
    return None if task_id is None else load(unit, TaskId(task_id))


def spend(unit: Unit, task_id: TaskId) -> bool:
    """Take the card out of play; True for the one click that does."""
    live = schema.card.update().where(_COLUMNS.task_id == task_id, _COLUMNS.state == LIVE)
    return unit.changed(live.values(state=SPENT))


def keep_code(unit: Unit, task_id: str, response_code: str) -> None:
    """Keep the send-time code; it is spent once, on the final state, for a copy nobody clicked."""
    sealed = unit.vault.seal("card", "response_code", task_id, response_code)
    kept = schema.card.update().where(_COLUMNS.task_id == task_id)
    unit.execute(kept.values(response_code=sealed, code_until=unit.now + CODE_LIFETIME))


def take_live_codes(
    unit: Unit, subject: str, addressee: UserId, except_task: TaskId | None = None
) -> list[tuple[CardRow, str | None]]:
    """One person's live cards of a subject with their usable send-time codes, taken out of play: for redrawing what
    nobody clicked."""
    columns = sa.select(_COLUMNS.task_id, _COLUMNS.response_code, _COLUMNS.code_until)
    mine = columns.where(_COLUMNS.subject == subject, _COLUMNS.addressee == addressee, _COLUMNS.state == LIVE)
    live = unit.rows(mine.order_by(_COLUMNS.created_at))
    taken = []
    for row in live:
        if row.task_id == except_task or not spend(unit, TaskId(row.task_id)):
            continue
        usable = row.response_code is not None and row.code_until > unit.now
        code = unit.vault.open("card", "response_code", row.task_id, row.response_code) if usable else None
        card = load(unit, TaskId(row.task_id))
        assert card is not None
        taken.append((card, code))
    return taken
