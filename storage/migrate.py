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

FOREIGN = (
    "数据库是另一个版本的程序建的，本程序不认得它的结构，未作改动：请换回建它的版本，或升级到更新的版本；"
    "试用和演示的数据可以不要：换一个空的状态目录（--state）或空的库重新开始"
)
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
            if is_foreign(connection):
                raise Refused(FOREIGN)
            command.upgrade(config(connection), "head")
            calendar_seed.plant(connection)
    finally:
        engine.dispose()


def is_foreign(connection: sa.Connection) -> bool:
    """Whether another version of the program made this database, and this one knows no way from there."""
    known = {revision.revision for revision in ScriptDirectory.from_config(config()).walk_revisions()}
    present = MigrationContext.configure(connection).get_current_revision()
    return present is not None and present not in known


def is_current(connection: sa.Connection) -> bool:
    head = ScriptDirectory.from_config(config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head
