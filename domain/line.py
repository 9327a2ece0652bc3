"""A whole form on one line: 王秀兰 电话 聊了理财续期 下周三回访."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from domain.answer import Rejected, read_answer
from domain.form import Answer, Direction, Field, Form, Inline
from domain.given import Chosen, Text
from domain.moment import find_moment
from domain.moment_value import lasts
from domain.normalise import compact

_MARKS = r"\s,，、;；。:："
_CUSTOMER = re.compile(rf"[A-Za-z]+(?:\s+[A-Za-z]+)*(?=[{_MARKS}]|$)|[^{_MARKS}]+")
_TOKENS = re.compile(rf"([^{_MARKS}]+)([{_MARKS}]*)")
_EDGES = " \t\n\u3000,，、;；。:："

Vocabulary = Mapping[str, tuple[str, str]]
"""An option's word → its field's key and its own."""


@dataclass(frozen=True, slots=True)
class Line:
    """What was found: answers by field, who is meant, and the words that have no place, with the reason why."""

    known: Mapping[str, Answer]
    customer_text: str | None = None
    left: str = ""
    problem: str = ""


def read_line(form: Form, rest: str, now: datetime) -> Line:
    """Read what follows a command. The customer comes first, everything else in any order; the remainder is notes."""
    customer, rest = _take_customer(form, rest.strip(_EDGES))
    known: dict[str, Answer] = {}
    for field in _inline(form, Inline.MOMENT):
        answer, rest = _take_moment(field, rest, now)
        if answer:
            known[field.key] = answer
    bare, rest = _take_bare([each for each in _inline(form, Inline.MOMENT) if each.key not in known], rest, now)
    options, rest = _take_options(form, rest, now)
    known.update({**bare, **options})
    for field in _inline(form, Inline.REST):
        notes = read_answer(field, Text(rest), now) if rest else None
        if isinstance(notes, Answer) and notes.value is not None:
            return Line({**known, field.key: notes}, customer)
        if isinstance(notes, Rejected):
            return Line(known, customer, rest, f"{field.label}没有记下：{notes.reason}")
    return Line(known, customer, rest)


def _inline(form: Form, kind: Inline) -> Iterable[Field]:
    return (field for field in form.fields if field.inline is kind)


def _take_customer(form: Form, rest: str) -> tuple[str | None, str]:
    named = _CUSTOMER.match(rest) if any(_inline(form, Inline.CUSTOMER)) else None
    if named is None or _options(named[0], _vocabulary(_inline(form, Inline.OPTION))):
        return None, rest  # 拜访 电话 接通: nobody is called 电话
    return named[0], rest[named.end() :].strip(_EDGES)


def _take_moment(field: Field, rest: str, now: datetime) -> tuple[Answer | None, str]:
    """A time counts only beside one of the field's words: 下周三回访 is a promise, 上周三聊了 is a note."""
    words = "|".join(re.escape(word) for word in sorted(field.inline_words, key=len, reverse=True))
    for start, end in _moments(rest, now, "past" if field.direction is Direction.PAST else "future"):
        after = re.match(rf"[\s,，]*(?:再|去|来)?(?:{words})", rest[end:])
        before = re.search(rf"(?:{words})[\s,，:：]*$", rest[:start])
        answer = read_answer(field, Text(rest[start:end]), now) if after or before else None
        if isinstance(answer, Answer):
            head = rest[: before.start() if before else start]
            return answer, _joined(head, rest[end + (after.end() if after else 0) :])
    return None, rest


def _take_bare(fields: Iterable[Field], rest: str, now: datetime) -> tuple[dict[str, Answer], str]:
    """Times that stand alone, one a field, in the order in which they are written; one that lasts is the beginning and
    the end."""
    known: dict[str, Answer] = {}
    last: Answer | None = None
    for field in (each for each in fields if each.inline_bare):
        spans = sorted(_moments(rest, now, "past" if field.direction is Direction.PAST else "future"))
        answer = read_answer(field, Text(rest[slice(*spans[0])]), now) if spans else None
        if isinstance(answer, Answer):
            known[field.key] = last = answer
            rest = _joined(rest[: spans[0][0]], rest[spans[0][1] :])
        elif last is not None and lasts(last.value):
            known[field.key] = last
    return known, rest


def _moments(text: str, now: datetime, direction: Literal["future", "past"], at: int = 0) -> Iterator[tuple[int, int]]:
    """Where moments stand, the likeliest first, then those before and after it."""
    found = find_moment(text, now, direction)
    if found is None:
        return
    start, end = found.span
    yield at + start, at + end
    yield from _moments(text[:start], now, direction, at)
    yield from _moments(text[end:], now, direction, at + end)


def _joined(head: str, tail: str) -> str:
    head, tail = head.strip(), tail.lstrip(_EDGES)
    between = "" if not head or not tail or head[-1] in _EDGES else " "
    return (head + between + tail).strip(_EDGES)


def _take_options(form: Form, rest: str, now: datetime) -> tuple[dict[str, Answer], str]:
    """Words that are options, also written together (电话未接通); two for one question are left to be asked."""
    fields = {field.key: field for field in _inline(form, Inline.OPTION)}
    vocabulary = _vocabulary(fields.values())
    tokens = [(token, mark, _options(token, vocabulary)) for token, mark in _TOKENS.findall(rest)]
    named: dict[str, set[str]] = {}
    for field, option in (pair for _, _, pairs in tokens for pair in pairs):
        named.setdefault(field, set()).add(option)
    clear = {field: options for field, options in named.items() if len(options) == 1}
    kept = "".join(token + mark for token, mark, pairs in tokens if not _settled(pairs, clear))
    readings = {key: read_answer(fields[key], Chosen(tuple(options)), now) for key, options in clear.items()}
    return {key: each for key, each in readings.items() if isinstance(each, Answer)}, kept.strip(_EDGES)


def _settled(pairs: tuple[tuple[str, str], ...], clear: Mapping[str, set[str]]) -> bool:
    return bool(pairs) and all(field in clear for field, _ in pairs)


def _vocabulary(fields: Iterable[Field]) -> Vocabulary:
    found: dict[str, tuple[str, str]] = {}
    for field in fields:
        for option in field.choices:
            for word in option.compared:
                found.setdefault(word, (field.key, option.key))
    return found


def _options(token: str, vocabulary: Vocabulary) -> tuple[tuple[str, str], ...]:
    """The options a token consists of, all of it; nothing when any part is something else."""
    word = compact(token)
    if word in vocabulary:
        return (vocabulary[word],)
    for size in range(len(word) - 1, 0, -1):
        if word[:size] in vocabulary and (later := _options(word[size:], vocabulary)):
            return (vocabulary[word[:size]], *later)
    return ()
