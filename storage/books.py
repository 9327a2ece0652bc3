"""A book changes hands: customers, to-dos with their reminders, findings and parked forms, many rows at a time.

Every function moves only what is still `before`'s, and says what that was, so that it can be moved back.
"""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

import orjson
import sqlalchemy as sa

from domain.conversation import Conversation, Status
from domain.ids import ConversationId, CustomerId, UnitId, UserId
from domain.todo import TodoState
from storage import conversations, overrides, schema, timers
from storage.among import among
from storage.handovers import CUSTOMER, FINDING, TALK, TODO, Item
from storage.unit import Unit

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
    chosen = mine if customers is None else mine.where(among(unit, _CUSTOMER.customer_id, customers))
    return sorted(CustomerId(row.customer_id) for row in unit.rows(chosen))


def kept_in(unit: Unit, person: UserId, units: Collection[UnitId]) -> list[CustomerId]:
    """Those of a person's customers who belong to these units."""
    mine = sa.select(_CUSTOMER.customer_id).where(_CUSTOMER.rm_userid == person, _CUSTOMER.closed_as_of.is_(None))
    here = mine.where(_CUSTOMER.unit_id.in_(sorted(units)))
    return sorted(CustomerId(row.customer_id) for row in unit.rows(here))


def give_customers(unit: Unit, customers: Sequence[str], before: UserId, after: UserId, why: str) -> list[Item]:
    """They are kept by `after` from this commit on, whatever the feed repeats."""
    theirs = kept_by(unit, before, customers)
    overrides.put(unit, overrides.MANAGER, theirs, after, why)
    return [Item(CUSTOMER, each, moved=True) for each in theirs]


def give_todos(unit: Unit, todos: Sequence[str], before: UserId, after: UserId) -> list[Item]:
    """Those still to be done, and the reminders of them."""
    here = sa.and_(among(unit, _TODO.id, todos), _TODO.owner == before, _PENDING)
    changed = schema.todo.update().where(here).values(owner=after, revision=_TODO.revision + 1)
    moved = sorted(row.id for row in unit.rows(changed.returning(_TODO.id)))
    subjects = [f"todo:{each}" for each in moved]
    armed = sa.and_(among(unit, _TIMER.subject, subjects), _TIMER.state == timers.ARMED)
    unit.execute(schema.timer.update().where(armed).values(person=after))
    return [Item(TODO, each, moved=True) for each in moved]


def give_findings(unit: Unit, findings: Sequence[str], before: UserId, after: UserId) -> list[Item]:
    """They are new to who gets them, and told in the next digest."""
    here = sa.and_(among(unit, _FINDING.id, findings), _FINDING.owner == before)
    told = unit.rows(sa.select(_FINDING.id, _FINDING.announced_on).where(here).order_by(_FINDING.id))
    unit.execute(schema.finding.update().where(here).values(owner=after, announced_on=None))
    days = ((row.id, row.announced_on.isoformat() if row.announced_on else None) for row in told)
    return [Item(FINDING, key, day, moved=True) for key, day in days]


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
