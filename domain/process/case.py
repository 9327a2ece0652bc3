"""A case as it stands: one frozen value that `advance` turns into the next one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.ids import CaseId, CustomerId, UnitId, UserId
from domain.language.fields import Value


class Running(StrEnum):
    """Whether a clock moves."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Clock:
    """One deadline. `used` seconds had passed before `begun`; `episode` counts its starts."""

    state: Running
    begun: datetime
    length: int
    used: int = 0
    episode: int = 1
    paused_at: datetime | None = None
    paused_days: int = 0

    def paused(self, at: datetime, used: int) -> "Clock":
        return Clock(Running.PAUSED, self.begun, self.length, used, self.episode, at, self.paused_days)

    def resumed(self, at: datetime, days: int) -> "Clock":
        """Going on from then, after so many days of pause."""
        return Clock(Running.RUNNING, at, self.length, self.used, self.episode, None, self.paused_days + days)

    def stopped(self, used: int, days: int) -> "Clock":
        return Clock(Running.STOPPED, self.begun, self.length, used, self.episode, None, self.paused_days + days)


@dataclass(frozen=True, slots=True)
class Armed:
    """A timer that is set."""

    generation: int
    due: datetime


@dataclass(frozen=True, slots=True)
class Task:
    """Work given to people of one department; `since` is the revision at which it was asked."""

    task_id: str
    action: str
    part: str
    people: tuple[UserId, ...]
    since: int
    done_by: UserId | None = None
    closed: bool = False


class Verdict(StrEnum):
    """Where an approval stands."""

    OPEN = "open"
    AGREED = "agreed"
    REJECTED = "rejected"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Ballot:
    """A vote: cast by `voter`, counting for `principal` (the same person, unless a stand-in voted)."""

    voter: UserId
    principal: UserId
    at: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """An approval that was asked for, also after it was decided."""

    approval_id: str
    action: str
    requester: UserId
    behalf: UserId
    voters: tuple[UserId, ...]
    since: int
    ballots: tuple[Ballot, ...] = ()
    verdict: Verdict = Verdict.OPEN


@dataclass(frozen=True, slots=True)
class Undoable:
    """What the last action may still be turned back to, by whom, until when."""

    action: str
    actor: UserId
    until: datetime
    before: "Case"


@dataclass(frozen=True, slots=True)
class Case:
    """`settled` is the last revision that changed what a person decides on; a button shown before it is stale."""

    case_id: CaseId
    process: str
    version: int
    state: str
    revision: int = 0
    settled: int = 0
    serial: int = 0
    customer: CustomerId | None = None
    unit: UnitId | None = None
    data: Mapping[str, Value] = field(default_factory=dict)
    roles: Mapping[str, UserId] = field(default_factory=dict)
    excluded: frozenset[UserId] = frozenset()
    clocks: Mapping[str, Clock] = field(default_factory=dict)
    armed: Mapping[str, Armed] = field(default_factory=dict)
    fired: frozenset[str] = frozenset()
    tasks: tuple[Task, ...] = ()
    approvals: tuple[Asked, ...] = ()
    done: Mapping[str, datetime] = field(default_factory=dict)
    undoable: Undoable | None = None


def calendar_due(begun: datetime, days: int | Decimal) -> datetime:
    """24:00 of the last of so many calendar days; the day of receipt is not counted and nothing pauses it."""
    return begun.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=int(days) + 1)
