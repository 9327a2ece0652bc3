"""A process as data: the states of a case, what may be done in each, by whom, by when, and who hears of it."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field as Limited
from pydantic import StringConstraints, model_validator

from domain.part import Key, Part, Words
from domain.process.figure import Figure

Guard = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""A sentence of the rule language (domain.language.rules)."""

Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=16)]

FILER = "filer"
"""The one role that every case has: who did the first action."""

RM = "rm"
"""Whose superior, where it is that of whoever is the customer's manager."""

SERVED = "served"


class StateKind(StrEnum):
    """What a state means to the engine, which knows no state by name."""

    INITIAL = "initial"
    OPEN = "open"
    WAITING = "waiting"
    CLOSED = "closed"


class State(Part):
    """Where a case can be."""

    key: Key
    label: Label
    kind: StateKind


class Place(StrEnum):
    """Which unit on the way from the case's unit up to the root."""

    SUB_BRANCH = "sub_branch"
    BRANCH = "branch"
    HEAD_OFFICE = "head_office"


class Selector(Part):
    """Who: exactly one way to say it, perhaps only under a condition. `served` are those of the customer's service team
    who hold a role that the service programme of the customer's tier asks for."""

    person: Words | None = None
    role: Key | None = None
    answer: Key | None = None
    post: Words | None = None
    at: Place | None = None
    head: Place | None = None
    superior: Key | None = None
    level: int = Limited(default=1, ge=1, le=9)
    rm: bool = False
    served: bool = False
    line: Key | None = None
    when: Guard | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        named = (self.person, self.role, self.answer, self.post, self.head, self.superior, self.line)
        if sum(each is not None for each in named) + self.rm + self.served != 1:
            raise ValueError("person、role、answer、post、head、superior、rm、served、line 里要写一个，也只能写一个")
        if self.at is not None and self.post is None:
            raise ValueError("at 只能和 post 一起写")
        return self


Who = Annotated[tuple[Selector, ...], Limited(min_length=1)]


class Channel(StrEnum):
    """How somebody hears of something."""

    CARD = "card"
    SMS = "sms"


class Role(Part):
    """A part that somebody plays in a case; `choose` says who, first match first."""

    key: Key
    label: Label
    choose: Who


class Notice(Part):
    """Something said to people when an action is done; `{names}` are fields of the dictionary or case words."""

    to: Who
    text: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    channels: tuple[Channel, ...] = (Channel.CARD,)
    when: Guard | None = None


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


class Outcome(Part):
    """What comes of an action, or of a decision."""

    to: Key | None = None
    set: dict[Key, bool | int | str] = Limited(default_factory=dict)
    assign: tuple[Key, ...] = ()
    clocks: Clocks = Clocks()
    notices: tuple[Notice, ...] = ()
    undo: Key | None = None

    @property
    def only_tells(self) -> bool:
        """Whether somebody hears of it and nothing else comes of it."""
        return self.model_copy(update={"notices": ()}) == Outcome()


class Mode(StrEnum):
    """Whether the first of them decides, or every one must."""

    ANY = "any"
    ALL = "all"


class Approval(Part):
    """A decision asked of others than who asks. `bound`: it lapses when the case leaves the state."""

    key: Key
    label: Label
    who: Who
    mode: Mode = Mode.ANY
    bound: bool = True
    text: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    agree: Outcome
    reject: Outcome


class TaskPart(Part):
    """A task for one of the departments; opened where its condition holds."""

    key: Key
    label: Label
    who: Who
    when: Guard | None = None


class Tasks(Part):
    """Work given to others, and what comes of it when all, or the first, are done."""

    join: Mode = Mode.ALL
    parts: tuple[TaskPart, ...] = Limited(min_length=1)
    form: Key | None = None
    joined: Outcome = Outcome()


class Action(Outcome):
    """Something a person can do. Without `to` the case stays where it is; `quiet` leaves buttons elsewhere valid.

    `main` ones are buttons on the case's card and make it wait for who may do them; the others are in a list. `links`
    is the answer that holds the number of another case, to be linked with this one.
    """

    key: Key
    label: Label
    from_: tuple[Key, ...] = Limited(alias="from", min_length=1)
    who: Who
    when: Guard | None = None
    refusal: Words | None = None
    form: Key | None = None
    reason: bool = False
    quiet: bool = False
    main: bool = False
    links: Key | None = None
    tasks: Tasks | None = None
    approval: Approval | None = None


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


class Finding(Part):
    """A value concluded where the condition holds, and on whose word."""

    value: bool | int | str
    when: Guard | None = None
    source: Words
    verified: bool = False


class Conclusion(Part):
    """A key of the case that rules decide at these actions: the first finding that holds."""

    key: Key
    on: tuple[Key, ...] = Limited(min_length=1)
    findings: tuple[Finding, ...] = Limited(min_length=1)


class Recusal(Part):
    """Who must neither handle nor see the case, from when the condition holds on."""

    who: Who
    when: Guard | None = None


class Face(Part):
    """What a case's card shows besides its state: some fields of the dictionary, and the answer that tells the story.

    `same`: the answers in which two cases of one customer must agree to be about the same thing.
    """

    fields: tuple[Words, ...] = Limited(default=(), max_length=2)
    story: Key | None = None
    same: tuple[Key, ...] = ()


class Process(Part):
    """Everything about one kind of case. Numbers of cases begin with `letter`; a `confidential` one is seen by who
    takes part alone.
    """

    key: Key
    label: Label
    letter: Annotated[str, StringConstraints(pattern=r"^[A-Z]{1,3}$")] = "A"
    face: Face = Face()
    confidential: Guard | None = None
    states: tuple[State, ...] = Limited(min_length=2)
    roles: tuple[Role, ...] = ()
    actions: tuple[Action, ...] = Limited(min_length=1)
    deadlines: tuple[Deadline, ...] = ()
    conclusions: tuple[Conclusion, ...] = ()
    recusals: tuple[Recusal, ...] = ()
    vacancy: Who
    figures: tuple[Figure, ...] = ()
