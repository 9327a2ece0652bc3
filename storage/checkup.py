"""What a command must know of a database before it opens it: can it be reached, and does its schema fit this
program.
"""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy import exc

from storage import schema
from storage.engine import is_sqlite, postgres, sqlite_path, sqlite_readers
from storage.migrate import is_current, is_foreign
from storage.unit import Unit


class SchemaState(StrEnum):
    """EMPTY: nothing there yet. BEHIND: to be migrated. FOREIGN: made by a version that this one does not know."""

    UNREACHABLE = "unreachable"
    EMPTY = "empty"
    BEHIND = "behind"
    FOREIGN = "foreign"
    CURRENT = "current"


def schema_state(url: str) -> SchemaState:
    """Look without changing anything; an SQLite file that is not there is not made."""
    if is_sqlite(url) and not sqlite_path(url).exists():
        return SchemaState.EMPTY
    engine = sqlite_readers(url) if is_sqlite(url) else postgres(url, pool=1)
    try:
        with engine.connect() as connection:
            if is_current(connection):
                return SchemaState.CURRENT
            if is_foreign(connection):
                return SchemaState.FOREIGN
            return SchemaState.BEHIND if sa.inspect(connection).get_table_names() else SchemaState.EMPTY
    except exc.DBAPIError:
        return SchemaState.UNREACHABLE
    finally:
        engine.dispose()


def is_database_error(error: BaseException) -> bool:
    """Whether the database, not the program, is why something failed."""
    return isinstance(error, exc.DBAPIError)


def known_staff(unit: Unit) -> dict[str, bool]:
    """Every userid of the staff, as WeCom spells it, and whether the person works here."""
    staff = schema.staff.c
    rows = unit.rows(sa.select(staff.wecom_userid, staff.status, staff.closed_as_of).order_by(staff.userid))
    return {row.wecom_userid: row.status == "active" and row.closed_as_of is None for row in rows}
