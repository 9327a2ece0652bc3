"""The writer of the embedded database: callbacks, jobs and units in one commit, and what follows a lost one.

After a lost group the callbacks are kept and acknowledged first, then the jobs run one by one; the rows that were in
hand become suspects, as those found noted at the start are, and each runs in a commit of its own.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
import structlog

from storage import attempts, inbox, made_files, outbox
from storage.engine import FULL, UNSYNCED
from storage.failures import is_weather, reason
from storage.group import Clocks, Group, Work, Worker, inbox_work, killer_work
from storage.inbox import InboxRow, Received
from storage.vault import Vault

UNITS_PER_GROUP = 64
SECONDS_PER_GROUP = 0.010

log = structlog.get_logger("storage")


@dataclass(frozen=True)
class Batch:
    """What the writer takes from its queues at one time."""

    inserts: "tuple[tuple[Received, Future[None]], ...]" = ()
    jobs: tuple[Work, ...] = ()

    def fail(self, error: BaseException) -> None:
        """Tell everybody who still waits that nothing was kept."""
        for _, future in self.inserts:
            if not future.done():
                future.set_exception(error)
        for work in self.jobs:
            if work.future is not None and not work.future.done():
                work.fail(error)


class SqliteWriter:
    """Used by one thread at a time; `tell` announces a group after its commit."""

    def __init__(
        self,
        connection: sa.Connection,
        vault: Vault,
        clocks: Clocks,
        worker: Worker | None,
        tell: Callable[[Group], None],
    ) -> None:
        self._connection, self._vault, self._clocks = connection, vault, clocks
        self._worker, self._tell = worker, tell
        self._in_hand: list[InboxRow] = []
        self._reach = UNITS_PER_GROUP  # no more than the time of a group may allow: what the last one managed, doubled
        with connection.begin():
            attempts.forget_finished(connection)
            self._suspects = attempts.noted(connection) if worker else {}
            self.backlog = inbox.backlog(connection)
            if worker:
                outbox.free_leases(connection)
                made_files.free_leases(connection)

    @property
    def has_rows(self) -> bool:
        return self._worker is not None and self.backlog > 0

    def work(self, batch: Batch) -> bool:
        """Commit the batch and the next rows; False when it is better to wait a moment before going on."""
        try:
            group = self._together(batch)
        except Exception as error:
            self._after_loss(batch, error)
            return False
        _acknowledge(batch)
        self._tell(group)
        return bool(self._in_hand) or not self.has_rows or self._run_alone()

    def _together(self, batch: Batch) -> Group:
        self._in_hand = []
        noted = self._note(batch)
        with self._group(noted) as group:
            if batch.inserts:
                inbox.insert(group.connection, self._vault, [received for received, _ in batch.inserts])
            for work in batch.jobs:
                group.perform(work)
            self._perform_rows(group)
        return group

    def _perform_rows(self, group: Group) -> None:
        if self._worker is None:
            return
        stop_at = self._clocks.machine() + SECONDS_PER_GROUP
        for row in inbox.oldest(group.connection, self._vault, self._reach):
            if row.dedup_key in self._suspects:
                break  # a suspect runs alone, and nothing overtakes it
            self._in_hand.append(row)
            group.perform(inbox_work(self._worker, row))
            if self._clocks.machine() > stop_at:
                break
        self._reach = min(UNITS_PER_GROUP, 2 * len(self._in_hand) + 1)

    def _note(self, batch: Batch) -> set[str]:
        """Note what may run now, without waiting for the disk: a dying process needs the note, a dying machine does
        not.
        """
        if self._worker is None or not (batch.inserts or self.backlog):
            return set()
        with self._unsynced(), self._connection.begin():
            keys = inbox.oldest_keys(self._connection, self._reach)
            if len(keys) < self._reach:
                keys |= {received.dedup_key for received, _ in batch.inserts}
            keys -= self._suspects.keys()
            attempts.note(self._connection, keys)
        return keys

    # --- after a loss ------------------------------------------------------------------------------------------------

    def _after_loss(self, batch: Batch, error: Exception) -> None:
        log.warning("group_lost", error=type(reason(error)).__name__, rows=len(self._in_hand))
        try:
            self._recover()
            self._suspects = {row.dedup_key: 0 for row in self._in_hand} | self._suspects
            self._keep_inserts(batch)
            for work in batch.jobs:
                self._run_job(work)
        except Exception as second:
            log.error("writer_failed", error=type(second).__name__)
            batch.fail(second)

    def _keep_inserts(self, batch: Batch) -> None:
        if not batch.inserts:
            return
        try:
            with self._group() as group:
                inbox.insert(group.connection, self._vault, [received for received, _ in batch.inserts])
        except Exception as error:
            self._recover()
            Batch(batch.inserts).fail(error)
            return
        _acknowledge(batch)

    def _run_job(self, work: Work) -> None:
        try:
            with self._group() as group:
                group.perform(work)
        except Exception as error:
            self._recover()
            work.fail(reason(error))
            return
        self._tell(group)

    def _run_alone(self) -> bool:
        """The oldest row is a suspect: nobody beside it, and an end that is not the weather's counts."""
        with self._connection.begin():
            rows = inbox.oldest(self._connection, self._vault, 1)
        for row in rows:
            deaths = self._suspects.get(row.dedup_key, 0)
            try:
                self._commit_alone(row, deaths)
            except Exception as error:
                log.warning("suspect_failed", row=row.id, error=type(reason(error)).__name__, deaths=deaths)
                self._recover()
                self._suspects[row.dedup_key] = deaths if is_weather(error) else deaths + 1
                return False
            self._suspects.pop(row.dedup_key, None)
        return True

    def _commit_alone(self, row: InboxRow, deaths: int) -> None:
        assert self._worker is not None
        with self._unsynced(), self._connection.begin():
            attempts.note_alone(self._connection, row.dedup_key, deaths + 1)
        work = killer_work if deaths >= attempts.DEATHS_ALLOWED else inbox_work
        with self._group([row.dedup_key]) as group:
            group.perform(work(self._worker, row))
        self._tell(group)

    # --- transactions ------------------------------------------------------------------------------------------------

    @contextmanager
    def _group(self, noted: Sequence[str] | set[str] = ()) -> Iterator[Group]:
        """One transaction; notes go, the chain is linked and the backlog counted last."""
        with self._connection.begin():
            group = Group(self._connection, self._vault, self._clocks)
            yield group
            attempts.forget(self._connection, noted)
            group.link()
            backlog = inbox.backlog(self._connection) if self._worker else 0
        self.backlog = backlog

    @contextmanager
    def _unsynced(self) -> Iterator[None]:
        self._set_sync(UNSYNCED)
        yield
        self._set_sync(FULL)

    def _recover(self) -> None:
        """Roll back where it counts: SQLAlchemy may believe a failed COMMIT ended the transaction (units-of-work.md
        §3.1).
        """
        self._connection.rollback()
        driver = self._connection.connection.driver_connection
        assert driver is not None
        if driver.in_transaction:
            driver.execute("ROLLBACK")
        self._set_sync(FULL)

    def _set_sync(self, level: str) -> None:
        driver = self._connection.connection.driver_connection
        assert driver is not None
        driver.execute(f"PRAGMA synchronous={level}")


def _acknowledge(batch: Batch) -> None:
    for _, future in batch.inserts:
        future.set_result(None)
