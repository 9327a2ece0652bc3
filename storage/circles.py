"""The circles of customers around an actor, nearest first: own book, service team, the rest of the scope, customers
of open cases, and what was given for a time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from domain.grant import GrantKind
from domain.ids import CustomerId, UserId
from domain.process.selecting import FILER
from domain.refusal import Stopped
from domain.scope import Relation, Scope, ScopeKind
from storage import granted, restrictions, schema, team_seats
from storage.cases import BARRED, TOLD
from storage.columns import Instant
from storage.statement import Statement
from storage.unit import Unit

_CUSTOMER, _TEAM = schema.customer.c, team_seats.SEATS.c
_ACTOR: sa.BindParameter[str] = sa.bindparam("actor")
_TODAY: sa.BindParameter[date] = sa.bindparam("today")
_NOW: sa.BindParameter[datetime] = sa.bindparam("moment", type_=Instant)
_OPEN = _CUSTOMER.closed_as_of.is_(None)
FROZEN_BY = restrictions.asked_by(_CUSTOMER.customer_id).label("frozen_by")
_CURRENT = team_seats.on_day(_TODAY)
_OWN = _CUSTOMER.rm_userid == _ACTOR
_SERVED = _CUSTOMER.customer_id.in_(sa.select(_TEAM.customer_id).where(_TEAM.userid == _ACTOR, _CURRENT))
_BELOW = _CUSTOMER.unit_id.in_(sa.bindparam("units", expanding=True))
_LENT_UNIT = _CUSTOMER.unit_id.in_(sa.bindparam("lent", expanding=True))


def _lent_customer(kind: GrantKind) -> sa.ColumnElement[bool]:
    given = schema.access.alias().c
    mine = sa.select(given.what).where(given.userid == _ACTOR, given.kind == kind.value)
    return _CUSTOMER.customer_id.in_(mine.where(granted.in_force(given, _NOW)).correlate(None))


def _in_case() -> sa.ColumnElement[bool]:
    """Customers of open cases in which the actor works now, or somebody whose stand-in the actor is; never one that
    the actor has to keep out of. Having filed a case or heard of it is no work on it.
    """
    file, part, barred = schema.case_file.alias(), schema.case_person.alias(), schema.case_person.alias().c
    lent = schema.stand_in.alias().c
    absent = sa.select(lent.principal).where(
        lent.deputy == _ACTOR, lent.from_at <= _NOW, lent.until_at > _NOW, lent.ended_at.is_(None)
    )
    out = sa.exists().where(
        barred.case_id == file.c.id, barred.userid == _ACTOR, barred.part == BARRED, barred.current.is_(True)
    )
    works = sa.and_(part.c.current.is_(True), part.c.part.not_in((BARRED, TOLD, FILER)))
    mine = sa.or_(part.c.userid == _ACTOR, part.c.userid.in_(absent))
    files = sa.select(file.c.customer_id).join_from(part, file, file.c.id == part.c.case_id)
    found = files.where(mine, works, file.c.closed.is_(False), file.c.customer_id.is_not(None), sa.not_(out))
    return _CUSTOMER.customer_id.in_(found.correlate(None))


_LENT_CUSTOMER, _BROKEN = _lent_customer(GrantKind.CUSTOMER), _lent_customer(GrantKind.EMERGENCY)
_IN_CASE = _in_case()


@dataclass(frozen=True, eq=False)
class Circle:
    """The customers to whom an actor stands in one relation, without those of the circles before."""

    relation: Relation
    inside: sa.ColumnElement[bool]

    def of(self, select: sa.Select[Any]) -> Statement:
        """What a selection from `customer` finds in this circle."""
        return Statement(select.where(self.inside, _OPEN))


def _nearest_first(*circles: tuple[Relation, sa.ColumnElement[bool]]) -> tuple[Circle, ...]:
    before: list[sa.ColumnElement[bool]] = []
    made = []
    for relation, inside in circles:
        made.append(Circle(relation, sa.and_(inside, *before)))
        before.append(sa.not_(sa.func.coalesce(inside, sa.false())))  # nobody's customer is not one's own
    return tuple(made)


_BOOK = ((Relation.OWN_BOOK, _OWN), (Relation.SERVICE_TEAM, _SERVED))
_BY_KIND: Mapping[ScopeKind, tuple[tuple[Relation, sa.ColumnElement[bool]], ...]] = {
    ScopeKind.NONE: (),
    ScopeKind.ALL: ((Relation.IN_SCOPE, sa.true()),),
    ScopeKind.OWN_BOOK: (
        *_BOOK,
        (Relation.CASE, _IN_CASE),
        (Relation.TEMPORARY, _LENT_CUSTOMER),
        (Relation.EMERGENCY, _BROKEN),
    ),
    ScopeKind.UNIT_TREE: (
        *_BOOK,
        (Relation.IN_SCOPE, _BELOW),
        (Relation.CASE, _IN_CASE),
        (Relation.TEMPORARY, sa.or_(_LENT_CUSTOMER, _LENT_UNIT)),
        (Relation.EMERGENCY, _BROKEN),
    ),
}
"""The conditions by which an actor stands to customers, the nearest relation first."""

CIRCLES: Mapping[ScopeKind, tuple[Circle, ...]] = {kind: _nearest_first(*near) for kind, near in _BY_KIND.items()}


def _inside(kind: ScopeKind) -> sa.ColumnElement[bool]:
    return sa.or_(sa.false(), *(inside for _, inside in _BY_KIND[kind]))


def _how(kind: ScopeKind) -> sa.ColumnElement[str]:
    whens = [(inside, relation.value) for relation, inside in _BY_KIND[kind]]
    return sa.case(*whens) if whens else sa.literal(None, sa.Text)


def within(select: sa.Select[Any]) -> Mapping[ScopeKind, Statement]:
    """What a selection from `customer` finds inside a scope, with the `relation` of the nearest circle and who
    had it frozen beside it: one statement, whoever asks."""
    return {
        kind: Statement(select.add_columns(_how(kind).label("relation"), FROZEN_BY).where(_inside(kind), _OPEN))
        for kind in ScopeKind
    }


def counted(select: sa.Select[Any], *by: str) -> Mapping[ScopeKind, Statement]:
    """How many `rows` of such a selection there are inside a scope, by `relation` and these columns of it."""
    made = {}
    for kind in ScopeKind:
        inside = select.add_columns(_how(kind).label("relation")).where(_inside(kind), _OPEN).subquery().c
        groups = [inside.relation, *(inside[each] for each in by)]
        made[kind] = Statement(sa.select(*groups, sa.func.count().label("rows")).group_by(*groups))
    return made


def relation_column(kind: ScopeKind, customer_id: sa.ColumnElement[str]) -> sa.ScalarSelect[Any]:
    """How the reader stands to the customer that another table names; NULL for one outside the scope."""
    there = sa.and_(_CUSTOMER.customer_id == customer_id, _inside(kind), _OPEN)
    here = sa.select(_how(kind)).select_from(schema.customer).where(there)
    return here.correlate_except(schema.customer).scalar_subquery()


def around(scope: Scope, now: datetime) -> dict[str, Any]:
    """The parameters of these conditions."""
    tree = scope.kind is ScopeKind.UNIT_TREE
    units = {"units": sorted(scope.units), "lent": sorted(scope.lent)} if tree else {}
    return {"actor": scope.userid, "today": now.date(), "moment": now, **units}


def stands(unit: Unit, scope: Scope, row: Any) -> Relation:
    """How the actor stands to the customer of a row of `within`; raises Stopped where what is being done stops at such
    a customer: loading is authorising.
    """
    relation = Relation(row.relation)
    check(unit, scope, relation, row.frozen_by)
    return relation


def check(unit: Unit, scope: Scope, relation: Relation, frozen_by: str | None) -> None:
    """Raises Stopped where what is being done stops: at customers one stands to that way, or at frozen ones."""
    if relation in scope.shut:
        raise Stopped(scope.shut[relation], reason=f"stops at {relation.value}")
    if scope.rests and frozen_by is not None:
        raise restrictions.refusal(unit, UserId(frozen_by))


_RELATION = within(sa.select(_CUSTOMER.customer_id).where(_CUSTOMER.customer_id == sa.bindparam("customer")))


def relation_to(unit: Unit, scope: Scope, customer_id: CustomerId) -> Relation | None:
    """How the actor stands to a customer; None for one outside the scope or unknown, told apart by nothing. It asks for
    no deed: lists name customers whatever is being done.
    """
    return stand(unit, scope.looking, customer_id)


def stand(unit: Unit, scope: Scope, customer_id: CustomerId) -> Relation | None:
    """The same for who does something; raises Stopped where that stops at the customer."""
    row = unit.row(_RELATION[scope.kind], {"customer": customer_id, **around(scope, unit.now)})
    return None if row is None else stands(unit, scope, row)


_IN_ROLES = Statement(
    sa.select(_TEAM.userid)
    .where(
        _TEAM.customer_id == sa.bindparam("customer"),
        _TEAM.role.in_(sa.bindparam("roles", expanding=True)),
        _CURRENT,
    )
    .distinct()
    .order_by(_TEAM.userid)
)


def served_by(unit: Unit, customer_id: CustomerId, roles: Sequence[str]) -> list[UserId]:
    """Who holds one of these roles in the customer's service team today."""
    asked = {"customer": customer_id, "roles": list(roles), "today": unit.now.date()}
    return [UserId(row.userid) for row in unit.rows(_IN_ROLES, asked)]
