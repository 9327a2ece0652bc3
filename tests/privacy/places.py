"""Where a value could come to rest: raw database files and cells, backups, logs."""

import io
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import structlog
from sqlalchemy import make_url

from bot.logging import configure
from bot.sections import Log

TABLES = "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname !~ '^(pg_|information_)'"


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """All that is logged, down to debug, as the house writes it; afterwards logging is as it was."""
    root, written = logging.getLogger(), io.StringIO()
    handlers, level = list(root.handlers), root.level
    configure(Log(level="debug"), written)
    structlog.configure(cache_logger_on_first_use=False)
    try:
        yield written
    finally:
        structlog.reset_defaults()
        root.handlers[:] = handlers
        root.setLevel(level)


def at_rest(url: str, folder: Path) -> dict[str, bytes]:
    """By name of the place: the database's own files and a backup of it, or every cell of every table as it is kept."""
    return _files(Path(make_url(url).database or ""), folder) if url.startswith("sqlite") else dict(_cells(url))


def _files(file: Path, folder: Path) -> dict[str, bytes]:
    backup = folder / "backup.db"
    with closing(sqlite3.connect(file)) as live, closing(sqlite3.connect(backup)) as copy:
        live.backup(copy)
    return {each.name: each.read_bytes() for each in (*file.parent.glob(f"{file.name}*"), backup)}


def _cells(url: str) -> Iterator[tuple[str, bytes]]:
    plain: Any = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain) as connection:
        for (table,) in connection.execute(TABLES).fetchall():
            with connection.cursor().copy(f"COPY {table} TO STDOUT (FORMAT BINARY)") as copied:
                yield table, b"".join(map(bytes, copied))
