"""The plainest way from one database into another of the same schema: what an import is measured against.

One COPY a table in PostgreSQL, one executemany in SQLite; one transaction a table, synchronous, indexes in place.
"""

import sqlite3
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from storage.engine import UNHURRIED, is_sqlite, postgres, sqlite_path


def copy_plainly(source: str, target: str, tables: Sequence[str]) -> None:
    """Every row of the tables, as it is."""
    (_within_sqlite if is_sqlite(source) else _within_postgres)(source, target, tables)


def _within_sqlite(source: str, target: str, tables: Sequence[str]) -> None:
    reader, writer = sqlite3.connect(sqlite_path(source)), sqlite3.connect(sqlite_path(target), isolation_level=None)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("PRAGMA synchronous=FULL")
    for table in tables:
        rows = reader.execute(f"SELECT * FROM {table}")
        marks = ", ".join("?" for _ in rows.description)
        writer.execute("BEGIN IMMEDIATE")
        writer.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
        writer.execute("COMMIT")
    writer.close()
    reader.close()


def _within_postgres(source: str, target: str, tables: Sequence[str]) -> None:
    engines = [postgres(url, pool=1, options=UNHURRIED) for url in (source, target)]
    with engines[0].connect() as reading, engines[1].connect() as writing:
        reader, writer = _driver(reading), _driver(writing)
        for table in tables:
            out, into = f"COPY {table} TO STDOUT", f"COPY {table} FROM STDIN"
            with reader.cursor().copy(out) as source_rows, writer.cursor().copy(into) as target_rows:
                for block in source_rows:
                    target_rows.write(block)
            writer.commit()
    for engine in engines:
        engine.dispose()


def _driver(connection: sa.Connection) -> Any:
    return connection.connection.driver_connection
