"""One person's talk about one form, as a frozen value that survives a restart; `domain.talk` moves it on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from pydantic import JsonValue

from domain.answer import LEFT_OUT, Rejected
from domain.form import Answer, Field, Form, Kind, visible
from domain.ids import ConversationId, UserId
from domain.part import Part
from domain.steps import Step, place_of, plan, step

RESUMABLE = timedelta(hours=24)
"""How long after its expiry a conversation can be taken up again."""


class Status(StrEnum):
    """Where a conversation stands."""

    ASKING = "asking"
    EDITING = "editing"
    CONFIRMING = "confirming"
    PARKED = "parked"
    EXPIRED = "expired"
    DONE = "done"
    CANCELLED = "cancelled"


LIVE = frozenset({Status.ASKING, Status.EDITING, Status.CONFIRMING})
WAITING = frozenset({Status.PARKED, Status.EXPIRED})


class Conversation(Part):
    """`asked` are the fields of the present step; none means that the confirmation is shown.

    A `brief` one was started with answers on one line: it asks only what must be known.
    `revision` grows with every change and travels in each card, so that an old card can be told.
    """

    id: ConversationId
    person: UserId
    form: str
    pack_version: int
    subject: str | None = None
    status: Status = Status.ASKING
    answers: Mapping[str, Answer] = {}
    asked: tuple[str, ...] = ()
    brief: bool = False
    lookup: str | None = None
    page: int = 0
    revision: int = 1
    started_at: datetime
    touched_at: datetime
    expires_at: datetime

    def dump(self) -> str:
        """The whole value as JSON."""
        return self.model_dump_json(by_alias=True)

    @classmethod
    def load(cls, text: str) -> Self:
        """The value that `dump` wrote; raises ValueError for anything else."""
        return cls.model_validate_json(text)

    @property
    def live(self) -> bool:
        return self.status in LIVE

    @property
    def resumable_until(self) -> datetime:
        return self.expires_at + RESUMABLE

    def overdue(self, now: datetime) -> bool:
        """Whether it is waiting for an answer and has waited too long."""
        return self.status in LIVE | {Status.PARKED} and now >= self.expires_at

    def resumable(self, now: datetime) -> bool:
        """Whether 继续 still brings it back."""
        return self.status in LIVE | WAITING and now < self.resumable_until


@dataclass(frozen=True, slots=True)
class AskStep:
    """Ask this step; it is number `number` of `total` as far as one can see now."""

    title: str
    step: Step
    number: int
    total: int


@dataclass(frozen=True, slots=True)
class Row:
    """One line of what was understood."""

    field: str
    label: str
    shown: str


@dataclass(frozen=True, slots=True)
class AskConfirm:
    """Show what was understood, and ask whether to save it."""

    title: str
    rows: tuple[Row, ...]


Ask = AskStep | AskConfirm


@dataclass(frozen=True, slots=True)
class Lookup:
    """Somebody was named; the one who can search has to say who it is."""

    field: Field
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """What follows from one thing a person did. `completed` holds the values once the form is through."""

    conversation: Conversation
    ask: Ask | None = None
    problems: tuple[Rejected, ...] = ()
    note: str | None = None
    completed: Mapping[str, JsonValue] | None = None


def present_ask(form: Form, conv: Conversation) -> Ask | None:
    """What a conversation is waiting for; nothing when it is not live."""
    if not conv.live:
        return None
    if not conv.asked:
        return AskConfirm(form.title, rows(form, conv))
    planned = plan(form, conv.answers)
    place = place_of(conv.asked, planned) or 0
    return AskStep(form.title, present_step(form, conv), place + 1, len(planned))


def present_step(form: Form, conv: Conversation) -> Step:
    """The step that asks the fields in question; raises ValueError where none is asked."""
    return step([form.field(key) for key in conv.asked], conv.answers, conv.page)


def rows(form: Form, conv: Conversation) -> tuple[Row, ...]:
    """Every question these answers call for, with what was understood."""
    fields = visible(form, conv.answers)
    return tuple(Row(field.key, field.label, conv.answers.get(field.key, LEFT_OUT).shown) for field in fields)


def values(form: Form, conv: Conversation) -> dict[str, JsonValue]:
    """What was answered, without what was left out."""
    keys = [field.key for field in visible(form, conv.answers) if field.key in conv.answers]
    return {key: conv.answers[key].value for key in keys if conv.answers[key].value is not None}


def needs_lookup(form: Form, conv: Conversation) -> Lookup | None:
    """The search that somebody has to make before the talk can go on."""
    if not conv.live or conv.lookup is None:
        return None
    field = next((form.field(key) for key in conv.asked if form.field(key).type is Kind.CUSTOMER), None)
    return Lookup(field, conv.lookup) if field else None


def find_field(form: Form, conv: Conversation, text: str) -> Field | None:
    """The question somebody names after 改: by its label, or the number of its row."""
    word = text.strip()
    fields = visible(form, conv.answers)
    if word.isdecimal() and 1 <= int(word) <= len(fields):
        return fields[int(word) - 1]
    named = [field for field in fields if word and word in (field.label, field.key)]
    near = [field for field in fields if word and (word in field.label or field.label in word)]
    return next(iter(named), near[0] if len(near) == 1 else None)
