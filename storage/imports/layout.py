"""A row of a feed as one database keeps it: its cells in order, its key, and a digest by which two are compared."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from storage import schema
from storage.columns import microseconds
from storage.imports.column import Type
from storage.imports.format import FileSpec
from storage.imports.tables import DERIVED, TABLES, Key, Values, column_of, key_of, row_name, sealed_cells
from storage.vault import Vault

Cells = tuple[Any, ...]
Encode = Callable[[Any], Any]
_BETWEEN = "\x1f"  # no cell can hold it: the checks refuse control characters
_STAMPS = ("as_of", "arrived_at", "source", "since", "digest")


class Layout:
    """For one feed and one kind of database; `key` names the columns that tell its rows apart."""

    def __init__(self, spec: FileSpec, vault: Vault, dialect: str) -> None:
        self.spec, self.dialect, self._vault = spec, dialect, vault
        table = TABLES[spec.name]
        self.table, self._sealed_as = table.name, schema.read_as(table)
        self.key = tuple(column_of(spec, name).name for name in spec.key)
        self.key_types = tuple(_SQL_TYPES[spec.column(name).type] for name in spec.key)
        kept = [column_of(spec, name).name for name in spec.kept]
        self._derive = DERIVED.get(spec.name)
        made = [c.name for c in table.columns if c.name not in (*kept, *_STAMPS, *_LATER)]
        self._derived = tuple(made) if self._derive else ()
        self.names = (*kept, *self._derived, *_STAMPS)
        self._sealed = [(kept.index(target), name, target) for name, target in sealed_cells(spec.name)]
        self._times = [place for place, name in enumerate(spec.kept) if _type_of(spec, name) is Type.TIME]
        is_sqlite = dialect == "sqlite"
        self._days = [place for place, name in enumerate(spec.kept) if _type_of(spec, name) is Type.DAY and is_sqlite]
        self._key_encoders = [_encoder(spec, name, is_sqlite) for name in spec.key]
        self._digest = vault.digester(self._sealed_as)

    def key_of(self, values: Values) -> Key:
        """The key as the database writes it."""
        if len(self._key_encoders) == 1:
            return (values[self.spec.key[0]],)
        return tuple([encode(values[name]) for encode, name in zip(self._key_encoders, self.spec.key, strict=True)])

    def digest(self, values: Values) -> int:
        """The same for the same values, whatever their order in the file; columns added later change it not, as long
        as they are empty."""
        return self._digest(_joined(self._plain(values)))

    def row(self, values: Values, stamps: Cells, digest: int) -> Cells:
        """All cells of a new row, sealed and indexed; the slow part of an import."""
        cells = self._plain(values)
        for place in self._days:
            if (day := cells[place]) is not None:
                cells[place] = day.isoformat()
        if self._sealed:
            row = row_name(key_of(self.spec, values))
            for place, name, target in self._sealed:
                if (value := values[name]) is not None:
                    cells[place] = self._vault.seal(self._sealed_as, target, row, str(value))
        if self._derive is not None:
            derived = self._derive(values, self._vault)
            cells += [derived[name] for name in self._derived]
        return (*cells, *stamps, digest)

    def stamps(self, as_of: date, arrived_at: datetime, source: str, since: int) -> Cells:
        """What every row of one import says of itself."""
        day = as_of.isoformat() if self.dialect == "sqlite" else as_of
        return (day, microseconds(arrived_at), source, since)

    def _plain(self, values: Values) -> list[Any]:
        """The values in the order of the format, moments as the numbers that both databases keep."""
        plain: list[Any] = [values[name] for name in self.spec.kept]
        for place in self._times:
            if (moment := plain[place]) is not None:
                plain[place] = microseconds(moment)
        return plain


def _joined(plain: list[Any]) -> str:
    words = [cell if type(cell) is str else "" if cell is None else str(cell) for cell in plain]
    return _BETWEEN.join(words).rstrip(_BETWEEN)


def _type_of(spec: FileSpec, name: str) -> Type | None:
    return next((column.type for column in spec.columns if column.name == name), None)


def _encoder(spec: FileSpec, name: str, is_sqlite: bool) -> Encode:
    kind = _type_of(spec, name)
    if kind is Type.TIME:
        return microseconds
    return date.isoformat if kind is Type.DAY and is_sqlite else _same


def _same(value: Any) -> Any:
    return value


_LATER = ("closed_as_of", "until")
_SQL_TYPES = dict.fromkeys(Type, "text") | {Type.DAY: "date", Type.TIME: "bigint"}
