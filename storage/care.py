"""Findings: one row an occasion, whose it is, what it rests on, and what its owner said of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from domain.care.finding import Earlier, Finding, Verdict
from domain.ids import CustomerId, FindingId, TodoId, UnitId, UserId
from domain.sharing import Datum, Field, Sentence
from domain.summary import Line
from domain.todo import Todo, TodoState
from storage import restrictions, schema
from storage.among import among
from storage.unit import Unit

_FINDING, _TODO, _CUSTOMER, _STAFF = schema.finding.c, schema.todo.c, schema.customer.c, schema.staff.c
_ADD = {
    name: insert(schema.finding).on_conflict_do_nothing().execution_options(preserve_rowcount=True)
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
_PENDING = _TODO.state.in_((TodoState.OPEN.value, TodoState.SNOOZED.value))
_SHOWN = sa.not_(restrictions.applies_to(_FINDING.customer_id))
_WITH_TODO = schema.finding.join(schema.todo, _TODO.id == _FINDING.todo_id)


@dataclass(frozen=True)
class Found:
    """A finding as it was kept."""

    finding_id: FindingId
    rule: str
    label: str
    customer_id: CustomerId
    episode: str
    owner: UserId | None
    todo_id: TodoId | None
    reason: Sentence
    evidence: tuple[Line, ...]
    title: str
    due_on: date
    data_day: date
    verdict: Verdict | None


def add(unit: Unit, finding: Finding, due: date, todo: Todo | None, version: int) -> bool:
    """Keep a finding with the to-do it gives to its owner (none: nobody's); False when the occasion is known."""
    key, owner = finding.finding_id, todo and todo.owner
    values = {
        "id": key,
        "rule": finding.rule.id,
        "customer_id": finding.customer_id,
        "episode": finding.episode,
        "owner": owner,
        "todo_id": todo and todo.todo_id,
        "evidence": unit.vault.seal_bytes("finding", "evidence", key, _cell(finding)),
        "due_on": due,
        "data_day": finding.data_day,
        "pack_version": version,
        "found_at": unit.now,
    }
    if not unit.changed(_ADD[unit.connection.dialect.name], values):
        return False
    detail = {"rule": finding.rule.id, "owner": owner, "pack": version, "data_day": finding.data_day.isoformat()}
    unit.audit("finding.made", f"finding:{key}", detail, [finding.customer_id])
    return True


def load(unit: Unit, finding_id: FindingId) -> Found | None:
    return _one(unit, _FINDING.id == finding_id)


def of_customer(unit: Unit, customer_id: CustomerId) -> list[Found]:
    """All that was found about a customer, the oldest first."""
    theirs = sa.select(schema.finding).where(_FINDING.customer_id == customer_id)
    return [_found(unit, row) for row in unit.rows(theirs.order_by(_FINDING.found_at, _FINDING.id))]


def of_todo(unit: Unit, todo_id: TodoId) -> Found | None:
    """The finding that a to-do came from."""
    return _one(unit, _FINDING.todo_id == todo_id)


def unjudged(unit: Unit, owner: UserId, *, new: bool = False) -> list[Found]:
    """The owner's findings that still wait for a word or a deed, in the order they were made; `new`: not yet told."""
    mine = sa.select(schema.finding).select_from(_WITH_TODO).where(_FINDING.owner == owner, _PENDING, _SHOWN)
    waiting = mine.where(_FINDING.verdict.is_(None), *((_FINDING.announced_on.is_(None),) if new else ()))
    return [_found(unit, row) for row in unit.rows(waiting.order_by(_FINDING.found_at, _TODO.position, _FINDING.id))]


def announce(unit: Unit, found: Sequence[Found]) -> None:
    """These were told to their owner today."""
    told = schema.finding.update().where(_FINDING.id.in_([one.finding_id for one in found]))
    unit.execute(told.values(announced_on=unit.now.date()))


def judge(unit: Unit, found: Found, verdict: Verdict) -> bool:
    """Keep the owner's word; False when it changed meanwhile."""
    here = schema.finding.update().where(
        _FINDING.id == found.finding_id,
        _FINDING.owner == found.owner,
        _FINDING.verdict.is_not_distinct_from(found.verdict and found.verdict.value),
    )
    if not unit.changed(here.values(verdict=verdict.value, verdict_at=unit.now)):
        return False
    unit.audit(
        "finding.judged", f"finding:{found.finding_id}", {"rule": found.rule, "verdict": verdict}, [found.customer_id]
    )
    return True


def made_since(unit: Unit, owner: UserId, since: datetime) -> int:
    """How many findings a person has got since."""
    mine = sa.and_(_FINDING.owner == owner, _FINDING.found_at >= since)
    return int(unit.execute(sa.select(sa.func.count()).select_from(schema.finding).where(mine)).scalar_one())


def earlier(unit: Unit, rule: str, customer_ids: Sequence[CustomerId]) -> dict[CustomerId, list[Earlier]]:
    """What the rule found before, of each of these customers."""
    theirs = among(unit, _FINDING.customer_id, customer_ids)
    same = sa.select(schema.finding).where(_FINDING.rule == rule, theirs)
    found: dict[CustomerId, list[Earlier]] = {customer_id: [] for customer_id in customer_ids}
    for row in unit.rows(same):
        wrong = row.verdict == Verdict.WRONG.value
        moment = row.verdict_at if wrong else row.found_at
        found[CustomerId(row.customer_id)].append(Earlier(row.episode, moment.date()))
    return found


def astray(unit: Unit) -> list[Found]:
    """Findings to be done whose customer is no longer their owner's: gone, handed over, or never anybody's."""
    owner_left = ~sa.exists().where(
        _STAFF.userid == _FINDING.owner, _STAFF.status == "active", _STAFF.closed_as_of.is_(None)
    )
    elsewhere = sa.or_(
        _CUSTOMER.closed_as_of.is_not(None), _CUSTOMER.rm_userid.is_distinct_from(_FINDING.owner), owner_left
    )
    joined = schema.finding.join(schema.customer, _CUSTOMER.customer_id == _FINDING.customer_id).outerjoin(
        schema.todo, _TODO.id == _FINDING.todo_id
    )
    waiting = sa.or_(_PENDING, sa.and_(_FINDING.owner.is_(None), _CUSTOMER.closed_as_of.is_(None)))
    lost = sa.select(schema.finding).select_from(joined).where(elsewhere, waiting)
    return [_found(unit, row) for row in unit.rows(lost.order_by(_FINDING.id))]


def hand_over(unit: Unit, found: Found, todo: Todo | None) -> bool:
    """Give a finding to the owner of another to-do, or to nobody; False when it changed hands meanwhile."""
    here = schema.finding.update().where(
        _FINDING.id == found.finding_id, _FINDING.owner.is_not_distinct_from(found.owner)
    )
    owner, todo_id = todo and todo.owner, todo and todo.todo_id
    if not unit.changed(here.values(owner=owner, todo_id=todo_id, announced_on=None)):
        return False
    detail = {"from": found.owner, "to": owner}
    unit.audit("finding.handed_over", f"finding:{found.finding_id}", detail, [found.customer_id])
    return True


def book_of(unit: Unit, customer_id: CustomerId) -> tuple[UserId | None, UnitId] | None:
    """Who keeps a customer, and where; None once the customer is closed."""
    here = sa.select(_CUSTOMER.rm_userid, _CUSTOMER.unit_id).where(_CUSTOMER.customer_id == customer_id)
    row = unit.row(here.where(_CUSTOMER.closed_as_of.is_(None)))
    return None if row is None else (UserId(row.rm_userid) if row.rm_userid else None, UnitId(row.unit_id))


def addressees(unit: Unit, until: datetime) -> list[tuple[UserId, UnitId]]:
    """Active members with a new finding, or with something overdue or due before `until`, and where they work."""
    untold = sa.select(_FINDING.todo_id).where(_FINDING.announced_on.is_(None), _FINDING.todo_id.is_not(None))
    speaking = sa.and_(_PENDING, sa.or_(_TODO.due_at < until, _TODO.id.in_(untold)))
    here = sa.and_(_STAFF.status == "active", _STAFF.closed_as_of.is_(None))
    joined = schema.todo.join(schema.staff, _STAFF.userid == _TODO.owner)
    people = sa.select(_TODO.owner, _STAFF.unit_id).distinct().select_from(joined).where(speaking, here)
    return [(UserId(row.owner), UnitId(row.unit_id)) for row in unit.rows(people.order_by(_TODO.owner))]


def _one(unit: Unit, condition: sa.ColumnElement[bool]) -> Found | None:
    row = unit.row(sa.select(schema.finding).where(condition))
    return None if row is None else _found(unit, row)


def _found(unit: Unit, row: sa.Row[Any]) -> Found:
    kept = orjson.loads(unit.vault.open_bytes("finding", "evidence", row.id, row.evidence))
    return Found(
        finding_id=FindingId(row.id),
        rule=row.rule,
        label=kept["label"],
        customer_id=CustomerId(row.customer_id),
        episode=row.episode,
        owner=UserId(row.owner) if row.owner else None,
        todo_id=TodoId(row.todo_id) if row.todo_id else None,
        reason=_sentence(kept["reason"]),
        evidence=tuple(Line(label, _sentence(parts)) for label, parts in kept["evidence"]),
        title=kept["todo"],
        due_on=row.due_on,
        data_day=row.data_day,
        verdict=Verdict(row.verdict) if row.verdict else None,
    )


def _cell(finding: Finding) -> bytes:
    return orjson.dumps({
        "label": finding.rule.label,
        "todo": finding.rule.todo,
        "reason": _parts(finding.reason),
        "evidence": [[line.label, _parts(line.text)] for line in finding.evidence],
    })  # fmt: skip


def _parts(sentence: Sentence) -> list[Any]:
    """Customer data stays marked as such, so that it is redacted for whoever reads it."""
    return [part if isinstance(part, str) else [part.field.value, part.value] for part in sentence]


def _sentence(parts: list[Any]) -> Sentence:
    return tuple(part if isinstance(part, str) else Datum(Field(part[0]), part[1]) for part in parts)
