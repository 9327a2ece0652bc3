"""Attempt notes: which updates were in hand when a process died, so that a killer cannot take its neighbours along.

Written unsynced before a group and removed in its commit (units-of-work.md §3.4); a lost group leaves them behind as a
dead process does. A noted update runs alone; only ends while alone count, and after the third it is a dead letter.
"""

from collections.abc import Iterable

import sqlalchemy as sa

from storage import schema
from storage.statement import Statement

DEATHS_ALLOWED = 3
_NOTE = Statement(sa.text("INSERT INTO attempt (dedup_key, deaths) VALUES (:key, 0) ON CONFLICT DO NOTHING"))
_FORGET = Statement(sa.text("DELETE FROM attempt WHERE dedup_key = :key"))
_ALONE = sa.text(
    "INSERT INTO attempt (dedup_key, deaths) VALUES (:key, :deaths)"
    " ON CONFLICT (dedup_key) DO UPDATE SET deaths = excluded.deaths"
)
_STALE = sa.text(
    "DELETE FROM attempt WHERE EXISTS"
    " (SELECT 1 FROM inbox WHERE inbox.dedup_key = attempt.dedup_key AND inbox.state <> 'new')"
)


def forget_finished(connection: sa.Connection) -> None:
    """A repeat of what was handled long ago was in hand when a process died: its note has nobody to remove it."""
    connection.execute(_STALE)


def note(connection: sa.Connection, keys: Iterable[str]) -> None:
    if rows := [{"key": key} for key in sorted(keys)]:
        _NOTE.run_many(connection, rows)


def forget(connection: sa.Connection, keys: Iterable[str]) -> None:
    if rows := [{"key": key} for key in sorted(keys)]:
        _FORGET.run_many(connection, rows)


def note_alone(connection: sa.Connection, key: str, deaths: int) -> None:
    """Written before an update runs alone: it has died `deaths` times if nothing is heard of it again."""
    connection.execute(_ALONE, {"key": key, "deaths": deaths})


def noted(connection: sa.Connection, keys: Iterable[str] | None = None) -> dict[str, int]:
    """Deaths by key, of all notes or of the given keys."""
    columns = schema.attempt.c
    statement = sa.select(columns.dedup_key, columns.deaths)
    if keys is not None:
        statement = statement.where(columns.dedup_key.in_(list(keys)))
    return {row.dedup_key: row.deaths for row in connection.execute(statement).all()}
