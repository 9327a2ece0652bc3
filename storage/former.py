"""Customers whose business with the bank has ended: out of every book, and there until their data is due."""

import sqlalchemy as sa

from domain.ids import CustomerId
from domain.scope import Scope, ScopeKind
from storage import numbers, schema
from storage.unit import Unit

_CUSTOMER = schema.customer.c
_ENDED = sa.select(_CUSTOMER.customer_id).where(
    _CUSTOMER.customer_id.in_(sa.bindparam("typed", expanding=True)), _CUSTOMER.closed_as_of.is_not(None)
)


def called(unit: Unit, scope: Scope, number: str) -> CustomerId | None:
    """The one of this number, for who sees the whole bank: nobody else's branch or book holds them any more."""
    if scope.kind is not ScopeKind.ALL:
        return None
    row = unit.row(_ENDED, {"typed": numbers.written(number)})
    if row is None:
        return None
    unit.seen.add(CustomerId(row.customer_id))
    return CustomerId(row.customer_id)
