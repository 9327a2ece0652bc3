"""How a Chinese name may be typed in letters, and how alike two words sound."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from heapq import nsmallest
from importlib import import_module
from types import ModuleType

from rapidfuzz import fuzz

from domain.name_readings import COMPOUND_SURNAMES, GIVEN, SURNAMES
from domain.normalise import compact, normalise_name

MOST_KEYS = 8
_LATIN_OR_CHARACTER = re.compile(r"[a-z0-9]+|[^\W_]")
_TYPED = re.compile(r"[a-z0-9]+")
_SEPARATORS = re.compile(r"[\s'.·-]+")

Spelling = tuple[str, ...]


class MatchKind(IntEnum):
    """How a query met a name; a smaller one is nearer."""

    FULL = 1
    INITIALS = 2
    MIXED = 3
    PREFIX = 4


@dataclass(frozen=True, slots=True)
class Readings:
    """Every way to type a name, at most eight, most usual spelling first."""

    spellings: tuple[Spelling, ...]
    full: frozenset[str]
    initials: frozenset[str]


@lru_cache(maxsize=1 << 16)
def readings(name: str) -> Readings:
    """王秀兰 → full {wangxiulan}, initials {wxl}; ü is spelt v and u; a name without readable characters has none."""
    spellings = _spellings(normalise_name(name).lower())
    full = frozenset("".join(spelling) for spelling in spellings)
    return Readings(spellings, full, frozenset("".join(s[0] for s in spelling) for spelling in spellings))


def matches(query: str, name: Readings) -> MatchKind | None:
    """Meet typed letters (wangxiulan, wang xl, wxl, wangx) with a name; None for anything else, Chinese included."""
    typed = _SEPARATORS.sub("", compact(query)).replace("u:", "v").replace("ü", "v")
    if not _TYPED.fullmatch(typed):
        return None
    if typed in name.full:
        return MatchKind.FULL
    if typed in name.initials:
        return MatchKind.INITIALS
    if len(typed) < 2:
        return None
    if any(_mixed(typed, spelling) for spelling in name.spellings):
        return MatchKind.MIXED
    return MatchKind.PREFIX if any(full.startswith(typed) for full in name.full) else None


def sounds_like(a: str, b: str) -> float:
    """Likeness 0–100 by characters or by sound, whichever is more: 代办 is 待办, and so are daiban and (90) db."""
    left, right = compact(a), compact(b)
    if not left or not right:
        return 0.0
    by_sound = fuzz.ratio("".join(_sound(left)), "".join(_sound(right)))
    by_initials = 90.0 if _is_initials(left, right) or _is_initials(right, left) else 0.0
    return max(fuzz.ratio(left, right), by_sound, by_initials)


def _is_initials(typed: str, word: str) -> bool:
    syllables = _sound(word)
    return len(syllables) > 1 and typed == "".join(s[0] for s in syllables)


@lru_cache(maxsize=4096)
def _sound(text: str) -> Spelling:
    """Read as ordinary words; a run of Latin letters is one syllable."""
    return tuple(s for s in dictionary().lazy_pinyin(text) if s.strip())


def dictionary() -> ModuleType:
    """Read when it is first asked for: most commands never do, and it takes a quarter of their start."""
    return import_module("pypinyin")


def _mixed(typed: str, spelling: Spelling) -> bool:
    """Each syllable in full or as its first letter (zh, ch, sh too), the last one as far as it was typed."""
    syllable, *later = spelling
    if not later:
        return bool(typed) and syllable.startswith(typed)
    shortened = {syllable, syllable[0], syllable[:2] if syllable[1:2] == "h" else syllable}
    return any(typed.startswith(s) and _mixed(typed[len(s) :], tuple(later)) for s in shortened)


def _spellings(name: str) -> tuple[Spelling, ...]:
    """The likeliest combinations of readings; rarer ones are dropped beyond the bound."""
    best: list[tuple[int, Spelling]] = [(0, ())]
    for choices in _choices(name):
        longer = [(cost + rank, (*spelling, s)) for cost, spelling in best for rank, s in enumerate(choices)]
        best = nsmallest(MOST_KEYS, longer, key=lambda scored: scored[0])
    return tuple(spelling for _, spelling in best if spelling)


def _choices(name: str) -> Iterator[tuple[str, ...]]:
    """For each part of the name its readings; a name with a dot is not a Han name and has no surname in front."""
    surname = "" if "·" in name else _surname(name)
    if surname in COMPOUND_SURNAMES:
        yield from (_umlaut((syllable,)) for syllable in COMPOUND_SURNAMES[surname])
    elif surname:
        yield _umlaut(SURNAMES[surname])
    for part in _LATIN_OR_CHARACTER.findall(name[len(surname) :]):
        if read := _given(part):
            yield read


def _surname(name: str) -> str:
    if len(name) > 2 and name[:2] in COMPOUND_SURNAMES:
        return name[:2]
    return name[:1] if name[:1] in SURNAMES else ""


@lru_cache(maxsize=1 << 14)
def _given(part: str) -> tuple[str, ...]:
    if _TYPED.fullmatch(part):
        return (part,)
    first = dictionary().lazy_pinyin(part, errors="ignore", v_to_u=True)
    return _umlaut(GIVEN.get(part, tuple(first)))


def _umlaut(syllables: tuple[str, ...]) -> tuple[str, ...]:
    """ü is typed as v by most and as u by some."""
    return tuple(
        typed for s in syllables for typed in ((s.replace("ü", "v"), s.replace("ü", "u")) if "ü" in s else (s,))
    )
