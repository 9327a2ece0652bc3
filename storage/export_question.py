"""What is asked of a list, inside the reader's scope, and what all its statements share."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import sqlalchemy as sa

from domain.export.lists import Whose
from domain.export.wish import ListKind
from domain.ids import CustomerId, UnitId
from domain.policy import Relation, Scope, ScopeKind
from domain.tier import Tier
from storage import restrictions, schema
from storage.case_lists import Sight
from storage.circles import around
from storage.statement import Statement
from storage.unit import Unit

_CUSTOMER = schema.customer.c
THESE: sa.BindParameter[Any] = sa.bindparam("these", expanding=True)
KNOWN = sa.not_(restrictions.applies_to(_CUSTOMER.customer_id))
"""Whom nobody had frozen."""
NAMED = (_CUSTOMER.customer_id, _CUSTOMER.name)
Counts: TypeAlias = Counter[Relation | None]
"""Rows by how the reader stands to the customer of each; None where a row shows no customer."""


@dataclass(frozen=True)
class Question:
    """Which list, who reads it, and which part of it: `units` with all below them (None: everywhere), from `since` to
    `before`; of customers, those to whom the reader stands in one of `relations`, and if `willing`, only who may be
    addressed with products.
    """

    kind: ListKind
    scope: Scope
    sight: Sight
    tiers: tuple[Tier, ...] = ()
    units: frozenset[UnitId] | None = None
    since: datetime | None = None
    before: datetime | None = None
    willing: bool = False
    relations: frozenset[Relation] = frozenset(Relation)


def asked(unit: Unit, statement: Mapping[ScopeKind, Statement], question: Question, **values: Any) -> Sequence[Any]:
    return unit.rows(statement[question.scope.kind], {**around(question.scope, unit.now), **values})


def by_relation(found: Iterable[Any]) -> Counts:
    counts: Counts = Counter()
    for row in found:
        counts[Relation(row.relation) if row.relation else None] += int(row.rows)
    return counts


def whose_of(unit: Unit, row: Any) -> Whose:
    name = unit.vault.open("customer", "name", row.customer_id, row.name)
    return Whose(CustomerId(row.customer_id), name, Relation(row.relation))
