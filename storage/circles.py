"""The circles of customers around an actor, nearest first: own book, service team, then the rest of the scope."""

from datetime import date

import sqlalchemy as sa

from domain.ids import CustomerId, UserId
from domain.policy import Relation, Scope, ScopeKind
from storage import schema
from storage.unit import Unit

_CUSTOMER, _TEAM = schema.customer.c, schema.service_team.c

Circle = tuple[sa.ColumnElement[bool], Relation]


def circles(scope: Scope, today: date) -> list[Circle]:
    """Each circle as a condition on `customer`, leaving out the ones before it."""
    if scope.kind is ScopeKind.NONE:
        return []
    if scope.kind is ScopeKind.ALL:
        return [(sa.true(), Relation.IN_SCOPE)]
    own = _CUSTOMER.rm_userid == scope.userid
    team = _CUSTOMER.customer_id.in_(_served_by(scope.userid, today))
    found = [(own, Relation.OWN_BOOK), (sa.and_(sa.not_(sa.func.coalesce(own, False)), team), Relation.SERVICE_TEAM)]
    if scope.kind is ScopeKind.UNIT_TREE and scope.units:
        others = sa.and_(sa.not_(sa.func.coalesce(own, False)), sa.not_(team))
        found.append((sa.and_(others, _CUSTOMER.unit_id.in_(sorted(scope.units))), Relation.IN_SCOPE))
    return found


def relation_to(unit: Unit, scope: Scope, customer_id: CustomerId) -> Relation | None:
    """How the actor stands to a customer; None for one outside the scope or unknown, told apart by nothing."""
    for clause, relation in circles(scope, unit.now.date()):
        here = sa.select(_CUSTOMER.customer_id).where(clause, _CUSTOMER.customer_id == customer_id)
        if unit.row(here.where(_CUSTOMER.closed_as_of.is_(None))) is not None:
            return relation
    return None


def _served_by(userid: UserId, today: date) -> sa.Select[tuple[str]]:
    current = sa.or_(_TEAM.until_day.is_(None), _TEAM.until_day >= today)
    serves = sa.and_(_TEAM.userid == userid, _TEAM.from_day <= today, current, _TEAM.closed_as_of.is_(None))
    return sa.select(_TEAM.customer_id).where(serves)
