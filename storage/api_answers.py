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
from storage.columns import microseconds
from storage.unit import Unit

KEPT = timedelta(hours=24)
LEASE = 10.0  # seconds
_ROW = schema.api_answer.c
_CLAIM = sa.text(
    "INSERT INTO api_answer (key_id, name, request, asked_at, holder, lease_until)"
    " VALUES (:key_id, :name, :request, :asked_at, :holder, :lease_until) ON CONFLICT DO NOTHING"
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
    forget_old(unit)
    if _claimed_first(unit, asked):
        return None
    row = unit.row(sa.select(schema.api_answer).where(*_here(asked)))
    if row is not None and row.request != asked.digest:
        raise Mismatch
    if row is not None and row.body is not None:
        return Answer(row.status, unit.vault.open_bytes("api_answer", "body", _bound_to(asked), row.body))
    if not _taken_over(unit, asked):
        raise InHand
    return None


def hold(unit: Unit, asked: Asked) -> None:
    """Still at it."""
    mine = schema.api_answer.update().where(*_here(asked), _ROW.holder == asked.holder)
    unit.execute(mine.values(lease_until=unit.machine_now + LEASE))


def keep(unit: Unit, asked: Asked, answer: Answer) -> None:
    """The answer, with its effect. Raises InHand where somebody else took the request over: then both are undone."""
    sealed = unit.vault.seal_bytes("api_answer", "body", _bound_to(asked), answer.body)
    mine = schema.api_answer.update().where(*_here(asked), _ROW.holder == asked.holder, _ROW.body.is_(None))
    if not unit.changed(mine.values(status=answer.status, body=sealed, holder=None)):
        raise InHand


def any_old(unit: Unit) -> bool:
    """Whether there is anything to forget."""
    return unit.row(sa.select(_ROW.name).where(_ROW.asked_at <= unit.now - KEPT).limit(1)) is not None


def forget_old(unit: Unit) -> None:
    unit.execute(schema.api_answer.delete().where(_ROW.asked_at <= unit.now - KEPT))


def _claimed_first(unit: Unit, asked: Asked) -> bool:
    given = {"key_id": asked.key_id, "name": asked.name, "request": asked.digest, "holder": asked.holder}
    times = {"asked_at": microseconds(unit.now), "lease_until": unit.machine_now + LEASE}
    return unit.changed(_CLAIM, {**given, **times})


def _taken_over(unit: Unit, asked: Asked) -> bool:
    free = schema.api_answer.update().where(*_here(asked), _ROW.body.is_(None), _ROW.lease_until < unit.machine_now)
    return unit.changed(free.values(holder=asked.holder, lease_until=unit.machine_now + LEASE))


def _here(asked: Asked) -> tuple[sa.ColumnElement[bool], ...]:
    return _ROW.key_id == asked.key_id, _ROW.name == asked.name


def _bound_to(asked: Asked) -> str:
    return f"{asked.key_id}|{asked.name}"
