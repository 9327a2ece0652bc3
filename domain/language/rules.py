"""The rule language: a sentence in Chinese becomes a checked tree. 非 binds closest, then 且, then 或."""

from dataclasses import dataclass
from decimal import Decimal

from domain.language.fields import NUMERIC, TYPE_WORDS, Dictionary, FieldType, Meaning
from domain.language.tokens import Mark, RuleError, Token, tokens
from domain.language.tree import (
    All,
    Among,
    Between,
    Compare,
    FieldRef,
    Known,
    Literal,
    Not,
    OneOf,
    Operand,
    Predicate,
    Tree,
    Truth,
    fields_of,
    predicate,
    walk,
)

MOST_CHARACTERS, MOST_NODES, MOST_DEPTH = 2000, 200, 40

_SCALE = {"万": 10**4, "亿": 10**8}
_UNIT_TYPES = {
    "元": FieldType.MONEY,
    "%": FieldType.PERCENT,
    **dict.fromkeys(("天", "小时", "分钟"), FieldType.DURATION),
}
_FACTOR = {"元": Decimal(100), "%": Decimal("0.01"), "天": Decimal(86400), "小时": Decimal(3600), "分钟": Decimal(60)}


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule ready for use: `holds(look)` reads fields by name and answers yes or no."""

    text: str
    tree: Tree
    fields: frozenset[str]
    holds: Predicate


def read_rule(text: str, fields: Dictionary) -> Rule:
    """Read and check a rule; raises RuleError with line and column, in Chinese."""
    if len(text) > MOST_CHARACTERS:
        raise RuleError(text, MOST_CHARACTERS, f"规则太长，最多 {MOST_CHARACTERS} 个字")
    tree = _Parser(text, fields).whole()
    size = sum(1 for _ in walk(tree))
    if size > MOST_NODES:
        raise RuleError(text, 0, f"规则有 {size} 个部分，最多 {MOST_NODES} 个，请拆成几条")
    return Rule(text, tree, fields_of(tree), predicate(tree, fields))


class _Parser:
    """Recursive descent over the tokens; one method for each level of binding."""

    def __init__(self, text: str, fields: Dictionary) -> None:
        self.text, self.fields = text, fields
        self.tokens = tokens(text, fields)
        self.place = self.depth = 0

    @property
    def here(self) -> Token:
        return self.tokens[self.place]

    def fail(self, message: str, token: Token | None = None) -> RuleError:
        return RuleError(self.text, (token or self.here).at, message)

    def take(self, *keys: str) -> bool:
        """Whether one of these keywords comes next; if so, go past it."""
        if self.here.mark is Mark.KEY and self.here.text in keys:
            self.place += 1
            return True
        return False

    def pop(self) -> Token:
        token = self.here
        self.place = min(self.place + 1, len(self.tokens) - 1)
        return token

    def whole(self) -> Tree:
        if self.here.mark is Mark.END:
            raise self.fail("规则是空的")
        tree = self.either()
        if self.place < len(self.tokens) - 1:
            raise self.fail(f"这里多了“{self.here.text}”，是不是少了“且”或“或”？")
        return tree

    def either(self) -> Tree:
        parts = [self.both()]
        while self.take("或"):
            parts.append(self.both())
        return OneOf(tuple(parts)) if len(parts) > 1 else parts[0]

    def both(self) -> Tree:
        parts = [self.single()]
        while self.take("且"):
            parts.append(self.single())
        return All(tuple(parts)) if len(parts) > 1 else parts[0]

    def single(self) -> Tree:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise self.fail(f"括号和“非”套得太深，最多 {MOST_DEPTH} 层")
        try:
            return self._single()
        finally:
            self.depth -= 1

    def _single(self) -> Tree:
        if self.take("非"):
            return Not(self.single())
        if not self.take("("):
            return self.statement()
        tree = self.either()
        if not self.take(")"):
            raise self.fail("少了右括号")
        return tree

    def statement(self) -> Tree:
        token = self.pop()
        if token.mark is not Mark.FIELD:
            shown = f"不认识“{token.text}”，这里要写字段的名称" if token.text else "话没有说完，这里要写字段的名称"
            raise self.fail(shown, token)
        field = self.fields[token.text]
        if self.here.mark is Mark.OPERATOR:
            return self.comparison(field)
        if self.take("为空"):
            return Known(field.name, wanted=False)
        if self.take("不为空"):
            return Known(field.name, wanted=True)
        if self.take("介于"):
            return self.between(field, token)
        if self.here.mark is Mark.KEY and self.here.text in ("属于", "不属于"):
            return self.among(field)
        if field.type is not FieldType.FLAG:
            raise self.fail(f"“{field.name}”后面要写怎么比，例如 大于、等于、属于")
        return Truth(field.name)

    def comparison(self, field: Meaning) -> Tree:
        op = self.pop()
        if op.text not in ("=", "!=") and not field.comparable:
            raise self.fail(f"“{field.name}”是{TYPE_WORDS[field.type]}，不分大小，只能用 等于、不等于、属于", op)
        if field.type is FieldType.SET:
            raise self.fail(f"“{field.name}”可以有好几项，请用 属于", op)
        return Compare(field.name, op.text, self.operand(field))

    def between(self, field: Meaning, token: Token) -> Tree:
        if not field.comparable:
            raise self.fail(f"“{field.name}”不分大小，不能用 介于", token)
        low = self.operand(field)
        if not self.take("和", ","):
            raise self.fail("“介于”要写成：介于 甲 和 乙 之间")
        high = self.operand(field)
        if not self.take("之间"):
            raise self.fail("“介于”的最后要写“之间”")
        return Between(field.name, low, high)

    def among(self, field: Meaning) -> Tree:
        negated = self.pop().text == "不属于"
        if not self.take("("):
            return Among(field.name, (self.literal(field),), negated)
        members = [self.literal(field)]
        while self.take(",", "或"):
            members.append(self.literal(field))
        if not self.take(")"):
            raise self.fail("名单没有写完，各项之间用逗号，最后是右括号")
        return Among(field.name, tuple(members), negated)

    def operand(self, field: Meaning) -> Operand:
        token = self.here
        if token.mark is not Mark.FIELD or token.text in field.words:
            return self.literal(field)
        other = self.fields[self.pop().text]
        if other.type is not field.type or other.words != field.words:
            raise self.fail(f"“{field.name}”和“{other.name}”不是一类，不能比", token)
        return FieldRef(other.name)

    def literal(self, field: Meaning) -> Literal:
        token = self.pop()
        if token.mark in (Mark.END, Mark.KEY, Mark.OPERATOR):
            raise self.fail(f"“{field.name}”要和什么比？这里少了一个值", token)
        if field.type in NUMERIC:
            return self.number(field, token)
        if field.type is FieldType.FLAG:
            return self.flag(field, token)
        if field.words and token.text not in field.words:
            raise self.fail(f"“{field.name}”没有“{token.text}”，可用：{'、'.join(field.words)}", token)
        return Literal(field.words.get(token.text, token.text), token.text)

    def flag(self, field: Meaning, token: Token) -> Literal:
        if token.text not in ("是", "否"):
            raise self.fail(f"“{field.name}”只能是“是”或“否”", token)
        return Literal(token.text == "是", token.text)

    def number(self, field: Meaning, token: Token) -> Literal:
        if token.mark is not Mark.NUMBER:
            raise self.fail(f"“{field.name}”是{TYPE_WORDS[field.type]}，不能和“{token.text}”比", token)
        digits, unit = _split(token.text)
        kind = _UNIT_TYPES.get(unit, field.type if field.type in (FieldType.MONEY, FieldType.NUMBER) else None)
        if kind is not field.type:
            raise self.fail(f"“{field.name}”是{TYPE_WORDS[field.type]}，不能和“{token.text}”比", token)
        value = digits * _FACTOR.get(unit or ("元" if field.type is FieldType.MONEY else ""), Decimal(1))
        if field.type is FieldType.MONEY and value != int(value):
            raise self.fail("金额最多两位小数（精确到分）", token)
        return Literal(int(value) if value == int(value) else value, token.text)


def _split(text: str) -> tuple[Decimal, str]:
    """1.5万元 → 15000, 元."""
    digits = text.replace(",", "").replace(" ", "")
    unit = next((unit for unit in _UNIT_TYPES if digits.endswith(unit)), "")
    digits = digits.removesuffix(unit)
    scale = _SCALE.get(digits[-1], 1)
    return Decimal(digits.rstrip("万亿")) * scale, unit
