"""What somebody wishes to read in plain and why, and once they have shown who they are, until when they may."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from domain.ids import CustomerId, TaskId, UserId
from domain.purpose import Purpose
from domain.sharing import Field
from storage import schema
from storage.unit import Unit

WECOM, SMS = "wecom", "sms"
"""How somebody shows who they are."""
_COLUMNS = schema.reveal.c


@dataclass(frozen=True)
class Reveal:
    """One wish; `reference` is the number of what it was for, if the reader gave one, `session` the digest of the
    sign-in in which it was asked for, and once granted, in which alone it is shown.
    """

    id: str
    userid: UserId
    task_id: TaskId
    customer_id: CustomerId
    fields: tuple[Field, ...]
    purpose: Purpose
    reference: str | None
    session: str
    way: str
    at: datetime
    tries: int = 0
    until: datetime | None = None


def ask(
    unit: Unit,
    card: tuple[UserId, TaskId, CustomerId],
    fields: tuple[Field, ...],
    why: tuple[Purpose, str],
    how: tuple[str, str],
) -> Reveal:
    """Keep a wish of the holder of a card. `how`: in which session, and the way to show who they are."""
    (userid, task_id, customer_id), (purpose, reference), (session, way) = card, why, how
    asked = Reveal(
        secrets.token_urlsafe(16),
        userid,
        task_id,
        customer_id,
        fields,
        purpose,
        reference or None,
        session,
        way,
        unit.now,
    )
    unit.execute(
        schema.reveal.insert().values(
            id=asked.id,
            userid=userid,
            task_id=task_id,
            customer_id=customer_id,
            fields="|".join(fields),
            purpose=purpose.value,
            reference=unit.vault.seal_optional("reveal", "reference", asked.id, asked.reference),
            session=session,
            way=way,
            at=asked.at,
        )
    )
    return asked


def load(unit: Unit, userid: UserId, task_id: TaskId, reveal_id: str) -> Reveal | None:
    """This person's own wish on this card."""
    theirs = sa.and_(_COLUMNS.id == reveal_id, _COLUMNS.userid == userid, _COLUMNS.task_id == task_id)
    row = unit.row(sa.select(schema.reveal).where(theirs))
    return None if row is None else _reveal(unit, row)


def grant(unit: Unit, asked: Reveal, session: str, life: int) -> bool:
    """Shown for `life` seconds in this session; False when it was granted, or a code was tried, meanwhile."""
    until = unit.now + timedelta(seconds=life)
    return unit.changed(_open(asked).values(granted_at=unit.now, until_at=until, session=session))


def missed(unit: Unit, asked: Reveal) -> bool:
    """One more wrong code; False when another try came first."""
    return unit.changed(_open(asked).values(tries=asked.tries + 1))


def _open(asked: Reveal) -> sa.Update:
    here = (_COLUMNS.id == asked.id, _COLUMNS.granted_at.is_(None), _COLUMNS.tries == asked.tries)
    return schema.reveal.update().where(*here)


def count_since(unit: Unit, userid: UserId, since: datetime) -> int:
    """How many wishes of a person were granted."""
    mine = sa.and_(_COLUMNS.userid == userid, _COLUMNS.granted_at > since)
    return int(unit.execute(sa.select(sa.func.count()).select_from(schema.reveal).where(mine)).scalar_one())


def _reveal(unit: Unit, row: Any) -> Reveal:
    return Reveal(
        row.id,
        UserId(row.userid),
        TaskId(row.task_id),
        CustomerId(row.customer_id),
        tuple(Field(word) for word in row.fields.split("|")),
        Purpose(row.purpose),
        unit.vault.open_optional("reveal", "reference", row.id, row.reference),
        row.session,
        row.way,
        row.at,
        row.tries,
        row.until_at,
    )
