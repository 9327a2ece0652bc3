"""What a pack's parts must fulfil together and a single value cannot show: uniqueness, references, WeCom's limits."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from domain.command import Spoken, Verb
from domain.form import PICKED, Field, Form, Inline, Kind
from domain.purpose import Purpose
from domain.steps import VOTE_OPTIONS

Path = tuple[str | int, ...]
Fault = tuple[Path, str]

CASE_VERB = "case.act"
"""What a form of a process does: the action it was opened for."""

_PHOTOS = 3
_OPTION_TEXT = 500
_INLINE = {Kind.CUSTOMER: {Inline.CUSTOMER}, Kind.TEXT: {Inline.REST}, Kind.MOMENT: {Inline.MOMENT}}


class Keyed(Protocol):
    """A part with a key."""

    @property
    def key(self) -> str: ...


def unique_keys(parts: Iterable[Keyed], path: Path, what: str) -> Iterator[Fault]:
    """A fault for each key that stood before."""
    seen: set[str] = set()
    for index, part in enumerate(parts):
        if part.key in seen:
            yield (*path, index, "key"), f"{what}“{part.key}”重复了"
        seen.add(part.key)


def unique_words(groups: Mapping[str, Sequence[Spoken]]) -> Iterator[Fault]:
    """A fault for each word that already calls something else, and for a glued word that calls nothing."""
    seen: set[str] = set()
    for name, group in groups.items():
        for index, spoken in enumerate(group):
            path = (name, index)
            for place, word in enumerate(spoken.words):
                if word.casefold() in seen:
                    yield (*path, "aliases", place - 1) if place else (*path, "word"), f"“{word}”已经是别的命令或控制词"
                seen.add(word.casefold())
            for place, word in enumerate(spoken.glued):
                if word not in spoken.words:
                    yield (*path, "glued", place), f"“{word}”不在 word 或 aliases 里"


def form_faults(form: Form, path: Path) -> Iterator[Fault]:
    """Everything wrong within one form."""
    if form.verb != CASE_VERB and form.verb not in set(Verb):
        yield (*path, "verb"), f"不认识的动作“{form.verb}”，可用：{'、'.join(Verb)}"
    yield from unique_keys(form.fields, (*path, "fields"), "字段")
    earlier: dict[str, Field] = {}
    for index, field in enumerate(form.fields):
        here = (*path, "fields", index)
        yield from _when_faults(field, earlier, here)
        yield from _option_faults(field, here)
        yield from _kind_faults(field, here)
        earlier[field.key] = field
    yield from _inline_faults(form, (*path, "fields"))


def _when_faults(field: Field, earlier: Mapping[str, Field], path: Path) -> Iterator[Fault]:
    if field.when is None:
        return
    source = earlier.get(field.when.field)
    if source is None:
        yield (*path, "when", "field"), f"“{field.when.field}”不是排在前面的字段"
    elif source.type not in PICKED:
        yield (*path, "when", "field"), f"“{field.when.field}”不是选择类字段，不能作条件"
    else:
        known = {option.key for option in source.choices}
        for place, key in enumerate(field.when.is_):
            if key not in known:
                yield (*path, "when", "is", place), f"字段“{source.key}”没有选项“{key}”"


def _option_faults(field: Field, path: Path) -> Iterator[Fault]:
    if field.type not in (Kind.CHOICE, Kind.MULTI_CHOICE):
        if field.options:
            yield (*path, "options"), f"{field.type} 类字段没有选项"
        return
    if len(field.options) < 2:
        yield path, f"字段“{field.key}”至少要有两个选项"
    yield from unique_keys(field.options, (*path, "options"), "选项")
    yield from _purpose_faults(field, (*path, "options"))
    yield from _word_faults(field, (*path, "options"))
    most = VOTE_OPTIONS if field.type is Kind.MULTI_CHOICE else _OPTION_TEXT
    if len(field.options) > most:
        yield (*path, "options"), f"选项有 {len(field.options)} 个，最多 {most} 个"


def _purpose_faults(field: Field, path: Path) -> Iterator[Fault]:
    for index, option in enumerate(field.options if field.by_purpose else ()):
        if option.text not in set(Purpose):
            yield (*path, index, "text"), f"by_purpose 的选项要是目的：{'、'.join(Purpose)}"


def _word_faults(field: Field, path: Path) -> Iterator[Fault]:
    seen: set[str] = set()
    for index, option in enumerate(field.options):
        for place, word in enumerate(option.words):
            if word.casefold() in seen:
                where = ("aliases", place - 1) if place else ("text",)
                yield (*path, index, *where), f"选项的说法“{word}”重复了"
            seen.add(word.casefold())


def _kind_faults(field: Field, path: Path) -> Iterator[Fault]:
    if field.min is not None and field.max is not None and field.min > field.max:
        yield (*path, "min"), f"min {field.min} 大于 max {field.max}"
    if field.type is Kind.PHOTO and field.photos > _PHOTOS:
        yield (*path, "max"), f"照片最多 {_PHOTOS} 张"
    if field.default is not None and field.default not in {option.key for option in field.choices}:
        yield (*path, "default"), f"没有选项“{field.default}”"
    if field.later and field.required:
        yield (*path, "later"), "以后再填的字段要写 required: false"
    if field.quick and field.type not in (Kind.TEXT, Kind.AMOUNT, Kind.MOMENT):
        yield (*path, "quick"), f"{field.type} 类字段不能有快捷回答"
    allowed = {Inline.OPTION} if field.type in PICKED else _INLINE.get(field.type, set())
    if field.inline is not None and field.inline not in allowed:
        yield (*path, "inline"), f"{field.type} 类字段不能写 inline: {field.inline}"
    if field.inline is Inline.MOMENT and not field.inline_words:
        yield (*path, "inline"), "写在一行里的时间要有 inline_words，例如 [回访, 跟进]"


def _inline_faults(form: Form, path: Path) -> Iterator[Fault]:
    for kind in (Inline.CUSTOMER, Inline.REST):
        places = [index for index, field in enumerate(form.fields) if field.inline is kind]
        for index in places[1:]:
            yield (*path, index, "inline"), f"一张表单只能有一个 inline: {kind}"
