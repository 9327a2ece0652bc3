"""Statements put together once: SQLAlchemy writes them for each database, the driver runs them.

An execution through SQLAlchemy costs about 20 µs beside the 2 to 10 of the database itself; a unit of work has some
twenty, so it was a third of the whole (docs/decisions/units-of-work.md). What is put together at each call stays with
SQLAlchemy, which remembers how to write it.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy import exc
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Clause: TypeAlias = "sa.Select[Any] | sa.TextualSelect | sa.TextClause | sa.Insert | sa.Update | sa.Delete"
Parameters: TypeAlias = Mapping[str, Any]
Convert: TypeAlias = Callable[[Any], Any]
NONE: Parameters = {}


class Statement:
    """Run in the transaction of the connection; written once for each database and set of parameters' names."""

    def __init__(self, clause: Clause) -> None:
        self._clause = clause.inline() if isinstance(clause, sa.Insert) else clause  # nobody asks for the new key
        self._written: dict[tuple[str, ...], _Written] = {}
        self._readers: dict[str, _Reader] = {}

    def __str__(self) -> str:
        return str(self._clause)

    def run(self, connection: sa.Connection, parameters: Parameters = NONE) -> Any:
        """The driver's cursor, which knows the number of rows that were touched."""
        written = self._for(connection, parameters)
        return _run(connection, written.text, written.values(parameters))

    def run_many(self, connection: sa.Connection, rows: Sequence[Parameters]) -> Any:
        """The same for each of `rows`, of which there is at least one."""
        written = self._for(connection, rows[0])
        return _run(connection, written.text, [written.values(row) for row in rows], many=True)

    def rows(self, connection: sa.Connection, parameters: Parameters = NONE) -> list[Any]:
        """All rows at once, each with its columns by name. A list has a word for each of its values, which SQLAlchemy
        finds anew each time."""
        if any(isinstance(value, list) for value in parameters.values()):
            return list(connection.execute(self._clause, parameters).all())
        cursor = self.run(connection, parameters)
        name = connection.dialect.name
        if name not in self._readers:
            self._readers[name] = _read(self._clause, connection.dialect, cursor.description)
        return self._readers[name].rows(cursor.fetchall())

    def raw(self, connection: sa.Connection, parameters: Parameters = NONE) -> list[Any]:
        """The driver's own tuples, nothing converted: for a walk along many rows. PostgreSQL sends them as bytes, which
        it would else write out as text."""
        written = self._for(connection, parameters)
        binary = {"binary": True} if connection.dialect.name == "postgresql" else {}
        return list(_run(connection, written.text, written.values(parameters), **binary).fetchall())

    def _for(self, connection: sa.Connection, parameters: Parameters) -> "_Written":
        key = (connection.dialect.name, *parameters)
        if key not in self._written:
            self._written[key] = _write(self._clause, connection.dialect, parameters)
        return self._written[key]


@dataclass(frozen=True)
class _Written:
    """A statement in the words of one database, and how values get into it."""

    text: str
    names: tuple[str, ...] | None  # the order of the parameters, where they go by position
    fixed: Parameters
    binds: Mapping[str, Convert]

    def values(self, parameters: Parameters) -> Any:
        given = {**self.fixed, **parameters}
        for name, convert in self.binds.items():
            given[name] = convert(given[name])
        return given if self.names is None else [given[name] for name in self.names]


def _write(clause: Clause, dialect: sa.Dialect, parameters: Parameters) -> _Written:
    written = clause.compile(dialect=dialect, column_keys=list(parameters))
    assert isinstance(written, SQLCompiler)
    state = written.construct_expanded_state(dict(parameters))  # a constant list after IN is written out
    kinds = {name: bind.type for name, bind in written.binds.items()}
    into = {**{name: _into(kind, dialect) for name, kind in kinds.items()}, **state.processors}
    fixed = {name: value for name, value in state.parameters.items() if name not in parameters}
    return _Written(
        text=state.statement,
        names=None if state.positiontup is None else tuple(state.positiontup),
        fixed={name: convert(value) if (convert := into.get(name)) else value for name, value in fixed.items()},
        binds={name: convert for name in parameters if (convert := into.get(name)) is not None},
    )


@dataclass(frozen=True)
class _Reader:
    """How the rows that one database answers with become ours."""

    row: Callable[[Sequence[Any]], Any]
    cells: tuple[tuple[int, Convert], ...]

    def rows(self, rows: list[Any]) -> list[Any]:
        return [self.row(self._converted(row) if self.cells else row) for row in rows]

    def _converted(self, row: Sequence[Any]) -> list[Any]:
        cells = list(row)
        for at, convert in self.cells:
            cells[at] = convert(cells[at])
        return cells


def _read(clause: Clause, dialect: sa.Dialect, description: Sequence[Any]) -> _Reader:
    assert not isinstance(clause, sa.TextClause), "a text that answers says its columns"
    columns = list(zip(clause.exported_columns, description, strict=True))
    out_of = [_out_of(column.type, dialect, told[1]) for column, told in columns]
    return _Reader(
        row=_tuple_of([str(column.key) for column, _ in columns]),
        cells=tuple((at, convert) for at, convert in enumerate(out_of) if convert is not None),
    )


def _tuple_of(names: list[str]) -> Callable[[Sequence[Any]], Any]:
    make: Callable[[Sequence[Any]], Any] = namedtuple("Row", names, rename=True)._make  # type: ignore[attr-defined]
    return make


def _into(kind: TypeEngine[Any], dialect: sa.Dialect) -> Convert | None:
    return kind.dialect_impl(dialect).bind_processor(dialect)


def _out_of(kind: TypeEngine[Any], dialect: sa.Dialect, told: object) -> Convert | None:
    return kind.dialect_impl(dialect).result_processor(dialect, told)


def run_text(connection: sa.Connection, text: str, values: Sequence[Any]) -> Any:
    """A text in the words of this database with what it asks for, both ready for the driver; the driver's cursor."""
    return _run(connection, text, values)


def run_text_many(connection: sa.Connection, text: str, rows: Sequence[Sequence[Any]]) -> Any:
    """The same for each of `rows`, of which there is at least one."""
    return _run(connection, text, rows, many=True)


def copy_in(connection: sa.Connection, text: str, rows: Iterable[Sequence[Any]]) -> None:
    """PostgreSQL's COPY FROM STDIN."""
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(text) as copy:
            for row in rows:
                copy.write_row(row)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _told(connection, text, error) from error


def _run(connection: sa.Connection, text: str, values: Any, *, many: bool = False, **form: bool) -> Any:
    if not connection.in_transaction():
        connection.begin()
    driver = connection.connection.driver_connection
    assert driver is not None
    cursor = driver.cursor(**form)
    try:
        (cursor.executemany if many else cursor.execute)(text, values)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _told(connection, text, error) from error
    return cursor


def _told(connection: sa.Connection, text: str, error: Exception) -> BaseException:
    """As SQLAlchemy would tell it; a connection that broke is not used again."""
    dialect = connection.dialect
    broken = dialect.is_disconnect(error, connection.connection, None)  # type: ignore[arg-type]
    if broken:
        connection.invalidate(error)
    return exc.DBAPIError.instance(
        text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=broken,
        dialect=dialect,
    )
