"""A tier set by hand: asked for with a reason, agreed to by somebody else, for some months at most."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from domain.ids import CustomerId, UserId
from domain.refusal import Refused
from domain.tier import Tier


class State(StrEnum):
    """A waiting one is decided once."""

    WAITING = "waiting"
    AGREED = "agreed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class TierOverride:
    """It holds through `until_day`, from the day it is agreed to."""

    override_id: str
    customer_id: CustomerId
    tier: Tier
    reason: str
    days: int
    until_day: date
    requester: UserId
    approver: UserId
    requested_at: datetime
    state: State = State.WAITING
    from_day: date | None = None
    decided_at: datetime | None = None


def decide(override: TierOverride, state: State, by: UserId, now: datetime) -> TierOverride | Refused:
    """Nobody agrees to their own request, and who asked may take it back; an old request is not agreed to any more."""
    whose = override.requester if state is State.WITHDRAWN else override.approver
    if override.state is not State.WAITING:
        return Refused("这件申请已经办过了。", reason="settled")
    if by != whose or (by == override.requester and state is not State.WITHDRAWN):
        return Refused("这件申请不由您来决定。", reason="four eyes")
    if state is State.AGREED and now.date() > override.until_day:
        return Refused("申请的有效期已经过了，请客户经理重新申请。", reason="expired")
    return replace(override, state=state, from_day=now.date(), decided_at=now)
