"""A book changes hands: customers, to-dos with their reminders, findings and parked forms, many rows at a time.

Every function moves only what is still `before`'s, and says what that was, so that it can be moved back.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import TypeVar

import orjson
import sqlalchemy as sa

from domain.conversation import Conversation, Status
from domain.ids import ConversationId, CustomerId, UserId
from domain.todo import TodoState
from storage import conversations, overrides, schema, timers
from storage.handovers import CUSTOMER, FINDING, TALK, TODO, Item
from storage.unit import Unit

T = TypeVar("T")
_AT_ONCE = 500
_CUSTOMER, _TODO, _FINDING, _TIMER, _TALK = (
    table.c for table in (schema.customer, schema.todo, schema.finding, schema.timer, schema.conversation)
)
_PENDING = _TODO.state.in_((TodoState.OPEN.value, TodoState.SNOOZED.value))


def lock(unit: Unit) -> None:
    """One handover at a time, and none while an import comes into force."""
    overrides.hold(unit, overrides.MANAGER)


def kept_by(unit: Unit, person: UserId, customers: Sequence[str] | None = None) -> list[CustomerId]:
    """A person's customers; of those named, the ones that are theirs."""
    mine = sa.select(_CUSTOMER.customer_id).where(_CUSTOMER.rm_userid == person, _CUSTOMER.closed_as_of.is_(None))
    some = [mine] if customers is None else [mine.where(_CUSTOMER.customer_id.in_(each)) for each in _some(customers)]
    return sorted(CustomerId(row.customer_id) for chosen in some for row in unit.rows(chosen))


def give_customers(unit: Unit, customers: Sequence[str], before: UserId, after: UserId, why: str) -> list[Item]:
    """They are kept by `after` from this commit on, whatever the feed repeats."""
    theirs = kept_by(unit, before, customers)
    overrides.put(unit, overrides.MANAGER, theirs, after, why)
    return [Item(CUSTOMER, each, moved=True) for each in theirs]


def give_todos(unit: Unit, todos: Sequence[str], before: UserId, after: UserId) -> list[Item]:
    """Those still to be done, and the reminders of them."""
    moved: list[str] = []
    for some in _some(todos):
        here = sa.and_(_TODO.id.in_(some), _TODO.owner == before, _PENDING)
        changed = schema.todo.update().where(here).values(owner=after, revision=_TODO.revision + 1)
        mine = [row.id for row in unit.rows(changed.returning(_TODO.id))]
        armed = sa.and_(_TIMER.subject.in_([f"todo:{each}" for each in mine]), _TIMER.state == timers.ARMED)
        unit.execute(schema.timer.update().where(armed).values(person=after))
        moved += mine
    return [Item(TODO, each, moved=True) for each in sorted(moved)]


def give_findings(unit: Unit, findings: Sequence[str], before: UserId, after: UserId) -> list[Item]:
    """They are new to who gets them, and told in the next digest."""
    found: list[Item] = []
    for some in _some(findings):
        here = sa.and_(_FINDING.id.in_(some), _FINDING.owner == before)
        for row in unit.rows(sa.select(_FINDING.id, _FINDING.announced_on).where(here).order_by(_FINDING.id)):
            told = row.announced_on.isoformat() if row.announced_on else None
            found.append(Item(FINDING, row.id, told, moved=True))
        unit.execute(schema.finding.update().where(here).values(owner=after, announced_on=None))
    return found


def tell_again(unit: Unit, items: Sequence[Item]) -> None:
    """Findings that came back were told on the day they were told."""
    for item in items:
        told = date.fromisoformat(item.before) if item.before else None
        unit.execute(schema.finding.update().where(_FINDING.id == item.thing).values(announced_on=told))


def give_talk(unit: Unit, talk: Conversation, after: UserId, waits: timedelta) -> Item:
    """A parked form goes on with its customer, and can be taken up for as long as a fresh one."""
    was = {"status": talk.status.value, "expires_at": talk.expires_at, "touched_at": talk.touched_at}
    changes = {"person": after, "status": Status.PARKED, "touched_at": unit.now, "expires_at": unit.now + waits}
    _rewrite(unit, talk.model_copy(update={**changes, "revision": talk.revision + 1}))
    kept = orjson.dumps({**was, "person": talk.person, "revision": talk.revision}).decode()
    return Item(TALK, talk.id, kept, moved=True)


def give_back_talk(unit: Unit, item: Item) -> bool:
    """As it was, unless somebody went on with it."""
    was = orjson.loads(item.before or "{}")
    talk = conversations.load(unit, ConversationId(item.thing))
    if talk is None or talk.status is not Status.PARKED or talk.revision != was["revision"] + 1:
        return False
    _rewrite(unit, Conversation.model_validate({**talk.model_dump(by_alias=True), **was}))
    return True


def _rewrite(unit: Unit, talk: Conversation) -> None:
    """`conversations.save` never changes whose a talk is."""
    unit.execute(schema.conversation.update().where(_TALK.id == talk.id).values(person=talk.person))
    conversations.save(unit, talk)


def _some(keys: Sequence[T]) -> Iterator[Sequence[T]]:
    return (keys[start : start + _AT_ONCE] for start in range(0, len(keys), _AT_ONCE))
