"""The outbox: messages rendered once, in the commit that caused them, and sent later in order per person and lane."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import orjson
import sqlalchemy as sa

from storage import schema
from storage.columns import microseconds
from storage.statement import Statement
from storage.unit import Unit
from storage.vault import Vault

NEW, LEASED, SENT, DEAD, AMBIGUOUS, SUPERSEDED = "new", "leased", "sent", "dead", "ambiguous", "superseded"


class Lane(StrEnum):
    """Who waits for whom: an answer before a deadline, a deadline before a digest; SMS goes its own way."""

    INTERACTIVE = "interactive"
    DEADLINE = "deadline"
    DIGEST = "digest"
    SMS = "sms"


class OutKind(StrEnum):
    SEND = "send"
    UPDATE = "update"
    DRAW = "draw"
    FILE = "file"
    FETCH = "fetch"
    MENU = "menu"
    MEMBERS = "members"
    SMS = "sms"
    CODE = "code"


@dataclass(frozen=True)
class Outgoing:
    """A row in hand: `body` is the exact JSON text that leaves, byte for byte the same on every try.

    `first_try`: machine time of the first try whose end nobody knows; None when every try before was answered.
    """

    id: int
    msg_key: str
    kind: str
    lane: str
    recipient: str
    task_id: str | None
    attempts: int
    first_try: float | None
    lease_token: str
    sealed: bytes = field(repr=False)
    vault: Vault = field(repr=False)

    @property
    def body(self) -> bytes:
        """Opened when it is sent, so that a payload that does not open stops nobody else; raises VaultError."""
        return self.vault.open_bytes("outbox", "payload", self.msg_key, self.sealed)


INSERT = (
    "INSERT INTO outbox (msg_key, lane, kind, recipient, task_id, payload, state, attempts, due, created_at)"
    " VALUES (:msg_key, :lane, :kind, :recipient, :task_id, :payload, 'new', 0, 0, :created_at)"
)
_INSERT = Statement(sa.text(INSERT))
# The head of each person's lane: nothing of the same person and lane is older and still to be sent.
HEADS = (
    "SELECT * FROM outbox AS mine WHERE state IN ('new', 'leased') AND due <= :now"
    " AND (state = 'new' OR lease_until < :now)"
    " AND NOT EXISTS (SELECT 1 FROM outbox AS older WHERE older.state IN ('new', 'leased')"
    " AND older.recipient = mine.recipient AND older.lane = mine.lane AND older.id < mine.id)"
)
_COLUMNS = schema.outbox.c


def claiming(heads: str) -> dict[str, Statement]:
    """The statement that leases these heads, by dialect."""
    return {
        "sqlite": Statement(sa.text(heads).columns(*_COLUMNS)),
        "postgresql": Statement(sa.text(f"{heads} FOR UPDATE OF mine SKIP LOCKED").columns(*_COLUMNS)),
    }


_LEASED = schema.outbox.update().where(
    _COLUMNS.id == sa.bindparam("row"), _COLUMNS.lease_token == sa.bindparam("token")
)
_LEASE = Statement(
    sa.text(
        "UPDATE outbox SET state = 'leased', lease_token = :token, lease_until = :until, attempts = attempts + 1,"
        " first_try = coalesce(first_try, :now) WHERE id = :id"
    )
)


def put(
    unit: Unit, *, msg_key: str, lane: Lane, kind: OutKind, recipient: str, body: Mapping[str, Any], task_id: str | None
) -> None:
    """Keep a message for sending; the same `msg_key` twice is a programming error and undoes the unit."""
    unit.outgoing = True
    unit.execute(_INSERT, new_row(unit, msg_key, lane, kind, recipient, body, task_id))


def new_row(
    unit: Unit, msg_key: str, lane: Lane, kind: OutKind, recipient: str, body: Mapping[str, Any], task_id: str | None
) -> dict[str, Any]:
    """The values of a row to insert, its body sealed."""
    return {
        "msg_key": msg_key,
        "lane": lane.value,
        "kind": kind.value,
        "recipient": recipient,
        "task_id": task_id,
        "payload": unit.vault.seal_bytes("outbox", "payload", msg_key, orjson.dumps(body)),
        "created_at": microseconds(unit.now),
    }


def redrawn(unit: Unit, recipient: str, task_id: str) -> bool:
    """Whether a card's final face was sent to this person or is on its way."""
    columns = schema.outbox.c
    updates = sa.select(columns.id).where(columns.recipient == recipient, columns.task_id == task_id)
    mine = updates.where(columns.kind == OutKind.UPDATE.value, columns.state.in_((NEW, LEASED, SENT)))
    return unit.row(mine.limit(1)) is not None


def withdraw(unit: Unit, recipient: str) -> int:
    """Messages to somebody who may not read them any more do not leave; how many were held back. What is under way
    has left."""
    columns = schema.outbox.c
    kinds = (OutKind.SEND.value, OutKind.DRAW.value, OutKind.FILE.value)
    waiting = sa.and_(columns.recipient == recipient, columns.kind.in_(kinds), columns.state == NEW)
    ended = {"state": SUPERSEDED, "finished": unit.machine_now, "error": "recipient left"}
    return int(unit.execute(schema.outbox.update().where(waiting).values(**ended)).rowcount)


def supersede(unit: Unit, recipients: Collection[str], task_ids: Collection[str]) -> set[str]:
    """Notices that are out of play before they ever left do not leave; which those are. An answer always leaves: what
    somebody said is answered, however quick the next word was.
    """
    columns = schema.outbox.c
    waiting = (columns.state.in_([NEW, LEASED]), columns.state == NEW)  # the first as the index has it
    unsent = (
        columns.kind == OutKind.SEND.value,
        columns.lane != Lane.INTERACTIVE.value,
        columns.first_try.is_(None),
    )
    here = schema.outbox.update().where(
        columns.recipient.in_(sorted(set(recipients))), *waiting, *unsent, columns.task_id.in_(sorted(task_ids))
    )
    ended = here.values(state=SUPERSEDED, finished=unit.machine_now, error="out of play")
    return {row.task_id for row in unit.rows(ended.returning(columns.task_id))}


def lease(unit: Unit, rows: Sequence[sa.Row[Any]], token: str, lease_seconds: float) -> list[Outgoing]:
    """Take rows in hand: nobody else gets them while the lease runs."""
    until = unit.machine_now + lease_seconds
    for row in rows:
        unit.execute(_LEASE, {"token": token, "until": until, "now": unit.machine_now, "id": row.id})
    return [_outgoing(unit, row, token) for row in rows]


def _outgoing(unit: Unit, row: sa.Row[Any], token: str) -> Outgoing:
    return Outgoing(
        row.id,
        row.msg_key,
        row.kind,
        row.lane,
        row.recipient,
        row.task_id,
        row.attempts + 1,
        row.first_try,
        token,
        row.payload,
        unit.vault,
    )


def free_leases(connection: sa.Connection) -> None:
    """What a dead process had in hand is tried again at once, where no other process can have it in hand."""
    connection.execute(schema.outbox.update().where(schema.outbox.c.state == LEASED).values(lease_until=0.0))


def settle(unit: Unit, row: Outgoing, state: str, **values: Any) -> bool:
    """End a leased row; False when the lease was lost meanwhile."""
    ended = {"state": state, "finished": None if state == NEW else unit.machine_now, **values}
    free = {"lease_token": None, "lease_until": None}
    return unit.changed(_LEASED, {"row": row.id, "token": row.lease_token, **ended, **free})


def becomes(unit: Unit, row: Outgoing, body: Mapping[str, Any]) -> bool:
    """What was made and uploaded is a message from now on, byte for byte the same on every try."""
    sealed = unit.vault.seal_bytes("outbox", "payload", row.msg_key, orjson.dumps(body))
    return settle(unit, row, NEW, kind=OutKind.SEND.value, payload=sealed, due=0.0, attempts=0, first_try=None)


def postpone(unit: Unit, row: Outgoing, due: float, error: str, *, charged: bool = True) -> bool:
    """WeCom refused for now: again at machine time `due`; `charged=False` when a limit or a setting was the reason."""
    attempts = row.attempts if charged else row.attempts - 1
    return settle(unit, row, NEW, due=due, error=error, attempts=attempts, first_try=row.first_try)


def doubt(unit: Unit, row: Outgoing, due: float, error: str) -> bool:
    """No answer: the same bytes again at `due`, as long as WeCom would swallow the double."""
    return settle(unit, row, NEW, due=due, error=error)


def wake(unit: Unit, *, sms: bool = False) -> None:
    """WeCom, or the SMS gateway, serves again: what failed and waits for its next try is due at once."""
    columns = schema.outbox.c
    lane = columns.lane == Lane.SMS.value if sms else columns.lane != Lane.SMS.value
    waiting = sa.and_(lane, columns.state == NEW, columns.error.is_not(None), columns.due > unit.machine_now)
    unit.execute(schema.outbox.update().where(waiting).values(due=0.0))
