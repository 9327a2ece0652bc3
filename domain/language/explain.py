"""Why a rule held or did not, in words that a member of staff and an inspector can check."""

from dataclasses import dataclass
from decimal import Decimal

from domain.language.fields import Dictionary, FieldType, Lookup, Meaning, Value
from domain.language.rules import Rule
from domain.language.tree import (
    All,
    Among,
    Between,
    Compare,
    FieldRef,
    Known,
    Not,
    OneOf,
    Operand,
    Tree,
    Truth,
    predicate,
)

_SIGNS = {"=": "=", "!=": "≠", ">": ">", "<": "<", ">=": "≥", "<=": "≤"}
_UNITS = ((86400, "天"), (3600, "小时"), (60, "分钟"), (1, "秒"))


@dataclass(frozen=True, slots=True)
class Trace:
    """One line with its verdict; `parts` are the lines it rests on."""

    holds: bool
    text: str
    parts: tuple["Trace", ...] = ()

    def __str__(self) -> str:
        return "\n".join(self._lines(0))

    def _lines(self, depth: int) -> list[str]:
        own = f"{'  ' * depth}{self.text} {'✓' if self.holds else '✗'}"
        return [own, *(line for part in self.parts for line in part._lines(depth + 1))]


def explain(rule: Rule, look: Lookup, fields: Dictionary) -> Trace:
    """资产 1,200,000 元 ≥ 1,000,000 元 ✓."""
    return _trace(rule.tree, look, fields)


def shown(value: Value | None, field: Meaning) -> str:
    """A value as people read it, with its unit."""
    if value is None:
        return "未知"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(field.word(each) for each in value) or "无"
    if isinstance(value, str):
        return field.word(value)
    return _measured(value, field.type)


def _measured(value: int | Decimal, kind: FieldType) -> str:
    if kind is FieldType.MONEY:
        return f"{_plain(Decimal(value) / 100)} 元"
    if kind is FieldType.PERCENT:
        return f"{_plain(Decimal(value) * 100)}%"
    if kind is FieldType.DURATION:
        size, unit = next((pair for pair in _UNITS if value % pair[0] == 0), _UNITS[-1])
        return f"{_plain(Decimal(value) / size)} {unit}"
    return _plain(Decimal(value))


def _plain(number: Decimal) -> str:
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _trace(tree: Tree, look: Lookup, fields: Dictionary) -> Trace:
    holds = predicate(tree, fields)(look)
    match tree:
        case All(parts):
            return Trace(holds, "以下都成立", tuple(_trace(part, look, fields) for part in parts))
        case OneOf(parts):
            return Trace(holds, "以下有一项成立", tuple(_trace(part, look, fields) for part in parts))
        case Not(part):
            return Trace(holds, "以下不成立", (_trace(part, look, fields),))
    field = fields[tree.field]
    return Trace(holds, f"{field.name} {shown(look(field.name), field)}{_claim(tree, look, fields)}")


def _claim(tree: Compare | Among | Between | Known | Truth, look: Lookup, fields: Dictionary) -> str:
    match tree:
        case Compare(field=name, op=op, other=other):
            return f" {_SIGNS[op]} {_side(other, fields[name], look)}"
        case Between(field=name, low=low, high=high):
            return f" 介于 {_side(low, fields[name], look)} 和 {_side(high, fields[name], look)} 之间"
        case Among(members=members, negated=negated):
            return f" {'不' * negated}属于（{'、'.join(member.shown for member in members)}）"
        case Known(wanted=wanted):
            return " 不为空" if wanted else " 为空"
        case Truth():
            return ""


def _side(other: Operand, field: Meaning, look: Lookup) -> str:
    if isinstance(other, FieldRef):
        return f"{other.name} {shown(look(other.name), field)}"
    return shown(other.value, field)
