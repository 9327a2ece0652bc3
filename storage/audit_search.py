"""Who saw a customer, what somebody did: the audit trail looked up by customer and by actor, the newest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Self

import orjson
import sqlalchemy as sa

from domain.refusal import Refused
from storage import numbers, reasons, schema
from storage.chain import CHAIN
from storage.columns import from_microseconds
from storage.unit import Unit

BAD_SPAN = "日期不对：开始的日子不能晚于结束的日子，年份写 2000 到 2199。"
_YEARS = range(2000, 2200)
_AUDIT, _SUBJECT = schema.audit.c, schema.audit_subject.c


@dataclass(frozen=True)
class Span:
    """A time, its end no part of it; open where nothing is said."""

    begin: datetime | None = None
    end: datetime | None = None

    @classmethod
    def of_days(cls, since: str, until: str, zone: tzinfo | None) -> Self:
        """Whole days in ISO form, the last one included, each open where empty. Raises Refused for a span that holds
        nothing, or that no audit reaches.
        """
        first, last = (date.fromisoformat(day) if day else None for day in (since, until))
        if (first and last and first > last) or any(day.year not in _YEARS for day in (first, last) if day):
            raise Refused(BAD_SPAN, reason="bad span")
        begin = datetime.combine(first, time(0), zone) if first else None
        return cls(begin, datetime.combine(last + timedelta(days=1), time(0), zone) if last else None)


@dataclass(frozen=True)
class Entry:
    """One record as an auditor reads it: customers by number, nobody by name; `why` in the words of who did it."""

    seq: int
    at: datetime
    actor: str
    post: str
    action: str
    resource: str
    detail: Mapping[str, Any]
    subjects: tuple[str, ...]
    why: str = ""


def who_saw(unit: Unit, customer: str, span: Span, before: int | None, limit: int) -> list[Entry]:
    """The records about a customer, from the one numbered `before` backwards."""
    mine = sa.select(_SUBJECT.seq).where(_SUBJECT.chain == CHAIN, _SUBJECT.subject == customer)
    return _entries(unit, _AUDIT.seq.in_(mine), span, before, limit)


def what_did(unit: Unit, actor: str, span: Span, before: int | None, limit: int) -> list[Entry]:
    """The records of what somebody did."""
    return _entries(unit, _AUDIT.actor == actor, span, before, limit)


def customer_called(unit: Unit, words: str) -> str | None:
    """The customer number that is meant, if the trail or the bank has heard of it."""
    return next((each for each in numbers.written(words) if _knows_customer(unit, each)), None)


def _knows_customer(unit: Unit, customer: str) -> bool:
    known = (
        sa.select(_SUBJECT.seq).where(_SUBJECT.subject == customer),
        sa.select(sa.literal(1)).where(schema.customer.c.customer_id == customer),
    )
    return any(unit.row(each.limit(1)) is not None for each in known)


def knows_actor(unit: Unit, actor: str) -> bool:
    """Whether somebody has ever done anything that is on record, or works here."""
    known = (
        sa.select(_AUDIT.seq).where(_AUDIT.actor == actor),
        sa.select(sa.literal(1)).where(schema.staff.c.userid == actor),
    )
    return any(unit.row(each.limit(1)) is not None for each in known)


def _entries(unit: Unit, mine: sa.ColumnElement[bool], span: Span, before: int | None, limit: int) -> list[Entry]:
    asked = sa.select(_AUDIT.seq, _AUDIT.body).where(_AUDIT.chain == CHAIN, mine)
    conditions = (
        None if before is None else _AUDIT.seq < before,
        None if span.begin is None else _AUDIT.at >= span.begin,
        None if span.end is None else _AUDIT.at < span.end,
    )
    asked = asked.where(*(each for each in conditions if each is not None))
    rows = unit.rows(asked.order_by(_AUDIT.seq.desc()).limit(limit))
    about = _about(unit, [row.seq for row in rows])
    return _explained(unit, [_entry(row.seq, row.body, about.get(row.seq, ())) for row in rows])


def _explained(unit: Unit, entries: list[Entry]) -> list[Entry]:
    said = reasons.told(unit, [str(each.detail.get("why", "")) for each in entries])
    return [replace(each, why=said[str(each.detail.get("why", ""))]) for each in entries]


def _about(unit: Unit, seqs: Sequence[int]) -> dict[int, tuple[str, ...]]:
    asked = sa.select(_SUBJECT.seq, _SUBJECT.subject).where(_SUBJECT.chain == CHAIN, _SUBJECT.seq.in_(seqs))
    found: dict[int, tuple[str, ...]] = {}
    for row in unit.rows(asked.order_by(_SUBJECT.seq, _SUBJECT.subject)):
        found[row.seq] = (*found.get(row.seq, ()), row.subject)
    return found


def _entry(seq: int, body: bytes, subjects: tuple[str, ...]) -> Entry:
    said = orjson.loads(body)
    at = from_microseconds(said["at"])
    return Entry(seq, at, said["actor"], said["post"], said["action"], said["resource"], said["detail"], subjects)
