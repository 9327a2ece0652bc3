"""SQLite behind the port: one writer thread that commits callbacks, jobs and units together (design decision 4)."""

import threading
from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
import structlog

from storage import attempts, inbox
from storage.database import QUEUE_LIMIT, Database, Overloaded
from storage.engine import FULL, UNSYNCED, lock_sqlite, sqlite_readers, sqlite_writer
from storage.group import Clocks, Group, Work, Worker, abandon, inbox_work, killer_work
from storage.inbox import InboxRow, Received
from storage.vault import open_vault

UNITS_PER_GROUP, INSERTS_PER_GROUP, JOBS_PER_GROUP = 64, 256, 64
SECONDS_PER_GROUP = 0.010
PAUSE = 0.050

log = structlog.get_logger("storage")


@dataclass(frozen=True)
class Batch:
    """What the writer takes from its queues at one time."""

    inserts: tuple[tuple[Received, Future[None]], ...]
    jobs: tuple[Work, ...]


class SqliteDatabase(Database):
    """The embedded database; the process that opens it is the only one that may."""

    def __init__(self, url: str, key_file: Path, clocks: Clocks) -> None:
        super().__init__(clocks)
        self._lock = lock_sqlite(url)
        self._engine, self._readers = sqlite_writer(url), sqlite_readers(url)
        self._connection = self._engine.connect()
        with self._connection.begin():
            self.vault = open_vault(self._connection, key_file)
        self._inserts: deque[tuple[Received, Future[None]]] = deque()
        self._jobs: deque[Work] = deque()
        self._wake = threading.Condition()
        self._stopping = False
        self._worker: Worker | None = None
        self._suspects: dict[str, int] = {}
        self._failures: dict[int, int] = {}
        self._backlog = 0
        self._thread = threading.Thread(target=self._loop, name="writer", daemon=True)

    def start(self, worker: Worker | None) -> None:
        self._worker = worker
        with self._connection.begin():
            self._suspects = attempts.noted(self._connection)
            self._backlog = inbox.backlog(self._connection)
        self._thread.start()

    def stop(self) -> None:
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join()
        self._connection.close()
        self._readers.dispose()
        self._engine.dispose()
        self._lock.close()

    def receive(self, received: Received) -> Future[None]:
        future: Future[None] = Future()
        with self._wake:
            if len(self._inserts) >= QUEUE_LIMIT or self._backlog >= inbox.BACKLOG_LIMIT or self._stopping:
                raise Overloaded
            self._inserts.append((received, future))
            self._wake.notify()
        return future

    def submit(self, work: Work) -> None:
        with self._wake:
            self._jobs.append(work)
            self._wake.notify()

    def reader(self) -> sa.Connection:
        return self._readers.connect()

    # --- the writer thread ---------------------------------------------------------------------------------------

    def _loop(self) -> None:
        while (batch := self._next_batch()) is not None:
            try:
                self._commit_together(batch)
            except Exception as error:
                log.warning("group_lost", error=type(error).__name__, cause=type(error.__cause__).__name__)
                self._redo(batch)

    def _next_batch(self) -> Batch | None:
        with self._wake:
            while not (self._inserts or self._jobs or self._has_backlog() or self._stopping):
                self._wake.wait()
            if self._stopping and not (self._inserts or self._jobs):
                return None
            return Batch(_take(self._inserts, INSERTS_PER_GROUP), _take(self._jobs, JOBS_PER_GROUP))

    def _has_backlog(self) -> bool:
        return self._worker is not None and self._backlog > 0

    def _commit_together(self, batch: Batch) -> None:
        """Callbacks, jobs and units in one commit; futures are told afterwards."""
        noted = self._note(batch)
        connection = self._connection
        with connection.begin():
            group = Group(connection, self.vault, self.clocks)
            if batch.inserts:
                inbox.insert(connection, self.vault, [received for received, _ in batch.inserts])
            for work in batch.jobs:
                group.perform(work)
            handled = self._perform_units(group)
            if noted:
                attempts.forget(connection, noted)
            group.link()
            backlog = inbox.backlog(connection) if self._worker else 0
        self._backlog = backlog
        _acknowledge(batch.inserts)
        self.told(group)
        if not handled and backlog and self._worker:
            self._run_suspect()

    def _perform_units(self, group: Group) -> int:
        if self._worker is None:
            return 0
        rows = self._unsuspected(inbox.oldest(group.connection, self.vault, UNITS_PER_GROUP))
        stop_at = self.clocks.machine() + SECONDS_PER_GROUP
        handled = 0
        for row in rows:
            group.perform(inbox_work(self._worker, row))
            handled += 1
            if self.clocks.machine() > stop_at:
                break
        return handled

    def _unsuspected(self, rows: Sequence[InboxRow]) -> Sequence[InboxRow]:
        """The rows before the first suspect: a suspect runs alone, and nothing overtakes it."""
        if not self._suspects:
            return rows
        first = next((place for place, row in enumerate(rows) if row.dedup_key in self._suspects), len(rows))
        return rows[:first]

    def _note(self, batch: Batch) -> list[str]:
        """Note what is about to run, without waiting for the disk: only a dying process needs the note, not a dying machine."""
        if self._worker is None or not (batch.inserts or self._backlog):
            return []
        self._set_sync(UNSYNCED)
        try:
            with self._connection.begin():
                keys = {received.dedup_key for received, _ in batch.inserts}
                if self._backlog:
                    keys |= {row.dedup_key for row in inbox.oldest(self._connection, self.vault, UNITS_PER_GROUP)}
                keys -= self._suspects.keys()
                if keys:
                    attempts.note(self._connection, keys)
        finally:
            self._set_sync(FULL)
        return sorted(keys)

    def _run_suspect(self) -> None:
        """The oldest row was in hand when a process died: it runs with nobody beside it."""
        connection, worker = self._connection, self._worker
        assert worker is not None
        with connection.begin():
            rows = inbox.oldest(connection, self.vault, 1)
            if not rows:
                return
            row = rows[0]
            deaths = self._suspects.get(row.dedup_key, 0)
            attempts.note_alone(connection, row.dedup_key)
        self._commit_alone(
            killer_work(worker, row) if deaths >= attempts.DEATHS_ALLOWED else inbox_work(worker, row), row
        )

    def _redo(self, batch: Batch) -> None:
        """After a lost group: acknowledgements first, then each unit in a commit of its own."""
        abandon(self._connection)
        self._redo_inserts(batch)
        for work in batch.jobs:
            self._redo_job(work)
        for _ in range(UNITS_PER_GROUP):
            if not self._redo_row():
                break

    def _redo_inserts(self, batch: Batch) -> None:
        if not batch.inserts:
            return
        try:
            with self._connection.begin():
                inbox.insert(self._connection, self.vault, [received for received, _ in batch.inserts])
                self._backlog = inbox.backlog(self._connection)
        except Exception as error:
            abandon(self._connection)
            for _, future in batch.inserts:
                future.set_exception(error)
            return
        _acknowledge(batch.inserts)

    def _redo_job(self, work: Work) -> None:
        try:
            self._commit_alone(work, None)
        except Exception as error:
            abandon(self._connection)
            if work.future is not None:
                work.future.set_exception(error.__cause__ or error)

    def _redo_row(self) -> bool:
        """One row in a commit of its own; False when there is none or the disk still refuses."""
        if self._worker is None:
            return False
        try:
            with self._connection.begin():
                rows = self._unsuspected(inbox.oldest(self._connection, self.vault, 1))
            if not rows:
                return False
            self._commit_alone(inbox_work(self._worker, rows[0]), rows[0])
        except Exception as error:
            abandon(self._connection)
            return self._retire_or_wait(rows[0] if rows else None, error)
        return True

    def _retire_or_wait(self, row: InboxRow | None, error: Exception) -> bool:
        """A unit that loses its own transaction alone: three times and it is dead; between, the disk gets time."""
        worker = self._worker
        if row is None or worker is None:
            self._pause()
            return False
        failures = self._failures.get(row.id, 0) + 1
        self._failures[row.id] = failures
        if failures < attempts.DEATHS_ALLOWED:
            self._pause()
            return True
        self._failures.pop(row.id)
        try:
            self._commit_alone(killer_work(worker, row), row)
        except Exception:
            abandon(self._connection)
            self._pause()
            return False
        log.error("unit_dead", row=row.id, error=type(error).__name__)
        return True

    def _commit_alone(self, work: Work, row: InboxRow | None) -> None:
        connection = self._connection
        with connection.begin():
            group = Group(connection, self.vault, self.clocks)
            group.perform(work)
            if row is not None:
                attempts.forget(connection, [row.dedup_key])
            group.link()
            self._backlog = inbox.backlog(connection) if self._worker else 0
        if row is not None:
            self._suspects.pop(row.dedup_key, None)
            self._failures.pop(row.id, None)
        self.told(group)

    def _set_sync(self, level: str) -> None:
        driver = self._connection.connection.driver_connection
        assert driver is not None
        driver.execute(f"PRAGMA synchronous={level}")

    def _pause(self) -> None:
        with self._wake:
            self._wake.wait(PAUSE)


def _take(queue: deque, limit: int) -> tuple:  # type: ignore[type-arg]
    return tuple(queue.popleft() for _ in range(min(limit, len(queue))))


def _acknowledge(inserts: Sequence[tuple[Received, Future[None]]]) -> None:
    for _, future in inserts:
        future.set_result(None)
