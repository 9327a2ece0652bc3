"""The deadlines of a process as data: how long, on which clock, who hears when; and what an action does to them."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field as Limited
from pydantic import StringConstraints, model_validator

from domain.part import Key, Part
from domain.process.selecting import Channel, Guard, Label, Selector, Who


class ClockKind(StrEnum):
    """Working hours; whole calendar days to 24:00, the first not counted; or the clock on the wall."""

    BUSINESS = "business"
    CALENDAR = "calendar"
    WALL = "wall"


class Length(Part):
    """How long, where the condition holds."""

    figure: Key
    when: Guard | None = None


class Level(Part):
    """One step of a ladder. Due at a share of the deadline, some time before it, or some time after its start.

    `hour`: not told earlier in the day than that; `instead`: who hears of it where nobody in `to` is there.
    """

    key: Key
    label: Label
    rank: int = Limited(ge=1, le=9)
    share: Key | None = None
    before: Key | None = None
    after: Key | None = None
    to: Who
    channels: tuple[Channel, ...] = Limited(default=(Channel.CARD,), min_length=1)
    text: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    always: bool = False
    hour: int | None = Limited(default=None, ge=0, le=23)
    instead: tuple[Selector, ...] = ()

    @model_validator(mode="after")
    def _one_time(self) -> Self:
        if sum(each is not None for each in (self.share, self.before, self.after)) != 1:
            raise ValueError("share、before、after 里要写一个，也只能写一个")
        return self


class Deadline(Part):
    """A clock of the case. `length` is the first that holds (none: no deadline), times the first factor that does.

    `since` and `until` name answers: when it began, and for whole days the last one, where that was told.
    """

    key: Key
    label: Label
    clock: ClockKind
    length: tuple[Length, ...] = Limited(min_length=1)
    factors: tuple[Length, ...] = ()
    least: Key | None = None
    since: Key | None = None
    until: Key | None = None
    pause_most: Key | None = None
    pause_total: Key | None = None
    ladder: tuple[Level, ...] = ()


class Extension(Part):
    """From now on the deadline is that long in all."""

    deadline: Key
    figure: Key


class Clocks(Part):
    """What an action does to deadlines. Resuming a stopped one goes on where it stood; starting begins anew."""

    start: tuple[Key, ...] = ()
    pause: tuple[Key, ...] = ()
    resume: tuple[Key, ...] = ()
    stop: tuple[Key, ...] = ()
    extend: tuple[Extension, ...] = ()
