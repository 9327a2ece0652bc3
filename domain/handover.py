"""A handover: whose work goes to whom, how it stands, and how a plan that changed differs from the one before."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple, Self

from pydantic import Field as Limited

from domain.ids import CaseId, ConversationId, CustomerId, FindingId, HandoverId, TodoId, UserId
from domain.part import Part, Sourced
from domain.refusal import Refused


class State(StrEnum):
    """How far a handover has come; only a waiting one can be decided, only an agreed one taken back. `lapsed`: whoever
    was to agree, or to take over, is gone.
    """

    WAITING = "waiting"
    AGREED = "agreed"
    REJECTED = "rejected"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    OVER = "over"
    LAPSED = "lapsed"
    REVERSED = "reversed"


class Days(Sourced):
    """A number of days."""

    value: int = Limited(ge=0, le=90)


class HandoverTerms(Part):
    """How long a handover can be taken back."""

    reversible: Days = Days(value=7, effective_from=date(2025, 1, 1), source="行内默认")


class TeamSeat(NamedTuple):
    """A place in a customer's service team: `fed` is who has it by the bank's feed."""

    customer_id: CustomerId
    role: str
    fed: UserId

    @property
    def key(self) -> str:
        return "\t".join(self)

    @classmethod
    def of(cls, key: str) -> Self:
        customer_id, role, fed = key.split("\t")
        return cls(CustomerId(customer_id), role, UserId(fed))


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that would move now, each kind in a fixed order."""

    customers: tuple[CustomerId, ...] = ()
    seats: tuple[TeamSeat, ...] = ()
    todos: tuple[TodoId, ...] = ()
    visits: int = 0
    findings: tuple[FindingId, ...] = ()
    cases: tuple[CaseId, ...] = ()
    recused: tuple[CaseId, ...] = ()
    talks: tuple[ConversationId, ...] = ()

    @property
    def counts(self) -> Mapping[str, int]:
        """What a card says of it, by label; what there is none of is not said."""
        said = {
            "客户": len(self.customers),
            "服务团队": len(self.seats),
            "待办": len(self.todos),
            "其中回访": self.visits,
            "其中关怀": len(self.findings),
            "案件": len(self.cases),
            "回避": len(self.recused),
            "没填完": len(self.talks),
        }
        return {label: count for label, count in said.items() if count}

    @property
    def digest(self) -> str:
        """Equal for the same things, however they are counted."""
        seats = tuple(seat.key for seat in self.seats)
        kinds = (self.customers, seats, self.todos, self.findings, self.cases, self.recused, self.talks)
        return sha256("\n".join("|".join(kind) for kind in kinds).encode()).hexdigest()

    @property
    def book(self) -> tuple[CustomerId, ...]:
        """Everybody whom the successor serves from then on: who is kept, then who is served in a team alone."""
        return tuple(dict.fromkeys((*self.customers, *(seat.customer_id for seat in self.seats))))

    @property
    def empty(self) -> bool:
        return not (self.customers or self.seats or self.todos or self.cases or self.talks)


@dataclass(frozen=True, slots=True)
class Handover:
    """`whole`: the book as it stands on the day it is agreed to, and all other work; else the customers that
    were listed. `revision` counts the plans that were shown, `digest` is of the last one.
    """

    handover_id: HandoverId
    leaver: UserId
    successor: UserId
    requester: UserId
    approver: UserId
    whole: bool
    requested_at: datetime
    state: State = State.WAITING
    revision: int = 1
    counts: Mapping[str, int] = field(default_factory=dict)
    digest: str = ""
    decided_by: UserId | None = None
    decided_at: datetime | None = None
    reversible_until: datetime | None = None

    def shown(self, plan: Plan) -> "Handover":
        """The same with a plan that is shown from now on."""
        again = self.revision + 1 if self.digest else self.revision
        return replace(self, revision=again, counts=plan.counts, digest=plan.digest)


def decide(handover: Handover, state: State, by: UserId, now: datetime, days: int) -> Handover | Refused:
    """Decided once, each way by who it belongs to: nobody agrees to their own request."""
    whose = {State.DECLINED: handover.successor, State.WITHDRAWN: handover.requester}.get(state, handover.approver)
    if handover.state is not State.WAITING:
        return Refused("这件移交已经办过了。", reason="settled")
    if by != whose or (by == handover.requester and state in (State.AGREED, State.REJECTED)):
        return Refused("这件移交不由您来决定。", reason="four eyes")
    until = now + timedelta(days=days) if state is State.AGREED else None
    return replace(handover, state=state, decided_by=by, decided_at=now, reversible_until=until)


def reverse(handover: Handover, by: UserId, now: datetime) -> Handover | Refused:
    """Taken back by who agreed to it, for some days."""
    if handover.state is not State.AGREED or handover.reversible_until is None:
        return Refused("这件移交现在不能撤回。", reason="settled")
    if by != handover.decided_by:
        return Refused("只有批准移交的人能撤回。", reason="four eyes")
    if now > handover.reversible_until:
        return Refused("已经过了可以撤回的日子。要换回来，请重新申请移交。", reason="late")
    return replace(handover, state=State.REVERSED)


def difference(before: Mapping[str, int], after: Mapping[str, int]) -> str:
    """What a fresh card says of the plan it replaces: 客户 12→11，待办 3→4."""
    labels = dict.fromkeys((*before, *after))
    changed = [(label, before.get(label, 0), after.get(label, 0)) for label in labels]
    said = [f"{label} {old}→{new}" for label, old, new in changed if old != new]
    return "，".join(said) or "条数不变，内容有变"
