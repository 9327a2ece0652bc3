"""A worker whose rows say what to do with them, and a database opened for it: the stage of the unit-of-work tests."""

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from domain.refusal import Refused
from storage import schema
from storage.database import Database
from storage.group import Worker
from storage.inbox import InboxRow, Received
from storage.opening import open_database
from storage.unit import Unit
from tests.chain import first_break

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PATIENCE = 30.0


class Clocks:
    """Business time that stands still until moved; machine time that runs and can be pushed."""

    def __init__(self) -> None:
        self.now = NOW
        self.pushed = 0.0

    def business(self) -> datetime:
        return self.now

    def machine(self) -> float:
        return time.time() + self.pushed

    def push(self, **amount: float) -> None:
        self.pushed += timedelta(**amount).total_seconds()


def received(key: str, person: str = "rm01", deed: str = "do", cipher: str | None = None, **more: Any) -> Received:
    body = json.dumps({"deed": deed, **more})
    return Received(key, cipher or f"cipher-{key}", person, "said", body, NOW)


class Deeds:
    """Leaves one audit record and one row for each unit that is kept; a double would show, for neither is unique."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.open.set()
        self.threads: dict[str, set[str]] = {}

    def handle(self, unit: Unit, row: InboxRow) -> None:
        self.open.wait(PATIENCE)
        content = json.loads(row.body)
        leave_mark(unit, row, "handled")
        DEEDS[content["deed"]](unit, row)

    def refused(self, unit: Unit, row: InboxRow, refusal: Refused) -> None:
        leave_mark(unit, row, "refused")

    def poisoned(self, unit: Unit, row: InboxRow, error: Exception) -> None:
        leave_mark(unit, row, "poisoned")
        if json.loads(row.body)["deed"] == "speechless":
            raise RuntimeError("not even an apology")


def leave_mark(unit: Unit, row: InboxRow, word: str) -> None:
    unit.actor = row.person
    unit.audit(word, row.dedup_key)
    unit.execute(
        schema.audit_subject.insert().values(chain=f"{word}:{os.urandom(8).hex()}", seq=0, subject=row.dedup_key)
    )


def _refuse(unit: Unit, row: InboxRow) -> None:
    raise Refused("不行")


def _conflict(unit: Unit, row: InboxRow) -> None:
    unit.execute(schema.cron_run.insert(), [{"job": "a", "slot": row.dedup_key}] * 2)


def _crash(unit: Unit, row: InboxRow) -> None:
    raise RuntimeError("a bug")


def _lose(unit: Unit, row: InboxRow) -> None:
    """Take the whole transaction down each time."""
    if unit.connection.dialect.name == "sqlite":
        unit.connection.exec_driver_sql("ROLLBACK")
        raise RuntimeError("the transaction is gone")
    unit.execute(sa.text("SET LOCAL statement_timeout = 1"))
    unit.execute(sa.text("SELECT pg_sleep(1)"))


def _kill(unit: Unit, row: InboxRow) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _slow(unit: Unit, row: InboxRow) -> None:
    time.sleep(0.002)


DEEDS: dict[str, Callable[[Unit, InboxRow], None]] = {
    "do": lambda unit, row: None,
    "refuse": _refuse,
    "conflict": _conflict,
    "crash": _crash,
    "speechless": _crash,
    "lose": _lose,
    "kill": _kill,
    "slow": _slow,
}


@contextmanager
def opened(
    url: str, folder: Path, worker: Worker | None = None, clocks: Clocks | None = None, key: str = "key"
) -> Iterator[Database]:
    """A started database; the key file is in `folder`."""
    database = open_database(url, folder / key, clocks or Clocks())
    database.start(worker)
    try:
        yield database
    finally:
        database.stop()


def eventually(check: Callable[[], bool], seconds: float = PATIENCE) -> None:
    """Fail unless `check` comes true in time; it may find its own connection cut."""
    until = time.monotonic() + seconds
    while not _holds(check):
        assert time.monotonic() < until, "did not happen in time"
        time.sleep(0.01)


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except sa.exc.OperationalError:
        return False


def states(database: Database) -> dict[str, tuple[str, str | None]]:
    """State and error of every inbox row."""
    columns = schema.inbox.c
    rows = database.read_now(lambda unit: unit.rows(sa.select(columns.dedup_key, columns.state, columns.error)))
    return {row.dedup_key: (row.state, row.error) for row in rows}


def settled(database: Database, rows: int) -> None:
    """Wait until that many rows are there and none is new."""

    def done() -> bool:
        found = states(database)
        return len(found) == rows and all(state != "new" for state, _ in found.values())

    eventually(done)


def records(database: Database) -> list[tuple[str, str]]:
    """(action, key) of the audit trail, in its order."""
    column = schema.audit.c
    rows = database.read_now(lambda unit: unit.rows(sa.select(column.body).order_by(column.seq)))
    bodies = [json.loads(row.body) for row in rows]
    return [(body["action"], body["resource"]) for body in bodies]


def marks(database: Database) -> list[tuple[str, str]]:
    """(word, key) of the rows that kept units left, in no order."""
    column = schema.audit_subject.c
    rows = database.read_now(lambda unit: unit.rows(sa.select(column.chain, column.subject)))
    return sorted((row.chain.split(":")[0], row.subject) for row in rows)


def notes(database: Database) -> int:
    count = sa.select(sa.func.count()).select_from(schema.attempt)
    return int(database.read_now(lambda unit: unit.execute(count).scalar_one()))


def assert_whole(database: Database) -> None:
    """The chain follows, has no gap, and says what the rows say: nothing twice, nothing half."""
    column = schema.audit.c
    chain = sa.select(column.seq, column.body, column.prev, column.hash).order_by(column.seq)
    links = [tuple(row) for row in database.read_now(lambda unit: unit.rows(chain))]
    assert first_break(links) is None
    assert [link[0] for link in links] == list(range(1, len(links) + 1))
    said = sorted(entry for entry in records(database) if entry[0] in ("handled", "refused", "poisoned"))
    assert said == marks(database)
    assert notes(database) == 0
