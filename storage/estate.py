"""What somebody has in hand: the customers of their book, and the work that hangs on it."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from domain.conversation import LIVE, WAITING
from domain.handover import TeamSeat
from domain.ids import CaseId, ConversationId, CustomerId, FindingId, TodoId, UserId
from domain.process.selecting import FILER
from domain.todo import TodoState
from storage import schema, team_seats
from storage.cases import BARRED, TOLD
from storage.unit import Unit

_CUSTOMER, _TODO, _FINDING, _TALK = (
    table.c for table in (schema.customer, schema.todo, schema.finding, schema.conversation)
)
_FILE, _PERSON = schema.case_file.c, schema.case_person.c
_PENDING = _TODO.state.in_((TodoState.OPEN.value, TodoState.SNOOZED.value))
_HAS_PART = sa.and_(_PERSON.current.is_(True), _PERSON.part.not_in((BARRED, FILER, TOLD)))
_OPEN_TALK = _TALK.status.in_(sorted(status.value for status in LIVE | WAITING))


@dataclass(frozen=True)
class TodoOf:
    """A to-do, whose it is about, and what it came from."""

    todo_id: TodoId
    customer_id: CustomerId | None
    source: str


@dataclass(frozen=True)
class InHand:
    """The keys of everything, each kind in a fixed order."""

    customers: tuple[CustomerId, ...]
    seats: tuple[TeamSeat, ...]
    todos: tuple[TodoOf, ...]
    findings: tuple[tuple[FindingId, CustomerId], ...]
    cases: tuple[tuple[CaseId, CustomerId | None], ...]
    talks: tuple[ConversationId, ...]


def in_hand(unit: Unit, person: UserId) -> InHand:
    """All that a person has in hand now; a case counts while they have a part in it and others may know of it."""
    book = sa.select(_CUSTOMER.customer_id).where(_CUSTOMER.rm_userid == person, _CUSTOMER.closed_as_of.is_(None))
    todos = sa.select(_TODO.id, _TODO.customer_id, _TODO.source).where(_TODO.owner == person, _PENDING)
    talks = sa.select(_TALK.id).where(_TALK.person == person, _OPEN_TALK)
    return InHand(
        customers=tuple(map(CustomerId, _keys(unit, book, _CUSTOMER.customer_id))),
        seats=tuple(team_seats.held_by(unit, person)),
        todos=tuple(TodoOf(*row) for row in unit.rows(todos.order_by(_TODO.id))),
        findings=_findings(unit, person),
        cases=_cases(unit, person, _FILE.confidential.is_(False)),
        talks=tuple(map(ConversationId, _keys(unit, talks, _TALK.id))),
    )


def cases_of(unit: Unit, person: UserId) -> tuple[tuple[CaseId, CustomerId | None], ...]:
    """Every open case in which a person has a part, also those that others may not know of."""
    return _cases(unit, person)


def working_on(unit: Unit, case_id: CaseId) -> list[UserId]:
    """Who has a part in a case now."""
    here = sa.select(_PERSON.userid).where(_PERSON.case_id == case_id, _HAS_PART).distinct().order_by(_PERSON.userid)
    return [UserId(row.userid) for row in unit.rows(here)]


def _cases(
    unit: Unit, person: UserId, *conditions: sa.ColumnElement[bool]
) -> tuple[tuple[CaseId, CustomerId | None], ...]:
    parts = sa.select(_PERSON.case_id, _FILE.customer_id).join(schema.case_file, _FILE.id == _PERSON.case_id).distinct()
    mine = parts.where(_FILE.closed.is_(False), _PERSON.userid == person, _HAS_PART, *conditions)
    return tuple((CaseId(row[0]), row[1]) for row in unit.rows(mine.order_by(_PERSON.case_id)))


def _findings(unit: Unit, person: UserId) -> tuple[tuple[FindingId, CustomerId], ...]:
    """Those with something still to be done."""
    mine = sa.select(_FINDING.id, _FINDING.customer_id).join(schema.todo, _TODO.id == _FINDING.todo_id)
    rows = unit.rows(mine.where(_FINDING.owner == person, _PENDING).order_by(_FINDING.id))
    return tuple((FindingId(row[0]), CustomerId(row[1])) for row in rows)


def _keys(unit: Unit, chosen: sa.Select[tuple[str]], key: sa.ColumnElement[str]) -> Sequence[str]:
    return [row[0] for row in unit.rows(chosen.order_by(key))]
