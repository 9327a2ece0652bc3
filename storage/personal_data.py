"""Everything that is held of one customer, read for the customer: by the catalogue, and nothing beside it."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.ids import CaseId, CustomerId, DecisionId
from domain.personal_data.catalogue import GIVEN, Part
from domain.process.case import Case
from domain.purpose import Purpose
from storage import audit_search, care, cases, schema
from storage.audit_search import Entry, Span
from storage.care import Found
from storage.decisions import Made
from storage.decisions import load as load_decision
from storage.sealed import sealed_tables
from storage.unit import Unit

READS = 100_000
_READ = frozenset({"customer.read", "customer.revealed", "export.read"})
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Fed:
    """The file of the bank's that filled a table, and of which day it is."""

    name: str
    as_of: str
    arrived_at: str


@dataclass(frozen=True)
class Section:
    """One table's rows about the customer."""

    part: Part
    fed: Fed | None
    rows: Sequence[Row]


@dataclass(frozen=True)
class Purposes:
    """What somebody was read for, how often, and when first and last."""

    purpose: str
    reads: int
    first: datetime
    last: datetime


def sections(unit: Unit, customer_id: CustomerId) -> list[Section]:
    """Every table of the catalogue."""
    return [Section(part, _fed(unit, part), _rows(unit, part, customer_id)) for part in GIVEN]


def cases_of(unit: Unit, customer_id: CustomerId) -> list[tuple[datetime, Case]]:
    """When each was opened and how it stands, without those that must stay confidential."""
    file = schema.case_file.c
    asked = sa.select(file.id, file.opened_at).where(file.customer_id == customer_id, file.confidential.is_(False))
    rows = unit.rows(asked.order_by(file.opened_at, file.id))
    return [(row.opened_at, case) for row in rows if (case := cases.load_case(unit, CaseId(row.id))) is not None]


def _table(name: str) -> sa.Table:
    found = schema.views.tables.get(name)
    return found if found is not None else schema.metadata.tables[name]


def _rows(unit: Unit, part: Part, customer_id: CustomerId) -> list[Row]:
    table = _table(part.table)
    bound = next((each.bound for each in sealed_tables() if each.name == part.table), ())
    sealed = {name for name in part.given if isinstance(table.c[name].type, schema.Sealed)}
    columns = [table.c[name] for name in dict.fromkeys((*part.given, *bound))]
    asked = sa.select(*columns).where(table.c.customer_id == customer_id).order_by(*table.primary_key.columns)
    return [
        _opened(unit, part, row, sealed, "|".join(str(getattr(row, name)) for name in bound))
        for row in unit.rows(asked)
    ]


def _opened(unit: Unit, part: Part, row: Any, sealed: set[str], bound_to: str) -> Row:
    money = {name for name in part.given if isinstance(_table(part.table).c[name].type, sa.BigInteger)}

    def value(name: str) -> Any:
        cell = getattr(row, name)
        if name in sealed:
            return unit.vault.open_optional(part.table, name, bound_to, cell)
        return _yuan(cell) if name in money and cell is not None else cell

    return {name: value(name) for name in part.given}


def _yuan(fen: int) -> str:
    """123456 → 1234.56, as the bank's files write amounts."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02}"


def _fed(unit: Unit, part: Part) -> Fed | None:
    name = _table(part.table).info.get("feed")
    row = name and unit.row(sa.select(schema.feed).where(schema.feed.c.name == name))
    return Fed(row.name, row.as_of.isoformat(), row.arrived_at.isoformat()) if row else None


def relations(unit: Unit, customer_id: CustomerId) -> Counter[str]:
    """How many persons of each kind are named as related; who they are is theirs."""
    fed, tie = schema.relation.c, schema.tie.c
    kinds = [row.kind for row in unit.rows(sa.select(fed.kind).where(fed.customer_id == customer_id))]
    kinds += [row.kind for row in unit.rows(sa.select(tie.kind).where(tie.customer_id == customer_id))]
    theirs = sa.select(tie.back).where(tie.other_customer_id == customer_id)
    return Counter([*kinds, *(row.back for row in unit.rows(theirs))])


def findings(unit: Unit, customer_id: CustomerId) -> list[Found]:
    """What the care rules found."""
    return care.of_customer(unit, customer_id)


def decisions(unit: Unit, customer_id: CustomerId) -> list[Made]:
    """What was decided about products, the oldest first."""
    made = schema.suitability_decision.c
    asked = sa.select(made.id).where(made.customer_id == customer_id).order_by(made.asked_at, made.id)
    numbers = [DecisionId(row.id) for row in unit.rows(asked)]
    return [found for number in numbers if (found := load_decision(unit, number)) is not None]


def product_names(unit: Unit, product_ids: Sequence[str]) -> dict[str, str]:
    product = schema.product.c
    rows = unit.rows(sa.select(product.product_id, product.name).where(product.product_id.in_(list(product_ids))))
    return {row.product_id: row.name for row in rows}


def purposes(unit: Unit, customer_id: CustomerId, discreet: frozenset[Purpose]) -> list[Purposes]:
    """What the customer was read for, without what must not be told."""
    reads = [each for each in audit_search.who_saw(unit, customer_id, Span(), None, READS) if each.action in _READ]
    told: dict[str, list[Entry]] = {}
    for each in reads:
        purpose = str(each.detail.get("purpose", ""))
        if purpose and purpose not in discreet:
            told.setdefault(purpose, []).append(each)
    return [Purposes(name, len(found), found[-1].at, found[0].at) for name, found in sorted(told.items())]
