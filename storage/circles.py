"""The circles of customers around an actor, nearest first: own book, service team, then the rest of the scope."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from domain.ids import CustomerId
from domain.policy import Relation, Scope, ScopeKind
from storage import schema
from storage.statement import Statement
from storage.unit import Unit

_CUSTOMER, _TEAM = schema.customer.c, schema.service_team.c
_ACTOR: sa.BindParameter[str] = sa.bindparam("actor")
_TODAY: sa.BindParameter[date] = sa.bindparam("today")
_OPEN = _CUSTOMER.closed_as_of.is_(None)
_CURRENT = sa.and_(_TEAM.from_day <= _TODAY, sa.or_(_TEAM.until_day.is_(None), _TEAM.until_day >= _TODAY))
_OWN = _CUSTOMER.rm_userid == _ACTOR
_NOT_OWN = sa.not_(sa.func.coalesce(_OWN, sa.false()))
_SERVED = _CUSTOMER.customer_id.in_(
    sa.select(_TEAM.customer_id).where(_TEAM.userid == _ACTOR, _CURRENT, _TEAM.closed_as_of.is_(None))
)
_BELOW = _CUSTOMER.unit_id.in_(sa.bindparam("units", expanding=True))


@dataclass(frozen=True, eq=False)
class Circle:
    """The customers to whom an actor stands in one relation, without those of the circles before."""

    relation: Relation
    inside: sa.ColumnElement[bool]

    def of(self, select: sa.Select[Any]) -> Statement:
        """What a selection from `customer` finds in this circle."""
        return Statement(select.where(self.inside, _OPEN))


_OWN_BOOK, _SERVICE_TEAM = Circle(Relation.OWN_BOOK, _OWN), Circle(Relation.SERVICE_TEAM, sa.and_(_NOT_OWN, _SERVED))
_OTHERS = Circle(Relation.IN_SCOPE, sa.and_(_NOT_OWN, sa.not_(_SERVED), _BELOW))
CIRCLES: Mapping[ScopeKind, tuple[Circle, ...]] = {
    ScopeKind.NONE: (),
    ScopeKind.ALL: (Circle(Relation.IN_SCOPE, sa.true()),),
    ScopeKind.OWN_BOOK: (_OWN_BOOK, _SERVICE_TEAM),
    ScopeKind.UNIT_TREE: (_OWN_BOOK, _SERVICE_TEAM, _OTHERS),
}
_HOW = sa.case((_OWN, Relation.OWN_BOOK.value), (_SERVED, Relation.SERVICE_TEAM.value), else_=Relation.IN_SCOPE.value)
_WITHIN: Mapping[ScopeKind, tuple[sa.ColumnElement[bool], sa.ColumnElement[str]]] = {
    ScopeKind.NONE: (sa.false(), _HOW),
    ScopeKind.ALL: (sa.true(), sa.literal(Relation.IN_SCOPE.value)),
    ScopeKind.OWN_BOOK: (sa.or_(_OWN, _SERVED), _HOW),
    ScopeKind.UNIT_TREE: (sa.or_(_OWN, _SERVED, _BELOW), _HOW),
}


def within(select: sa.Select[Any]) -> Mapping[ScopeKind, Statement]:
    """What a selection from `customer` finds inside a scope, with the `relation` of the nearest circle beside it:
    one statement, whoever asks."""
    return {
        kind: Statement(select.add_columns(relation.label("relation")).where(inside, _OPEN))
        for kind, (inside, relation) in _WITHIN.items()
    }


def relation_column(kind: ScopeKind, customer_id: sa.ColumnElement[str]) -> sa.ScalarSelect[Any]:
    """How the reader stands to the customer that another table names; NULL for one outside the scope."""
    inside, relation = _WITHIN[kind]
    here = sa.select(relation).select_from(schema.customer).where(_CUSTOMER.customer_id == customer_id, inside, _OPEN)
    return here.correlate_except(schema.customer, schema.service_team).scalar_subquery()


def around(scope: Scope, today: date) -> dict[str, Any]:
    """The parameters of these conditions."""
    units = {"units": sorted(scope.units)} if scope.kind is ScopeKind.UNIT_TREE else {}
    return {"actor": scope.userid, "today": today, **units}


_RELATION = within(sa.select(_CUSTOMER.customer_id).where(_CUSTOMER.customer_id == sa.bindparam("customer")))


def relation_to(unit: Unit, scope: Scope, customer_id: CustomerId) -> Relation | None:
    """How the actor stands to a customer; None for one outside the scope or unknown, told apart by nothing."""
    row = unit.row(_RELATION[scope.kind], {"customer": customer_id, **around(scope, unit.now.date())})
    return None if row is None else Relation(row.relation)
