"""A form planned onto what a phone can show: WeCom's cards hold 3 lists of 10, one vote of 20, and 6 buttons."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil

from domain.form import PAGE_KEY, PICKED, SKIP_KEY, Answers, Field, Form, Kind, visible

LISTS = 3
LIST_OPTIONS = 10
VOTE_OPTIONS = 20
BUTTON_OPTIONS = 4  # of WeCom's 6, so that 跳过 and 取消 have room
BUTTON_TEXT = 10
PAGE_OPTIONS = LIST_OPTIONS - 1


class Widget(StrEnum):
    """How a step is asked."""

    BUTTONS = "buttons"
    CHOICE_LISTS = "choice_lists"
    VOTE = "vote"
    PAGED = "paged"
    TEXT = "text"
    AMOUNT = "amount"
    MOMENT = "moment"
    CUSTOMER = "customer"
    PHOTO = "photo"
    LOCATION = "location"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: the key that comes back when it is chosen, and its words."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Choices:
    """The entries for one field, and which of them are marked beforehand. For other kinds: words ready to tap."""

    field: Field
    entries: tuple[Entry, ...]
    selected: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Step:
    """What is asked at once."""

    widget: Widget
    fields: tuple[Field, ...]
    lists: tuple[Choices, ...] = ()
    page: int = 0
    pages: int = 1

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(field.key for field in self.fields)

    @property
    def skippable(self) -> bool:
        return not any(field.required for field in self.fields)

    @property
    def many(self) -> bool:
        """Whether several options of the one list may be chosen."""
        return self.fields[0].type is Kind.MULTI_CHOICE


Plan = Sequence[Sequence[Field]]


def plan(form: Form, answers: Answers) -> Plan:
    """The fields of each step that these answers call for: neighbouring short choices share a card unless one depends
    on another.
    """
    return _groups(form, {field.key for field in visible(form, answers) if not field.later})


def place_of(keys: Collection[str], planned: Plan) -> int | None:
    """Which step asks one of these fields, counted from 0."""
    return next((at for at, fields in enumerate(planned) if any(field.key in keys for field in fields)), None)


def step(fields: Iterable[Field], answers: Answers, page: int = 0) -> Step:
    """The step that asks exactly these fields; `page` counts from 0 and wraps around."""
    fields = tuple(fields)
    field = fields[0]
    if field.type not in PICKED:
        quick = tuple(Entry(text, text) for text in field.quick)
        return Step(Widget(field.type.value), fields, (Choices(field, quick),) if quick else ())
    widget = _picker(fields)
    if widget is Widget.PAGED:
        return _paged(field, answers, page)
    return Step(widget, fields, tuple(_choices(each, answers, widget) for each in fields))


def _groups(form: Form, shown: set[str]) -> list[list[Field]]:
    groups: list[list[Field]] = []
    for field in form.fields:
        if groups and field.when and any(field.when.field == one.key for one in groups[-1]):
            groups.append([])
        if field.key not in shown:
            continue
        if groups and _join(groups[-1], field):
            groups[-1].append(field)
        else:
            groups.append([field])
    return [group for group in groups if group]


def _join(group: list[Field], field: Field) -> bool:
    return len(group) < LISTS and all(_listed(one) for one in (*group, field))


def _listed(field: Field) -> bool:
    return field.type in PICKED and field.type is not Kind.MULTI_CHOICE and _size(field) <= LIST_OPTIONS


def _size(field: Field) -> int:
    """Entries needed; a choice that may be left out has one more to say so."""
    return len(field.choices) + (not field.required and field.type is not Kind.MULTI_CHOICE)


def _picker(fields: tuple[Field, ...]) -> Widget:
    field = fields[0]
    if field.type is Kind.MULTI_CHOICE:
        return Widget.VOTE
    if len(fields) == 1 and _fits_buttons(field):
        return Widget.BUTTONS
    if _size(field) <= LIST_OPTIONS:
        return Widget.CHOICE_LISTS
    return Widget.VOTE if _size(field) <= VOTE_OPTIONS else Widget.PAGED


def _fits_buttons(field: Field) -> bool:
    short = all(len(option.text) <= BUTTON_TEXT for option in field.choices)
    return short and len(field.choices) <= BUTTON_OPTIONS


def _choices(field: Field, answers: Answers, widget: Widget) -> Choices:
    entries = [Entry(option.key, option.text) for option in field.choices]
    if not field.required and widget is not Widget.BUTTONS and field.type is not Kind.MULTI_CHOICE:
        entries.append(Entry(SKIP_KEY, "不填"))
    return Choices(field, tuple(entries), _selected(field, answers))


def _selected(field: Field, answers: Answers) -> tuple[str, ...]:
    given = answers.get(field.key)
    if given is None:
        return (field.default,) if field.default else ()
    return (SKIP_KEY,) if given.value is None else given.keys


def _paged(field: Field, answers: Answers, page: int) -> Step:
    pages = ceil(_size(field) / PAGE_OPTIONS)
    page %= pages
    entries = [Entry(option.key, option.text) for option in field.choices]
    if not field.required:
        entries.append(Entry(SKIP_KEY, "不填"))
    here = entries[page * PAGE_OPTIONS : (page + 1) * PAGE_OPTIONS]
    onward = Entry(f"{PAGE_KEY}{(page + 1) % pages}", "下一页" if page + 1 < pages else "回到第一页")
    chosen = tuple(key for key in _selected(field, answers) if any(key == entry.key for entry in here))
    return Step(Widget.PAGED, (field,), (Choices(field, (*here, onward), chosen),), page, pages)
