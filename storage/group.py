"""Several units of work in one commit: each in a raw savepoint, the audit chain linked last (units-of-work.md §5)."""

from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Protocol

import sqlalchemy as sa
import structlog

from domain.refusal import Refused
from storage import audit, inbox
from storage.audit import AuditRecord
from storage.failures import GroupLost, is_lost
from storage.inbox import InboxRow
from storage.unit import Unit
from storage.vault import Vault

log = structlog.get_logger("storage")


class Clocks(Protocol):
    """Business time for what people see, machine time for leases and budgets; read by bot alone."""

    def business(self) -> datetime: ...

    def machine(self) -> float: ...


class Worker(Protocol):
    """What is done with an inbox row; `refused` and `poisoned` write what the person is told after the undo."""

    def handle(self, unit: Unit, row: InboxRow) -> None: ...

    def refused(self, unit: Unit, row: InboxRow, refusal: Refused) -> None: ...

    def poisoned(self, unit: Unit, row: InboxRow, error: Exception) -> None: ...


class ProcessKiller(Exception):
    """An update that took its process down each time it ran."""


def promise() -> "Future[Any]":
    """A future whose waiter may go away but cannot take the work along."""
    made: Future[Any] = Future()
    made.set_running_or_notify_cancel()
    return made


@dataclass(frozen=True)
class Work:
    """One unit to run. `then` are its further chances, each after an undo and with the error of the one before,
    in the same place of the same transaction. A `bulk` one is of many, which nobody waits for one by one."""

    name: str
    run: Callable[[Unit], Any]
    then: tuple[Callable[[Unit, Exception], Any], ...] = ()
    future: "Future[Any] | None" = None
    bulk: bool = False

    def fail(self, error: BaseException) -> None:
        """Tell who asked that nothing was kept."""
        if self.future is not None:
            self.future.set_exception(error)


@dataclass(frozen=True)
class Outcome:
    """What a unit's future gets once the commit is durable."""

    work: Work
    value: Any = None
    error: Exception | None = None

    def announce(self) -> None:
        if self.error is not None:
            if self.work.future is None:
                log.error("unit_undone", work=self.work.name, error=type(self.error).__name__)
            self.work.fail(self.error)
        elif self.work.future is not None:
            self.work.future.set_result(self.value)


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
        outcome = self._attempt(work, work.run)
        for chance in work.then:
            if (error := outcome.error) is None:
                break
            outcome = self._attempt(work, partial(_chance, chance, error))
        self._sql("RELEASE SAVEPOINT u")
        self.outcomes.append(outcome)

    def _attempt(self, work: Work, run: Callable[[Unit], Any]) -> Outcome:
        unit = Unit(self.connection, self.vault, self.clocks.business(), self.clocks.machine())
        try:
            value = run(unit)
        except Exception as error:
            if is_lost(self.connection, error):
                raise GroupLost(work.name) from error
            self._sql("ROLLBACK TO SAVEPOINT u")
            return Outcome(work, error=error)
        self.records += unit.records
        self.outgoing |= unit.outgoing
        return Outcome(work, value)

    def link(self) -> None:
        audit.append(self.connection, self.records)

    def announce(self) -> None:
        for outcome in self.outcomes:
            outcome.announce()

    def _sql(self, statement: str) -> None:
        """Savepoints go to the driver: through SQLAlchemy they would cost as much as the unit (units-of-work.md §1)."""
        driver = self.connection.connection.driver_connection
        assert driver is not None
        driver.execute(statement)


def _chance(chance: Callable[[Unit, Exception], Any], error: Exception, unit: Unit) -> Any:
    return chance(unit, error)


def inbox_work(worker: Worker, row: InboxRow) -> Work:
    """An inbox row as a unit: handled and done, refused and done, or dead; without words when even those fail."""

    def run(unit: Unit) -> None:
        worker.handle(unit, row)
        inbox.finish(unit, row, inbox.DONE)

    def explain(unit: Unit, error: Exception) -> None:
        if isinstance(error, Refused):
            worker.refused(unit, row, error)
            inbox.finish(unit, row, inbox.DONE)
            return
        worker.poisoned(unit, row, error)
        inbox.finish(unit, row, inbox.DEAD, type(error).__name__)

    return Work(f"inbox.{row.kind}", run, (explain, _bury(row)))


def killer_work(worker: Worker, row: InboxRow) -> Work:
    """A row that took everything down each time is not run again; the person is told once."""

    def run(unit: Unit) -> None:
        error = ProcessKiller(row.kind)
        worker.poisoned(unit, row, error)
        inbox.finish(unit, row, inbox.DEAD, type(error).__name__)

    return Work("inbox.killer", run, (_bury(row),))


def _bury(row: InboxRow) -> Callable[[Unit, Exception], None]:
    return lambda unit, error: inbox.finish(unit, row, inbox.DEAD, type(error).__name__)


def job_work(name: str, run: Callable[[Unit], Any], *, bulk: bool = False) -> Work:
    """A unit asked for by this process (a page, a timer, the sender); its error goes to who asked."""
    return Work(name, run, future=promise(), bulk=bulk)
