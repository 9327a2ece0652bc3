"""A rule's text cut into tokens: the longest name of the field dictionary wins, so 且等级 is 且 and 等级."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from domain.language.fields import Dictionary


class RuleError(Exception):
    """A rule that cannot be used; line and column count from 1 within its text."""

    def __init__(self, text: str, at: int, message: str) -> None:
        before = text[:at]
        self.line = before.count("\n") + 1
        self.column = at - (before.rfind("\n") + 1) + 1
        self.message = message
        super().__init__(f"规则第 {self.line} 行第 {self.column} 个字：{message}")


class Mark(StrEnum):
    """What a token is."""

    FIELD = "field"
    WORD = "word"
    QUOTED = "quoted"
    NUMBER = "number"
    OPERATOR = "operator"
    KEY = "key"
    END = "end"


@dataclass(frozen=True, slots=True)
class Token:
    """One piece; `text` in its one spelling, `at` where it began in the rule as written."""

    mark: Mark
    text: str
    at: int


_OPERATORS = {
    "=": "= == 等于", "!=": "!= <> ≠ 不等于", ">": "> 大于 超过 高于", "<": "< 小于 不足 低于",
    ">=": ">= ≥ 大于等于 不少于 不小于 不低于 至少", "<=": "<= ≤ 小于等于 不大于 不多于 不超过 不高于 至多",
}  # fmt: skip
_KEYS = {
    "且": "且 并且 而且", "或": "或 或者", "非": "非", "属于": "属于", "不属于": "不属于", "介于": "介于", "之间": "之间",
    "为空": "为空", "不为空": "不为空", "(": "(", ")": ")", ",": ", 、 ; ；",
}  # fmt: skip
_JOINERS = ("和", "与", "到", "至", "~")
_SPELLINGS = {word: (Mark.OPERATOR, one) for one, words in _OPERATORS.items() for word in words.split()}
_SPELLINGS |= {word: (Mark.KEY, one) for one, words in _KEYS.items() for word in words.split()}
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?\s*[万亿]?(?:元|天|小时|分钟|%)?")
_QUOTES = {'"': '"', "'": "'", "“": "”", "‘": "’", "「": "」", "『": "』"}
_BARE_ENDS = frozenset("()[],、;；=<>≥≤≠!\"'“”‘’且或")


def tokens(text: str, fields: Dictionary) -> tuple[Token, ...]:
    """All tokens and an END; raises RuleError at a character that begins nothing."""
    return tuple(_Scanner(text, fields).run())


def spell(text: str) -> tuple[str, list[int]]:
    """Each character in compatibility form, and for each one left where it came from."""
    spelt, origin = [], []
    for place, char in enumerate(text):
        form = unicodedata.normalize("NFKC", char) if char not in "≠；" else char
        spelt.append(form)
        origin += [place] * len(form)
    return "".join(spelt), [*origin, len(text)]


@lru_cache(maxsize=16)
def _vocabulary(
    words: tuple[str, ...], fields: tuple[str, ...]
) -> tuple[Mapping[str, tuple[Mark, str]], re.Pattern[str]]:
    """What each known word is, and the pattern that finds the longest; the many rules of one dictionary share it."""
    names = {spell(word)[0]: (Mark.WORD, word) for word in words}
    names |= _SPELLINGS | {spell(name)[0]: (Mark.FIELD, name) for name in fields}
    return names, re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))


class _Scanner:
    def __init__(self, text: str, fields: Dictionary) -> None:
        self.source = text
        self.text, self.origin = spell(text)
        words = tuple(word for meaning in fields.values() for word in meaning.words)
        self.names, self.known = _vocabulary(words, tuple(fields))
        self.between = False

    def run(self) -> Iterator[Token]:
        at = 0
        while (at := self._blank(at)) < len(self.text):
            mark, text, end = self._next(at)
            self.between = text == "介于" or (self.between and text != "之间")
            yield Token(mark, text, self.origin[at])
            at = end
        yield Token(Mark.END, "", len(self.source))

    def _blank(self, at: int) -> int:
        while at < len(self.text) and self.text[at].isspace():
            at += 1
        return at

    def _next(self, at: int) -> tuple[Mark, str, int]:
        char = self.text[at]
        if char in _QUOTES:
            return self._quoted(at, _QUOTES[char])
        if self.between and char in _JOINERS:
            return Mark.KEY, "和", at + 1
        known, number = self.known.match(self.text, at), _NUMBER.match(self.text, at)
        if number and (known is None or number.end() >= known.end()):
            return Mark.NUMBER, number.group(), number.end()
        if known:
            mark, one = self.names[known.group()]
            return mark, one, known.end()
        return self._bare(at)

    def _quoted(self, at: int, closing: str) -> tuple[Mark, str, int]:
        end = self.text.find(closing, at + 1)
        if end < 0:
            raise RuleError(self.source, self.origin[at], "引号没有配对")
        return Mark.QUOTED, self.text[at + 1 : end], end + 1

    def _bare(self, at: int) -> tuple[Mark, str, int]:
        end = at
        while end < len(self.text) and not self.text[end].isspace() and self.text[end] not in _BARE_ENDS:
            if self.between and self.text[end] in _JOINERS:
                break
            end += 1
        if end == at:
            raise RuleError(self.source, self.origin[at], f"这里不能写“{self.text[at]}”")
        return Mark.WORD, self.text[at:end], end
