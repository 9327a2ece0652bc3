"""Connections: how SQLite and PostgreSQL are opened, and what each connection is told first."""

import fcntl
import os
from pathlib import Path
from typing import IO, Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import NullPool, QueuePool

FULL, UNSYNCED = "FULL", "NORMAL"
BUSY_MILLISECONDS = 5_000
_LIMITS = (
    "-c statement_timeout=10000 -c lock_timeout=3000 -c idle_in_transaction_session_timeout=15000"
    " -c default_transaction_isolation=read\\ committed -c jit=off"  # compiling costs more than our statements do
)
SYNCED_COMMITS, UNSYNCED_COMMITS = "-c synchronous_commit=on", "-c synchronous_commit=off"
UNHURRIED = f"{SYNCED_COMMITS} -c statement_timeout=0 -c lock_timeout=0"
READERS = 4


class DatabaseBusy(Exception):
    """Another process holds the embedded database; the message is Chinese."""


def is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


def sqlite_path(url: str) -> Path:
    return Path(sa.make_url(url).database or "")


def sqlite_writer(url: str) -> sa.Engine:
    """The one engine that writes: BEGIN IMMEDIATE, FULL sync, alone in checkpointing (reliability.md §0.1, §0.3)."""
    engine = sa.create_engine(url, poolclass=NullPool, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _prepare_writer)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def sqlite_readers(url: str) -> sa.Engine:
    engine = sa.create_engine(
        url, poolclass=QueuePool, pool_size=READERS, max_overflow=0, connect_args={"check_same_thread": False}
    )
    event.listen(engine, "connect", _prepare_reader)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def postgres(url: str, *, pool: int, options: str = SYNCED_COMMITS) -> sa.Engine:
    """READ COMMITTED; a statement or a lock that hangs ends the unit, not the bank (units-of-work.md §5.16)."""
    return sa.create_engine(
        url,
        pool_size=pool,
        max_overflow=2,
        pool_pre_ping=True,
        pool_use_lifo=True,
        connect_args={"options": f"{_LIMITS} {options}"},
    )


def _prepare(connection: Any, pragmas: dict[str, str]) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for name, value in pragmas.items():
        cursor.execute(f"PRAGMA {name}={value}")
    cursor.close()


def _prepare_writer(connection: Any, _record: Any) -> None:
    pragmas = {"journal_mode": "WAL", "synchronous": FULL, "busy_timeout": str(BUSY_MILLISECONDS), "foreign_keys": "ON"}
    _prepare(connection, pragmas | {"trusted_schema": "OFF", "secure_delete": "ON", "mmap_size": "0"})


def _prepare_reader(connection: Any, _record: Any) -> None:
    pragmas = {
        "query_only": "ON",
        "wal_autocheckpoint": "0",
        "busy_timeout": str(BUSY_MILLISECONDS),
        "trusted_schema": "OFF",
    }
    _prepare(connection, pragmas | {"mmap_size": "0"})


def lock_sqlite(url: str) -> IO[str]:
    """One process at a time per database file; the lock dies with the process."""
    path = sqlite_path(url)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = open(path.with_name(path.name + ".lock"), "a+", encoding="utf-8")  # noqa: SIM115 - held until close
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        handle.close()
        raise DatabaseBusy("数据库正被另一个进程使用：请先停止它，或让命令通过它的控制套接字执行") from error
    handle.truncate(0)
    handle.write(str(os.getpid()))
    handle.flush()
    return handle
