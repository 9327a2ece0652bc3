"""Typed words for a list of options: the words themselves, a number, the beginning, or something that sounds the
same.
"""

import re
from collections.abc import Iterable, Sequence

from domain.form import Option
from domain.normalise import compact
from domain.pinyin import sounds_like

SURE = 85.0
_BETWEEN = re.compile(r"[\s,，、;；/]+")
_NUMBER = re.compile(r"第?(\d{1,3})[.。、)]?(?:个|项)?")


def choose(text: str, options: Sequence[Option]) -> Option | None:
    """The one option that the text can mean; None when it means none or several."""
    word = compact(text).casefold()
    if not word:
        return None
    return (
        _only(option for option in options if word in _folded(option))
        or _numbered(word, options)
        or _only(option for option in options if any(each.startswith(word) for each in _folded(option)))
        or _nearest(text, options)
    )


def choose_many(text: str, options: Sequence[Option]) -> tuple[Option, ...] | None:
    """Several options in one line, in the order of the list; None when a word means none of them."""
    whole = choose(text, options)
    if whole:
        return (whole,)
    found = [choose(word, options) for word in _BETWEEN.split(text.strip()) if word]
    if not found or None in found:
        return None
    return tuple(option for option in options if option in found)


def _folded(option: Option) -> tuple[str, ...]:
    return tuple(word.casefold() for word in option.compared)


def _only(options: Iterable[Option]) -> Option | None:
    found = list(options)
    return found[0] if len(found) == 1 else None


def _numbered(word: str, options: Sequence[Option]) -> Option | None:
    number = _NUMBER.fullmatch(word)
    index = int(number[1]) if number else 0
    return options[index - 1] if 1 <= index <= len(options) else None


def _nearest(text: str, options: Sequence[Option]) -> Option | None:
    scores = sorted(((_alike(text, option), index) for index, option in enumerate(options)), reverse=True)
    if not scores or scores[0][0] < SURE:
        return None
    tied = len(scores) > 1 and scores[1][0] == scores[0][0]
    return None if tied else options[scores[0][1]]


def _alike(text: str, option: Option) -> float:
    return max(sounds_like(text, word) for word in option.words)
