"""Whether a legal hold lies on a row: on its customer, on its case, or on the case's customer."""

from typing import Any

import sqlalchemy as sa

from storage import schema

_HOLD = schema.legal_hold.c
Cell = sa.ColumnElement[Any]


def by_customer(customer_id: Cell) -> sa.ColumnElement[bool]:
    """A hold on a case holds its customer too: without the person the case proves nothing."""
    return _any(_HOLD.customer_id == customer_id)


def by_case(case_id: Cell, customer_id: Cell) -> sa.ColumnElement[bool]:
    return _any(sa.or_(_HOLD.case_id == case_id, _HOLD.customer_id == customer_id))


def by_subject(subject: Cell) -> sa.ColumnElement[bool]:
    """A card, a form or a message that says what it is about: `case:…` or `customer:…`."""
    case = "case:" + _HOLD.case_id
    about_case = sa.or_(subject == case, subject.like(case + "@%"), subject.like(case + "/%"))
    return _any(sa.or_(about_case, subject == "customer:" + _HOLD.customer_id))


def _any(ours: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    in_force = sa.select(sa.literal(1)).select_from(schema.legal_hold).where(_HOLD.released_at.is_(None), ours)
    return sa.exists(in_force.correlate_except(schema.legal_hold))
