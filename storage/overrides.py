"""The house's own word over a feed's: who keeps a customer, whether somebody is at work, in which posts.

It is written into the row itself, so that every reader sees it, and kept here with what the feed said at that time.
While the feed repeats that, the house's word stands; as soon as the feed says something new, the feed's word counts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from domain.staff import posts_of
from storage import schema, team_seats
from storage.among import among
from storage.unit import Unit

_OWN = schema.override.c
_INSERT: Mapping[str, Callable[[sa.Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
WECOM = "wecom"
"""Why somebody is stopped: WeCom says so, and may say otherwise later."""


@dataclass(frozen=True, eq=False)
class Cell:
    """A column of a feed that the house may have a word on. `again` is the house's word on what a feed newly says;
    None when the feed's word counts."""

    feed: str
    table: sa.Table
    key: sa.Column[Any]
    column: sa.Column[Any]
    again: Callable[[str | None, str | None, str | None], str | None]

    @property
    def here(self) -> sa.ColumnElement[bool]:
        """The overrides of this cell."""
        return sa.and_(_OWN.feed == self.feed, _OWN.field == self.column.name)


@dataclass(frozen=True)
class Override:
    """What the house decided of one row, and what the feed said when it did."""

    key: str
    fed: str | None
    value: str | None
    why: str


def _same(fed: str | None, value: str | None, now: str | None) -> str | None:
    return value if now == fed else None


def without(posts: str, withheld: Iterable[str]) -> str:
    """Posts as the feed writes them, but for some."""
    gone = set(withheld)
    return "|".join(post for post in posts_of(posts) if post not in gone)


def _withheld(fed: str | None, value: str | None, now: str | None) -> str | None:
    """A post that was taken from somebody is not given back because another one was added."""
    gone = set(posts_of(fed or "")) - set(posts_of(value or ""))
    left = without(now or "", gone)
    return None if left == "|".join(posts_of(now or "")) else left


_STAFF, _CUSTOMER = schema.staff.c, schema.customer.c
MANAGER = Cell("customers", schema.customer, _CUSTOMER.customer_id, _CUSTOMER.rm_userid, _same)
STATUS = Cell("staff", schema.staff, _STAFF.userid, _STAFF.status, _same)
POSTS = Cell("staff", schema.staff, _STAFF.userid, _STAFF.posts, _withheld)
_CELLS = (MANAGER, STATUS, POSTS)


def hold(unit: Unit, cell: Cell) -> None:
    """Before this commit nobody else changes what the house says there, and no import of that feed comes into force."""
    unit.rows(sa.select(schema.feed.c.version).where(schema.feed.c.name == cell.feed).with_for_update())


def put(unit: Unit, cell: Cell, keys: Sequence[str], value: str | None, why: str) -> None:
    """From this commit on these rows say `value` there. Back at what the feed says, nothing is left to remember."""
    hold(unit, cell)
    unit.execute(_remember(unit, cell, keys, value, why))
    _write(unit, cell, keys, value)
    mine = sa.and_(cell.here, among(unit, _OWN.row_key, keys))
    unit.execute(schema.override.delete().where(mine, _OWN.fed.is_not_distinct_from(_OWN.value)))


def _remember(unit: Unit, cell: Cell, keys: Sequence[str], value: str | None, why: str) -> sa.Executable:
    said = {"value": value, "why": why, "decided_by": unit.actor, "decided_at": unit.now, "checked_at": unit.now}
    names = ("feed", "row_key", "field", "fed", *said)
    types = [_OWN[name].type for name in said]
    given = [sa.literal(each, type_) for each, type_ in zip(said.values(), types, strict=True)]
    rows = sa.select(sa.literal(cell.feed), cell.key, sa.literal(cell.column.name), cell.column, *given)
    insert = _INSERT[unit.connection.dialect.name](schema.override)
    wanted = insert.from_select(names, rows.where(among(unit, cell.key, keys)))
    statement: sa.Executable = wanted.on_conflict_do_update(
        index_elements=["feed", "row_key", "field"], set_={name: wanted.excluded[name] for name in said}
    )
    return statement


def _write(unit: Unit, cell: Cell, keys: Sequence[str], value: str | None) -> None:
    """Into the rows in force: all that is written to feed rows outside an import is written here."""
    rows, feed = schema.rows_of(cell.table), schema.feed.c
    version = sa.func.coalesce(sa.select(feed.version).where(feed.name == cell.feed).scalar_subquery(), 0)
    in_force = sa.and_(rows.c.since <= version, sa.or_(rows.c.until.is_(None), rows.c.until > version))
    here = sa.and_(among(unit, rows.c[cell.key.name], keys), in_force)
    unit.execute(rows.update().where(here).values({cell.column.name: value}))


def lift(unit: Unit, cell: Cell, key: str) -> bool:
    """The feed's word counts again; False when the house had none of its own."""
    own = find(unit, cell, key)
    if own is None:
        return False
    unit.execute(schema.override.delete().where(cell.here, _OWN.row_key == key))
    _write(unit, cell, [key], own.fed)
    return True


def find(unit: Unit, cell: Cell, key: str) -> Override | None:
    row = unit.row(sa.select(schema.override).where(cell.here, _OWN.row_key == key))
    return None if row is None else Override(row.row_key, row.fed, row.value, row.why)


def every(unit: Unit, cell: Cell) -> list[Override]:
    rows = unit.rows(sa.select(schema.override).where(cell.here).order_by(_OWN.row_key))
    return [Override(row.row_key, row.fed, row.value, row.why) for row in rows]


def settle(unit: Unit, feed: str) -> None:
    """After rows of a feed were written, in the same commit: the house's word again, or the end of it."""
    for cell in _CELLS:
        if cell.feed == feed:
            _settle(unit, cell)
    if feed == schema.service_team.info["feed"]:
        team_seats.settle(unit)


def _settle(unit: Unit, cell: Cell) -> None:
    joined = schema.override.join(cell.table, sa.and_(cell.here, cell.key == _OWN.row_key))
    fresh = sa.or_(cell.column.is_distinct_from(_OWN.value), cell.table.c.arrived_at > _OWN.checked_at)
    own = sa.select(_OWN.row_key, _OWN.fed, _OWN.value, cell.column.label("now")).select_from(joined).where(fresh)
    for row in unit.rows(own):
        mine = sa.and_(cell.here, _OWN.row_key == row.row_key)
        value = cell.again(row.fed, row.value, row.now)
        if value is None:
            unit.execute(schema.override.delete().where(mine))
            unit.audit("override.ended", f"{cell.feed}:{row.row_key}", {"field": cell.column.name})
            continue
        _write(unit, cell, [row.row_key], value)
        unit.execute(schema.override.update().where(mine).values(fed=row.now, value=value, checked_at=unit.now))
