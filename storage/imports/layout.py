"""A row of a feed as one database keeps it: its cells in order, its key, and a digest by which two are compared."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from itertools import repeat
from typing import Any

from storage import schema
from storage.columns import microseconds
from storage.imports.batch import Columns, rows_in
from storage.imports.column import Type
from storage.imports.format import FileSpec
from storage.imports.tables import DERIVED, TABLES, Key, Values, column_of, row_name, sealed_cells
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
        types = [_type_of(spec, name) for name in spec.kept]
        self._times = [place for place, kind in enumerate(types) if kind is Type.TIME]
        self._words = [place for place, kind in enumerate(types) if kind not in _NO_WORDS]
        is_sqlite = dialect == "sqlite"
        self._days = [place for place, kind in enumerate(types) if kind is Type.DAY and is_sqlite]
        self._key_encoders = [(name, _encoder(spec, name, is_sqlite)) for name in spec.key]
        self._digest = vault.digester(self._sealed_as)

    def keys(self, columns: Columns) -> list[Key]:
        """The keys as the database writes them."""
        encoded = (
            columns[name] if encode is None else map(encode, columns[name]) for name, encode in self._key_encoders
        )
        return list(zip(*encoded, strict=True))

    def key_of(self, values: Values) -> Key:
        return self.keys(_one(values))[0]

    def digests(self, columns: Columns) -> list[int]:
        """The same for the same values, whatever their order in the file; columns added later change it not, as long
        as they are empty."""
        words = self._plain(columns)
        for place, cells in enumerate(words):
            if place in self._words:
                words[place] = [cell or "" for cell in cells]
            else:
                words[place] = ["" if cell is None else str(cell) for cell in cells]
        return [self._digest(_BETWEEN.join(row).rstrip(_BETWEEN)) for row in zip(*words, strict=True)]

    def digest(self, values: Values) -> int:
        return self.digests(_one(values))[0]

    def rows(self, columns: Columns, stamps: Cells, digests: Sequence[int]) -> list[Cells]:
        """All cells of new rows, sealed and indexed; the slow part of an import."""
        cells = self._plain(columns)
        for place in self._days:
            cells[place] = [day and day.isoformat() for day in cells[place]]
        if self._sealed:
            rows = list(map(row_name, zip(*(columns[name] for name in self.spec.key), strict=True)))
            for place, name, target in self._sealed:
                cells[place] = self._sealed_column(target, rows, columns[name])
        if self._derive is not None:
            derived = [self._derive(values, self._vault) for values in rows_in(columns)]
            cells += [[row[name] for row in derived] for name in self._derived]
        return list(zip(*cells, *map(repeat, stamps), digests))  # noqa: B905 - what is repeated never ends

    def row(self, values: Values, stamps: Cells, digest: int) -> Cells:
        return self.rows(_one(values), stamps, [digest])[0]

    def _sealed_column(self, target: str, rows: Sequence[str], values: Sequence[Any]) -> list[bytes | None]:
        seal, table = self._vault.seal, self._sealed_as
        pairs = zip(rows, values, strict=True)
        return [None if value is None else seal(table, target, row, str(value)) for row, value in pairs]

    def stamps(self, as_of: date, arrived_at: datetime, source: str, since: int) -> Cells:
        """What every row of one import says of itself."""
        day = as_of.isoformat() if self.dialect == "sqlite" else as_of
        return (day, microseconds(arrived_at), source, since)

    def _plain(self, columns: Columns) -> list[Sequence[Any]]:
        """The values in the order of the format, moments as the numbers that both databases keep."""
        plain: list[Sequence[Any]] = [columns[name] for name in self.spec.kept]
        for place in self._times:
            plain[place] = [moment and microseconds(moment) for moment in plain[place]]
        return plain


def _one(values: Values) -> Columns:
    return {name: [value] for name, value in values.items()}


def _type_of(spec: FileSpec, name: str) -> Type | None:
    return next((column.type for column in spec.columns if column.name == name), None)


def _encoder(spec: FileSpec, name: str, is_sqlite: bool) -> Encode | None:
    """How the database writes a part of the key; None for as it is."""
    kind = _type_of(spec, name)
    if kind is Type.TIME:
        return microseconds
    return date.isoformat if kind is Type.DAY and is_sqlite else None


_NO_WORDS = (Type.DAY, Type.TIME, Type.AMOUNT, Type.NATURAL, Type.FLAG)
_LATER = ("closed_as_of", "until")
_SQL_TYPES = dict.fromkeys(Type, "text") | {Type.DAY: "date", Type.TIME: "bigint"}
