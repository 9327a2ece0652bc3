"""What the house keeps about one customer, kind by kind: how many rows, and when the last one's clock began."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from domain.ids import CustomerId
from domain.purpose import GUARDED
from domain.retention.kinds import Kind
from domain.retention.table import Retention
from storage import schema
from storage.case_lists import Sight, visible
from storage.retention.store import Store, day_of
from storage.retention.stores import stores
from storage.unit import Unit

SHOWN = ("customer", "txn", "suitability_decision", "case_file", "interaction", "visit")
"""The tables that tell for their kinds."""


@dataclass(frozen=True)
class Kept:
    """`begun` is None while the clock of the last row has not begun."""

    kind: Kind
    rows: int
    begun: date | None


def about(unit: Unit, table: Retention, customer_id: CustomerId, sight: Sight, *, whole: bool) -> list[Kept]:
    """As far as this person sees: a case that is hidden from them is not counted, nor (but for who sees the `whole`) a
    decision made while somebody was looked into.
    """
    found = (_one(unit, store, table, customer_id, sight, whole=whole) for store in _shown())
    return [each for each in found if each.rows]


def _shown() -> Sequence[Store]:
    told = [store for store in stores() if store.name in SHOWN]
    return sorted(told, key=lambda store: SHOWN.index(store.name))


def _one(unit: Unit, store: Store, table: Retention, customer_id: CustomerId, sight: Sight, *, whole: bool) -> Kept:
    begun = store.begun(table.rule(store.kind))
    last = sa.func.max(sa.case((store.only, begun)))
    here = sa.select(sa.func.count(), last).where(store.table.c.customer_id == customer_id)
    here = here.where(store.only) if store.blank else here
    here = here.where(visible(sight)) if store.table is schema.case_file else here
    open_ones = schema.suitability_decision.c.purpose.not_in(GUARDED)
    here = here.where(open_ones) if store.table is schema.suitability_decision and not whole else here
    rows, moment = unit.rows(here)[0]
    return Kept(store.kind, int(rows), day_of(moment))
