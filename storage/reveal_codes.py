"""Codes sent by SMS for what somebody wishes to read in plain: sealed while they are good, and then nothing."""

import secrets
from datetime import datetime

import sqlalchemy as sa

from domain.ids import UserId
from domain.one_time_code import DIGITS, SentCode
from storage import schema
from storage.reveals import Reveal
from storage.unit import Unit

_COLUMNS = schema.reveal_code.c


def make(unit: Unit, asked: Reveal) -> tuple[str, str]:
    """The id and the digits of a new code; those of before are good for nothing."""
    forget(unit, asked)
    key, digits = secrets.token_urlsafe(12), f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    sealed = unit.vault.seal("reveal_code", "code", key, digits)
    row = {"id": key, "reveal_id": asked.id, "userid": asked.userid, "code": sealed, "sent_at": unit.now}
    unit.execute(schema.reveal_code.insert().values(**row))
    return key, digits


def newest(unit: Unit, asked: Reveal) -> SentCode | None:
    """The code that is good, if it has not been used or locked."""
    here = sa.and_(_COLUMNS.reveal_id == asked.id, _COLUMNS.code.is_not(None))
    row = unit.row(sa.select(schema.reveal_code).where(here))
    return row and SentCode(unit.vault.open("reveal_code", "code", row.id, row.code), row.sent_at, asked.tries)


def forget(unit: Unit, asked: Reveal) -> None:
    """No code of this wish is good any more."""
    unit.execute(schema.reveal_code.update().where(_COLUMNS.reveal_id == asked.id).values(code=None))


def count_since(unit: Unit, userid: UserId, since: datetime) -> int:
    """How many codes a person was sent."""
    mine = sa.and_(_COLUMNS.userid == userid, _COLUMNS.sent_at > since)
    return int(unit.execute(sa.select(sa.func.count()).select_from(schema.reveal_code).where(mine)).scalar_one())
