"""Conversations at rest: one live per person, the parked and expired ones waiting for 继续."""

import sqlalchemy as sa

from domain.conversation import LIVE, WAITING, Conversation, Status
from domain.ids import ConversationId, UserId
from storage import schema
from storage.columns import microseconds
from storage.statement import Statement
from storage.unit import Unit

CASE = "case:"
_COLUMNS = schema.conversation.c


def _of_status(statuses: frozenset[Status]) -> Statement:
    mine = sa.select(_COLUMNS.id, _COLUMNS.draft).where(_COLUMNS.person == sa.bindparam("person"))
    return Statement(mine.where(_COLUMNS.status.in_(sorted(statuses))).order_by(_COLUMNS.touched_at.desc()))


_LIVE, _WAITING = _of_status(LIVE), _of_status(WAITING)
_SAVE = Statement(
    sa.text(
        "INSERT INTO conversation (id, person, form, case_key, status, revision, draft, expires_at, touched_at)"
        " VALUES (:id, :person, :form, :case_key, :status, :revision, :draft, :expires_at, :touched_at)"
        " ON CONFLICT (id) DO UPDATE SET status = excluded.status, revision = excluded.revision,"
        " draft = excluded.draft, expires_at = excluded.expires_at, touched_at = excluded.touched_at"
    )
)
CASE_OF_OPEN_FORM = (
    "SELECT talk.case_key FROM conversation AS talk WHERE talk.person = mine.person"
    f" AND talk.status IN ({', '.join(repr(status.value) for status in sorted(LIVE))})"
    " ORDER BY talk.touched_at DESC LIMIT 1"
)
"""The case that the next words of the person of `mine` are about."""
_ONE = Statement(sa.select(_COLUMNS.id, _COLUMNS.draft).where(_COLUMNS.id == sa.bindparam("id")))


def save(unit: Unit, conversation: Conversation) -> None:
    """Keep the present state; the draft may hold customers' words and is sealed."""
    values = {
        "id": conversation.id,
        "person": conversation.person,
        "form": conversation.form,
        "case_key": _case_key(conversation.subject or ""),
        "status": conversation.status.value,
        "revision": conversation.revision,
        "draft": unit.vault.seal("conversation", "draft", conversation.id, conversation.dump()),
        "expires_at": microseconds(conversation.expires_at),
        "touched_at": microseconds(conversation.touched_at),
    }
    unit.execute(_SAVE, values)


def _case_key(subject: str) -> str | None:
    """The case that a form is about (case:<id>@…), as its cards and clicks name it; one to be filed has no number."""
    key = subject.partition("@")[0]
    return key if key.startswith(CASE) and key != CASE else None


def load(unit: Unit, conversation_id: ConversationId) -> Conversation | None:
    row = unit.row(_ONE, {"id": conversation_id})
    return None if row is None else _open(unit, row)


def live(unit: Unit, person: UserId) -> Conversation | None:
    """The conversation that the person's next words belong to."""
    return next(iter(_of(unit, person, _LIVE)), None)


def waiting(unit: Unit, person: UserId) -> list[Conversation]:
    """What 继续 may bring back, the latest first."""
    return [talk for talk in _of(unit, person, _WAITING) if talk.resumable(unit.now)]


def _of(unit: Unit, person: UserId, talks: Statement) -> list[Conversation]:
    return [_open(unit, row) for row in unit.rows(talks, {"person": person})]


def _open(unit: Unit, row: sa.Row[tuple[str, bytes]]) -> Conversation:
    return Conversation.load(unit.vault.open("conversation", "draft", row.id, row.draft))
