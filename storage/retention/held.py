"""Whether a legal hold lies on a row: on its customer, on its case, or on the customer of a case that is held."""

from typing import Any

import sqlalchemy as sa

from storage import schema

_HOLD, _FILE, _THEIRS = schema.legal_hold.c, schema.case_file.c, schema.case_file.alias("case_of_held")
Cell = sa.ColumnElement[Any]
_FILED_UNDER = sa.select(_FILE.customer_id).where(_FILE.id == _HOLD.case_id).correlate(schema.legal_hold)
_WHOM = sa.func.coalesce(_HOLD.customer_id, _FILED_UNDER.scalar_subquery())
"""A hold on a case holds its customer too, who it is filed under today: without the person the case proves nothing."""


def by_customer(customer_id: Cell) -> sa.ColumnElement[bool]:
    return _any(customer_id == _WHOM)


def by_case(case_id: Cell, customer_id: Cell) -> sa.ColumnElement[bool]:
    return _any(sa.or_(_HOLD.case_id == case_id, customer_id == _WHOM))


def by_subject(subject: Cell) -> sa.ColumnElement[bool]:
    """A card, a form or a message that says what it is about: `case:…` or `customer:…`."""
    theirs = sa.select(sa.literal(1)).where(_THEIRS.c.customer_id == _WHOM, _about(subject, _THEIRS.c.id))
    of_a_case = sa.or_(_about(subject, _HOLD.case_id), sa.exists(theirs.correlate_except(_THEIRS)))
    return _any(sa.or_(subject == "customer:" + _WHOM, sa.and_(subject.like("case:%"), of_a_case)))


def _about(subject: Cell, case_id: Cell) -> sa.ColumnElement[bool]:
    case = "case:" + case_id
    return sa.or_(subject == case, subject.like(case + "@%"), subject.like(case + "/%"))


def _any(ours: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    in_force = sa.select(sa.literal(1)).select_from(schema.legal_hold).where(_HOLD.released_at.is_(None), ours)
    return sa.exists(in_force.correlate_except(schema.legal_hold))
