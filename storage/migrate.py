"""Brings a database's schema to the newest revision and plants the published holidays; the same migrations run on
SQLite and PostgreSQL.
"""

from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from domain.refusal import Refused
from storage import calendar_seed
from storage.engine import UNHURRIED, is_sqlite, lock_sqlite, postgres, sqlite_writer

_HERE = Path(__file__).parent / "migrations"


def config(connection: sa.Connection | None = None) -> Config:
    """Alembic's view of this house; the connection travels as an attribute, never as a URL in a file."""
    made = Config()
    made.set_main_option("script_location", str(_HERE))
    made.attributes["connection"] = connection
    return made


def upgrade(url: str) -> None:
    """Nobody else may use the embedded database meanwhile; replicas of a shared one wait for each other."""
    if is_sqlite(url):
        with closing(lock_sqlite(url)):
            _upgrade(sqlite_writer(url))
    else:
        _upgrade(postgres(url, pool=1, options=UNHURRIED))


def _upgrade(engine: sa.Engine) -> None:
    try:
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(7227001)"))
            _not_newer(connection)
            command.upgrade(config(connection), "head")
            calendar_seed.plant(connection)
    finally:
        engine.dispose()


def _not_newer(connection: sa.Connection) -> None:
    """A database that a newer program made is left alone."""
    known = {revision.revision for revision in ScriptDirectory.from_config(config()).walk_revisions()}
    if (present := MigrationContext.configure(connection).get_current_revision()) is not None and present not in known:
        raise Refused(f"数据库的结构（{present}）比本程序新：请升级程序，数据库未作改动")


def is_current(connection: sa.Connection) -> bool:
    head = ScriptDirectory.from_config(config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head
