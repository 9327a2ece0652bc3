"""PostgreSQL behind the port: one inserter and a few workers a process; replicas need no leader (design decision 4)."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from queue import SimpleQueue

import sqlalchemy as sa
import structlog

from storage import attempts, inbox
from storage.database import QUEUE_LIMIT, Database, Overloaded
from storage.engine import postgres
from storage.group import Clocks, Group, Work, Worker, inbox_work, killer_work
from storage.inbox import InboxRow, Received
from storage.vault import open_vault

WORKERS, JOBBERS, READERS = 3, 3, 4
UNITS_PER_GROUP, INSERTS_PER_GROUP = 8, 256
IDLE_POLL, JOB_TRIES, BACKLOG_EVERY = 0.25, 5, 1.0
_VAULT_LOCK = 0x524D5641554C54  # "RMVAULT": replicas that start together make one set of keys

log = structlog.get_logger("storage")


class PostgresDatabase(Database):
    """A shared database; any number of replicas may open it."""

    def __init__(self, url: str, key_file: Path, clocks: Clocks) -> None:
        super().__init__(clocks)
        self._engine = postgres(url, pool=WORKERS + JOBBERS + READERS + 3)
        self._notes = self._engine.execution_options(isolation_level="AUTOCOMMIT")
        with self._engine.begin() as connection:
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _VAULT_LOCK})
            self.vault = open_vault(connection, key_file)
        self._inserts: SimpleQueue[tuple[Received, Future[None]] | None] = SimpleQueue()
        self._jobs: SimpleQueue[Work | None] = SimpleQueue()
        self._work_waits = threading.Event()
        self._alone = _Alone()
        self._failures: dict[int, int] = {}
        self._worker: Worker | None = None
        self._backlog, self._backlog_read = 0, 0.0
        self._stopping = False
        self._threads: list[threading.Thread] = []

    def start(self, worker: Worker | None) -> None:
        self._worker = worker
        self._spawn("jobs", self._serve_jobs, JOBBERS)
        if worker is not None:
            self._spawn("inserter", self._serve_inserts, 1)
            self._spawn("worker", self._serve_inbox, WORKERS)

    def stop(self) -> None:
        self._stopping = True
        self._inserts.put(None)
        self._work_waits.set()
        for _ in range(JOBBERS):
            self._jobs.put(None)
        for thread in self._threads:
            thread.join()
        self._engine.dispose()

    def receive(self, received: Received) -> Future[None]:
        if self._stopping or self._inserts.qsize() >= QUEUE_LIMIT or self._backlog >= inbox.BACKLOG_LIMIT:
            raise Overloaded
        future: Future[None] = Future()
        self._inserts.put((received, future))
        return future

    def submit(self, work: Work) -> None:
        self._jobs.put(work)

    def reader(self) -> sa.Connection:
        return self._engine.connect().execution_options(postgresql_readonly=True)

    def _spawn(self, name: str, target: Callable[[], None], count: int) -> None:
        for number in range(count):
            thread = threading.Thread(target=target, name=f"{name}-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

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
            self._work_waits.set()

    def _next_inserts(self) -> list[tuple[Received, Future[None]]]:
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
            self._run_job(work)

    def _run_job(self, work: Work) -> None:
        """A job in a transaction of its own, tried again while the database itself refuses."""
        assert work.future is not None
        for left in range(JOB_TRIES - 1, -1, -1):
            try:
                with self._engine.begin() as connection:
                    group = Group(connection, self.vault, self.clocks)
                    group.perform(work)
                    group.link()
            except Exception as error:
                if left == 0:
                    work.future.set_exception(error.__cause__ or error)
                continue
            self.told(group)
            return

    # --- the inbox ------------------------------------------------------------------------------------------------

    def _serve_inbox(self) -> None:
        while not self._stopping:
            try:
                busy = self._handle_group()
            except Exception as error:
                log.warning("group_lost", error=type(error).__name__, cause=type(error.__cause__).__name__)
                busy = self._redo_one_by_one()
            if not busy:
                self._rest()

    def _rest(self) -> None:
        """Wait for this replica's next callback, or look what other replicas left behind."""
        self._read_backlog()
        if self._work_waits.wait(IDLE_POLL):
            self._work_waits.clear()

    def _read_backlog(self) -> None:
        if self.clocks.machine() < self._backlog_read + BACKLOG_EVERY:
            return
        self._backlog_read = self.clocks.machine()
        try:
            with self._engine.connect() as connection:
                self._backlog = inbox.backlog(connection)
        except sa.exc.SQLAlchemyError as error:
            log.warning("backlog_unknown", error=type(error).__name__)

    def _handle_group(self) -> bool:
        """Claim and handle up to eight rows in one commit; True when there was something to do."""
        worker = self._worker
        assert worker is not None
        with self._alone.shared():
            with self._engine.begin() as connection:
                rows = inbox.claim(connection, self.vault, UNITS_PER_GROUP)
                keys = [row.dedup_key for row in rows]
                suspects = attempts.noted(connection, keys) if rows else {}
                if not suspects and rows:
                    self._note(keys)
                    group = self._perform(connection, [inbox_work(worker, row) for row in rows])
                    attempts.forget(connection, keys)
                    group.link()
            if not suspects and rows:
                self.told(group)
        if suspects:
            return self._run_suspect(next(row for row in rows if row.dedup_key in suspects), suspects)
        return bool(rows)

    def _perform(self, connection: sa.Connection, works: list[Work]) -> Group:
        group = Group(connection, self.vault, self.clocks)
        for work in works:
            group.perform(work)
        return group

    def _note(self, keys: list[str]) -> None:
        """On a second connection and unsynced: it must outlive this process, not the machine."""
        with self._notes.connect() as connection:
            connection.exec_driver_sql("SET synchronous_commit = off")
            attempts.note(connection, keys)

    def _run_suspect(self, row: InboxRow, deaths: dict[str, int]) -> bool:
        """A row that was in hand when a process died runs with nothing beside it in this process."""
        worker = self._worker
        assert worker is not None
        with self._alone.exclusive():
            with self._notes.connect() as connection:
                attempts.note_alone(connection, row.dedup_key)
            killed = deaths[row.dedup_key] >= attempts.DEATHS_ALLOWED
            self._commit_row(row, killer_work(worker, row) if killed else inbox_work(worker, row))
        return True

    def _commit_row(self, row: InboxRow, work: Work) -> None:
        with self._engine.begin() as connection:
            if inbox.claim_one(connection, self.vault, row.id) is None:
                return
            group = self._perform(connection, [work])
            attempts.forget(connection, [row.dedup_key])
            group.link()
        self._failures.pop(row.id, None)
        self.told(group)

    def _redo_one_by_one(self) -> bool:
        """After a lost group: the oldest claimable rows again, each in a commit of its own."""
        worker = self._worker
        assert worker is not None
        try:
            with self._engine.begin() as connection:
                rows = inbox.claim(connection, self.vault, UNITS_PER_GROUP)
                attempts.forget(connection, [row.dedup_key for row in rows])
        except sa.exc.SQLAlchemyError:
            return False
        redone = [self._redo_row(worker, row) for row in rows]
        return all(redone)

    def _redo_row(self, worker: Worker, row: InboxRow) -> bool:
        try:
            self._commit_row(row, inbox_work(worker, row))
        except Exception as error:
            failures = self._failures.get(row.id, 0) + 1
            self._failures[row.id] = failures
            log.warning("unit_failed", row=row.id, error=type(error).__name__, failures=failures)
            if failures >= attempts.DEATHS_ALLOWED:
                self._commit_row(row, killer_work(worker, row))
            return False
        return True


class _Alone:
    """Many groups side by side, or one suspect with nobody beside it."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._sharers = 0
        self._excluded = False

    def shared(self) -> "_Side":
        return _Side(self._enter_shared, self._leave_shared)

    def exclusive(self) -> "_Side":
        return _Side(self._enter_exclusive, self._leave_exclusive)

    def _enter_shared(self) -> None:
        with self._condition:
            self._condition.wait_for(lambda: not self._excluded)
            self._sharers += 1

    def _leave_shared(self) -> None:
        with self._condition:
            self._sharers -= 1
            self._condition.notify_all()

    def _enter_exclusive(self) -> None:
        with self._condition:
            self._condition.wait_for(lambda: not self._excluded)
            self._excluded = True
            self._condition.wait_for(lambda: self._sharers == 0)

    def _leave_exclusive(self) -> None:
        with self._condition:
            self._excluded = False
            self._condition.notify_all()


class _Side:
    def __init__(self, enter: Callable[[], None], leave: Callable[[], None]) -> None:
        self._enter, self._leave = enter, leave

    def __enter__(self) -> None:
        self._enter()

    def __exit__(self, *_: object) -> None:
        self._leave()
