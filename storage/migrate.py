"""Brings a database's schema to the newest revision; the same migrations run on SQLite and PostgreSQL."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from storage.engine import is_sqlite, postgres, sqlite_path, sqlite_writer

_HERE = Path(__file__).parent / "migrations"


def config(connection: sa.Connection | None = None) -> Config:
    """Alembic's view of this house; the connection travels as an attribute, never as a URL in a file."""
    made = Config()
    made.set_main_option("script_location", str(_HERE))
    made.attributes["connection"] = connection
    return made


def upgrade(url: str) -> None:
    if is_sqlite(url):
        sqlite_path(url).parent.mkdir(parents=True, exist_ok=True)
    engine = sqlite_writer(url) if is_sqlite(url) else postgres(url, pool=1)
    with engine.begin() as connection:
        if not is_sqlite(url):
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7227001)"))
        command.upgrade(config(connection), "head")
    engine.dispose()


def is_current(connection: sa.Connection) -> bool:
    head = ScriptDirectory.from_config(config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head
