"""What happens to a case, what is recorded of it, and what must be done outside: the words `advance` speaks in."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from domain.ids import UserId
from domain.language.fields import Value


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody does an action, seeing `revision`."""

    action: str
    actor: UserId
    revision: int
    answers: Mapping[str, Value] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Vote:
    """Somebody decides what was asked, seeing `revision`."""

    approval_id: str
    actor: UserId
    revision: int
    agree: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Finish:
    """Somebody finishes a task they were given."""

    task_id: str
    actor: UserId
    revision: int
    answers: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Undo:
    """Somebody takes back what they just did."""

    actor: UserId
    revision: int


@dataclass(frozen=True, slots=True)
class Fired:
    """A timer came due."""

    timer: str
    generation: int


@dataclass(frozen=True, slots=True)
class Reckon:
    """The working calendar has changed: what was due at one time may be due at another."""


@dataclass(frozen=True, slots=True)
class Succeed:
    """A manager's handover: these parts of `before` are `after`'s from now on."""

    before: UserId
    after: UserId
    parts: tuple[str, ...]
    actor: UserId


Event: TypeAlias = Act | Vote | Finish | Undo | Fired | Reckon | Succeed


@dataclass(frozen=True, slots=True)
class Happening:
    """A domain event: one line of the trail. `principal` is whom the actor stood in for, if not themselves."""

    kind: str
    at: datetime
    actor: UserId | None
    detail: Mapping[str, Value] = field(default_factory=dict)
    principal: UserId | None = None


@dataclass(frozen=True, slots=True)
class Assign:
    """The role now has this person; None is vacant and somebody must be told."""

    role: str
    userid: UserId | None
    before: UserId | None = None


@dataclass(frozen=True, slots=True)
class Notify:
    """Tell them, by card. `key` is unique within the case."""

    key: str
    to: tuple[UserId, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Sms:
    """Tell them by SMS, once for this key; `text` is for the card's reader, an SMS carries number and level alone."""

    key: str
    to: tuple[UserId, ...]
    level: str


@dataclass(frozen=True, slots=True)
class ArmTimer:
    """Set a timer."""

    timer: str
    generation: int
    due: datetime


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """A timer no longer means anything."""

    timer: str
    generation: int


@dataclass(frozen=True, slots=True)
class OpenTask:
    """Ask these people to do a part, with that form."""

    task_id: str
    label: str
    to: tuple[UserId, ...]
    form: str | None


@dataclass(frozen=True, slots=True)
class CloseTask:
    """The task is done or needed no more: its cards converge."""

    task_id: str


@dataclass(frozen=True, slots=True)
class AskApproval:
    """Show these people the decision, with 同意 and 退回."""

    approval_id: str
    action: str
    to: tuple[UserId, ...]
    text: str


@dataclass(frozen=True, slots=True)
class CloseApproval:
    """It is decided or has lapsed: all its cards converge on `verdict`."""

    approval_id: str
    verdict: str


Effect: TypeAlias = Assign | Notify | Sms | ArmTimer | CancelTimer | OpenTask | CloseTask | AskApproval | CloseApproval
