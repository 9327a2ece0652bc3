"""The field dictionary of a pack: the Chinese names that a rule may use, and what stands behind each."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from pydantic import Field as Limited

from domain.part import Key, Part, Words

Value: TypeAlias = bool | int | Decimal | str | tuple[str, ...]
"""Money is fen, a duration seconds, a percentage a fraction, a choice its key."""

Lookup: TypeAlias = Callable[[str], Value | None]
"""The value of a field by its Chinese name; None is unknown."""


class FieldType(StrEnum):
    """What a field holds, and so what it may be compared with."""

    MONEY = "money"
    NUMBER = "number"
    PERCENT = "percent"
    DURATION = "duration"
    TEXT = "text"
    CHOICE = "choice"
    SET = "set"
    FLAG = "flag"


NUMERIC = frozenset({FieldType.MONEY, FieldType.NUMBER, FieldType.PERCENT, FieldType.DURATION})
WORDED = frozenset({FieldType.CHOICE, FieldType.SET})

TYPE_WORDS: Mapping[FieldType, str] = {
    FieldType.MONEY: "金额", FieldType.NUMBER: "数", FieldType.PERCENT: "百分比", FieldType.DURATION: "时长",
    FieldType.TEXT: "文字", FieldType.CHOICE: "选项", FieldType.SET: "多选", FieldType.FLAG: "是否",
}  # fmt: skip


class FieldSpec(Part):
    """One entry. `case` reads what the case holds there, `since` the time since that action; else it is asked."""

    name: Words = Limited(max_length=20)
    type: FieldType
    words: tuple[Words, ...] = ()
    ordered: bool = False
    case: Key | None = None
    since: Key | None = None


@dataclass(frozen=True, slots=True)
class Meaning:
    """A field as rules use it. `words` says which stored value a word stands for, `said` how people read a stored one,
    `rank` how they are ordered.
    """

    name: str
    type: FieldType
    words: Mapping[str, str] = field(default_factory=dict)
    said: Mapping[str, str] = field(default_factory=dict)
    rank: Mapping[str, int] = field(default_factory=dict)

    @property
    def comparable(self) -> bool:
        """Whether greater and less mean anything."""
        return self.type in NUMERIC or bool(self.rank)

    def word(self, stored: str) -> str:
        """How people read a stored value."""
        return self.said.get(stored, stored)


Dictionary: TypeAlias = Mapping[str, Meaning]


def meaning(spec: FieldSpec, words: Mapping[str, str] | None = None) -> Meaning:
    """The meaning of an entry; `words` come from the form's options where the case keeps keys."""
    known = dict(words) if words else {word: word for word in spec.words}
    said = {stored: word for word, stored in reversed(known.items())}
    rank = {stored: place for place, stored in enumerate(known.values())} if spec.ordered else {}
    return Meaning(spec.name, spec.type, known, said, rank)


def dictionary(*meanings: Meaning) -> Dictionary:
    """The entries by their names."""
    return {each.name: each for each in meanings}
