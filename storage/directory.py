"""Who works at the bank and where: members and the tree of units, as the last feed left them."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa

from domain.grant import GrantKind, Held
from domain.ids import UnitId, UserId, userid
from domain.staff import POSTS, Post, Staff, UnitKind, UnitTree, posts_of, without_titles
from domain.staff import Unit as OrgUnit
from storage import schema, search_keys
from storage.columns import Instant
from storage.granted import in_force
from storage.statement import Statement
from storage.unit import Unit

NO_UNIT = UnitId("")
_STAFF, _UNITS, _ACTING, _ACCESS = schema.staff.c, schema.org_unit.c, schema.acting_post.c, schema.access.c
# One row for each grant that is in force; one row for somebody without any.
_MEMBER = Statement(
    sa.select(_STAFF.userid, _STAFF.wecom_userid, _STAFF.name, _STAFF.posts, _STAFF.unit_id, _STAFF.leader_userid)
    .add_columns(_STAFF.status, _STAFF.closed_as_of, _ACTING.post, _ACCESS.kind, _ACCESS.what)
    .select_from(
        schema.staff.outerjoin(schema.acting_post, _ACTING.userid == _STAFF.userid).outerjoin(
            schema.access,
            sa.and_(_ACCESS.userid == _STAFF.userid, in_force(_ACCESS, sa.bindparam("moment", type_=Instant))),
        )
    )
    .where(_STAFF.userid == sa.bindparam("person"))
)
_CHOOSE = Statement(schema.acting_post.update().where(_ACTING.userid == sa.bindparam("person")))
_CHOSEN = Statement(schema.acting_post.insert())
_ADDRESS = Statement(sa.select(_STAFF.wecom_userid).where(_STAFF.userid == sa.bindparam("person")))
_IS_ACTIVE = sa.and_(_STAFF.status == "active", _STAFF.closed_as_of.is_(None))
_GONE = Statement(sa.select(_STAFF.userid).where(_STAFF.userid == sa.bindparam("person"), sa.not_(_IS_ACTIVE)))
_ACTIVE = sa.select(_STAFF.userid, _STAFF.posts, _STAFF.unit_id).where(_IS_ACTIVE)
_MOBILE = sa.select(_STAFF.mobile).where(_STAFF.userid == sa.bindparam("person"), _IS_ACTIVE)
_BETWEEN_DIGITS = re.compile(r"[ -]")
_OPEN = sa.select(_UNITS.unit_id, _UNITS.name, _UNITS.kind, _UNITS.parent_id).where(_UNITS.closed_as_of.is_(None))
_BELOW = _OPEN.where(_UNITS.unit_id == sa.bindparam("here")).cte("above", recursive=True)
_ABOVE = _BELOW.union(_OPEN.where(_UNITS.unit_id == _BELOW.c.parent_id))  # no row twice: a circle in a feed ends
_EVERY_UNIT, _UNITS_ABOVE = Statement(_OPEN), Statement(sa.select(_ABOVE))


def member(unit: Unit, person: UserId) -> Staff | None:
    """The member with this userid, also one who has left (`active` tells); None for a stranger."""
    rows = unit.rows(_MEMBER, {"person": person, "moment": unit.now})
    if not rows:
        return None
    row = rows[0]
    unit.addresses[row.userid] = row.wecom_userid or row.userid
    found = Staff(
        userid=UserId(row.userid),
        name=unit.vault.open("staff", "name", row.userid, row.name),
        posts=posts_of(row.posts),
        unit_id=UnitId(row.unit_id),
        leader=UserId(row.leader_userid) if row.leader_userid else None,
        active=row.status == "active" and row.closed_as_of is None,
        chosen=Post(row.post) if row.post else None,
        grants=tuple(Held(GrantKind(each.kind), each.what) for each in rows if each.kind),
    )
    unit.acting.setdefault(found.userid, found.post)
    return found


def acting_post(unit: Unit, person: UserId) -> str | None:
    """The post in which somebody acts in this unit: the one of the card they clicked, else the one they chose."""
    if person not in unit.acting:
        member(unit, person)
    return unit.acting.get(person)


def chosen_post(unit: Unit, person: UserId) -> Post | None:
    """The post in which the person acts where no card says otherwise."""
    found = member(unit, person)
    return found.post if found is not None else None


def choose_post(unit: Unit, person: UserId, post: Post) -> None:
    """From now on the person acts in this post, until they choose another one."""
    chosen = {"post": post, "since": unit.now}
    if not unit.changed(_CHOOSE, {"person": person, **chosen}):
        unit.execute(_CHOSEN, {"userid": person, **chosen})
    unit.acting[person] = post


def address(unit: Unit, person: str) -> str:
    """The userid as the bank spells it, for `touser`; userids compare without case."""
    if person not in unit.addresses:
        row = unit.row(_ADDRESS, {"person": person})
        unit.addresses[person] = (row.wecom_userid if row else None) or person
    return unit.addresses[person]


def gone(unit: Unit, person: UserId) -> bool:
    """Whether somebody worked here and does not any more."""
    return unit.row(_GONE, {"person": person}) is not None


def mobile(unit: Unit, person: UserId) -> str | None:
    """The number of an active member as one dials it; None where none is known."""
    sealed = unit.execute(_MOBILE, {"person": person}).scalar()
    written = unit.vault.open_optional("staff", "mobile", person, sealed)
    return _BETWEEN_DIGITS.sub("", written) if written else None


def units(unit: Unit) -> UnitTree:
    return UnitTree(_OpenUnits(unit))


class _OpenUnits(Mapping[UnitId, OrgUnit]):
    """Read when they are asked for: one with all above it, or every one. Most updates need none."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._read: dict[UnitId, OrgUnit] = {}
        self._whole = False

    def __getitem__(self, unit_id: UnitId) -> OrgUnit:
        if unit_id not in self._read and not self._whole:
            self._keep(self._unit.rows(_UNITS_ABOVE, {"here": unit_id}))
        return self._read[unit_id]

    def __iter__(self) -> Iterator[UnitId]:
        if not self._whole:
            self._keep(self._unit.rows(_EVERY_UNIT))
            self._whole = True
        return iter(self._read)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _keep(self, rows: Iterable[Any]) -> None:
        for row in rows:
            parent = UnitId(row.parent_id) if row.parent_id else None
            self._read[UnitId(row.unit_id)] = OrgUnit(UnitId(row.unit_id), row.name, UnitKind(row.kind), parent)


def posts(unit: Unit) -> list[str]:
    """Every post that an active member holds."""
    held = sa.select(_STAFF.posts).where(_IS_ACTIVE).distinct()
    return sorted({post for row in unit.rows(held) for post in posts_of(row.posts)})


def holders(unit: Unit, post: str, limit: int, at: UnitId | None = None) -> list[UserId]:
    """Some active members who hold a post (`at`: in this very unit), in a fixed order."""
    return [userid for userid, where in posted(unit, post) if at in (None, where)][:limit]


def posted(unit: Unit, post: str) -> list[tuple[UserId, UnitId]]:
    """Every active member who holds a post, with the unit they work in, in a fixed order."""
    held = _ACTIVE.where(_STAFF.posts.contains(post, autoescape=True)).order_by(_STAFF.userid)
    return [(UserId(row.userid), UnitId(row.unit_id)) for row in unit.rows(held) if post in posts_of(row.posts)]


def superiors(unit: Unit, person: Staff) -> list[Staff]:
    """Everybody above the member, the nearest first; a circle in a feed ends the climb."""
    above: dict[UserId, Staff] = {}
    here: Staff | None = person
    while here is not None and here.leader and here.leader not in (person.userid, *above):
        here = member(unit, here.leader)
        above |= {here.userid: here} if here is not None else {}
    return list(above.values())


def called(unit: Unit, words: str, *, gone: bool = False) -> list[UserId]:
    """The active members whose userid or whole name this is; posts and units may stand in front of it. `gone`: also
    who has left.
    """
    among = sa.select(_STAFF.userid) if gone else _ACTIVE
    found = _called(unit, words, among)
    if found:
        return found
    titles = (*POSTS, *posts(unit), *(each.name for each in units(unit).units.values()))
    return _called(unit, without_titles(words, titles), among)


def _called(unit: Unit, words: str, among: sa.Select[Any]) -> list[UserId]:
    index = search_keys.staff_index(unit.vault, words)
    found = among.where(sa.or_(_STAFF.userid == userid(words), _STAFF.name_index == index))
    return [UserId(row.userid) for row in unit.rows(found.order_by(_STAFF.userid))]


def names(unit: Unit, people: Iterable[UserId]) -> dict[UserId, str]:
    """How members are called; somebody unknown by their userid."""
    wanted = list(dict.fromkeys(people))
    rows = unit.rows(sa.select(_STAFF.userid, _STAFF.name).where(_STAFF.userid.in_(wanted))) if wanted else []
    known = {UserId(row.userid): unit.vault.open("staff", "name", row.userid, row.name) for row in rows}
    return {person: known.get(person, person) for person in wanted}
