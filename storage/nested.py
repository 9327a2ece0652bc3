"""Many rows of other tables as one cell of a row, so that a whole customer comes in one statement and one round trip.

Both databases build the cell as JSON; here it becomes rows again, with the types of their columns. One such statement
costs a seventh of one for each table (docs/decisions/whole-customer.md).
"""

from collections import namedtuple
from collections.abc import Callable
from datetime import date
from typing import Any, TypeAlias

import orjson
import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from storage.columns import Instant, from_microseconds

Convert: TypeAlias = Callable[[Any], Any]
_FROM_JSON: dict[type[Any], Convert] = {
    Instant: from_microseconds, sa.Date: date.fromisoformat, sa.Boolean: bool, sa.LargeBinary: bytes.fromhex,
}  # fmt: skip


class Nested(sa.types.TypeDecorator[tuple[Any, ...]]):
    """A JSON array of arrays, read as a tuple of named rows."""

    impl = sa.Text
    cache_ok = True

    def __init__(self, names: tuple[str, ...], kinds: tuple[type[TypeEngine[Any]], ...]) -> None:
        super().__init__()
        self.names, self.kinds = names, kinds
        self._row: Any = namedtuple("Row", names)._make  # type: ignore[attr-defined]
        self._cells = [(at, _FROM_JSON[base]) for at, kind in enumerate(kinds) for base in kind.__mro__
                       if base in _FROM_JSON]  # fmt: skip

    def process_result_value(self, value: str | None, dialect: Any) -> tuple[Any, ...]:
        return tuple(self._row(self._read(cells)) for cells in orjson.loads(value)) if value else ()

    def _read(self, cells: list[Any]) -> list[Any]:
        for at, convert in self._cells:
            if cells[at] is not None:
                cells[at] = convert(cells[at])
        return cells


class _Gathered(FunctionElement[str]):
    inherit_cache = True
    name = "gathered"


class _Hex(FunctionElement[str]):
    inherit_cache = True
    name = "in_hex"
    type = sa.Text()


class MonthOf(FunctionElement[str]):
    """The month of a moment as people here count it: 2026-11."""

    inherit_cache = True
    name = "month_of"
    type = sa.Text()


def nested(select: sa.Select[Any], name: str) -> sa.Label[Any]:
    """All rows of `select` (in its order) as a column of another selection. It must not lean on the outer row."""
    inner = select.subquery(name + "_rows")
    columns = list(inner.c)
    cells = [_Hex(column) if isinstance(column.type, sa.LargeBinary) else column for column in columns]
    kind = Nested(tuple(column.key for column in columns), tuple(type(column.type) for column in columns))
    gathered = sa.select(sa.type_coerce(_Gathered(*cells), kind)).select_from(inner)
    return gathered.correlate(None).scalar_subquery().label(name)


@compiles(_Gathered, "sqlite")
def _gathered_sqlite(element: _Gathered, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **options)}))"


@compiles(_Gathered, "postgresql")
def _gathered_postgresql(element: _Gathered, compiler: SQLCompiler, **options: Any) -> str:
    return f"CAST(json_agg(json_build_array({compiler.process(element.clauses, **options)})) AS TEXT)"


@compiles(_Hex, "sqlite")
def _hex_sqlite(element: _Hex, compiler: SQLCompiler, **options: Any) -> str:
    return f"nullif(hex({compiler.process(element.clauses, **options)}), '')"


@compiles(_Hex, "postgresql")
def _hex_postgresql(element: _Hex, compiler: SQLCompiler, **options: Any) -> str:
    return f"encode({compiler.process(element.clauses, **options)}, 'hex')"


@compiles(MonthOf, "sqlite")
def _month_sqlite(element: MonthOf, compiler: SQLCompiler, **options: Any) -> str:
    return f"strftime('%Y-%m', {compiler.process(element.clauses, **options)} / 1000000 + 28800, 'unixepoch')"


@compiles(MonthOf, "postgresql")
def _month_postgresql(element: MonthOf, compiler: SQLCompiler, **options: Any) -> str:
    moment = f"to_timestamp({compiler.process(element.clauses, **options)} / 1000000)"
    return f"to_char({moment} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM')"
