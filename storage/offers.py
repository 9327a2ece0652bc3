"""Products as a suitability decision and a recommendation ask for them, and as one looks for them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from domain.ids import CustomerId, ProductId
from domain.suitability.facts import Offer
from domain.suitability.table import KindRules, Table
from domain.suitability.words import Rating
from storage import schema
from storage.statement import Statement
from storage.suitability import Known, arrived, oldest_day, summed
from storage.unit import Unit

_PRODUCT, _HELD = schema.product.c, schema.holding.c
_ONE: sa.BindParameter[str] = sa.bindparam("customer")
_HELD_OF_IT = summed(
    _HELD.amount, _HELD.product_id == _PRODUCT.product_id, _HELD.customer_id == _ONE, _HELD.closed_as_of.is_(None)
)
_OFFERS = sa.select(
    _PRODUCT.product_id, _PRODUCT.name, _PRODUCT.kind, _PRODUCT.regime, _PRODUCT.risk, _PRODUCT.min_amount,
    _PRODUCT.term_days, _PRODUCT.on_sale_from, _PRODUCT.on_sale_until, _PRODUCT.issuer_risk, _PRODUCT.qualified_only,
    _PRODUCT.currency, sa.case((arrived("holdings"), _HELD_OF_IT), else_=None).label("held"),
    arrived("products").label("timely"),
).where(_PRODUCT.closed_as_of.is_(None))  # fmt: skip
_OFFER = Statement(_OFFERS.where(_PRODUCT.product_id == sa.bindparam("product")))
_DAY: sa.BindParameter[date] = sa.bindparam("day", type_=sa.Date)
_LOWEST = Rating.R1.value
# Only what may be simply allowed: the rest would be judged in vain. Above the lowest rating nothing is spared its term.
_SHELF = Statement(
    _OFFERS.where(
        _PRODUCT.on_sale_from <= _DAY,
        sa.or_(_PRODUCT.on_sale_until.is_(None), _PRODUCT.on_sale_until >= _DAY),
        _PRODUCT.kind.in_(sa.bindparam("kinds", expanding=True)),
        _PRODUCT.risk <= sa.bindparam("up_to"),
        sa.or_(_PRODUCT.risk == _LOWEST, _PRODUCT.term_days.is_(None),
               _PRODUCT.term_days <= sa.bindparam("horizon", type_=sa.Integer)),
        _PRODUCT.qualified_only.is_not(True),
    ).order_by(_PRODUCT.kind, _PRODUCT.risk.desc(), sa.func.coalesce(_PRODUCT.term_days, 0), _PRODUCT.product_id)
)  # fmt: skip
_LISTED = Statement(
    sa.select(_PRODUCT.product_id, _PRODUCT.name, _PRODUCT.kind, _PRODUCT.risk)
    .where(_PRODUCT.closed_as_of.is_(None))
    .order_by(_PRODUCT.product_id)
)


@dataclass(frozen=True)
class Listed:
    """A product as one looks for it."""

    product_id: ProductId
    name: str
    kind: str
    risk: str | None


def load(unit: Unit, customer_id: CustomerId, product_id: ProductId, table: Table) -> Offer | None:
    """A product on the list, with what the customer holds of it."""
    row = unit.row(_OFFER, {"product": product_id, "customer": customer_id, "oldest": oldest_day(unit, table)})
    return None if row is None else _offer(row, table.kinds.get(row.kind))


def shelf(unit: Unit, known: Known, table: Table, kinds: Sequence[str], up_to: Rating) -> Mapping[str, Iterator[Offer]]:
    """What is on sale of these kinds up to a rating: by kind, the highest rating first, then the shortest term."""
    asked = {"customer": known.customer_id, "day": unit.now.date(), "horizon": known.client.horizon_days}
    given = {"kinds": list(kinds), "up_to": up_to.value, "oldest": oldest_day(unit, table)}
    rows = unit.rows(_SHELF, {**asked, **given})
    grouped = groupby(rows, key=lambda row: str(row.kind))
    return {kind: map(partial(_offer, kind=table.kinds.get(kind)), list(group)) for kind, group in grouped}


def _offer(row: Any, kind: KindRules | None) -> Offer:
    """What a blank means depends on the kind (docs/suitability.md). The columns are typed: checking each of hundreds
    once more would be a third of what 推荐 costs.
    """
    return Offer.model_construct(
        product_id=row.product_id,
        name=row.name,
        kind=row.kind,
        regime=row.regime,
        rating=row.risk,
        issuer_rating=row.issuer_risk or (row.risk if kind and kind.own_rating else None),
        minimum=row.min_amount or 0,
        term_days=0 if row.term_days is None and kind and kind.endless else row.term_days,
        sale_from=row.on_sale_from,
        sale_until=row.on_sale_until or date.max,
        qualified_only=False if row.qualified_only is None and kind and kind.public else row.qualified_only,
        currency=row.currency,
        held=row.held,
        timely=bool(row.timely),
    )


def listed(unit: Unit) -> list[Listed]:
    """Every product on the list."""
    return [Listed(ProductId(row.product_id), row.name, row.kind, row.risk) for row in unit.rows(_LISTED)]
