"""Text messages in the outbox: kept once for each key, and claimed whatever becomes of WeCom's messages."""

from datetime import datetime

import sqlalchemy as sa

from domain.ids import UserId
from storage import outbox, schema
from storage.outbox import Lane, Outgoing, OutKind
from storage.unit import Unit

_INSERT_ONCE = sa.text(f"{outbox.INSERT} ON CONFLICT (msg_key) DO NOTHING")
_CLAIMS = outbox.claiming(f"{outbox.HEADS} AND lane = 'sms' ORDER BY id LIMIT :limit")


def wake(unit: Unit) -> None:
    """The gateway serves again: what failed and waits for its next try is due at once."""
    outbox.wake(unit, sms=True)


def put(unit: Unit, *, msg_key: str, to: UserId, mobile: str, text: str) -> bool:
    """Keep a text message; False, and nothing kept, when the key was there: for all times and replicas."""
    body = {"mobile": mobile, "text": text}
    return unit.changed(_INSERT_ONCE, outbox.new_row(unit, msg_key, Lane.SMS, OutKind.SMS, to, body, None))


def put_code(unit: Unit, *, msg_key: str, to: UserId, mobile: str, text: str, until: datetime) -> None:
    """Keep a code for sending, while it is good."""
    body = {"mobile": mobile, "text": text, "until": until.isoformat()}
    unit.execute(_INSERT_ONCE, outbox.new_row(unit, msg_key, Lane.SMS, OutKind.CODE, to, body, None))


def forget(unit: Unit, row: Outgoing) -> None:
    """Nothing is left of a message that has gone, or never will: a code is nobody's to read later."""
    empty = unit.vault.seal_bytes("outbox", "payload", row.msg_key, b"{}")
    unit.execute(schema.outbox.update().where(schema.outbox.c.id == row.id).values(payload=empty))


def bury(unit: Unit, msg_key: str, error: str) -> None:
    """A text message that has nowhere to go: it is not sent, and its key stays taken."""
    row = schema.outbox.update().where(schema.outbox.c.msg_key == msg_key)
    unit.execute(row.values(state=outbox.DEAD, finished=unit.machine_now, error=error))


def claim(unit: Unit, *, token: str, lease_seconds: float, limit: int) -> list[Outgoing]:
    """Lease the text messages that may be sent now, in order per person."""
    rows = unit.rows(_CLAIMS[unit.connection.dialect.name], {"now": unit.machine_now, "limit": limit})
    return outbox.lease(unit, rows, token, lease_seconds)
