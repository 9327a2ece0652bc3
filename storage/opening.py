"""Opens a database by its URL: which adapter stands behind the port."""

from pathlib import Path

from storage.ciphers import INTL, Suite
from storage.database import Database
from storage.engine import is_sqlite
from storage.group import Clocks
from storage.postgres import PostgresDatabase
from storage.sqlite import SqliteDatabase


def open_database(url: str, key_file: Path, clocks: Clocks, suite: Suite = INTL) -> Database:
    """The database in use; its schema must be at head (`storage.migrate.upgrade`)."""
    adapter = SqliteDatabase if is_sqlite(url) else PostgresDatabase
    return adapter(url, key_file, clocks, suite)
