"""Inbox work on PostgreSQL: groups of claimed rows side by side, suspects alone (units-of-work.md §5.4-5.11)."""

import threading
from collections.abc import Callable

import sqlalchemy as sa
import structlog

from storage import attempts, inbox
from storage.alone import Alone
from storage.failures import is_weather, reason
from storage.group import Clocks, Group, Worker, inbox_work, killer_work
from storage.inbox import InboxRow
from storage.patience import Patience
from storage.vault import Vault

UNITS_PER_GROUP = 8
IDLE_POLL, BACKLOG_EVERY = 0.25, 1.0

log = structlog.get_logger("storage")


class PostgresInbox:
    """What the worker threads of one replica share. Notes are written on connections of their own, which do not wait
    for the disk: they must outlive this process, not the machine."""

    def __init__(
        self,
        engine: sa.Engine,
        notes: sa.Engine,
        vault: Vault,
        clocks: Clocks,
        worker: Worker,
        tell: Callable[[Group], None],
    ) -> None:
        self._engine, self._notes, self._vault, self._clocks = engine, notes, vault, clocks
        self._worker, self._tell = worker, tell
        self._alone = Alone()
        self._stopped = threading.Event()
        self.waiting = threading.Event()
        self.backlog, self._backlog_read = 0, 0.0

    def stop(self) -> None:
        """Claim nothing more; what is in hand is finished."""
        self._stopped.set()
        self.waiting.set()

    def serve(self) -> None:
        """One worker thread."""
        patience = Patience()
        while not self._stopped.is_set():
            self.waiting.clear()
            try:
                self._read_backlog()
                busy = self._handle_group()
                patience.succeeded()
            except Exception as error:
                log.warning("group_lost", error=type(reason(error)).__name__)
                self._stopped.wait(patience.failed())
                continue
            if not busy and not self._stopped.is_set():
                self.waiting.wait(IDLE_POLL)  # this replica's next callback, or a look at what others left behind

    def _read_backlog(self) -> None:
        if self._clocks.machine() < self._backlog_read + BACKLOG_EVERY:
            return
        self._backlog_read = self._clocks.machine()
        with self._engine.connect() as connection:
            self.backlog = inbox.backlog(connection)

    def _handle_group(self) -> bool:
        """Claim rows and handle them in one commit, except suspects; True when there was something to do."""
        with self._alone.shared():
            with self._engine.begin() as connection:
                rows = inbox.claim(connection, self._vault, UNITS_PER_GROUP)
                suspects = attempts.noted(connection, [row.dedup_key for row in rows]) if rows else {}
                group = self._perform(connection, [row for row in rows if row.dedup_key not in suspects])
            self._tell(group)
        for row in rows:
            if row.dedup_key in suspects:
                self._run_alone(row)
                break
        return bool(rows)

    def _perform(self, connection: sa.Connection, rows: list[InboxRow]) -> Group:
        group = Group(connection, self._vault, self._clocks)
        keys = [row.dedup_key for row in rows]
        if rows:
            with self._notes.begin() as notes:
                attempts.note(notes, keys)
        for row in rows:
            group.perform(inbox_work(self._worker, row))
        attempts.forget(connection, keys)
        group.link()
        return group

    def _run_alone(self, suspect: InboxRow) -> None:
        """A row that was in hand when a process died or a commit was lost, with nobody beside it in this process."""
        with self._alone.exclusive(), self._engine.connect() as connection:
            row = inbox.claim_one(connection, self._vault, suspect.id)
            if row is None:
                return
            deaths = attempts.noted(connection, [row.dedup_key]).get(row.dedup_key, 0)
            self._note_alone(row, deaths + 1)
            try:
                group = self._perform_alone(connection, row, deaths)
                connection.commit()
            except Exception as error:
                connection.rollback()
                log.warning("suspect_failed", row=row.id, error=type(reason(error)).__name__, deaths=deaths)
                if is_weather(error):
                    self._note_alone(row, deaths)
                raise
            self._tell(group)

    def _perform_alone(self, connection: sa.Connection, row: InboxRow, deaths: int) -> Group:
        work = killer_work if deaths >= attempts.DEATHS_ALLOWED else inbox_work
        group = Group(connection, self._vault, self._clocks)
        group.perform(work(self._worker, row))
        attempts.forget(connection, [row.dedup_key])
        group.link()
        return group

    def _note_alone(self, row: InboxRow, deaths: int) -> None:
        with self._notes.begin() as connection:
            attempts.note_alone(connection, row.dedup_key, deaths)
