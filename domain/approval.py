"""What one person asks for and others decide: seats, filled one after another, each by another person who may."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from domain.ids import ApprovalId, CustomerId, UserId
from domain.policy import Permission
from domain.refusal import Refused

CUSTOMER = "customer:"
SETTLED = "这件申请已经办过了。"
OWN = "自己的申请要由别人来决定。"
NOT_OWN = "只有申请人能撤回。"
TWICE = "您已经同意过这件申请，还要另一个人来决定。"
NOT_YOURS = "这件申请不由您来决定。"
EXPIRED = "申请的有效期已经过了，不能再同意；需要时请重新申请。"


class State(StrEnum):
    """How far it has come; only a waiting one can still go anywhere."""

    WAITING = "waiting"
    AGREED = "agreed"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Seat:
    """One person's agreement: of anybody who has the permission, or of the one who is named and has it."""

    permission: Permission
    named: UserId | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for: `about` is what it changes (`customer:C1`, `staff:rm02`), `body` the family's own value as
    JSON. `barred` never decide, for it is about them; from `until` on nobody agrees.
    """

    about: str
    reason: str
    seats: tuple[Seat, ...]
    body: str = ""
    barred: tuple[UserId, ...] = ()
    until: datetime | None = None

    @property
    def customer_id(self) -> CustomerId:
        """The customer it is about; raises ValueError for another thing."""
        if not self.about.startswith(CUSTOMER):
            raise ValueError(f"no customer: {self.about}")
        return CustomerId(self.about.removeprefix(CUSTOMER))


@dataclass(frozen=True, slots=True)
class Approval:
    """A wish and how it stands: `taken` are those who agreed, in the order of the seats."""

    approval_id: ApprovalId
    family: str
    wish: Wish
    requester: UserId
    asked_at: datetime
    taken: tuple[UserId, ...] = ()
    state: State = State.WAITING
    decided_by: UserId | None = None
    decided_at: datetime | None = None

    @property
    def seat(self) -> Seat:
        """The seat that waits to be filled; the last one once all are."""
        return self.wish.seats[min(len(self.taken), len(self.wish.seats) - 1)]

    @property
    def revision(self) -> int:
        """Counts what was shown: with each seat that is filled, the buttons shown before mean nothing."""
        return len(self.taken) + 1

    def waits(self, now: datetime) -> bool:
        """Whether somebody can still agree."""
        return self.state is State.WAITING and (self.wish.until is None or now < self.wish.until)


def about_customer(customer_id: CustomerId) -> str:
    return f"{CUSTOMER}{customer_id}"


def decide(
    asked: Approval, state: State, by: UserId, held: Collection[Permission], now: datetime
) -> Approval | Refused:
    """The next standing, for somebody who has these permissions. The first decision on a seat counts."""
    if asked.state is not State.WAITING:
        return Refused(SETTLED, reason="settled")
    if state is State.WITHDRAWN:
        return (
            _closed(asked, state, by, now) if by == asked.requester else Refused(NOT_OWN, reason="not the requester's")
        )
    if refusal := kept_from(asked, by, held):
        return refusal
    if state is State.REJECTED:
        return _closed(asked, state, by, now)
    if not asked.waits(now):
        return Refused(EXPIRED, reason="expired")
    agreed = replace(asked, taken=(*asked.taken, by))
    return agreed if len(agreed.taken) < len(asked.wish.seats) else _closed(agreed, State.AGREED, by, now)


def out_of_time(asked: Approval, now: datetime) -> Approval | None:
    """Its ending when nobody agreed in time; None for one that is decided, or may still be."""
    if asked.state is not State.WAITING or asked.waits(now):
        return None
    return replace(asked, state=State.EXPIRED, decided_at=now)


def passed_on(asked: Approval, to: UserId) -> Approval:
    """The seat that waits is another person's from now on; who agreed before has agreed."""
    seats = list(asked.wish.seats)
    seats[len(asked.taken)] = replace(asked.seat, named=to)
    return replace(asked, wish=replace(asked.wish, seats=tuple(seats)))


def kept_from(asked: Approval, by: UserId, held: Collection[Permission]) -> Refused | None:
    """Why this person does not fill the seat that waits."""
    if by == asked.requester:
        return Refused(OWN, reason="four eyes")
    if by in asked.taken:
        return Refused(TWICE, reason="four eyes")
    seat = asked.seat
    if by in asked.wish.barred or seat.named not in (None, by) or seat.permission not in held:
        return Refused(NOT_YOURS, reason="not theirs to decide")
    return None


def acts_on(asked: Approval, who: UserId, held: Collection[Permission]) -> bool:
    """Whether somebody has a button for it while it waits: to take the own one back, or to decide."""
    return who == asked.requester or kept_from(asked, who, held) is None


def concerns(asked: Approval, who: UserId, held: Collection[Permission]) -> bool:
    """Whether somebody may read what became of it: who asked, who had a word in it, and who has one by permission."""
    if who in (asked.requester, asked.decided_by, *asked.taken):
        return True
    seats = (seat for seat in asked.wish.seats if seat.named in (None, who))
    return who not in asked.wish.barred and any(seat.permission in held for seat in seats)


def _closed(asked: Approval, state: State, by: UserId, now: datetime) -> Approval:
    return replace(asked, state=state, decided_by=by, decided_at=now)


def can_be_filled(candidates: Sequence[Collection[UserId]]) -> bool:
    """Whether every seat finds a person of its own, given who could take each."""
    if not candidates:
        return True
    first, *rest = candidates
    return any(can_be_filled([[other for other in each if other != person] for each in rest]) for person in first)
