"""Handovers: each with the things it is about, so that exactly what moved can be moved back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
import sqlalchemy as sa

from domain.handover import Handover, State
from domain.ids import HandoverId, UserId
from storage import schema
from storage.unit import Unit

CUSTOMER, SEAT, TODO, FINDING, CASE, TALK = "customer", "seat", "todo", "finding", "case", "talk"
_COLUMNS, _ITEM = schema.handover.c, schema.handover_item.c
_WAITING = _COLUMNS.state == State.WAITING.value


@dataclass(frozen=True)
class Item:
    """One thing: how it was, as JSON, and whether it went."""

    kind: str
    thing: str
    before: str | None = None
    moved: bool = False


def add(unit: Unit, handover: Handover, customers: Iterable[str]) -> None:
    """A request; the customers it names, unless it is about the whole book."""
    kept: dict[str, Any] = {"leaver": handover.leaver, "successor": handover.successor, "requester": handover.requester}
    kept |= {"requested_at": handover.requested_at}
    values = {"id": handover.handover_id, "whole": handover.whole, **kept, **_standing(handover)}
    unit.execute(schema.handover.insert().values(**values))
    if not handover.whole:
        keep_items(unit, handover.handover_id, [Item(CUSTOMER, each) for each in customers])
    detail = {"from": handover.leaver, "to": handover.successor, "approver": handover.approver, **handover.counts}
    unit.audit("handover.requested", f"handover:{handover.handover_id}", detail)


def keep_items(unit: Unit, handover_id: HandoverId, items: Sequence[Item]) -> None:
    """The things of a handover as they are now known; what was known of them before goes."""
    unit.execute(schema.handover_item.delete().where(_ITEM.handover_id == handover_id))
    rows = [
        {"handover_id": handover_id, "kind": each.kind, "thing": each.thing, "before": each.before,
         "moved": each.moved}
        for each in items
    ]  # fmt: skip
    if rows:
        unit.execute(schema.handover_item.insert(), rows)


def items(unit: Unit, handover_id: HandoverId) -> list[Item]:
    mine = sa.select(schema.handover_item).where(_ITEM.handover_id == handover_id)
    rows = unit.rows(mine.order_by(_ITEM.kind, _ITEM.thing))
    return [Item(row.kind, row.thing, row.before, row.moved) for row in rows]


def change(unit: Unit, before: Handover, after: Handover, step: str = "handover.shown") -> bool:
    """From the state and the revision that were read; False when somebody else was first. `step`: what it is called
    while it goes on waiting.
    """
    here = schema.handover.update().where(
        _COLUMNS.id == before.handover_id, _COLUMNS.state == before.state.value, _COLUMNS.revision == before.revision
    )
    if not unit.changed(here.values(**_standing(after))):
        return False
    detail = {"revision": after.revision, **after.counts}
    action = f"handover.{after.state.value}" if after.state is not before.state else step
    unit.audit(action, f"handover:{after.handover_id}", detail)
    return True


def _standing(handover: Handover) -> dict[str, Any]:
    return {
        "approver": handover.approver,
        "state": handover.state.value,
        "revision": handover.revision,
        "counts": orjson.dumps(dict(handover.counts)).decode(),
        "digest": handover.digest,
        "decided_by": handover.decided_by,
        "decided_at": handover.decided_at,
        "reversible_until": handover.reversible_until,
    }


def load(unit: Unit, handover_id: str) -> Handover | None:
    row = unit.row(sa.select(schema.handover).where(_COLUMNS.id == handover_id))
    return None if row is None else _handover(row)


def reversible(unit: Unit, by: UserId) -> list[Handover]:
    """What a person agreed to and can still take back, the latest first."""
    mine = sa.and_(_COLUMNS.decided_by == by, _COLUMNS.state == State.AGREED.value)
    chosen = sa.select(schema.handover).where(mine, _COLUMNS.reversible_until >= unit.now)
    return [_handover(row) for row in unit.rows(chosen.order_by(_COLUMNS.decided_at.desc(), _COLUMNS.id))]


def waiting_for(unit: Unit, person: UserId) -> list[Handover]:
    """What waits for a person's word, the oldest first."""
    mine = sa.select(schema.handover).where(_WAITING, _COLUMNS.approver == person)
    return [_handover(row) for row in unit.rows(mine.order_by(_COLUMNS.requested_at, _COLUMNS.id))]


def waiting_on(unit: Unit, person: UserId) -> list[HandoverId]:
    """What cannot go on without this person: as who decides, or as who takes over."""
    party = sa.or_(_COLUMNS.approver == person, _COLUMNS.successor == person)
    mine = sa.select(_COLUMNS.id).where(_WAITING, party).order_by(_COLUMNS.id)
    return [HandoverId(row.id) for row in unit.rows(mine)]


def latest_to(unit: Unit, successor: UserId) -> Handover | None:
    """The last book that a person took over."""
    mine = sa.and_(_COLUMNS.successor == successor, _COLUMNS.state == State.AGREED.value)
    row = unit.row(sa.select(schema.handover).where(mine).order_by(_COLUMNS.decided_at.desc()).limit(1))
    return None if row is None else _handover(row)


def _handover(row: sa.Row[Any]) -> Handover:
    counts: Mapping[str, int] = orjson.loads(row.counts)
    return Handover(
        HandoverId(row.id), UserId(row.leaver), UserId(row.successor), UserId(row.requester), UserId(row.approver),
        row.whole, row.requested_at, State(row.state), row.revision, counts, row.digest,
        UserId(row.decided_by) if row.decided_by else None, row.decided_at, row.reversible_until,
    )  # fmt: skip
