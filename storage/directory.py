"""Who works at the bank and where: members and the tree of units, as the last feed left them."""

import sqlalchemy as sa

from domain.ids import UnitId, UserId
from domain.staff import Staff, UnitKind, UnitTree, posts_of
from domain.staff import Unit as OrgUnit
from storage import schema
from storage.statement import Statement
from storage.unit import Unit

NO_UNIT = UnitId("")
_STAFF, _UNITS = schema.staff.c, schema.org_unit.c
_MEMBER = Statement(sa.select(schema.staff).where(_STAFF.userid == sa.bindparam("person")))
_ADDRESS = Statement(sa.select(_STAFF.wecom_userid).where(_STAFF.userid == sa.bindparam("person")))
_OPEN_UNITS = Statement(
    sa.select(_UNITS.unit_id, _UNITS.name, _UNITS.kind, _UNITS.parent_id).where(_UNITS.closed_as_of.is_(None))
)


def member(unit: Unit, person: UserId) -> Staff | None:
    """The member with this userid, also one who has left (`active` tells); None for a stranger."""
    row = unit.row(_MEMBER, {"person": person})
    if row is None:
        return None
    return Staff(
        userid=UserId(row.userid),
        name=unit.vault.open("staff", "name", row.userid, row.name),
        posts=posts_of(row.posts),
        unit_id=UnitId(row.unit_id),
        leader=UserId(row.leader_userid) if row.leader_userid else None,
        active=row.status == "active" and row.closed_as_of is None,
    )


def address(unit: Unit, person: str) -> str:
    """The userid as the bank spells it, for `touser`; userids compare without case."""
    row = unit.row(_ADDRESS, {"person": person})
    return row.wecom_userid or person if row else person


def units(unit: Unit) -> UnitTree:
    rows = unit.rows(_OPEN_UNITS)
    return UnitTree.of(
        OrgUnit(UnitId(row.unit_id), row.name, UnitKind(row.kind), UnitId(row.parent_id) if row.parent_id else None)
        for row in rows
    )


def holders(unit: Unit, post: str, limit: int) -> list[UserId]:
    """Some active members who hold a post, in a fixed order."""
    active = sa.select(_STAFF.userid, _STAFF.posts).where(_STAFF.status == "active", _STAFF.closed_as_of.is_(None))
    named = active.where(_STAFF.posts.contains(post, autoescape=True)).order_by(_STAFF.userid)
    return [UserId(row.userid) for row in unit.rows(named) if post in posts_of(row.posts)][:limit]
