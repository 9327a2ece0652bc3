"""What somebody has in hand: the customers of their book, and the work that hangs on it."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from domain.conversation import LIVE, WAITING
from domain.ids import CaseId, ConversationId, CustomerId, FindingId, TodoId, UserId
from domain.todo import TodoState
from storage import schema
from storage.cases import BARRED, TOLD
from storage.unit import Unit

_CUSTOMER, _TODO, _FINDING, _TALK = (
    table.c for table in (schema.customer, schema.todo, schema.finding, schema.conversation)
)
_FILE, _PERSON = schema.case_file.c, schema.case_person.c
_PENDING = _TODO.state.in_((TodoState.OPEN.value, TodoState.SNOOZED.value))
_OPEN_TALK = _TALK.status.in_(sorted(status.value for status in LIVE | WAITING))


@dataclass(frozen=True)
class InHand:
    """The keys of everything, each kind in a fixed order."""

    customers: tuple[CustomerId, ...]
    todos: tuple[TodoId, ...]
    findings: tuple[FindingId, ...]
    cases: tuple[CaseId, ...]
    talks: tuple[ConversationId, ...]


def in_hand(unit: Unit, person: UserId) -> InHand:
    """All that a person has in hand now; a case counts while they still have a part in it."""
    book = sa.select(_CUSTOMER.customer_id).where(_CUSTOMER.rm_userid == person, _CUSTOMER.closed_as_of.is_(None))
    todos = sa.select(_TODO.id).where(_TODO.owner == person, _PENDING)
    findings = sa.select(_FINDING.id).join(schema.todo, _TODO.id == _FINDING.todo_id)
    parts = sa.select(_PERSON.case_id).join(schema.case_file, _FILE.id == _PERSON.case_id).distinct()
    parts = parts.where(_PERSON.userid == person, _PERSON.current.is_(True), _PERSON.part.not_in((BARRED, TOLD)))
    talks = sa.select(_TALK.id).where(_TALK.person == person, _OPEN_TALK)
    return InHand(
        customers=tuple(map(CustomerId, _keys(unit, book, _CUSTOMER.customer_id))),
        todos=tuple(map(TodoId, _keys(unit, todos, _TODO.id))),
        findings=tuple(map(FindingId, _keys(unit, findings.where(_FINDING.owner == person, _PENDING), _FINDING.id))),
        cases=tuple(map(CaseId, _keys(unit, parts.where(_FILE.closed.is_(False)), _PERSON.case_id))),
        talks=tuple(map(ConversationId, _keys(unit, talks, _TALK.id))),
    )


def _keys(unit: Unit, chosen: sa.Select[tuple[str]], key: sa.ColumnElement[str]) -> Sequence[str]:
    return [row[0] for row in unit.rows(chosen.order_by(key))]
