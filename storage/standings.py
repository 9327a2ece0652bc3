"""Whom the house last saw at work, in which posts, and where: what the directory says now is held against it.

So whatever way somebody's leaving is learnt, nothing has to be called for its effects to follow.
"""

from collections.abc import Sequence

import sqlalchemy as sa

from domain.ids import UnitId, UserId
from domain.staff import posts_of
from domain.standing import Standing
from storage import schema
from storage.unit import Unit

_STAFF, _SEEN = schema.staff.c, schema.standing.c
_WORKING = sa.and_(_STAFF.status == "active", _STAFF.closed_as_of.is_(None))
_POSTS = sa.case((_WORKING, _STAFF.posts), else_="")
_JOINED = schema.staff.outerjoin(schema.standing, _SEEN.userid == _STAFF.userid)
_NEW = sa.select(_STAFF.userid).select_from(_JOINED).where(_SEEN.userid.is_(None))
MOVED = (
    sa.select(_STAFF.userid)
    .select_from(schema.staff.join(schema.standing, _SEEN.userid == _STAFF.userid))
    .where(sa.or_(_SEEN.posts != _POSTS, _SEEN.unit_id != _STAFF.unit_id))
)
_FILL = sa.text(
    "INSERT INTO standing (userid, posts, unit_id)"
    " SELECT userid, CASE WHEN status = 'active' AND closed_as_of IS NULL THEN posts ELSE '' END, unit_id FROM staff"
    " WHERE NOT EXISTS (SELECT 1 FROM standing WHERE standing.userid = staff.userid) ON CONFLICT (userid) DO NOTHING"
)


def any_new(unit: Unit) -> bool:
    return unit.row(_NEW.limit(1)) is not None


def fill(unit: Unit) -> None:
    """Whoever was never seen before is seen as they stand now."""
    unit.execute(_FILL)


def moved(unit: Unit, limit: int = 50) -> Sequence[UserId]:
    """Who stands otherwise than the house last saw."""
    return [UserId(row.userid) for row in unit.rows(MOVED.order_by(_STAFF.userid).limit(limit))]


def last(unit: Unit, person: UserId) -> Standing | None:
    row = unit.row(sa.select(schema.standing).where(_SEEN.userid == person))
    return None if row is None else Standing(posts_of(row.posts), UnitId(row.unit_id))


def keep(unit: Unit, person: UserId, before: Standing, after: Standing) -> bool:
    """True for the one unit that may act on this change."""
    here = schema.standing.update().where(
        _SEEN.userid == person, _SEEN.posts == "|".join(before.posts), _SEEN.unit_id == before.unit_id
    )
    return unit.changed(here.values(posts="|".join(after.posts), unit_id=after.unit_id))
