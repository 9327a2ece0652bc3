"""Messages that go through WeCom: claimed answers first, and no more to one member than WeCom carries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from storage import outbox
from storage.columns import microseconds
from storage.outbox import Lane, Outgoing
from storage.statement import Statement
from storage.unit import Unit

FULL_BUCKET_SECONDS = 1.0
# Those that go through WeCom: answers first, and what is no answer waits for an open talk.
_HEADS = (
    f"{outbox.HEADS} AND lane <> 'sms' AND (lane = 'interactive' OR created_at <= :busy_since"
    " OR NOT EXISTS (SELECT 1 FROM conversation WHERE conversation.person = mine.recipient"
    " AND conversation.status IN ('asking', 'editing', 'confirming') AND conversation.touched_at > :busy_since))"
    " ORDER BY CASE lane WHEN 'interactive' THEN 0 WHEN 'deadline' THEN 1 ELSE 2 END, id LIMIT :limit"
)
_CLAIMS = outbox.claiming(_HEADS)
_WAIT = Statement(sa.text("UPDATE outbox SET due = :due WHERE id = :id"))
# What WeCom counts: what arrived, and what may have arrived or is on its way.
_SENT = sa.text(
    "SELECT recipient, count(*) AS hour, sum(CASE WHEN at > :minute THEN 1 ELSE 0 END) AS minute FROM ("
    "SELECT recipient, finished AS at FROM outbox WHERE recipient IN :people AND kind = 'send' AND finished > :hour"
    " AND state IN ('sent', 'ambiguous')"
    " UNION ALL SELECT recipient, first_try AS at FROM outbox WHERE recipient IN :people AND kind = 'send'"
    " AND first_try > :hour AND state IN ('new', 'leased')) AS counted GROUP BY recipient"
).bindparams(sa.bindparam("people", expanding=True))


@dataclass(frozen=True)
class Allowance:
    """How much WeCom carries to one member before it silently drops (30 a minute, 1000 an hour: page 90236)."""

    per_minute: int = 30
    reserved: int = 8
    per_hour: int = 1000

    def within(self, unit: Unit, rows: Sequence[sa.Row[Any]]) -> list[sa.Row[Any]]:
        """Those of the rows that may leave now."""
        people = sorted({row.recipient for row in rows})
        if not people:
            return []
        now = unit.machine_now
        sent = unit.rows(_SENT, {"people": people, "minute": now - 60, "hour": now - 3600})
        minute, hour = ({row.recipient: getattr(row, span) for row in sent} for span in ("minute", "hour"))
        allowed = []
        for row in rows:
            room = self.per_minute - (0 if row.lane == Lane.INTERACTIVE else self.reserved)
            if minute.get(row.recipient, 0) < room and hour.get(row.recipient, 0) < self.per_hour:
                allowed.append(row)
                minute[row.recipient] = minute.get(row.recipient, 0) + 1
        return allowed


def claim(
    unit: Unit, *, token: str, lease_seconds: float, limit: int, allowance: Allowance, busy_microseconds: int
) -> list[Outgoing]:
    """Lease the heads of the lanes that may be sent now; those of a full bucket step aside for a moment.

    `busy_microseconds`: how long a talk holds notices back.
    """
    values = {"now": unit.machine_now, "limit": limit, "busy_since": microseconds(unit.now) - busy_microseconds}
    rows = unit.rows(_CLAIMS[unit.connection.dialect.name], values)
    allowed = allowance.within(unit, rows)
    for row in rows:
        if row not in allowed:
            unit.execute(_WAIT, {"due": unit.machine_now + FULL_BUCKET_SECONDS, "id": row.id})
    return outbox.lease(unit, allowed, token, lease_seconds)
