"""A rule of the rule language as SQL over columns of measures: the same answer as its predicate, for many at once."""

from collections.abc import Sequence
from functools import singledispatch

from domain.labels.fields import MEASURED, TIER
from domain.labels.rules import measured
from domain.language.fields import FieldType
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
    Tree,
    Truth,
)
from domain.tier import Tier

RANK = "tier_rank"
"""The column that keeps the tier as a number, the lowest 0."""

_SIGNS = {"!=": "<>"}


@singledispatch
def condition(tree: Tree) -> str:
    """Text with nothing of the pack in it but numbers; never unknown: to compare with a missing value is false."""
    raise TypeError(tree)


@condition.register
def _(tree: All) -> str:
    return _joined(tree.parts, " AND ")


@condition.register
def _(tree: OneOf) -> str:
    return _joined(tree.parts, " OR ")


@condition.register
def _(tree: Not) -> str:
    return f"NOT ({condition(tree.part)})"


@condition.register
def _(tree: Truth) -> str:
    return f"coalesce({_column(tree.field)}, FALSE)"


@condition.register
def _(tree: Known) -> str:
    return f"{_column(tree.field)} IS {'NOT ' if tree.wanted else ''}NULL"


@condition.register
def _(tree: Compare) -> str:
    return _known(f"{_column(tree.field)} {_SIGNS.get(tree.op, tree.op)} {_operand(tree.field, tree.other)}")


@condition.register
def _(tree: Between) -> str:
    low, high = _operand(tree.field, tree.low), _operand(tree.field, tree.high)
    return _known(f"{_column(tree.field)} BETWEEN {low} AND {high}")


@condition.register
def _(tree: Among) -> str:
    members = ", ".join(_literal(tree.field, member) for member in tree.members)
    return _known(f"{_column(tree.field)} {'NOT ' * tree.negated}IN ({members})")


def _joined(parts: Sequence[Tree], word: str) -> str:
    return word.join(f"({condition(part)})" for part in parts)


def _known(comparison: str) -> str:
    return f"coalesce({comparison}, FALSE)"


def _column(field: str) -> str:
    return RANK if field == TIER else MEASURED[field][0]


def _operand(field: str, operand: Operand) -> str:
    return _column(operand.name) if isinstance(operand, FieldRef) else _literal(field, operand)


def _literal(field: str, literal: Literal) -> str:
    if field == TIER:
        return str(Tier(str(literal.value)).rank)
    if MEASURED[field][1] is FieldType.FLAG:
        return "TRUE" if literal.value else "FALSE"
    number = measured(field, literal.value)
    assert number is not None, "checked when the pack was read"
    return str(number)
