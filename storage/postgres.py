"""PostgreSQL behind the port: one inserter and a few workers a process; replicas need no leader (design decision 4)."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TypeVar

import sqlalchemy as sa
import structlog

from storage import inbox
from storage.ciphers import INTL, Suite
from storage.database import QUEUE_LIMIT, Closed, Database, Overloaded
from storage.engine import UNSYNCED_COMMITS, postgres
from storage.failures import is_certain, reason
from storage.group import Clocks, Group, Work, Worker, promise
from storage.inbox import Received
from storage.patience import Patience
from storage.postgres_inbox import PostgresInbox
from storage.vault import open_vault

WORKERS, JOBBERS, READERS = 3, 3, 4
INSERTS_PER_GROUP = 256
JOB_TRIES = 5
_CLAIMS = 7227002
_VAULT_LOCK = 0x524D5641554C54  # "RMVAULT": replicas that start together make one set of keys

T = TypeVar("T")
Insert = tuple[Received, "Future[None]"]
log = structlog.get_logger("storage")


class PostgresDatabase(Database):
    """A shared database; any number of replicas may open it."""

    def __init__(self, url: str, key_file: Path, clocks: Clocks, suite: Suite = INTL) -> None:
        super().__init__(clocks)
        self._engine = postgres(url, pool=WORKERS + JOBBERS + READERS + 1)
        self._claims = postgres(url, pool=1)
        self._notes = postgres(url, pool=WORKERS, options=UNSYNCED_COMMITS)
        self._inserts: SimpleQueue[Insert | None] = SimpleQueue()
        self._jobs: SimpleQueue[Work | None] = SimpleQueue()
        self._inbox: PostgresInbox | None = None
        self._gate = threading.Lock()
        self._stopping = threading.Event()
        self._threads: list[threading.Thread] = []
        try:
            with self._engine.begin() as connection:
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _VAULT_LOCK})
                self.vault = open_vault(connection, key_file, suite, self.reader)
        except BaseException:
            self._engine.dispose()
            raise

    def start(self, worker: Worker | None) -> None:
        self._spawn("jobs", self._serve_jobs, JOBBERS)
        if worker is not None:
            self._inbox = PostgresInbox(self._engine, self._notes, self.vault, self.clocks, worker, self.told)
            self._spawn("worker", self._inbox.serve, WORKERS)
        self._spawn("inserter", self._serve_inserts, 1)

    def stop(self) -> None:
        with self._gate:
            self._stopping.set()
        self._inserts.put(None)
        for _ in range(JOBBERS):
            self._jobs.put(None)
        if self._inbox is not None:
            self._inbox.stop()
        for thread in self._threads:
            thread.join()
        self._fail_the_rest()
        self._readings.close()
        self._engine.dispose()
        self._notes.dispose()
        self._claims.dispose()

    def receive(self, received: Received) -> "Future[None]":
        future: Future[None] = promise()
        with self._gate:
            backlog = self._inbox.backlog if self._inbox else 0
            full = self._inserts.qsize() >= QUEUE_LIMIT or backlog >= inbox.BACKLOG_LIMIT
            if self._stopping.is_set() or full:
                raise Overloaded
            self._inserts.put((received, future))
        return future

    def submit(self, work: Work) -> None:
        with self._gate:
            if not self._stopping.is_set():
                self._jobs.put(work)
                return
        work.fail(Closed())

    @contextmanager
    def claim(self, name: str) -> Iterator[bool]:
        """Among all replicas; the server lets go when the connection ends, however it ends."""
        with super().claim(name) as is_first_here:
            if not is_first_here:
                yield False
                return
            with self._claims.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                ours = (_CLAIMS, sa.func.hashtext(name))
                try:
                    yield bool(connection.scalar(sa.select(sa.func.pg_try_advisory_lock(*ours))))
                finally:
                    with suppress(sa.exc.DBAPIError):  # else a busy server lets go only some time after the end
                        connection.execute(sa.select(sa.func.pg_advisory_unlock(*ours)))
                    connection.invalidate()  # the lock belongs to the connection, which the pool would keep

    def reader(self) -> sa.Connection:
        return self._engine.connect().execution_options(postgresql_readonly=True)

    def _spawn(self, name: str, target: Callable[[], None], count: int) -> None:
        for number in range(count):
            thread = threading.Thread(target=target, name=f"{name}-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def _fail_the_rest(self) -> None:
        """What was handed in and never started is told so."""
        for work in _rest(self._jobs):
            work.fail(Closed())
        for _, future in _rest(self._inserts):
            future.set_exception(Closed())

    # --- callbacks ------------------------------------------------------------------------------------------------

    def _serve_inserts(self) -> None:
        while batch := self._next_inserts():
            try:
                with self._engine.begin() as connection:
                    inbox.insert(connection, self.vault, [received for received, _ in batch])
            except Exception as error:
                log.warning("inbox_insert_failed", error=type(error).__name__)
                for _, future in batch:
                    future.set_exception(error)
                continue
            for _, future in batch:
                future.set_result(None)
            if self._inbox is not None:
                self._inbox.waiting.set()

    def _next_inserts(self) -> list[Insert]:
        """At least one callback, then whatever waits beside it; empty at the end."""
        first = self._inserts.get()
        if first is None:
            return []
        batch = [first]
        while len(batch) < INSERTS_PER_GROUP and not self._inserts.empty():
            item = self._inserts.get()
            if item is None:
                self._inserts.put(None)
                break
            batch.append(item)
        return batch

    # --- units asked for by this process --------------------------------------------------------------------------

    def _serve_jobs(self) -> None:
        while (work := self._jobs.get()) is not None:
            try:
                group = self._run_job(work)
            except Exception as error:
                work.fail(reason(error))
                continue
            self.told(group)

    def _run_job(self, work: Work) -> Group:
        """A job in a transaction of its own; again only when the database says that nothing of it was kept."""
        patience = Patience()
        tries = 0
        while True:
            tries += 1
            try:
                with self._engine.begin() as connection:
                    group = Group(connection, self.vault, self.clocks)
                    group.perform(work)
                    group.link()
                return group
            except Exception as error:
                if tries == JOB_TRIES or not is_certain(error):
                    raise
                log.warning("job_again", work=work.name, error=type(reason(error)).__name__)
            self._stopping.wait(patience.failed())


def _rest(queue: "SimpleQueue[T | None]") -> "list[T]":
    found: list[T] = []
    while True:
        try:
            item = queue.get_nowait()
        except Empty:
            return found
        if item is not None:
            found.append(item)
