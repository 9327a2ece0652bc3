"""Which cells are sealed, found in the schema itself so that no table is forgotten, and what each is bound to."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from storage import schema
from storage.schema.base import SEALED_BY, Sealed


@dataclass(frozen=True)
class SealedTable:
    """A table with sealed columns. `key` finds a row, `bound` are the columns whose values name it to the vault."""

    table: sa.Table
    columns: tuple[str, ...]
    key: tuple[str, ...]
    bound: tuple[str, ...]

    @property
    def name(self) -> str:
        return schema.read_as(self.table)

    def row_name(self, row: Any) -> str:
        """What the row's cells are bound to."""
        return "|".join(str(getattr(row, column)) for column in self.bound)

    def key_of(self, row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, column) for column in self.key)

    @property
    def order(self) -> list[sa.Column[Any]]:
        return [self.table.c[name] for name in self.key]

    def after(self, key: Sequence[Any]) -> sa.ColumnElement[bool]:
        """The rows behind one, in the order of the primary key; behind nothing are all."""
        return sa.tuple_(*self.order) > self._values(key) if key else sa.true()

    def until(self, key: Sequence[Any]) -> sa.ColumnElement[bool]:
        return sa.tuple_(*self.order) <= self._values(key)

    def _values(self, key: Sequence[Any]) -> "sa.Tuple":
        return sa.tuple_(*(sa.literal(value, column.type) for value, column in zip(key, self.order, strict=True)))


@cache
def sealed_tables() -> tuple[SealedTable, ...]:
    """Every table that holds ciphertext."""
    return tuple(made for table in schema.metadata.sorted_tables if (made := _sealed(table)).columns)


def _sealed(table: sa.Table) -> SealedTable:
    key = tuple(column.name for column in table.primary_key.columns)
    columns = tuple(column.name for column in table.columns if isinstance(column.type, Sealed))
    return SealedTable(table, columns, key, SEALED_BY.get(table.name, key))
