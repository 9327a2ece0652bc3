"""Sharing out what came in among the fields that are asked: what is good is kept, what is not is said field by
field.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.answer import Reading, Rejected, Unresolved, read_answer
from domain.form import Answer, Answers, Field, Kind
from domain.given import Chosen, Given, Picture, Text, is_finished


@dataclass(frozen=True, slots=True)
class Received:
    """New answers by field, what was not understood, whom to look up, and how many more photos may come."""

    answers: Mapping[str, Answer] = field(default_factory=dict)
    problems: tuple[Rejected, ...] = ()
    lookup: str | None = None
    room: int = 0


def receive(fields: Sequence[Field], given: Mapping[str, Given] | Given, answers: Answers, now: datetime) -> Received:
    """Read everything given for these fields; parts for other fields (an outdated card) are left aside."""
    if isinstance(given, Mapping):
        return _gather((each.key, _read(each, given[each.key], answers, now)) for each in fields if each.key in given)
    if isinstance(given, Picture) and fields[0].type is Kind.PHOTO:
        return _receive_photo(fields[0], given, answers)
    if len(fields) > 1 and isinstance(given, Text):
        return _receive_words(fields, given.text, answers, now)
    return _gather((each.key, _read(each, given, answers, now)) for each in _meant(fields, given))


def _meant(fields: Sequence[Field], given: Given) -> Sequence[Field]:
    """A bare choice belongs to the field that has the option; anything else concerns all fields asked."""
    if isinstance(given, Chosen) and len(fields) > 1:
        owners = [each for each in fields if {option.key for option in each.choices} & set(given.keys)]
        return owners[:1] or fields[:1]
    return fields


def _gather(readings: Iterable[tuple[str, Reading]]) -> Received:
    answers: dict[str, Answer] = {}
    problems: list[Rejected] = []
    lookup = None
    for key, reading in readings:
        match reading:
            case Answer():
                answers[key] = reading
            case Rejected():
                problems.append(reading)
            case Unresolved(text):
                lookup = text
    return Received(answers, tuple(problems), lookup)


def _read(one: Field, given: Given, answers: Answers, now: datetime) -> Reading:
    """As `read_answer`; but whoever has sent photos and says 完成 (or 跳过) keeps them."""
    sent = answers.get(one.key)
    if one.type is Kind.PHOTO and sent is not None and sent.value and is_finished(given):
        return sent
    return read_answer(one, given, now)


def _receive_photo(one: Field, picture: Picture, answers: Answers) -> Received:
    before = answers.get(one.key)
    sent = list(before.keys) if before is not None and before.value and one.photos > 1 else []
    if len(sent) >= one.photos:
        return Received(problems=(Rejected(f"已经有 {len(sent)} 张照片了，发“完成”继续。", one.key),))
    photos = [*sent, picture.media_id]
    answer = Answer(value=list(photos), shown=f"照片 {len(photos)} 张")
    return Received({one.key: answer}, room=one.photos - len(photos))


def _receive_words(fields: Sequence[Field], text: str, answers: Answers, now: datetime) -> Received:
    """电话 接通 for a card with two lists: each word goes to the first field still free that understands it."""
    found: dict[str, Answer] = {}
    for word in _words(text):
        free = [each for each in fields if each.key not in found]
        readings = {each.key: read_answer(each, Text(word), now) for each in free}
        good = next(((key, each) for key, each in readings.items() if isinstance(each, Answer)), None)
        if good is None:
            return Received(found, tuple(each for each in readings.values() if isinstance(each, Rejected))[:1])
        found[good[0]] = good[1]
    return Received(found)


def _words(text: str) -> list[str]:
    for mark in ",，、;；。/\n\t":
        text = text.replace(mark, " ")
    return text.split()
