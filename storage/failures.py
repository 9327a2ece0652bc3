"""What a database error says: whether its transaction is gone, and whether the unit is to blame or the weather."""

import sqlite3

import psycopg
import sqlalchemy as sa
from sqlalchemy import exc

# Busy, locked, no memory, read-only, I/O error, full, cannot open: the machine's trouble, not the unit's.
_SQLITE_WEATHER = {5, 6, 7, 8, 10, 13, 14}
# Serialization, deadlock, lock not available, server going away; class 53 is lack of disk, memory or connections.
_POSTGRES_WEATHER = {"40001", "40P01", "55P03", "57P01", "57P02", "57P03"}


class GroupLost(Exception):
    """The transaction is gone; nothing in it was kept and its units are done again one by one."""


def reason(error: BaseException) -> BaseException:
    """What lies behind a lost group."""
    return error.__cause__ or error if isinstance(error, GroupLost) else error


def is_weather(error: BaseException) -> bool:
    """Whether the same unit may well succeed later: its attempt is not charged."""
    original = getattr(reason(error), "orig", reason(error))
    if isinstance(original, sqlite3.Error):
        return getattr(original, "sqlite_errorcode", 0) & 0xFF in _SQLITE_WEATHER
    state = getattr(original, "sqlstate", None) or ""
    if isinstance(original, psycopg.OperationalError) and not state:
        return True  # the connection went away before the server could say why
    return state in _POSTGRES_WEATHER or state.startswith("53")


def is_certain(error: BaseException) -> bool:
    """Whether nothing of the transaction was kept; a connection lost in COMMIT leaves that open."""
    if isinstance(error, GroupLost):
        return True
    return bool(getattr(getattr(error, "orig", None), "sqlstate", None))


def is_lost(connection: sa.Connection, error: Exception) -> bool:
    """Whether the transaction died with the error (a full disk rolls SQLite back silently: units-of-work.md §3.2)."""
    if connection.invalidated:
        return True
    if connection.dialect.name == "sqlite":
        driver = connection.connection.driver_connection
        return driver is None or not driver.in_transaction or is_weather(error)
    return isinstance(error, exc.OperationalError | exc.InternalError | exc.InterfaceError)
