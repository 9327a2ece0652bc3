"""The customers of a list: which of the scope, and what of each."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from domain.customer import RiskAssessment
from domain.export.lists import CustomerRow, Row
from domain.ids import CustomerId, UnitId
from domain.policy import ScopeKind
from domain.staff import UnitTree
from storage import directory, schema, tiers
from storage.circles import counted, within
from storage.consents import WILLING
from storage.export_question import KNOWN, NAMED, THESE, Counts, Question, asked, by_relation, whose_of
from storage.labels import STANDS
from storage.risk_tests import VALID_UNTIL, risk_of
from storage.statement import Statement
from storage.unit import Unit

_CUSTOMER, _LABEL, _GIVEN = schema.customer.c, schema.label.c, schema.tier_override.c
_AUM, _RISK = schema.aum_daily.c, schema.risk_assessment.c
_TODAY = sa.bindparam("on_day", type_=sa.Date())


def _tier() -> sa.ColumnElement[str]:
    """What an override says today, else the label in force; NULL for somebody whom no night has labelled yet."""
    holds = (_GIVEN.from_day <= _TODAY, _GIVEN.until_day >= _TODAY)
    given = sa.select(_GIVEN.tier).where(_GIVEN.customer_id == _CUSTOMER.customer_id, *holds)
    label = sa.select(_LABEL.computed_tier).where(_LABEL.customer_id == _CUSTOMER.customer_id, STANDS)
    latest = given.order_by(_GIVEN.decided_at.desc()).limit(1).scalar_subquery()
    return sa.func.coalesce(latest, label.limit(1).scalar_subquery())


def _last_aum() -> sa.ColumnElement[int]:
    points = sa.select(_AUM.aum).where(_AUM.customer_id == _CUSTOMER.customer_id)
    return points.order_by(_AUM.day.desc()).limit(1).scalar_subquery()


def _chosen(by_tier: bool, by_unit: bool, willing: bool) -> sa.Select[Any]:
    """Where tiers are wanted, the `unlabelled` too, whose tier no statement knows."""
    chosen = sa.select(_CUSTOMER.customer_id).where(KNOWN).limit(sa.bindparam("most"))
    if by_tier:
        wanted: sa.BindParameter[Any] = sa.bindparam("tiers", expanding=True)
        given = _tier()
        chosen = chosen.where(sa.or_(given.in_(wanted), given.is_(None)))
        chosen = chosen.add_columns(sa.case((given.is_(None), _CUSTOMER.customer_id)).label("unlabelled"))
    if by_unit:
        chosen = chosen.where(_CUSTOMER.unit_id.in_(sa.bindparam("places", expanding=True)))
    return chosen.where(WILLING) if willing else chosen


@cache
def _customer_keys(by_tier: bool, by_unit: bool, willing: bool) -> Mapping[ScopeKind, Statement]:
    return within(_chosen(by_tier, by_unit, willing).order_by(_CUSTOMER.customer_id))


@cache
def _customer_counts(by_tier: bool, by_unit: bool, willing: bool) -> Mapping[ScopeKind, Statement]:
    return counted(_chosen(by_tier, by_unit, willing), *(("unlabelled",) if by_tier else ()))


_CUSTOMERS = within(
    sa.select(*NAMED, _CUSTOMER.mobile, _CUSTOMER.birth_date, _CUSTOMER.occupation, _CUSTOMER.unit_id)
    .add_columns(_last_aum().label("aum"))
    .where(_CUSTOMER.customer_id.in_(THESE), KNOWN)
)


def keys(unit: Unit, question: Question, limit: int) -> list[str]:
    """Not more than so many; where that many were read they all come back, for more may lie behind them."""
    found = _read(unit, _customer_keys, question, limit)
    if len(found) >= limit:
        return [row.customer_id for row in found]
    return [row.customer_id for row in _wanted(unit, question, found)]


def counts(unit: Unit, question: Question, most: int) -> Counts:
    """Where `most` were read, all that were read: more may lie behind them."""
    found = _read(unit, _customer_counts, question, most)
    if sum(row.rows for row in found) >= most:
        return by_relation(found)
    return by_relation(_wanted(unit, question, found))


def _read(
    unit: Unit, built: Callable[[bool, bool, bool], Mapping[ScopeKind, Statement]], question: Question, most: int
) -> Sequence[Any]:
    narrow: dict[str, Any] = {}
    if question.tiers:
        narrow |= {"tiers": [each.value for each in question.tiers], "on_day": unit.now.date()}
    if question.units is not None:
        narrow |= {"places": sorted(question.units)}
    statement = built(bool(question.tiers), question.units is not None, question.willing)
    return asked(unit, statement, question, most=most, **narrow)


def _wanted(unit: Unit, question: Question, found: Sequence[Any]) -> list[Any]:
    """Without those to whom the reader stands too far off, or whose tier turns out to be another."""
    near = [row for row in found if row.relation in question.relations]
    if not question.tiers:
        return near
    fresh = tiers.tiers_of(unit, [CustomerId(row.unlabelled) for row in near if row.unlabelled])
    return [row for row in near if not row.unlabelled or fresh[CustomerId(row.unlabelled)] in question.tiers]


@cache
def _still(willing: bool) -> Mapping[ScopeKind, Statement]:
    there = sa.select(_CUSTOMER.customer_id).where(_CUSTOMER.customer_id.in_(THESE), KNOWN)
    return counted(there.where(WILLING) if willing else there)


def still(unit: Unit, question: Question, customers: Sequence[CustomerId]) -> bool:
    """Whether all of these customers may still be in a list that was made: in reach, and frozen by nobody."""
    found = asked(unit, _still(question.willing), question, these=list(customers)) if customers else ()
    return sum(int(row.rows) for row in found if row.relation in question.relations) == len(customers)


def rows(unit: Unit, question: Question, keys: Sequence[str]) -> dict[str, Row]:
    found_rows = asked(unit, _CUSTOMERS, question, these=list(keys))
    ids = [CustomerId(row.customer_id) for row in found_rows]
    tier_of, risk_of, place_of = tiers.tiers_of(unit, ids), _risks(unit, ids), _places(unit)
    return {
        row.customer_id: CustomerRow(
            whose=whose_of(unit, row),
            mobile=unit.vault.open_optional("customer", "mobile", row.customer_id, row.mobile) or "",
            birth_date=row.birth_date,
            occupation=row.occupation or "",
            place=place_of(UnitId(row.unit_id)),
            tier=tier_of[CustomerId(row.customer_id)],
            aum=row.aum,
            risk=risk_of.get(row.customer_id),
            today=unit.now.date(),
        )
        for row in found_rows
    }


def _risks(unit: Unit, ids: Sequence[CustomerId]) -> Mapping[str, RiskAssessment]:
    """The latest of each."""
    columns = (_RISK.customer_id, _RISK.level, _RISK.assessed_on, _RISK.valid_until, _RISK.regime, _RISK.channel)
    chosen = sa.select(*columns).where(_RISK.customer_id.in_(ids)).order_by(_RISK.assessed_on, VALID_UNTIL)
    return {row.customer_id: risk_of(row) for row in unit.rows(chosen)}


def _places(unit: Unit) -> Callable[[UnitId], str]:
    tree: UnitTree = directory.units(unit)
    return cache(tree.place_of)
