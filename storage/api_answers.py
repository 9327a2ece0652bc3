"""Answers that were given, by the name a system gave its request: asked again, it hears the same and nothing happens.

A long request holds its name by a lease of machine time; whoever asks again after the holder died, or came to
nothing, takes it over. The answer is written in the commit of the effect, so that there is never one without the other.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

import sqlalchemy as sa

from domain.refusal import Refused
from storage import schema
from storage.columns import Instant, microseconds
from storage.statement import Statement
from storage.unit import Unit

LEASE = 10.0  # seconds
_ROW = schema.api_answer.c
_HERE = sa.and_(_ROW.key_id == sa.bindparam("of_key"), _ROW.name == sa.bindparam("of_name"))
_OPEN, _OURS = _ROW.body.is_(None), _ROW.holder == sa.bindparam("by_holder")
_FIND = Statement(sa.select(_ROW.request, _ROW.status, _ROW.body).where(_HERE))
_CLAIM = Statement(
    sa.text(
        "INSERT INTO api_answer (key_id, name, request, asked_at, holder, lease_until)"
        " VALUES (:of_key, :of_name, :request, :asked_at, :by_holder, :lease_until) ON CONFLICT DO NOTHING"
    )
)
_TAKE_OVER = Statement(schema.api_answer.update().where(_HERE, _OPEN, _ROW.lease_until < sa.bindparam("machine_now")))
_HOLD = Statement(schema.api_answer.update().where(_HERE, _OURS))
_KEEP = Statement(schema.api_answer.update().where(_HERE, _OURS, _OPEN))
_OLD = _ROW.asked_at <= sa.bindparam("before", type_=Instant)
_ANY_OLD, _FORGET = (
    Statement(sa.select(_ROW.name).where(_OLD).limit(1)),
    Statement(schema.api_answer.delete().where(_OLD)),
)


@dataclass(frozen=True)
class Answer:
    """What a system was told: the bytes as they went out."""

    status: int
    body: bytes

    @property
    def problem(self) -> bool:
        return self.status >= 400


@dataclass(frozen=True)
class Asked:
    """A request under the name its system gave it; `digest` is that of all it says, `holder` who carries it out."""

    key_id: str
    name: str
    digest: str
    holder: str

    @classmethod
    def of(cls, key_id: str, name: str, digest: str, holder: str) -> "Asked":
        """The name is kept as a digest: systems put all sorts of things into it."""
        return cls(key_id, sha256(name.encode()).hexdigest(), digest, holder)


class Mismatch(Refused):
    """The same name for two different requests."""

    def __init__(self) -> None:
        super().__init__(
            "这个 Idempotency-Key 已经用在内容不同的请求上：新的请求请用新的 Idempotency-Key", reason="mismatch"
        )


class InHand(Refused):
    """The same request is being carried out at this moment."""

    def __init__(self) -> None:
        super().__init__("同一个请求正在处理：请稍后用同样的 Idempotency-Key 再发一次，就能得到结果", reason="in_hand")


def claim(unit: Unit, asked: Asked) -> Answer | None:
    """The answer of before, or None for the one who now carries it out. Raises Mismatch and InHand."""
    if _claimed_first(unit, asked):
        return None
    row = unit.row(_FIND, _named(asked))
    if row is not None and row.request != asked.digest:
        raise Mismatch
    if row is not None and row.body is not None:
        return Answer(row.status, unit.vault.open_bytes("api_answer", "body", _bound_to(asked), row.body))
    if not _taken_over(unit, asked):
        raise InHand
    return None


def hold(unit: Unit, asked: Asked) -> None:
    """Still at it."""
    unit.execute(_HOLD, {**_named(asked), "by_holder": asked.holder, "lease_until": unit.machine_now + LEASE})


def keep(unit: Unit, asked: Asked, answer: Answer) -> None:
    """The answer, with its effect. Raises InHand where somebody else took the request over: then both are undone."""
    sealed = unit.vault.seal_bytes("api_answer", "body", _bound_to(asked), answer.body)
    values = {"status": answer.status, "body": sealed, "holder": None}
    if not unit.changed(_KEEP, {**_named(asked), "by_holder": asked.holder, **values}):
        raise InHand


def any_old(unit: Unit, kept: timedelta) -> bool:
    """Whether there is anything to forget."""
    return unit.row(_ANY_OLD, {"before": unit.now - kept}) is not None


def forget_old(unit: Unit, kept: timedelta) -> None:
    """What is older than answers are `kept` goes."""
    unit.execute(_FORGET, {"before": unit.now - kept})


def _claimed_first(unit: Unit, asked: Asked) -> bool:
    given = {**_named(asked), "request": asked.digest, "by_holder": asked.holder}
    times = {"asked_at": microseconds(unit.now), "lease_until": unit.machine_now + LEASE}
    return unit.changed(_CLAIM, {**given, **times})


def _taken_over(unit: Unit, asked: Asked) -> bool:
    values = {"holder": asked.holder, "lease_until": unit.machine_now + LEASE}
    return unit.changed(_TAKE_OVER, {**_named(asked), "machine_now": unit.machine_now, **values})


def _named(asked: Asked) -> dict[str, str]:
    return {"of_key": asked.key_id, "of_name": asked.name}


def _bound_to(asked: Asked) -> str:
    return f"{asked.key_id}|{asked.name}"
