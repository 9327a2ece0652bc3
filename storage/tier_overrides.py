"""Tiers set by hand, as rows: asked for, decided, in force for a time."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from domain.ids import CustomerId, UserId
from domain.tier import Tier
from domain.tier_override import State, TierOverride
from storage import schema
from storage.unit import Unit

_GIVEN = schema.tier_override.c


def add(unit: Unit, asked: TierOverride) -> None:
    unit.execute(
        schema.tier_override.insert().values(
            id=asked.override_id,
            customer_id=asked.customer_id,
            tier=asked.tier.value,
            reason=unit.vault.seal("tier_override", "reason", asked.override_id, asked.reason),
            days=asked.days,
            from_day=unit.now.date(),
            until_day=asked.until_day,
            requester=asked.requester,
            approver=asked.approver,
            requested_at=asked.requested_at,
            state=asked.state.value,
        )
    )
    _record(unit, "tier.requested", asked)


def load(unit: Unit, override_id: str) -> TierOverride | None:
    row = unit.row(sa.select(schema.tier_override).where(_GIVEN.id == override_id))
    return None if row is None else _read(unit, row)


def waiting_for(unit: Unit, customer_id: CustomerId, today: date) -> bool:
    """Whether a request for this customer waits to be decided."""
    here = (_GIVEN.customer_id == customer_id, _GIVEN.state == State.WAITING.value, _GIVEN.until_day >= today)
    return unit.row(sa.select(_GIVEN.id).where(*here)) is not None


def settle(unit: Unit, decided: TierOverride) -> bool:
    """Write the decision down; False when somebody else's came first."""
    here = schema.tier_override.update().where(_GIVEN.id == decided.override_id, _GIVEN.state == State.WAITING.value)
    values = {"state": decided.state.value, "from_day": decided.from_day, "decided_at": decided.decided_at}
    if not unit.changed(here.values(**values)):
        return False
    _record(unit, f"tier.{decided.state.value}", decided)
    return True


def _record(unit: Unit, action: str, each: TierOverride) -> None:
    detail = {"override": each.override_id, "tier": each.tier.value, "until": each.until_day.isoformat()}
    unit.audit(action, f"customer:{each.customer_id}", detail, [each.customer_id])


def _read(unit: Unit, row: Any) -> TierOverride:
    return TierOverride(
        override_id=row.id,
        customer_id=CustomerId(row.customer_id),
        tier=Tier(row.tier),
        reason=unit.vault.open("tier_override", "reason", row.id, row.reason),
        days=row.days,
        until_day=row.until_day,
        requester=UserId(row.requester),
        approver=UserId(row.approver),
        requested_at=row.requested_at,
        state=State(row.state),
        from_day=row.from_day,
        decided_at=row.decided_at,
    )
