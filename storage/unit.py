"""A unit of work: one connection inside one transaction, and what it wants recorded in the same commit."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from storage.audit import AuditRecord
from storage.statement import Statement
from storage.vault import Vault


@dataclass
class Unit:
    """What a handler's repositories work on. `now` is business time, given once with the update;
    `outgoing` tells the sender that something was put into the outbox; `seen` are the customers whose name or data
    were opened; `addresses` are userids as the bank spells them, and `acting` the posts in which people act, as far as
    they were read."""

    connection: sa.Connection
    vault: Vault
    now: datetime
    machine_now: float = 0.0
    actor: str = "system"
    records: list[AuditRecord] = field(default_factory=list)
    outgoing: bool = False
    seen: set[str] = field(default_factory=set)
    addresses: dict[str, str] = field(default_factory=dict)
    acting: dict[str, str | None] = field(default_factory=dict)

    def execute(self, statement: sa.Executable | Statement, parameters: Any = None) -> Any:
        if isinstance(statement, Statement):
            return statement.run(self.connection, parameters or {})
        return self.connection.execute(statement, parameters)

    def rows(self, statement: sa.Executable | Statement, parameters: Any = None) -> Sequence[Any]:
        """All rows at once: a half-read cursor would pin SQLite's log (units-of-work.md §3.9)."""
        if isinstance(statement, Statement):
            return statement.rows(self.connection, parameters or {})
        return self.connection.execute(statement, parameters).all()

    def row(self, statement: sa.Executable | Statement, parameters: Any = None) -> Any:
        found = self.rows(statement, parameters)
        return found[0] if found else None

    def changed(self, statement: sa.Executable | Statement, parameters: Any = None) -> bool:
        """True when the statement touched exactly one row: the compare-and-set of this house."""
        return bool(self.execute(statement, parameters).rowcount == 1)

    @contextmanager
    def undone_if_refused(self) -> Iterator[None]:
        """What raises leaves nothing written, though the unit goes on; which customers were opened stays known."""
        records, outgoing = len(self.records), self.outgoing
        try:
            with self.connection.begin_nested():
                yield
        except Exception:
            del self.records[records:]
            self.outgoing = outgoing
            raise

    def audit(
        self, action: str, resource: str, detail: Mapping[str, Any] | None = None, subjects: Sequence[str] = ()
    ) -> None:
        """Record what `actor` did, and in which post; written to the chain in this unit's commit."""
        about, post = tuple(subjects), self.acting.get(self.actor) or ""
        self.records.append(AuditRecord(self.now, self.actor, action, resource, detail or {}, about, post))


def unhurried(unit: Unit) -> None:
    """To the end of the transaction a statement takes as long as it takes: a whole table is read."""
    if unit.connection.dialect.name == "postgresql":
        unit.execute(sa.text("SET LOCAL statement_timeout = 0"))
