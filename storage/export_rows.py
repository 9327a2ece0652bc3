"""The rows of a list, inside the reader's scope: first which ones, at most so many, then some of them at a time."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from domain.customer import RiskAssessment
from domain.export.lists import CaseRow, CustomerRow, Row, TodoRow, VisitRow, Whose
from domain.export.wish import ListKind
from domain.ids import CaseId, CustomerId, UnitId, UserId
from domain.policy import Relation, Scope, ScopeKind
from domain.staff import UnitTree
from domain.tier import Tier
from domain.todo import TodoState
from storage import case_lists, directory, restrictions, schema, tiers
from storage.case_lists import Sight
from storage.circles import around, within
from storage.consents import WILLING
from storage.labels import STANDS
from storage.statement import Statement
from storage.unit import Unit

COMPLAINT = "complaint"
_CUSTOMER, _VISIT, _TODO = schema.customer.c, schema.visit.c, schema.todo.c
_LABEL, _GIVEN, _AUM, _RISK = schema.label.c, schema.tier_override.c, schema.aum_daily.c, schema.risk_assessment.c
_THESE: sa.BindParameter[Any] = sa.bindparam("these", expanding=True)
_KNOWN = sa.not_(restrictions.applies_to(_CUSTOMER.customer_id))
_NAMED = (_CUSTOMER.customer_id, _CUSTOMER.name)


@dataclass(frozen=True)
class Question:
    """Which list, who reads it, and which part of it: `units` with all below them (None: everywhere), from `since` to
    `before`; of customers, those to whom the reader stands in one of `relations`, and if `willing`, only who may be
    addressed with products.
    """

    kind: ListKind
    scope: Scope
    sight: Sight
    tiers: tuple[Tier, ...] = ()
    units: frozenset[UnitId] | None = None
    since: datetime | None = None
    before: datetime | None = None
    willing: bool = False
    relations: frozenset[Relation] = frozenset(Relation)


def keys(unit: Unit, question: Question, limit: int) -> list[str]:
    """The keys of the rows, in the order of the list."""
    return _KEYS[question.kind](unit, question, limit)


def rows(unit: Unit, question: Question, keys: Sequence[str]) -> list[Row]:
    """Those of these rows that are still in sight, in this order."""
    found = _ROWS[question.kind](unit, question, keys)
    return [found[key] for key in keys if key in found]


# --- customers -----------------------------------------------------------------------------------------------------

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


@cache
def _customer_keys(by_tier: bool, by_unit: bool, willing: bool) -> Mapping[ScopeKind, Statement]:
    chosen = sa.select(_CUSTOMER.customer_id).where(_KNOWN)
    if by_tier:
        wanted: sa.BindParameter[Any] = sa.bindparam("tiers", expanding=True)
        given = _tier()
        chosen = chosen.add_columns(given.label("tier")).where(sa.or_(given.in_(wanted), given.is_(None)))
    if by_unit:
        chosen = chosen.where(_CUSTOMER.unit_id.in_(sa.bindparam("places", expanding=True)))
    if willing:
        chosen = chosen.where(WILLING)
    return within(chosen.order_by(_CUSTOMER.customer_id).limit(sa.bindparam("most")))


_CUSTOMERS = within(
    sa.select(*_NAMED, _CUSTOMER.mobile, _CUSTOMER.birth_date, _CUSTOMER.occupation, _CUSTOMER.unit_id)
    .add_columns(_last_aum().label("aum"))
    .where(_CUSTOMER.customer_id.in_(_THESE), _KNOWN)
)


def _keys_of_customers(unit: Unit, question: Question, limit: int) -> list[str]:
    narrow: dict[str, Any] = {}
    if question.tiers:
        narrow |= {"tiers": [each.value for each in question.tiers], "on_day": unit.now.date()}
    if question.units is not None:
        narrow |= {"places": sorted(question.units)}
    statement = _customer_keys(bool(question.tiers), question.units is not None, question.willing)
    rows = _asked(unit, statement, question, most=limit, **narrow)
    found = [row for row in rows if row.relation in question.relations]
    if not question.tiers:
        return [row.customer_id for row in found]
    fresh = tiers.tiers_of(unit, [CustomerId(row.customer_id) for row in found if row.tier is None])
    return [row.customer_id for row in found if (row.tier or fresh[CustomerId(row.customer_id)]) in question.tiers]


def _rows_of_customers(unit: Unit, question: Question, keys: Sequence[str]) -> dict[str, Row]:
    rows = _asked(unit, _CUSTOMERS, question, these=list(keys))
    ids = [CustomerId(row.customer_id) for row in rows]
    tier_of, risk_of, place_of = tiers.tiers_of(unit, ids), _risks(unit, ids), _places(unit)
    return {
        row.customer_id: CustomerRow(
            whose=_whose(unit, row),
            mobile=unit.vault.open_optional("customer", "mobile", row.customer_id, row.mobile) or "",
            birth_date=row.birth_date,
            occupation=row.occupation or "",
            place=place_of(UnitId(row.unit_id)),
            tier=tier_of[CustomerId(row.customer_id)],
            aum=row.aum,
            risk=risk_of.get(row.customer_id),
            today=unit.now.date(),
        )
        for row in rows
    }


def _risks(unit: Unit, ids: Sequence[CustomerId]) -> Mapping[str, RiskAssessment]:
    """The latest of each."""
    columns = (_RISK.customer_id, _RISK.level, _RISK.assessed_on, _RISK.valid_until, _RISK.regime, _RISK.channel)
    chosen = sa.select(*columns).where(_RISK.customer_id.in_(ids)).order_by(_RISK.assessed_on, _RISK.valid_until)
    return {
        row.customer_id: RiskAssessment(
            row.level, row.assessed_on, row.valid_until or row.assessed_on, row.regime, row.channel
        )
        for row in unit.rows(chosen)
    }


def _places(unit: Unit) -> Callable[[UnitId], str]:
    tree: UnitTree = directory.units(unit)
    return cache(tree.place_of)


# --- visits and to-dos ---------------------------------------------------------------------------------------------


def _period(column: sa.ColumnElement[datetime]) -> tuple[sa.ColumnElement[bool], ...]:
    return (column >= sa.bindparam("since", type_=_VISIT.at.type), column < sa.bindparam("until", type_=_VISIT.at.type))


_SEEN = sa.and_(_VISIT.state == "saved", _KNOWN)
_VISITED = schema.visit.join(schema.customer, _CUSTOMER.customer_id == _VISIT.customer_id)
_VISIT_KEYS = within(
    sa.select(_VISIT.id)
    .select_from(_VISITED)
    .where(_SEEN, *_period(_VISIT.at), sa.or_(_VISIT.userid == sa.bindparam("by"), sa.bindparam("everybody") == 1))
    .order_by(_VISIT.at.desc(), _VISIT.id)
    .limit(sa.bindparam("most"))
)
_VISITS = within(
    sa.select(*_NAMED, _VISIT.id, _VISIT.at, _VISIT.kind, _VISIT.reached, _VISIT.userid)
    .select_from(_VISITED)
    .where(_SEEN, _VISIT.id.in_(_THESE))
)
_PENDING = _TODO.state.in_((TodoState.OPEN.value, TodoState.SNOOZED.value))
_MINE = sa.and_(_TODO.owner == sa.bindparam("by"), _PENDING)
_ABOUT = schema.todo.join(schema.customer, _CUSTOMER.customer_id == _TODO.customer_id)
_TODO_COLUMNS = (_TODO.id, _TODO.title, _TODO.due_at)
_TODOS = within(sa.select(*_NAMED, *_TODO_COLUMNS).select_from(_ABOUT).where(_MINE, _KNOWN))
_LONELY = Statement(sa.select(*_TODO_COLUMNS).where(_MINE, _TODO.customer_id.is_(None)))


def _keys_of_visits(unit: Unit, question: Question, limit: int) -> list[str]:
    """Who leads sees what everybody logged about the customers of the scope; who does not, the own entries."""
    leads = question.scope.kind in (ScopeKind.UNIT_TREE, ScopeKind.ALL) and bool(question.scope.units)
    span = {"since": question.since, "until": question.before, "everybody": int(leads), "by": question.scope.userid}
    return [row.id for row in _asked(unit, _VISIT_KEYS, question, most=limit, **span)]


def _rows_of_visits(unit: Unit, question: Question, keys: Sequence[str]) -> dict[str, Row]:
    rows = _asked(unit, _VISITS, question, these=list(keys))
    names = directory.names(unit, [UserId(row.userid) for row in rows])
    zone = unit.now.tzinfo
    return {
        row.id: VisitRow(_whose(unit, row), row.at.astimezone(zone), row.kind, row.reached, names[UserId(row.userid)])
        for row in rows
    }


def _todos(unit: Unit, question: Question) -> dict[str, Row]:
    mine = {"by": question.scope.userid}
    about = [(row, _whose(unit, row)) for row in _asked(unit, _TODOS, question, **mine)]
    both = [*about, *((row, None) for row in unit.rows(_LONELY, mine))]
    ordered = sorted(both, key=lambda each: (each[0].due_at is None, each[0].due_at or unit.now, each[0].id))
    return {
        row.id: TodoRow(
            whose,
            f"{row.due_at.astimezone(unit.now.tzinfo):%Y-%m-%d %H:%M}" if row.due_at else "不限时间",
            unit.vault.open("todo", "title", row.id, row.title),
            late=bool(row.due_at and row.due_at < unit.now),
        )
        for row, whose in ordered
    }


def _keys_of_todos(unit: Unit, question: Question, limit: int) -> list[str]:
    return list(_todos(unit, question))[:limit]


def _rows_of_todos(unit: Unit, question: Question, keys: Sequence[str]) -> dict[str, Row]:
    wanted = set(keys)
    return {key: row for key, row in _todos(unit, question).items() if key in wanted}


# --- complaints ----------------------------------------------------------------------------------------------------

_WHO = within(sa.select(*_NAMED).where(_CUSTOMER.customer_id.in_(_THESE), _KNOWN))


def _keys_of_complaints(unit: Unit, question: Question, limit: int) -> list[str]:
    assert question.since is not None
    assert question.before is not None
    span = (question.since, question.before)
    found = case_lists.opened_between(unit, question.sight, COMPLAINT, *span, limit)
    return [each.case_id for each in found]


def _rows_of_complaints(unit: Unit, question: Question, keys: Sequence[str]) -> dict[str, Row]:
    listed = case_lists.these(unit, question.sight, [CaseId(key) for key in keys])
    customers = sorted({each.customer_id for each in listed if each.customer_id})
    whose = {row.customer_id: _whose(unit, row) for row in _asked(unit, _WHO, question, these=customers)}
    zone = unit.now.tzinfo
    return {
        each.case_id: CaseRow(
            whose.get(each.customer_id) if each.customer_id else None,
            each.case_id,
            each.version,
            each.state,
            each.closed,
            each.opened_at.astimezone(zone),
            each.moved_at.astimezone(zone),
        )
        for each in listed
    }


def _asked(unit: Unit, statement: Mapping[ScopeKind, Statement], question: Question, **values: Any) -> Sequence[Any]:
    return unit.rows(statement[question.scope.kind], {**around(question.scope, unit.now), **values})


def _whose(unit: Unit, row: Any) -> Whose:
    name = unit.vault.open("customer", "name", row.customer_id, row.name)
    return Whose(CustomerId(row.customer_id), name, Relation(row.relation))


_KEYS: Mapping[ListKind, Callable[[Unit, Question, int], list[str]]] = {
    ListKind.CUSTOMERS: _keys_of_customers,
    ListKind.VISITS: _keys_of_visits,
    ListKind.TODOS: _keys_of_todos,
    ListKind.COMPLAINTS: _keys_of_complaints,
}
_ROWS: Mapping[ListKind, Callable[[Unit, Question, Sequence[str]], dict[str, Row]]] = {
    ListKind.CUSTOMERS: _rows_of_customers,
    ListKind.VISITS: _rows_of_visits,
    ListKind.TODOS: _rows_of_todos,
    ListKind.COMPLAINTS: _rows_of_complaints,
}
