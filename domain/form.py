"""A form as data: which fields it asks, what they accept, and which of them an answer calls for."""

from collections.abc import Collection, Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated

from pydantic import Field as Limited
from pydantic import JsonValue, StringConstraints

from domain.normalise import compact
from domain.part import Key, Part, Words

SKIP_KEY = "-skip"
PAGE_KEY = "-page."
YES, NO = "yes", "no"


class Kind(StrEnum):
    """What a field holds."""

    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    FLAG = "flag"
    TEXT = "text"
    AMOUNT = "amount"
    MOMENT = "moment"
    CUSTOMER = "customer"
    PHOTO = "photo"
    LOCATION = "location"


PICKED = frozenset({Kind.CHOICE, Kind.MULTI_CHOICE, Kind.FLAG})
"""The kinds answered from a list of options."""


class Direction(StrEnum):
    """On which side of now a moment must lie."""

    PAST = "past"
    FUTURE = "future"
    ANY = "any"


class Inline(StrEnum):
    """How a field is found in a command written on one line."""

    CUSTOMER = "customer"
    OPTION = "option"
    MOMENT = "moment"
    REST = "rest"


class Option(Part):
    """One thing to choose; `aliases` are accepted when typed. WeCom shows at most 16 characters of a list entry. Where
    it is what somebody is to another (子女), `back` is what that one is to them (父母); the same word where there is none.
    """

    key: Key
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=16)]
    aliases: tuple[Words, ...] = ()
    back: Words | None = None

    @property
    def words(self) -> tuple[str, ...]:
        return (self.text, *self.aliases)

    @cached_property
    def compared(self) -> tuple[str, ...]:
        """Its words as they are met with what is typed."""
        return tuple(compact(word) for word in self.words)


FLAG_OPTIONS = (
    Option(key=YES, text="是", aliases=("对", "有", "好", "要", "yes")),
    Option(key=NO, text="否", aliases=("不", "不是", "没有", "不要", "no")),
)


class When(Part):
    """The field is asked only if an earlier field was answered with one of these option keys."""

    field: Key
    is_: tuple[Key, ...] = Limited(alias="is", min_length=1)


class Answer(Part):
    """What was understood: `value` for the records, `shown` for the person. None means left out on purpose."""

    value: JsonValue
    shown: str

    @property
    def keys(self) -> tuple[str, ...]:
        """The option keys of an answer, whatever kind of choice it was."""
        if isinstance(self.value, bool):
            return (YES if self.value else NO,)
        if isinstance(self.value, list):
            return tuple(str(item) for item in self.value)
        return (str(self.value),)


Answers = Mapping[str, Answer]


class Field(Part):
    """One question. `min` and `max` count characters, options or photos; for an amount they are whole yuan.

    A `later` one is not asked on the way: it can be filled in with 改 before saving.
    An `inline_bare` time counts on the command's line without its words too, in the order of the fields.
    Of a `by_purpose` choice only those options are offered that are purposes of the post that fills the form in.
    To a `verbatim` one even a command's word is an answer; a command then needs its slash.
    """

    key: Key
    type: Kind
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=12)]
    question: Annotated[str, StringConstraints(max_length=36)] | None = None
    hint: Annotated[str, StringConstraints(max_length=120)] | None = None
    required: bool = True
    later: bool = False
    options: tuple[Option, ...] = ()
    default: Key | None = None
    min: int | None = Limited(default=None, ge=0)
    max: int | None = Limited(default=None, ge=1)
    max_bytes: int | None = Limited(default=None, ge=1)
    direction: Direction = Direction.ANY
    quick: tuple[Annotated[str, StringConstraints(min_length=1, max_length=10)], ...] = Limited(
        default=(), max_length=4
    )
    when: When | None = None
    inline: Inline | None = None
    inline_words: tuple[Words, ...] = ()
    inline_bare: bool = False
    verbatim: bool = False
    by_purpose: bool = False

    @property
    def choices(self) -> tuple[Option, ...]:
        return FLAG_OPTIONS if self.type is Kind.FLAG else self.options

    @property
    def asked(self) -> str:
        return self.question or self.label

    @property
    def photos(self) -> int:
        """How many photos the field takes: one unless the pack says more."""
        return self.max or 1


class Form(Part):
    """Fields in the order they are asked, the verb that is done with the answers, and how long an unfinished one
    waits.
    """

    key: Key
    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=16)]
    verb: str
    fields: tuple[Field, ...] = Limited(min_length=1)
    confirm: bool = True
    idle_minutes: int = Limited(default=30, ge=1, le=24 * 60)

    def field(self, key: str) -> Field:
        """The field of that key; raises KeyError for one the form does not have."""
        for field in self.fields:
            if field.key == key:
                return field
        raise KeyError(key)


def fitting(form: Form, purposes: Collection[str]) -> Form:
    """The form as it is asked of somebody with these purposes."""
    if not any(field.by_purpose for field in form.fields):
        return form
    return form.model_copy(update={"fields": tuple(_fitting(field, purposes) for field in form.fields)})


def _fitting(field: Field, purposes: Collection[str]) -> Field:
    """Where nothing would be left to choose, everything stays, and the choice is refused with its reason."""
    left = tuple(option for option in field.options if option.text in purposes)
    return field.model_copy(update={"options": left}) if field.by_purpose and left else field


def applies(field: Field, answers: Answers) -> bool:
    """Whether the condition of a field holds; an unanswered or left-out field fulfils none."""
    if field.when is None:
        return True
    earlier = answers.get(field.when.field)
    return earlier is not None and bool(set(earlier.keys) & set(field.when.is_))


def visible(form: Form, answers: Answers) -> tuple[Field, ...]:
    """The fields that these answers call for, in order; a hidden field hides what depends on it."""
    shown: list[Field] = []
    counted: dict[str, Answer] = {}
    for field in form.fields:
        if applies(field, counted):
            shown.append(field)
            if field.key in answers:
                counted[field.key] = answers[field.key]
    return tuple(shown)


def kept(form: Form, answers: Answers) -> dict[str, Answer]:
    """The answers without those whose question is no longer asked."""
    return {field.key: answers[field.key] for field in visible(form, answers) if field.key in answers}
