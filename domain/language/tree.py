"""A rule as a small typed tree, and the predicate it becomes. Two-valued: to compare an unknown value is false."""

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from typing import Any, TypeAlias

from domain.language.fields import Dictionary, Lookup, Value

Predicate: TypeAlias = Callable[[Lookup], bool]


@dataclass(frozen=True, slots=True)
class Literal:
    """A value as stored, and how it was meant to be read."""

    value: Value
    shown: str


@dataclass(frozen=True, slots=True)
class FieldRef:
    """The value of another field."""

    name: str


Operand: TypeAlias = Literal | FieldRef


@dataclass(frozen=True, slots=True)
class Compare:
    """资产 ≥ 100万; `op` is one of = != > < >= <=."""

    field: str
    op: str
    other: Operand


@dataclass(frozen=True, slots=True)
class Among:
    """等级 属于 (高净值, 超高净值); of a field with several values, any one is enough."""

    field: str
    members: tuple[Literal, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Between:
    """年龄 介于 18 和 65 之间: both ends included."""

    field: str
    low: Operand
    high: Operand


@dataclass(frozen=True, slots=True)
class Known:
    """等级 不为空, or 为空: the only way to ask whether a value is there."""

    field: str
    wanted: bool


@dataclass(frozen=True, slots=True)
class Truth:
    """A yes-or-no field alone; unknown is no."""

    field: str


@dataclass(frozen=True, slots=True)
class Not:
    """The opposite. So 非(资产 > 1元) holds of an unknown amount, because 资产 > 1元 does not."""

    part: "Tree"


@dataclass(frozen=True, slots=True)
class All:
    """且."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class OneOf:
    """或."""

    parts: tuple["Tree", ...]


Tree: TypeAlias = Compare | Among | Between | Known | Truth | Not | All | OneOf

_OPS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq, "!=": operator.ne, ">": operator.gt, "<": operator.lt, ">=": operator.ge, "<=": operator.le,
}  # fmt: skip


def walk(tree: Tree) -> Iterator[Tree | Operand]:
    """Every node, the root first."""
    yield tree
    match tree:
        case All(parts) | OneOf(parts):
            for part in parts:
                yield from walk(part)
        case Not(part):
            yield from walk(part)
        case Compare() | Between() | Among():
            yield from operands(tree)


def operands(comparison: Compare | Between | Among) -> tuple[Operand, ...]:
    """What the field is held against."""
    match comparison:
        case Compare(other=other):
            return (other,)
        case Between(low=low, high=high):
            return low, high
        case Among(members=members):
            return members


def fields_of(tree: Tree) -> frozenset[str]:
    """The names of all fields that a rule reads."""
    found = (getattr(node, "field", None) or getattr(node, "name", None) for node in walk(tree))
    return frozenset(name for name in found if name)


def predicate(tree: Tree, fields: Dictionary) -> Predicate:
    """The tree as a function that reads only the fields it comes to."""
    match tree:
        case All(parts):
            return reduce(_both, (predicate(part, fields) for part in parts))
        case OneOf(parts):
            return reduce(_either, (predicate(part, fields) for part in parts))
        case Not(part):
            inner = predicate(part, fields)
            return lambda look: not inner(look)
        case Truth(name):
            return lambda look: look(name) is True
        case Known(name, wanted):
            return lambda look: (look(name) is not None) is wanted
    return _comparison(tree, fields)


def _comparison(tree: Compare | Among | Between, fields: Dictionary) -> Predicate:
    name = tree.field
    match tree:
        case Among(members=members, negated=negated):
            wanted = frozenset(member.value for member in members)
            return lambda look: (value := look(name)) is not None and _overlaps(value, wanted) is not negated
        case Between(low=low, high=high):
            return _both(_compare(name, ">=", low, fields), _compare(name, "<=", high, fields))
        case Compare(op=op, other=other):
            return _compare(name, op, other, fields)


def _both(one: Predicate, other: Predicate) -> Predicate:
    return lambda look: one(look) and other(look)


def _either(one: Predicate, other: Predicate) -> Predicate:
    return lambda look: one(look) or other(look)


def _overlaps(value: Value, wanted: frozenset[Value]) -> bool:
    return not wanted.isdisjoint(value) if isinstance(value, tuple) else value in wanted


def _compare(name: str, op: str, other: Operand, fields: Dictionary) -> Predicate:
    test = _test(op, fields[name].rank)
    if isinstance(other, Literal):
        fixed = other.value
        return lambda look: (value := look(name)) is not None and test(value, fixed)
    second = other.name
    return lambda look: (
        (value := look(name)) is not None and (against := look(second)) is not None and test(value, against)
    )


def _test(op: str, rank: Mapping[str, int]) -> Callable[[Any, Any], bool]:
    """Greater and less go by rank, where there is one."""
    test = _OPS[op]
    if not rank or op in ("=", "!="):
        return test
    return lambda one, other: test(rank.get(str(one), -1), rank.get(str(other), -1))
