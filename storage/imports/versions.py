"""The version of a feed: taken for writing, put in force with one change of one row, cleared away when it never was."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from domain.refusal import Refused
from storage import schema
from storage.database import Database
from storage.imports.rows import Rows
from storage.unit import Unit

AT_ONCE = 500
"""Rows swept in one unit of work."""
_FEED, _STAGING = schema.feed.c, schema.feed_staging.c


@dataclass(frozen=True)
class Arrival:
    """What the ledger of feeds says once the version is in force."""

    as_of: date
    arrived_at: datetime
    rows: int
    source: str


def version_of(unit: Unit, name: str) -> int:
    """The version in force; 0 for a feed that never came."""
    return int(unit.execute(sa.select(_FEED.version).where(_FEED.name == name)).scalar() or 0)


def take(database: Database, rows: Rows, name: str) -> None:
    """Begin to write a version; what a process that died left of it goes first."""
    if database.run(partial(_taken, name=name, version=rows.version), f"import.{name}"):
        _clear(database, rows, name)


def _taken(unit: Unit, name: str, version: int) -> bool:
    """Whether somebody was at it before and never ended."""
    if unit.row(sa.select(_STAGING.name).where(_STAGING.name == name)) is not None:
        return True
    unit.execute(schema.feed_staging.insert().values(name=name, version=version, begun_at=unit.now))
    return False


def give_up(database: Database, rows: Rows, name: str) -> None:
    """Nothing of the version is left."""
    _clear(database, rows, name)
    ended = schema.feed_staging.delete().where(_STAGING.name == name)
    database.run(lambda unit: unit.execute(ended) and None, f"import.{name}")


def put_in_force(unit: Unit, name: str, version: int, arrival: Arrival) -> None:
    """The flip: from this commit on everybody sees the new rows. Refused when somebody else was faster."""
    unit.execute(schema.feed_staging.delete().where(_STAGING.name == name))
    values: dict[str, Any] = {"as_of": arrival.as_of, "arrived_at": arrival.arrived_at}
    values |= {"rows": arrival.rows, "source": arrival.source}
    if version == 1:
        unit.execute(schema.feed.insert().values(name=name, version=1, **values))
        return
    # What comes late fills a gap: the feed is as far as it was.
    values["as_of"] = sa.case((_FEED.as_of > arrival.as_of, _FEED.as_of), else_=arrival.as_of)
    before = schema.feed.update().where(_FEED.name == name, _FEED.version == version - 1)
    if not unit.changed(before.values(version=version, **values)):
        raise Refused("另一批导入刚刚写入了同一文件，本次未作改动，请重新导入")


def sweep(database: Database, rows: Rows, name: str) -> None:
    """Remove what the version in force replaced, a little at a time."""
    _until_done(database, rows.sweep, name)


def _clear(database: Database, rows: Rows, name: str) -> None:
    _until_done(database, rows.revive, name)
    for window in database.read_now(partial(rows.windows, size=10 * AT_ONCE)):
        database.run(partial(rows.drop, window=window), f"import.{name}", bulk=True)


def _until_done(database: Database, some: Callable[[Unit, int], bool], name: str) -> None:
    while database.run(lambda unit: some(unit, AT_ONCE), f"import.{name}", bulk=True):
        pass
