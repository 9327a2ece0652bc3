"""The rows of a list, inside the reader's scope: first which ones, at most so many, then some of them at a time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.export.lists import CaseRow, Row, TodoRow, VisitRow
from domain.export.wish import ListKind
from domain.ids import CaseId, UserId
from domain.policy import ScopeKind
from domain.todo import TodoState
from storage import case_lists, directory, export_customers, schema
from storage.circles import counted, within
from storage.export_question import KNOWN, NAMED, THESE, Counts, Question, asked, by_relation, whose_of
from storage.statement import Statement
from storage.unit import Unit

COMPLAINT = "complaint"
_CUSTOMER, _VISIT, _TODO = schema.customer.c, schema.visit.c, schema.todo.c


def keys(unit: Unit, question: Question, limit: int) -> list[str]:
    """The keys of the rows, in the order of the list."""
    return _KEYS[question.kind](unit, question, limit)


def counts(unit: Unit, question: Question, most: int) -> Counts:
    """How many rows there are, no further than `most`, by how the reader stands to the customer of each."""
    return _COUNTS[question.kind](unit, question, most)


def rows(unit: Unit, question: Question, keys: Sequence[str]) -> list[Row]:
    """Those of these rows that are still in sight, in this order."""
    found = _ROWS[question.kind](unit, question, keys)
    return [found[key] for key in keys if key in found]


def _period(column: sa.ColumnElement[datetime]) -> tuple[sa.ColumnElement[bool], ...]:
    return (column >= sa.bindparam("since", type_=_VISIT.at.type), column < sa.bindparam("until", type_=_VISIT.at.type))


_SEEN = sa.and_(_VISIT.state == "saved", KNOWN)
_VISITED = schema.visit.join(schema.customer, _CUSTOMER.customer_id == _VISIT.customer_id)
_VISITED_THEN = (
    sa.select(_VISIT.id)
    .select_from(_VISITED)
    .where(_SEEN, *_period(_VISIT.at), sa.or_(_VISIT.userid == sa.bindparam("by"), sa.bindparam("everybody") == 1))
    .limit(sa.bindparam("most"))
)
_VISIT_KEYS, _VISIT_COUNT = within(_VISITED_THEN.order_by(_VISIT.at.desc(), _VISIT.id)), counted(_VISITED_THEN)
_VISITS = within(
    sa.select(*NAMED, _VISIT.id, _VISIT.at, _VISIT.kind, _VISIT.reached, _VISIT.userid)
    .select_from(_VISITED)
    .where(_SEEN, _VISIT.id.in_(THESE))
)
_PENDING = _TODO.state.in_((TodoState.OPEN.value, TodoState.SNOOZED.value))
_MINE = sa.and_(_TODO.owner == sa.bindparam("by"), _PENDING)
_ABOUT = schema.todo.join(schema.customer, _CUSTOMER.customer_id == _TODO.customer_id)
_TODO_COLUMNS = (_TODO.id, _TODO.title, _TODO.due_at)
_TODO_COUNT = counted(sa.select(_TODO.id).select_from(_ABOUT).where(_MINE, KNOWN))
_NO_RELATION = sa.literal(None, sa.Text).label("relation")
_LONELY_COUNT = Statement(
    sa.select(sa.func.count().label("rows")).add_columns(_NO_RELATION).where(_MINE, _TODO.customer_id.is_(None))
)
_TODOS = within(sa.select(*NAMED, *_TODO_COLUMNS).select_from(_ABOUT).where(_MINE, KNOWN))
_LONELY = Statement(sa.select(*_TODO_COLUMNS).where(_MINE, _TODO.customer_id.is_(None)))


def _keys_of_visits(unit: Unit, question: Question, limit: int) -> list[str]:
    """Who leads sees what everybody logged about the customers of the scope; who does not, the own entries."""
    return [row.id for row in asked(unit, _VISIT_KEYS, question, most=limit, **_whose_visits(question))]


def _whose_visits(question: Question) -> dict[str, Any]:
    leads = question.scope.kind in (ScopeKind.UNIT_TREE, ScopeKind.ALL) and bool(question.scope.units)
    return {"since": question.since, "until": question.before, "everybody": int(leads), "by": question.scope.userid}


def _counts_of_visits(unit: Unit, question: Question, most: int) -> Counts:
    return by_relation(asked(unit, _VISIT_COUNT, question, most=most, **_whose_visits(question)))


def _rows_of_visits(unit: Unit, question: Question, keys: Sequence[str]) -> dict[str, Row]:
    rows = asked(unit, _VISITS, question, these=list(keys))
    names = directory.names(unit, [UserId(row.userid) for row in rows])
    zone = unit.now.tzinfo
    return {
        row.id: VisitRow(whose_of(unit, row), row.at.astimezone(zone), row.kind, row.reached, names[UserId(row.userid)])
        for row in rows
    }


def _todos(unit: Unit, question: Question) -> dict[str, Row]:
    mine = {"by": question.scope.userid}
    about = [(row, whose_of(unit, row)) for row in asked(unit, _TODOS, question, **mine)]
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


def _counts_of_todos(unit: Unit, question: Question, most: int) -> Counts:
    mine = {"by": question.scope.userid}
    return by_relation([*asked(unit, _TODO_COUNT, question, **mine), *unit.rows(_LONELY_COUNT, mine)])


def _rows_of_todos(unit: Unit, question: Question, keys: Sequence[str]) -> dict[str, Row]:
    wanted = set(keys)
    return {key: row for key, row in _todos(unit, question).items() if key in wanted}


# --- complaints ----------------------------------------------------------------------------------------------------

_WHO = within(sa.select(*NAMED).where(_CUSTOMER.customer_id.in_(THESE), KNOWN))


def _keys_of_complaints(unit: Unit, question: Question, limit: int) -> list[str]:
    found = case_lists.opened_between(unit, question.sight, COMPLAINT, *_span(question), limit)
    return [each.case_id for each in found]


def _counts_of_complaints(unit: Unit, question: Question, most: int) -> Counts:
    return by_relation(case_lists.counted_between(unit, question.sight, COMPLAINT, *_span(question), most))


def _span(question: Question) -> tuple[datetime, datetime]:
    assert question.since is not None
    assert question.before is not None
    return question.since, question.before


def _rows_of_complaints(unit: Unit, question: Question, keys: Sequence[str]) -> dict[str, Row]:
    listed = case_lists.these(unit, question.sight, [CaseId(key) for key in keys])
    customers = sorted({each.customer_id for each in listed if each.customer_id})
    whose = {row.customer_id: whose_of(unit, row) for row in asked(unit, _WHO, question, these=customers)}
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


_KEYS: Mapping[ListKind, Callable[[Unit, Question, int], list[str]]] = {
    ListKind.CUSTOMERS: export_customers.keys,
    ListKind.VISITS: _keys_of_visits,
    ListKind.TODOS: _keys_of_todos,
    ListKind.COMPLAINTS: _keys_of_complaints,
}
_COUNTS: Mapping[ListKind, Callable[[Unit, Question, int], Counts]] = {
    ListKind.CUSTOMERS: export_customers.counts,
    ListKind.VISITS: _counts_of_visits,
    ListKind.TODOS: _counts_of_todos,
    ListKind.COMPLAINTS: _counts_of_complaints,
}
_ROWS: Mapping[ListKind, Callable[[Unit, Question, Sequence[str]], dict[str, Row]]] = {
    ListKind.CUSTOMERS: export_customers.rows,
    ListKind.VISITS: _rows_of_visits,
    ListKind.TODOS: _rows_of_todos,
    ListKind.COMPLAINTS: _rows_of_complaints,
}
