"""SQLite behind the port: queues, and one thread that empties them through the writer (design decision 4)."""

import threading
from collections import deque
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import sqlalchemy as sa
import structlog

from storage import inbox
from storage.ciphers import INTL, Suite
from storage.database import QUEUE_LIMIT, Closed, Database, Overloaded
from storage.engine import lock_sqlite, sqlite_readers, sqlite_writer
from storage.group import Clocks, Work, Worker, promise
from storage.inbox import Received
from storage.patience import Patience
from storage.sqlite_writer import Batch, SqliteWriter
from storage.vault import open_vault

INSERTS_PER_GROUP, JOBS_PER_GROUP = 256, 64
BULK_WAITS = 0.2
"""Seconds after which a unit of a great many gets its turn though others wait."""

T = TypeVar("T")
log = structlog.get_logger("storage")


class SqliteDatabase(Database):
    """The embedded database; the process that opens it is the only one that may."""

    def __init__(self, url: str, key_file: Path, clocks: Clocks, suite: Suite = INTL) -> None:
        super().__init__(clocks)
        self._lock = lock_sqlite(url)
        self._engine, self._readers = sqlite_writer(url), sqlite_readers(url)
        self._inserts: deque[tuple[Received, Future[None]]] = deque()
        self._jobs: deque[Work] = deque()
        self._bulk: deque[Work] = deque()
        self._bulk_begun = 0.0
        self._wake = threading.Condition()
        self._stopping = False
        self._writer: SqliteWriter | None = None
        self._thread: threading.Thread | None = None
        try:
            self._connection = self._engine.connect()
            with self._connection.begin():
                self.vault = open_vault(self._connection, key_file, suite, self.reader)
        except BaseException:
            self._close()
            raise

    def start(self, worker: Worker | None) -> None:
        writer = SqliteWriter(self._connection, self.vault, self.clocks, worker, self.told)
        self._writer = writer
        self._thread = threading.Thread(target=self._serve, args=(writer,), name="writer", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()
        Batch(tuple(self._inserts), (*self._jobs, *self._bulk)).fail(Closed())
        self._close()

    def _close(self) -> None:
        """The writer last: the last to close a database folds its log into it."""
        self._readings.close()
        self._readers.dispose()
        if "_connection" in vars(self):
            self._connection.close()
        self._engine.dispose()
        self._lock.close()

    def receive(self, received: Received) -> "Future[None]":
        future: Future[None] = promise()
        with self._wake:
            backlog = self._writer.backlog if self._writer else 0
            if self._stopping or len(self._inserts) >= QUEUE_LIMIT or backlog >= inbox.BACKLOG_LIMIT:
                raise Overloaded
            self._inserts.append((received, future))
            self._wake.notify()
        return future

    def submit(self, work: Work) -> None:
        with self._wake:
            if not self._stopping:
                (self._bulk if work.bulk else self._jobs).append(work)
                self._wake.notify()
                return
        work.fail(Closed())

    def reader(self) -> sa.Connection:
        return self._readers.connect()

    def _serve(self, writer: SqliteWriter) -> None:
        patience = Patience()
        while (batch := self._next_batch(writer)) is not None:
            try:
                went_on = writer.work(batch)
            except Exception as error:
                log.error("writer_failed", error=type(error).__name__)
                batch.fail(error)
                went_on = False
            if went_on:
                patience.succeeded()
            else:
                self._pause(patience.failed())

    def _next_batch(self, writer: SqliteWriter) -> Batch | None:
        with self._wake:
            self._wake.wait_for(lambda: self._waits or writer.has_rows or self._stopping)
            if self._stopping and not self._waits:
                return None
            bulk = self._next_bulk(writer)
            return Batch(_take(self._inserts, INSERTS_PER_GROUP), (*_take(self._jobs, JOBS_PER_GROUP), *bulk))

    @property
    def _waits(self) -> bool:
        return bool(self._inserts or self._jobs or self._bulk)

    def _next_bulk(self, writer: SqliteWriter) -> tuple[Work, ...]:
        """One at a time and with nobody beside it: who hands in a callback waits for one such unit at the most."""
        now, others = self.clocks.machine(), self._inserts or self._jobs or writer.has_rows
        if others and now < self._bulk_begun + BULK_WAITS:
            return ()
        self._bulk_begun = now
        return _take(self._bulk, 1)

    def _pause(self, seconds: float) -> None:
        """Something new ends the pause: it may go through."""
        with self._wake:
            self._wake.wait(seconds)


def _take(queue: "deque[T]", limit: int) -> tuple[T, ...]:
    return tuple(queue.popleft() for _ in range(min(limit, len(queue))))
