"""Several units of work in one commit: each in a raw savepoint, the audit chain linked last (units-of-work.md §5)."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import exc

from domain.refusal import Refused
from storage import audit, inbox
from storage.audit import AuditRecord
from storage.inbox import InboxRow
from storage.unit import Unit
from storage.vault import Vault


class Clocks(Protocol):
    """Business time for what people see, machine time for leases and budgets; read by bot alone."""

    def business(self) -> datetime: ...

    def machine(self) -> float: ...


class Worker(Protocol):
    """What is done with an inbox row; `refused` and `poisoned` write what the person is told after the undo."""

    def handle(self, unit: Unit, row: InboxRow) -> None: ...

    def refused(self, unit: Unit, row: InboxRow, refusal: Refused) -> None: ...

    def poisoned(self, unit: Unit, row: InboxRow, error: Exception) -> None: ...


class GroupLost(Exception):
    """The transaction is gone; nothing in it was kept and its units are done again one by one."""


class ProcessKiller(Exception):
    """An update that took its process down each time it ran."""


@dataclass
class Work:
    """One unit to run; `failed` is its second chance after the undo, in the same place of the same transaction."""

    name: str
    run: Callable[[Unit], Any]
    failed: Callable[[Unit, Exception], Any]
    future: Future[Any] | None = None


@dataclass
class Outcome:
    """What a unit's future gets once the commit is durable."""

    work: Work
    value: Any = None
    error: Exception | None = None

    def announce(self) -> None:
        future = self.work.future
        if future is None:
            return
        if self.error is not None:
            future.set_exception(self.error)
        else:
            future.set_result(self.value)


@dataclass
class Group:
    """One open transaction and what its units left to be linked into the audit chain."""

    connection: sa.Connection
    vault: Vault
    clocks: Clocks
    records: list[AuditRecord] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)
    outgoing: bool = False

    def perform(self, work: Work) -> None:
        """Run one unit; a failure undoes that unit alone, unless the transaction itself is lost."""
        self._sql("SAVEPOINT u")
        try:
            outcome = self._attempt(work, work.run)
        except Exception as error:
            if is_lost(self.connection, error):
                raise GroupLost(work.name) from error
            self._sql("ROLLBACK TO SAVEPOINT u")
            outcome = self._second_chance(work, error)
        self._sql("RELEASE SAVEPOINT u")
        self.outcomes.append(outcome)

    def _attempt(self, work: Work, run: Callable[[Unit], Any]) -> Outcome:
        unit = Unit(self.connection, self.vault, self.clocks.business(), self.clocks.machine())
        value = run(unit)
        self.records += unit.records
        self.outgoing |= unit.outgoing
        return Outcome(work, value)

    def _second_chance(self, work: Work, error: Exception) -> Outcome:
        try:
            return self._attempt(work, lambda unit: work.failed(unit, error))
        except Exception as second:
            if is_lost(self.connection, second):
                raise GroupLost(work.name) from second
            self._sql("ROLLBACK TO SAVEPOINT u")
            return Outcome(work, error=second)

    def link(self) -> None:
        audit.append(self.connection, self.records)

    def announce(self) -> None:
        for outcome in self.outcomes:
            outcome.announce()

    def _sql(self, statement: str) -> None:
        self.connection.exec_driver_sql(statement)


def is_lost(connection: sa.Connection, error: Exception) -> bool:
    """Whether the transaction died with the error (a full disk rolls SQLite back silently: units-of-work.md §3.2)."""
    if connection.dialect.name == "sqlite" and not connection.connection.driver_connection.in_transaction:  # type: ignore[union-attr]
        return True
    return isinstance(error, exc.OperationalError | exc.InternalError | exc.InterfaceError)


def abandon(connection: sa.Connection) -> None:
    """Roll back where it counts: SQLAlchemy may believe a failed COMMIT ended the transaction (units-of-work.md §3.1)."""
    connection.rollback()
    driver = connection.connection.driver_connection
    if connection.dialect.name == "sqlite" and driver is not None and driver.in_transaction:
        driver.execute("ROLLBACK")


def inbox_work(worker: Worker, row: InboxRow) -> Work:
    """An inbox row as a unit: handled and done, refused and done, or dead."""

    def run(unit: Unit) -> None:
        worker.handle(unit, row)
        inbox.finish(unit, row, inbox.DONE)

    def failed(unit: Unit, error: Exception) -> None:
        if isinstance(error, Refused):
            worker.refused(unit, row, error)
            inbox.finish(unit, row, inbox.DONE)
            return
        worker.poisoned(unit, row, error)
        inbox.finish(unit, row, inbox.DEAD, type(error).__name__)

    return Work(f"inbox.{row.kind}", run, failed)


def killer_work(worker: Worker, row: InboxRow) -> Work:
    """A row that killed its process each time is not run again; the person is told once."""

    def run(unit: Unit) -> None:
        error = ProcessKiller(row.kind)
        worker.poisoned(unit, row, error)
        inbox.finish(unit, row, inbox.DEAD, type(error).__name__)

    def failed(unit: Unit, error: Exception) -> None:
        inbox.finish(unit, row, inbox.DEAD, type(error).__name__)

    return Work("inbox.killer", run, failed)


def job_work(name: str, run: Callable[[Unit], Any]) -> Work:
    """A unit asked for by this process (a page, a timer, the sender); its error goes to who asked."""

    def failed(_unit: Unit, error: Exception) -> Any:
        raise error

    return Work(name, run, failed, Future())
