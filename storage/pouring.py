"""Bulk load, past every unit of work: COPY into PostgreSQL, one transaction without sync into SQLite; indexes last."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from typing import Any, Protocol, TypeAlias

import sqlalchemy as sa

from storage import schema
from storage.columns import SHANGHAI, microseconds
from storage.engine import UNHURRIED, is_sqlite, postgres, sqlite_path

Cells: TypeAlias = tuple[Any, ...]


class Pour(Protocol):
    """Where rows of feeds go: `columns` are the names of the cells; every row gets its business day and its arrival."""

    def rows(self, table: str, columns: str, rows: Iterable[Cells]) -> None: ...

    def feeds(self, names: Sequence[str]) -> None:
        """These feeds have arrived."""


@contextmanager
def pouring(url: str, day: date) -> Iterator[Pour]:
    """Open a database with an empty schema for one load; the planner knows the tables afterwards."""
    with (_sqlite if is_sqlite(url) else _postgres)(url, day) as pour:
        yield pour


def _stamps(day: date) -> tuple[date, int]:
    return day, microseconds(datetime.combine(day, time(23), tzinfo=SHANGHAI))


class _Into:
    """One table after the other; `write` takes a table's name, its columns and its rows."""

    def __init__(self, day: date, engine: sa.Engine, write: Callable[[str, list[str], Iterable[Cells]], None]) -> None:
        self._day, self._engine, self._write = day, engine, write
        self._indexes: list[sa.Index] = []

    def rows(self, table: str, columns: str, rows: Iterable[Cells]) -> None:
        target, stamps = schema.rows_of(schema.views.tables[table]), _stamps(self._day)
        with self._engine.begin() as connection:
            for index in target.indexes:
                index.drop(connection)
                self._indexes.append(index)
        names = [*columns.split(), "as_of", "arrived_at"]
        self._write(target.name, names, ((*row, *stamps) for row in rows))

    def feeds(self, names: Sequence[str]) -> None:
        stamps = _stamps(self._day)
        self._write("feed", ["name", "as_of", "arrived_at", "version", "rows"], ((n, *stamps, 1, 0) for n in names))

    def finish(self) -> None:
        with self._engine.begin() as connection:
            for index in self._indexes:
                index.create(connection)


@contextmanager
def _sqlite(url: str, day: date) -> Iterator[Pour]:
    raw = sqlite3.connect(sqlite_path(url), isolation_level=None)
    raw.execute("PRAGMA journal_mode=OFF")
    raw.execute("PRAGMA synchronous=OFF")
    sqlite3.register_adapter(date, date.isoformat)

    def write(table: str, names: list[str], rows: Iterable[Cells]) -> None:
        marks = ", ".join("?" for _ in names)
        raw.execute("BEGIN")
        raw.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)
        raw.execute("COMMIT")

    engine = sa.create_engine("sqlite://", creator=lambda: raw, poolclass=sa.pool.StaticPool)
    into = _Into(day, engine, write)
    yield into
    into.finish()
    raw.execute("ANALYZE")
    raw.close()


@contextmanager
def _postgres(url: str, day: date) -> Iterator[Pour]:
    engine = postgres(url, pool=1, options=UNHURRIED)

    def write(table: str, names: list[str], rows: Iterable[Cells]) -> None:
        with engine.begin() as connection:
            driver: Any = connection.connection.driver_connection
            with driver.cursor().copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)

    into = _Into(day, engine, write)
    yield into
    into.finish()
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("VACUUM (ANALYZE)")
    engine.dispose()
