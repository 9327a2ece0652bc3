"""Seals every cell anew under the key in force, a few at a time, while everybody goes on working.

Cells are read and sealed outside the writer; a short unit of work puts each back only where the row's cells are still
the ones that were read, so whoever changed a row meanwhile wins (and wrote it under the new key). What was interrupted
goes on where stale cells are left: nothing is remembered but the cells themselves.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import sqlalchemy as sa

from storage.database import Database
from storage.sealed import SealedTable, sealed_tables
from storage.unit import Unit
from storage.vault import HEAD_BYTES, Vault
from storage.vault_error import VaultError

ROWS, BYTES = 200, 1_000_000  # of one unit of work: a few ms of the writer, and no mountain of photos in memory
Told = Callable[[str, int], None]


@dataclass
class Tally:
    """What one pass over all tables found: rows looked at, rows sealed anew, rows changed by others meanwhile, and the
    cells that do not open."""

    seen: int = 0
    renewed: int = 0
    missed: int = 0
    damaged: dict[str, int] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """Whether every cell was under the key in force before this pass looked."""
        return not (self.renewed or self.missed or self.damaged)

    def add_damaged(self, where: str) -> None:
        self.damaged[where] = self.damaged.get(where, 0) + 1


def reseal(database: Database, told: Told) -> Tally:
    """One pass; `told` hears the table and how many rows were looked at so far."""
    tally = Tally()
    for table in sealed_tables():
        for rows in _stale(database, table, tally, told):
            changes = _renewed(database.vault, table, rows, tally)
            if changes:
                written = database.run(partial(_put_back, table=table, changes=changes), "keys.reseal")
                tally.renewed += written
                tally.missed += len(changes) - written
    return tally


def count_rows(database: Database) -> int:
    """The rows of all tables with sealed cells."""
    return sum(database.read_now(partial(_count, table=table)) for table in sealed_tables())


def _count(unit: Unit, table: SealedTable) -> int:
    return int(unit.execute(sa.select(sa.func.count()).select_from(table.table)).scalar_one())


def _stale(database: Database, table: SealedTable, tally: Tally, told: Told) -> Iterator[Sequence[Any]]:
    """The rows with a cell under another key, some at a time."""
    after: tuple[Any, ...] = ()
    while heads := database.read_now(partial(_heads, table=table, after=after)):
        fitting = _within_budget(heads)
        last = table.key_of(heads[fitting - 1])
        if any(_is_stale(database.vault, table, row) for row in heads[:fitting]):
            yield database.read_now(partial(_cells, table=table, after=after, last=last))
        after = last
        tally.seen += fitting
        told(table.name, tally.seen)


def _heads(unit: Unit, table: SealedTable, after: tuple[Any, ...]) -> Sequence[Any]:
    """Keys, how long the cells are, and which key each is under: without the cells themselves."""
    cells = [table.table.c[name] for name in table.columns]
    lengths = [sa.func.coalesce(sa.func.length(cell), 0) for cell in cells]
    size = sum(lengths[1:], lengths[0]).label("size_")
    heads = [sa.func.substr(cell, 1, HEAD_BYTES, type_=sa.LargeBinary).label(cell.name) for cell in cells]
    return unit.rows(sa.select(*table.order, size, *heads).where(table.after(after)).order_by(*table.order).limit(ROWS))


def _within_budget(heads: Sequence[Any]) -> int:
    """How many of the rows may be in hand at one time: at least one."""
    total = 0
    for count, row in enumerate(heads):
        total += row.size_
        if total > BYTES and count:
            return count
    return len(heads)


def _is_stale(vault: Vault, table: SealedTable, row: Any) -> bool:
    cells = (getattr(row, name) for name in table.columns)
    return any(cell is not None and not vault.is_current(bytes(cell)) for cell in cells)


def _cells(unit: Unit, table: SealedTable, after: tuple[Any, ...], last: tuple[Any, ...]) -> Sequence[Any]:
    names = dict.fromkeys((*table.key, *table.bound, *table.columns))
    between = sa.select(*(table.table.c[name] for name in names)).where(table.after(after), table.until(last))
    return unit.rows(between.order_by(*table.order))


def _renewed(vault: Vault, table: SealedTable, rows: Sequence[Any], tally: Tally) -> list[dict[str, Any]]:
    """The parameters of each row's change: its key, its cells as they were read and as they shall be."""
    changes = []
    for row in rows:
        before = {name: getattr(row, name) for name in table.columns}
        after = {name: _sealed_anew(vault, table, row, name, cell, tally) for name, cell in before.items()}
        if after != before:
            key = {f"key_{name}": getattr(row, name) for name in table.key}
            was = {f"was_{name}": cell for name, cell in before.items()}
            changes.append({**key, **was, **{f"new_{name}": cell for name, cell in after.items()}})
    return changes


def _sealed_anew(vault: Vault, table: SealedTable, row: Any, name: str, cell: Any, tally: Tally) -> bytes | None:
    """A cell that does not open stays as it is: its old key is then still needed to find out why."""
    if cell is None or vault.is_current(cell):
        return None if cell is None else bytes(cell)
    bound = table.row_name(row)
    try:
        return vault.seal_bytes(table.name, name, bound, vault.open_bytes(table.name, name, bound, cell))
    except VaultError:
        tally.add_damaged(f"{table.name}.{name}")
        return bytes(cell)


def _put_back(unit: Unit, table: SealedTable, changes: list[dict[str, Any]]) -> int:
    """How many rows were still as they had been read."""
    at_key = (table.table.c[name] == sa.bindparam(f"key_{name}") for name in table.key)
    unchanged = (table.table.c[name].is_not_distinct_from(sa.bindparam(f"was_{name}")) for name in table.columns)
    new: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in table.columns}
    statement = table.table.update().where(*at_key, *unchanged).values(new)
    return int(unit.execute(statement, changes).rowcount)
