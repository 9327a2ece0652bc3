"""Rows by a system that has some of the columns only, filled up with what is kept of the others."""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import islice

import sqlalchemy as sa

from storage.database import Database
from storage.imports.checks import Unfit, Value, read_cell
from storage.imports.column import Type
from storage.imports.format import FileSpec
from storage.imports.ownership import Grant
from storage.imports.reader import Row
from storage.imports.rejection import FileRefused, Rejection
from storage.imports.tables import VIEWS, Values, column_of, opened
from storage.unit import Unit

AT_ONCE = 1_000
UNKNOWN = "没有这一行：只管几列的系统不能新建或恢复"


def filled(database: Database, spec: FileSpec, grant: Grant, rows: Iterator[Row]) -> Iterator[Row]:
    """The rows with every column of the kind, the header first. What the system leaves out of its own columns counts as
    unknown. A row that is not there, or no more, has a fault where the system cannot make one. FileRefused where a
    required column is missing.
    """
    mine = grant.columns(spec.name)
    header = next(rows, None)
    if header is None:
        return
    _check(spec, mine, header)
    filling = Filling(spec, grant, header.cells)
    yield header._replace(cells=filling.names)
    while some := list(islice(rows, AT_ONCE)):
        keys = {row.line: filling.key(row) for row in some if not row.fault}
        found = database.read_now(lambda unit, keys=keys: filling.kept(unit, set(keys.values())))  # type: ignore[misc]
        yield from (row if row.fault else filling.fill(row, found.get(keys[row.line])) for row in some)


def _check(spec: FileSpec, mine: tuple[str, ...], header: Row) -> None:
    required = [column.name for column in spec.columns if column.name in mine and not column.optional]
    if missing := [name for name in required if name not in header.cells]:
        raise FileRefused(Rejection(spec.name, header.line, missing[0], "缺少必填列"))


class Filling:
    """For the rows of one header."""

    def __init__(self, spec: FileSpec, grant: Grant, header: tuple[str, ...]) -> None:
        self._spec, self._mine, self._makes = spec, grant.columns(spec.name), grant.whole(spec.name)
        self._places = {name: place for place, name in enumerate(header)}
        self.names = tuple(column.name for column in spec.columns)

    def key(self, row: Row) -> Value:
        name = self._spec.key[0]
        try:
            return read_cell(row.cells[self._places[name]], self._spec.column(name))
        except Unfit:
            return None

    def kept(self, unit: Unit, keys: set[Value]) -> dict[Value, Values]:
        """The rows with these keys; one that has ended only where it may come back."""
        view, name = VIEWS[self._spec.name], self._spec.key[0]
        here = sa.select(view).where(view.c[column_of(self._spec, name).name].in_(keys))
        there = unit.rows(here if self._makes else here.where(view.c.closed_as_of.is_(None)))
        rows = (opened(self._spec, row._mapping, unit.vault) for row in there)
        return {row[name]: row for row in rows}

    def fill(self, row: Row, kept: Values | None) -> Row:
        if kept is None and not self._makes:
            return Row(row.line, ("",) * len(self.names), UNKNOWN)
        return row._replace(cells=tuple(self._cell(name, row, kept or {}) for name in self.names))

    def _cell(self, name: str, row: Row, kept: Values) -> str:
        if name in self._places:
            return row.cells[self._places[name]]
        return "" if name in self._mine else written(kept.get(name), is_amount=self._is_amount(name))

    def _is_amount(self, name: str) -> bool:
        return self._spec.column(name).type is Type.AMOUNT


def written(value: Value, *, is_amount: bool = False) -> str:
    """The cell of a file that this value was read from."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case date() | datetime():
            return value.isoformat()
        case int() if is_amount:
            return f"{value // 100}.{value % 100:02}" if value >= 0 else f"-{written(-value, is_amount=True)}"
    return str(value)
