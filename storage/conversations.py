"""Conversations at rest: one live per person, the parked and expired ones waiting for 继续."""

import sqlalchemy as sa

from domain.conversation import LIVE, WAITING, Conversation, Status
from domain.ids import ConversationId, UserId
from storage import schema
from storage.statement import Statement
from storage.unit import Unit

_COLUMNS = schema.conversation.c


def _of_status(statuses: frozenset[Status]) -> Statement:
    mine = sa.select(_COLUMNS.id, _COLUMNS.draft).where(_COLUMNS.person == sa.bindparam("person"))
    return Statement(mine.where(_COLUMNS.status.in_(sorted(statuses))).order_by(_COLUMNS.touched_at.desc()))


_LIVE, _WAITING = _of_status(LIVE), _of_status(WAITING)
_KNOWN = Statement(schema.conversation.update().where(_COLUMNS.id == sa.bindparam("known_id")))
_NEW = Statement(schema.conversation.insert())
_ONE = Statement(sa.select(_COLUMNS.id, _COLUMNS.draft).where(_COLUMNS.id == sa.bindparam("id")))


def save(unit: Unit, conversation: Conversation) -> None:
    """Keep the present state; the draft may hold customers' words and is sealed."""
    values = {
        "person": conversation.person,
        "form": conversation.form,
        "status": conversation.status.value,
        "revision": conversation.revision,
        "draft": unit.vault.seal("conversation", "draft", conversation.id, conversation.dump()),
        "expires_at": conversation.expires_at,
        "touched_at": conversation.touched_at,
    }
    if not unit.changed(_KNOWN, {"known_id": conversation.id, **values}):
        unit.execute(_NEW, {"id": conversation.id, **values})


def load(unit: Unit, conversation_id: ConversationId) -> Conversation | None:
    row = unit.row(_ONE, {"id": conversation_id})
    return None if row is None else _open(unit, row)


def live(unit: Unit, person: UserId) -> Conversation | None:
    """The conversation that the person's next words belong to."""
    return next(iter(_of(unit, person, _LIVE)), None)


def waiting(unit: Unit, person: UserId, pack_version: int) -> list[Conversation]:
    """What 继续 may bring back, the latest first; a form of another pack version stays behind."""
    talks = _of(unit, person, _WAITING)
    return [talk for talk in talks if talk.resumable(unit.now) and talk.pack_version == pack_version]


def _of(unit: Unit, person: UserId, talks: Statement) -> list[Conversation]:
    return [_open(unit, row) for row in unit.rows(talks, {"person": person})]


def _open(unit: Unit, row: sa.Row[tuple[str, bytes]]) -> Conversation:
    return Conversation.load(unit.vault.open("conversation", "draft", row.id, row.draft))
