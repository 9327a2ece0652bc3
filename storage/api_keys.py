"""The keys by which other systems of the bank are known: shown once, kept as a digest, each with what it may write."""

import hmac
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from domain.refusal import Refused
from storage import reasons, schema
from storage.columns import microseconds
from storage.imports.ownership import Grant, contested, kept_grant
from storage.statement import Statement
from storage.unit import Unit

MINUTE = 60  # seconds
_KEY = schema.api_key.c
_TOKEN = re.compile(r"rmk_([0-9a-f]{12})_([A-Za-z0-9_-]{43})", re.ASCII)
_FIND = Statement(sa.select(_KEY.id, _KEY.system, _KEY.grants, _KEY.digest, _KEY.expires_at, _KEY.revoked_at).where(
    _KEY.id == sa.bindparam("key_id")
))  # fmt: skip
# The row's lock makes the count exact whatever the number of replicas.
_COUNT = sa.text(
    "UPDATE api_key SET used_at = :now, calls = CASE WHEN minute = :minute THEN calls + 1 ELSE 1 END, minute = :minute"
    " WHERE id = :key_id AND (minute <> :minute OR calls < :limit)"
)


@dataclass(frozen=True)
class Caller:
    """A source system that has shown its key."""

    key_id: str
    system: str
    grant: Grant

    @property
    def actor(self) -> str:
        return f"api:{self.key_id}"


class TooMany(Refused):
    """The key has used up its minute."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"这个密钥一分钟里的请求太多：请过 {seconds} 秒再发", reason="too_many")
        self.seconds = seconds


def add(unit: Unit, system: str, grant: Grant, days: int) -> str:
    """A new key; its token is returned here and never again. Raises Refused where a column has another system."""
    others = [(row.system, kept_grant(row.grants)) for row in listed(unit) if _live(row, unit.now)]
    if taken := next(contested(grant, [each for each in others if each[0] != system]), None):
        kind, column, owner = taken
        raise Refused(
            f"{kind}.{column} 已经归“{owner}”写：一列只归一个系统，请用 --kind {kind}:列,… 写明各自的列，或先吊销它的密钥"
        )
    key_id, secret = secrets.token_hex(6), secrets.token_urlsafe(32)
    token, expires_at = f"rmk_{key_id}_{secret}", unit.now + timedelta(days=days)
    values = {"id": key_id, "system": system, "grants": grant.written(), "digest": _digest(token)}
    dates = {"made_by": unit.actor, "made_at": unit.now, "expires_at": expires_at}
    unit.execute(schema.api_key.insert().values(**values, **dates))
    told = {"system": system, "grants": grant.words(), "expires_at": expires_at.isoformat()}
    unit.audit("api_key.added", f"api_key:{key_id}", told)
    return token


def revoke(unit: Unit, key_id: str, reason: str) -> bool:
    """End a key at once; False when there is none that still works."""
    here = schema.api_key.update().where(_KEY.id == key_id, _KEY.revoked_at.is_(None))
    if not unit.changed(here.values(revoked_at=unit.now)):
        return False
    unit.audit("api_key.revoked", f"api_key:{key_id}", {"why": reasons.keep(unit, reason)})
    return True


def listed(unit: Unit) -> Iterable[Any]:
    return unit.rows(sa.select(schema.api_key).order_by(_KEY.made_at, _KEY.id))


def state(row: Any, now: datetime) -> str:
    """How a key stands, in Chinese."""
    if row.revoked_at is not None:
        return "已吊销"
    return "有效" if row.expires_at > now else "已过期"


def find(unit: Unit, token: str) -> Caller | None:
    """Whose token this is; None where it is unknown, expired or revoked, after as much work in each case."""
    parts = _TOKEN.fullmatch(token)
    row = unit.row(_FIND, {"key_id": parts[1]}) if parts else None
    right = hmac.compare_digest(_digest(token), row.digest if row else _digest(""))
    if row is None or not right or not _live(row, unit.now):
        return None
    return Caller(row.id, row.system, kept_grant(row.grants))


def count(unit: Unit, caller: Caller, limit: int) -> None:
    """One more call of this key, of `limit` a minute of machine time. Raises TooMany."""
    minute, passed = divmod(int(unit.machine_now), MINUTE)
    given = {"now": microseconds(unit.now), "minute": minute, "limit": limit, "key_id": caller.key_id}
    if not unit.changed(_COUNT, given):
        raise TooMany(MINUTE - passed)


def _live(row: Any, now: datetime) -> bool:
    return row.revoked_at is None and row.expires_at > now


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
