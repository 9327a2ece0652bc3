"""Tiers set by hand, as rows: in force from one day through another, the latest one decided on first."""

from domain.ids import ApprovalId, CustomerId
from domain.tier_override import TierOverride
from storage import label_due, schema
from storage.unit import Unit


def put(unit: Unit, approval_id: ApprovalId, customer_id: CustomerId, agreed: TierOverride) -> None:
    """In force from today on."""
    unit.execute(
        schema.tier_override.insert().values(
            approval_id=approval_id,
            customer_id=customer_id,
            tier=agreed.tier.value,
            from_day=unit.now.date(),
            until_day=agreed.until_day,
            decided_at=unit.now,
        )
    )
    label_due.mark(unit, [customer_id])
    detail = {"approval": approval_id, "tier": agreed.tier.value, "until": agreed.until_day.isoformat()}
    unit.audit("tier.set", f"customer:{customer_id}", detail, [customer_id])
