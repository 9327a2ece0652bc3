"""Cards that were sent: what each showed, to whom, on which subject and revision, and what its options mean."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson
import sqlalchemy as sa

from domain.ids import TaskId, UserId
from storage import schema
from storage.statement import Statement
from storage.unit import Unit

LIVE, SPENT, WITHDRAWN = "live", "spent", "withdrawn"
CODE_LIFETIME = timedelta(hours=72)  # response_code: one use within 72 h (page 94888)
_COLUMNS = schema.card.c
_ONE = _COLUMNS.task_id == sa.bindparam("card")
_HERE = schema.card.update().where(_ONE)
_NEW, _LOAD = Statement(schema.card.insert()), Statement(sa.select(schema.card).where(_ONE))
_KEEP_CODE, _RENEW, _SPEND = Statement(_HERE), Statement(_HERE), Statement(_HERE.where(_COLUMNS.state == LIVE))
_MINE = sa.and_(
    _COLUMNS.subject == sa.bindparam("about"), _COLUMNS.addressee == sa.bindparam("person"), _COLUMNS.state == LIVE
)
_UNCLICKED = sa.and_(_COLUMNS.state == LIVE, _COLUMNS.task_id != sa.bindparam("clicked"))
_TAKE_MINE, _TAKE_ALL = (
    Statement(schema.card.update().where(whose, _UNCLICKED).values(state=SPENT).returning(*schema.card.c))
    for whose in (_MINE, _COLUMNS.subject == sa.bindparam("about"))
)
_WITHDRAW = Statement(
    schema.card.update()
    .where(
        _COLUMNS.addressee == sa.bindparam("person"),
        _COLUMNS.state == LIVE,
        _COLUMNS.expires_at > sa.bindparam("moment"),
        _COLUMNS.task_id != sa.bindparam("clicked"),
    )
    .values(state=WITHDRAWN)
    .returning(*schema.card.c)
)
_NEWEST_LIVE = Statement(
    sa.select(schema.card)
    .where(
        _COLUMNS.subject.in_(sa.bindparam("about", expanding=True)),
        _COLUMNS.addressee == sa.bindparam("person"),
        _COLUMNS.state == LIVE,
        _COLUMNS.expires_at > sa.bindparam("moment"),
    )
    .order_by(_COLUMNS.created_at.desc())
    .limit(1)
)


@dataclass(frozen=True)
class CardRow:
    """A sent card. `content` is the template card as sent, `context` what its options stand for, `post` the one in
    which it acts.
    """

    task_id: TaskId
    addressee: UserId
    subject: str
    revision: int
    state: str
    expires_at: datetime
    content: Mapping[str, Any]
    context: Mapping[str, Any]
    post: str | None = None


def digest(content: Mapping[str, Any]) -> str:
    """Digest of the fields shown; goes into the audit trail in their place."""
    return sha256(orjson.dumps(dict(content), option=orjson.OPT_SORT_KEYS)).hexdigest()


def put(unit: Unit, row: CardRow) -> str:
    """Keep a card in the commit that sends it; returns the digest of what it shows."""
    shown = digest(row.content)
    seal = unit.vault.seal_bytes
    values = {
        "task_id": row.task_id,
        "addressee": row.addressee,
        "post": row.post,
        "subject": row.subject,
        "revision": row.revision,
        "digest": shown,
        "state": row.state,
        "expires_at": row.expires_at,
        "created_at": unit.now,
        "content": seal("card", "content", row.task_id, orjson.dumps(dict(row.content))),
        "context": seal("card", "context", row.task_id, orjson.dumps(dict(row.context))),
    }
    unit.execute(_NEW, values)
    return shown


def renew(unit: Unit, task_id: TaskId, revision: int, content: Mapping[str, Any]) -> str:
    """Another face of a card in play, under a new revision; returns the digest of what it shows."""
    shown = digest(content)
    sealed = unit.vault.seal_bytes("card", "content", task_id, orjson.dumps(dict(content)))
    unit.execute(_RENEW, {"card": task_id, "revision": revision, "digest": shown, "content": sealed})
    return shown


def load(unit: Unit, task_id: TaskId) -> CardRow | None:
    row = unit.row(_LOAD, {"card": task_id})
    return None if row is None else _card(unit, row)


def _card(unit: Unit, row: sa.Row[Any]) -> CardRow:
    content = orjson.loads(unit.vault.open_bytes("card", "content", row.task_id, row.content))
    context = orjson.loads(unit.vault.open_bytes("card", "context", row.task_id, row.context))
    addressee, task_id = UserId(row.addressee), TaskId(row.task_id)
    return CardRow(task_id, addressee, row.subject, row.revision, row.state, row.expires_at, content, context, row.post)


def latest_live(unit: Unit, person: UserId, *subjects: str) -> CardRow | None:
    """The newest card of these subjects that the person may still answer."""
    row = unit.row(_NEWEST_LIVE, {"person": person, "about": list(subjects), "moment": unit.now})
    return None if row is None else _card(unit, row)


def spend(unit: Unit, task_id: TaskId) -> bool:
    """Take the card out of play; True for the one click that does."""
    return unit.changed(_SPEND, {"card": task_id, "state": SPENT})


def keep_code(unit: Unit, task_id: str, response_code: str) -> None:
    """Keep the send-time code; it is spent once, on the final state, for a copy nobody clicked."""
    sealed = unit.vault.seal("card", "response_code", task_id, response_code)
    unit.execute(_KEEP_CODE, {"card": task_id, "response_code": sealed, "code_until": unit.now + CODE_LIFETIME})


def take_live_codes(
    unit: Unit, subject: str, addressee: UserId | None = None, except_task: TaskId | None = None
) -> list[tuple[CardRow, str | None]]:
    """The live cards of a subject, one person's or everybody's, with their usable send-time codes, taken out of play:
    for redrawing what nobody clicked."""
    which = {"about": subject, "clicked": except_task or ""}
    mine = {**which, "person": addressee}
    taken = unit.rows(_TAKE_ALL, which) if addressee is None else unit.rows(_TAKE_MINE, mine)
    return [(_card(unit, row), _code(unit, row)) for row in _in_order(taken)]


def withdraw(unit: Unit, person: UserId, limit: int, except_task: TaskId | None = None) -> list[tuple[CardRow, str]]:
    """Every card that the person could still press, out of play; the newest that can be redrawn, with their codes."""
    given = {"person": person, "moment": unit.now, "clicked": except_task or ""}
    newest = reversed(_in_order(unit.rows(_WITHDRAW, given)))
    coded = [(row, code) for row in newest if (code := _code(unit, row)) is not None]
    return [(_card(unit, row), code) for row, code in coded[:limit]]


def _in_order(rows: Sequence[Any]) -> list[Any]:
    return sorted(rows, key=lambda row: (row.created_at, row.task_id))


def _code(unit: Unit, row: Any) -> str | None:
    """The send-time code, while it is good for an update."""
    usable = row.response_code is not None and row.code_until > unit.now
    return unit.vault.open("card", "response_code", row.task_id, row.response_code) if usable else None
