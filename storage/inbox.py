"""The inbox: what WeCom handed over, kept before it is acknowledged and worked off once, in order per person and
case.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage import conversations, in_hand, reasons, schema
from storage.columns import microseconds
from storage.statement import Statement
from storage.unit import Unit
from storage.vault import Vault

NEW, DONE, DEAD = "new", "done", "dead"
BACKLOG_LIMIT = 20_000


@dataclass(frozen=True)
class Received:
    """A verified callback: its business identity, the identity of its ciphertext, its content as JSON text, and for a
    click the card's task id."""

    dedup_key: str
    cipher_key: str
    person: str
    kind: str
    body: str
    received_at: datetime
    task_id: str = ""


@dataclass(frozen=True)
class InboxRow:
    """A row to be handled; `epoch` counts the requeues by an operator."""

    id: int
    dedup_key: str
    person: str
    kind: str
    received_at: datetime
    epoch: int
    sealed: bytes = field(repr=False)
    vault: Vault = field(repr=False)

    @property
    def body(self) -> str:
        """The content as JSON text; opened inside the unit, so that a cell that does not open fails its row alone."""
        return self.vault.open("inbox", "body", self.dedup_key, self.sealed)


class AlreadyFinished(Exception):
    """Somebody else closed the row; this unit must leave nothing."""


_INSERT = Statement(
    sa.text(
        "INSERT INTO inbox (dedup_key, cipher_key, person, kind, body, received_at, state, epoch)"
        " VALUES (:dedup_key, :cipher_key, :person, :kind, :body, :received_at, 'new', 0) ON CONFLICT DO NOTHING"
    )
)
_INSERT_NUMBERED = Statement(
    sa.text(
        "INSERT INTO inbox (id, dedup_key, cipher_key, person, kind, body, received_at, state, epoch)"
        " VALUES (:id, :dedup_key, :cipher_key, :person, :kind, :body, :received_at, 'new', 0) ON CONFLICT DO NOTHING"
    )
)
_NEXT_IDS = Statement(
    sa.text("SELECT nextval(pg_get_serial_sequence('inbox', 'id')) AS id FROM generate_series(1, :count)").columns(
        schema.inbox.c.id
    )
)
_DONE = Statement(
    sa.text("UPDATE inbox SET state = :state, done_at = :at, error = :error WHERE id = :id AND state = 'new'")
)
_OLDEST = Statement(
    sa.text("SELECT * FROM inbox WHERE state = 'new' ORDER BY id LIMIT :limit").columns(*schema.inbox.c)
)
_OLDEST_KEYS = Statement(
    sa.text("SELECT dedup_key FROM inbox WHERE state = 'new' ORDER BY id LIMIT :limit").columns(
        schema.inbox.c.dedup_key
    )
)
# A click whose card is about a case waits for earlier ones on that case, whoever clicked (case:<id>, case:<id>/a3).
_INSERT_CLICK = Statement(
    sa.text(
        "INSERT INTO inbox (id, dedup_key, cipher_key, person, case_key, kind, body, received_at, state, epoch)"
        " VALUES (:id, :dedup_key, :cipher_key, :person, (SELECT split_part(card.subject, '/', 1) FROM card"
        " WHERE card.task_id = :task_id AND card.subject LIKE 'case:%'), :kind, :body, :received_at, 'new', 0)"
        " ON CONFLICT DO NOTHING"
    )
)
_BACKLOG = Statement(sa.text("SELECT count(*) FROM inbox WHERE state = 'new'"))
# Earlier ids may become visible later (another replica's insert): whoever has a person or a case in hand says so.
# A click names the case of its card; words, and the buttons of a form, are about the case of the person's open form.
_ROW = ", ".join(schema.inbox.c.keys())
_ABOUT = f"coalesce(case_key, ({conversations.CASE_OF_OPEN_FORM})) AS about"
_CLAIM = Statement(
    sa.text(
        f"WITH first AS MATERIALIZED (SELECT *, {_ABOUT} FROM inbox AS mine WHERE state = 'new'"
        " AND NOT EXISTS (SELECT 1 FROM inbox AS other WHERE other.state = 'new' AND other.person = mine.person"
        " AND other.id < mine.id)"
        " AND NOT EXISTS (SELECT 1 FROM inbox AS other WHERE other.state = 'new' AND other.case_key = mine.case_key"
        " AND other.id < mine.id)"
        " ORDER BY id LIMIT :limit FOR UPDATE OF mine SKIP LOCKED)"
        f" SELECT {_ROW} FROM first WHERE {in_hand.TAKEN} ORDER BY id"
    ).columns(*schema.inbox.c)
)
_CLAIM_ONE = Statement(
    sa.text(
        f"WITH it AS MATERIALIZED (SELECT *, {_ABOUT} FROM inbox AS mine WHERE id = :id AND state = 'new'"
        f" FOR UPDATE OF mine SKIP LOCKED) SELECT {_ROW} FROM it WHERE {in_hand.TAKEN}"
    ).columns(*schema.inbox.c)
)


def insert(connection: sa.Connection, vault: Vault, received: Sequence[Received]) -> None:
    """Keep callbacks in the order of their arrival; a hit on either unique key leaves no trace (design decision 3)."""
    rows = [
        {
            "dedup_key": item.dedup_key,
            "cipher_key": item.cipher_key,
            "person": item.person,
            "kind": item.kind,
            "body": vault.seal("inbox", "body", item.dedup_key, item.body),
            "received_at": microseconds(item.received_at),
            "task_id": item.task_id,
        }
        for item in received
    ]
    if connection.dialect.name == "postgresql":
        _insert_sorted(connection, rows)
    else:
        _INSERT.run_many(connection, rows)


def _insert_sorted(connection: sa.Connection, rows: list[dict[str, object]]) -> None:
    """Sorted, the same everywhere, so that replicas with the same callbacks in hand cannot deadlock; numbered by
    arrival before."""
    ids = sorted(row.id for row in _NEXT_IDS.rows(connection, {"count": len(rows)}))
    numbered = [{**row, "id": number} for row, number in zip(rows, ids, strict=True)]
    numbered.sort(key=lambda row: str(row["dedup_key"]))
    others, clicks = [[row for row in numbered if bool(row["task_id"]) is click] for click in (False, True)]
    if others:
        _INSERT_NUMBERED.run_many(connection, [_without(row, "task_id") for row in others])
    if clicks:
        _INSERT_CLICK.run_many(connection, clicks)


def _without(row: Mapping[str, object], name: str) -> dict[str, object]:
    return {key: value for key, value in row.items() if key != name}


def oldest(connection: sa.Connection, vault: Vault, limit: int) -> list[InboxRow]:
    """The next rows in arrival order; enough where a single writer works (SQLite)."""
    return [_row(vault, row) for row in _OLDEST.rows(connection, {"limit": limit})]


def oldest_keys(connection: sa.Connection, limit: int) -> set[str]:
    return {row.dedup_key for row in _OLDEST_KEYS.rows(connection, {"limit": limit})}


def claim(connection: sa.Connection, vault: Vault, limit: int) -> list[InboxRow]:
    """Lock up to `limit` rows, no person and no case twice nor in another open group (PostgreSQL); the row lock is the
    lease."""
    return [_row(vault, row) for row in _CLAIM.rows(connection, {"limit": limit})]


def claim_one(connection: sa.Connection, vault: Vault, row_id: int) -> InboxRow | None:
    return next((_row(vault, row) for row in _CLAIM_ONE.rows(connection, {"id": row_id})), None)


def finish(unit: Unit, row: InboxRow, state: str, error: str | None = None) -> None:
    """Close a row once; raises AlreadyFinished, so that no effect can be had twice."""
    values = {"state": state, "at": microseconds(unit.now), "error": error, "id": row.id}
    if not unit.changed(_DONE, values):
        raise AlreadyFinished(row.id)


def backlog(connection: sa.Connection) -> int:
    return int(_BACKLOG.run(connection).fetchone()[0])


def _row(vault: Vault, row: Any) -> InboxRow:
    return InboxRow(row.id, row.dedup_key, row.person, row.kind, row.received_at, row.epoch, row.body, vault)


def dead_letters(unit: Unit) -> list[tuple[int, str, str, str, datetime]]:
    """Rows nobody could handle: id, person, kind, error, received_at."""
    columns = schema.inbox.c
    found = unit.rows(sa.select(schema.inbox).where(columns.state == DEAD).order_by(columns.id))
    return [(row.id, row.person, row.kind, row.error or "", row.received_at) for row in found]


def requeue(unit: Unit, row_id: int, reason: str) -> bool:
    """Give a dead row another life; the reason goes into the trail."""
    columns = schema.inbox.c
    revived = schema.inbox.update().where(columns.id == row_id, columns.state == DEAD)
    if not unit.changed(revived.values(state=NEW, epoch=columns.epoch + 1, error=None, done_at=None)):
        return False
    unit.audit("inbox.requeue", f"inbox:{row_id}", {"why": reasons.keep(unit, reason)})
    return True
