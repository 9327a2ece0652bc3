"""Freezing a person's data: from then on it is kept and nothing more, until it is unfrozen (PIPL 47).

Both are asked for by one person and decided by another.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from domain.command_change import State
from domain.ids import CustomerId, UserId
from domain.refusal import Refused

SETTLED = "这件申请已经办过了。"
OWN = "自己的申请要由别人来决定。"
NOT_OWN = "只有申请人能撤回。"


@dataclass(frozen=True, slots=True)
class Restriction:
    """The wish to freeze, or to unfreeze (`lifts`), and how it was decided."""

    restriction_id: str
    customer_id: CustomerId
    lifts: bool
    reason: str
    requester: UserId
    requested_at: datetime
    state: State = State.WAITING
    decided_by: UserId | None = None
    decided_at: datetime | None = None

    @property
    def wish(self) -> str:
        return "解冻" if self.lifts else "冻结"


def decide(asked: Restriction, state: State, by: UserId, now: datetime) -> Restriction | Refused:
    """The first decision counts; whoever asked may only take it back."""
    if asked.state is not State.WAITING:
        return Refused(SETTLED, reason="settled")
    if state is State.WITHDRAWN and by != asked.requester:
        return Refused(NOT_OWN, reason="not the requester's")
    if state is not State.WITHDRAWN and by == asked.requester:
        return Refused(OWN, reason="four eyes")
    return replace(asked, state=state, decided_by=by, decided_at=now)
