"""What somebody was shown in plain after a second verification: for which purpose, and until when it may be read."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from domain.ids import CustomerId, TaskId, UserId
from domain.purpose import Purpose
from domain.sharing import Field
from storage import schema
from storage.unit import Unit

_COLUMNS = schema.reveal.c


@dataclass(frozen=True)
class Reveal:
    """One act of showing; `reference` is the number of what it was for, if the reader gave one."""

    id: str
    userid: UserId
    task_id: TaskId
    customer_id: CustomerId
    fields: tuple[Field, ...]
    purpose: Purpose
    reference: str | None
    at: datetime
    until: datetime


def begin(
    unit: Unit, card: tuple[UserId, TaskId, CustomerId], fields: tuple[Field, ...], why: tuple[Purpose, str], life: int
) -> Reveal:
    """Keep what is to be shown for `life` seconds to the holder of a card."""
    (userid, task_id, customer_id), (purpose, reference) = card, why
    until = unit.now + timedelta(seconds=life)
    made = Reveal(
        secrets.token_urlsafe(16), userid, task_id, customer_id, fields, purpose, reference or None, unit.now, until
    )
    unit.execute(
        schema.reveal.insert().values(
            id=made.id,
            userid=userid,
            task_id=task_id,
            customer_id=customer_id,
            fields="|".join(fields),
            purpose=purpose.value,
            reference=unit.vault.seal_optional("reveal", "reference", made.id, made.reference),
            at=made.at,
            until_at=until,
        )
    )
    return made


def load(unit: Unit, userid: UserId, task_id: TaskId, reveal_id: str) -> Reveal | None:
    """This person's own act on this card, while it may be read."""
    theirs = sa.and_(_COLUMNS.id == reveal_id, _COLUMNS.userid == userid, _COLUMNS.task_id == task_id)
    row = unit.row(sa.select(schema.reveal).where(theirs, _COLUMNS.until_at > unit.now))
    if row is None:
        return None
    return Reveal(
        row.id,
        userid,
        task_id,
        CustomerId(row.customer_id),
        tuple(Field(word) for word in row.fields.split("|")),
        Purpose(row.purpose),
        unit.vault.open_optional("reveal", "reference", row.id, row.reference),
        row.at,
        row.until_at,
    )


def count_since(unit: Unit, userid: UserId, since: datetime) -> int:
    """How many such acts a person has had."""
    mine = sa.and_(_COLUMNS.userid == userid, _COLUMNS.at > since)
    return int(unit.execute(sa.select(sa.func.count()).select_from(schema.reveal).where(mine)).scalar_one())
