"""A row of a feed as one database keeps it: its cells in order, its key, and a digest by which two are compared."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any

from storage import schema
from storage.columns import microseconds
from storage.imports.checks import Value
from storage.imports.column import Type
from storage.imports.format import FileSpec
from storage.imports.tables import TABLES, Key, Values, column_of, stored
from storage.vault import Vault

Cells = tuple[Any, ...]
_BETWEEN = "\x1f"  # no cell can hold it: the checks refuse control characters
Encode = Callable[[Any], Any]


class Layout:
    """For one feed and one kind of database; `key` names the columns that tell its rows apart."""

    def __init__(self, spec: FileSpec, vault: Vault, dialect: str) -> None:
        self.spec, self.vault, self.dialect = spec, vault, dialect
        table = TABLES[spec.name]
        self.table = table.name
        self.key = tuple(column_of(spec, name).name for name in spec.key)
        self.key_types = tuple(_SQL_TYPES[spec.column(name).type] for name in spec.key)
        self.names = tuple(column.name for column in table.columns if column.name != "until")
        self._kept = [(name, _encoder(spec, name, dialect)) for name in spec.kept]
        self._encoders = {column_of(spec, name).name: encode for name, encode in self._kept if encode is not None}
        self._key_encoders = [_encoder(spec, name, dialect) for name in spec.key]
        self._digest = vault.digester(schema.read_as(table))

    def key_of(self, values: Values) -> Key:
        """The key as the database writes it."""
        cells = [values[name] for name in self.spec.key]
        return tuple(
            cell if encode is None else encode(cell) for cell, encode in zip(cells, self._key_encoders, strict=True)
        )

    def digest(self, values: Values) -> int:
        """The same for the same values, whatever their order in the file; columns added later change it not, as long
        as they are empty."""
        return self._digest(_BETWEEN.join([_text(values[name]) for name in self.spec.kept]).rstrip(_BETWEEN))

    def row(self, values: Values, stamps: Values) -> Cells:
        """All cells of a new row, sealed and indexed; the slow part of an import."""
        cells = stored(self.spec, values, self.vault) | stamps
        for name, encode in self._encoders.items():
            if cells[name] is not None:
                cells[name] = encode(cells[name])
        return tuple([cells.get(name) for name in self.names])

    def stamps(self, as_of: date, arrived_at: int, source: str, since: int) -> dict[str, Any]:
        """What every row of one import says of itself."""
        day = as_of.isoformat() if self.dialect == "sqlite" else as_of
        return {"as_of": day, "arrived_at": arrived_at, "source": source, "closed_as_of": None, "since": since}


def _encoder(spec: FileSpec, name: str, dialect: str) -> Encode | None:
    kind = next((column.type for column in spec.columns if column.name == name), Type.TEXT)
    if kind is Type.TIME:
        return microseconds
    return partial(_written_day) if kind is Type.DAY and dialect == "sqlite" else None


def _written_day(day: date) -> str:
    return day.isoformat()


def _text(value: Value) -> str:
    return "" if value is None else str(value)


def columns_of(names: Sequence[str]) -> str:
    return ", ".join(names)


_SQL_TYPES = dict.fromkeys(Type, "text") | {Type.DAY: "date", Type.TIME: "bigint"}
