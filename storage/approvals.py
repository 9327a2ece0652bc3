"""Approvals as rows: asked for, one seat after another filled, decided once; each step on record."""

from collections.abc import Collection, Sequence
from hashlib import sha256
from typing import Any

import orjson
import sqlalchemy as sa

from domain.approval import CUSTOMER, Approval, Seat, State, Wish
from domain.ids import ApprovalId, UserId
from domain.policy import Permission
from storage import schema
from storage.columns import Instant
from storage.statement import Statement
from storage.unit import Unit

_COLUMNS = schema.approval.c
_ID, _WAITING = _COLUMNS.id == sa.bindparam("key"), _COLUMNS.state == State.WAITING.value
_OPEN = sa.and_(_WAITING, sa.or_(_COLUMNS.until.is_(None), _COLUMNS.until > sa.bindparam("moment", type_=Instant)))
_ORDER = (_COLUMNS.asked_at, _COLUMNS.id)
_ONE = sa.select(schema.approval).where(_ID)
_OF_FAMILY = sa.select(schema.approval).where(_COLUMNS.family == sa.bindparam("family"), _OPEN).order_by(*_ORDER)
_NAMED = sa.select(schema.approval).where(_COLUMNS.named == sa.bindparam("person"), _OPEN).order_by(*_ORDER)
_AWAITING = Statement(
    sa.select(schema.approval)
    .where(
        _OPEN,
        _COLUMNS.needs.in_(sa.bindparam("held", expanding=True)),
        sa.or_(_COLUMNS.named.is_(None), _COLUMNS.named == sa.bindparam("person")),
        _COLUMNS.requester != sa.bindparam("person"),
    )
    .order_by(*_ORDER)
)


def add(unit: Unit, asked: Approval) -> None:
    wish, key = asked.wish, asked.approval_id
    unit.execute(
        schema.approval.insert().values(
            id=key,
            family=asked.family,
            about=wish.about,
            reason=unit.vault.seal("approval", "reason", key, wish.reason),
            body=unit.vault.seal("approval", "body", key, wish.body),
            seats=_seats(wish),
            barred=orjson.dumps(wish.barred).decode(),
            until=wish.until,
            requester=asked.requester,
            asked_at=asked.asked_at,
            **_standing(asked),
        )
    )
    _record(unit, "requested", asked)


def load(unit: Unit, approval_id: str) -> Approval | None:
    row = unit.row(_ONE, {"key": approval_id})
    return None if row is None else _approval(unit, row)


def waits_about(unit: Unit, about: str, families: Collection[str]) -> bool:
    """Whether a wish of one of these families about this waits to be decided."""
    here = sa.select(_COLUMNS.id).where(_COLUMNS.about == about, _COLUMNS.family.in_(families), _OPEN)
    return unit.row(here, {"moment": unit.now}) is not None


def is_waiting(about: sa.ColumnElement[str], family: str) -> sa.ColumnElement[bool]:
    """Whether a wish of a family about what a statement has in hand waits; of one without an end."""
    here = sa.select(sa.literal(1)).where(_COLUMNS.about == about, _COLUMNS.family == family, _WAITING)
    return sa.exists(here.correlate_except(schema.approval))


def awaiting(unit: Unit, person: UserId, held: Collection[Permission]) -> list[Approval]:
    """What waits for the word of somebody with these permissions, the oldest first, also where they are barred."""
    given = {"held": sorted(each.value for each in held), "person": person, "moment": unit.now}
    return [_approval(unit, row) for row in unit.rows(_AWAITING, given)]


def waiting_of(unit: Unit, family: str) -> list[Approval]:
    """Everything of a family that waits, the oldest first."""
    rows = unit.rows(_OF_FAMILY, {"family": family, "moment": unit.now})
    return [_approval(unit, row) for row in rows]


def named_for(unit: Unit, person: UserId) -> list[Approval]:
    """What waits for the word of this person and of nobody else, the oldest first."""
    given = {"person": person, "moment": unit.now}
    return [_approval(unit, row) for row in unit.rows(_NAMED, given)]


def pass_on(unit: Unit, before: Approval, after: Approval) -> bool:
    """The seat that waits goes to another person; False when somebody's word came first."""
    here = (_COLUMNS.id == before.approval_id, _WAITING, _COLUMNS.named == before.seat.named)
    if not unit.changed(schema.approval.update().where(*here).values(seats=_seats(after.wish), **_standing(after))):
        return False
    _record(unit, "passed_on", after)
    return True


def settle(unit: Unit, before: Approval, after: Approval) -> bool:
    """From the standing that was read to the next one; False when somebody else was first."""
    here = (_COLUMNS.id == before.approval_id, _WAITING, _COLUMNS.taken == _people(before.taken))
    if not unit.changed(schema.approval.update().where(*here).values(**_standing(after))):
        return False
    _record(unit, State.AGREED.value if after.state is State.WAITING else after.state.value, after)
    return True


def _standing(asked: Approval) -> dict[str, Any]:
    return {
        "taken": _people(asked.taken),
        "needs": asked.seat.permission.value,
        "named": asked.seat.named,
        "state": asked.state.value,
        "decided_by": asked.decided_by,
        "decided_at": asked.decided_at,
    }


def _seats(wish: Wish) -> str:
    return orjson.dumps([[seat.permission.value, seat.named] for seat in wish.seats]).decode()


def _people(people: Sequence[UserId]) -> str:
    return orjson.dumps(people).decode()


def _record(unit: Unit, step: str, asked: Approval) -> None:
    """The trail holds the digest of what was asked, the row its words."""
    about, digest = asked.wish.about, sha256(asked.wish.body.encode()).hexdigest()
    agreed = f"{len(asked.taken)}/{len(asked.wish.seats)}"
    detail = {"approval": asked.approval_id, "requester": asked.requester, "agreed": agreed, "body": digest}
    subjects = [about.removeprefix(CUSTOMER)] if about.startswith(CUSTOMER) else []
    unit.audit(f"{asked.family}.{step}", about, detail, subjects)


def _approval(unit: Unit, row: Any) -> Approval:
    seats = tuple(Seat(Permission(needs), named and UserId(named)) for needs, named in orjson.loads(row.seats))
    barred = tuple(map(UserId, orjson.loads(row.barred)))
    reason, body = (unit.vault.open("approval", cell, row.id, getattr(row, cell)) for cell in ("reason", "body"))
    return Approval(
        ApprovalId(row.id), row.family, Wish(row.about, reason, seats, body, barred, row.until),
        UserId(row.requester), row.asked_at, tuple(map(UserId, orjson.loads(row.taken))), State(row.state),
        UserId(row.decided_by) if row.decided_by else None, row.decided_at,
    )  # fmt: skip
