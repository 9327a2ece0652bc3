"""A process as data: the states of a case, what may be done in each, by whom, by when, and who hears of it."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field as Limited
from pydantic import StringConstraints

from domain.part import Key, Part, Words
from domain.process.deadline import Clocks, Deadline
from domain.process.figure import Figure
from domain.process.selecting import Channel, Guard, Label, Who


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
