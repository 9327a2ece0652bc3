"""What a suitability decision is made from, read inside the scope of whoever asks."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from itertools import groupby
from typing import Any

import sqlalchemy as sa

from domain.customer import DEPOSIT
from domain.ids import CustomerId, ProductId, UserId
from domain.policy import Purpose, Relation, Scope
from domain.refusal import Refused
from domain.suitability.facts import Assessed, Client, Offer, Seller
from domain.suitability.table import KindRules, Table
from domain.suitability.words import Rating
from storage import restrictions, schema
from storage.circles import around, stands, within
from storage.customers import NOT_FOUND
from storage.statement import Statement
from storage.unit import Unit

_CUSTOMER, _RISK, _STAFF, _FEED = schema.customer.c, schema.risk_assessment.c, schema.staff.c, schema.feed.c
_ACCOUNT, _HELD, _PRODUCT, _LOAN = schema.account.c, schema.holding.c, schema.product.c, schema.loan.c
_ONE: sa.BindParameter[str] = sa.bindparam("customer")
_RISKY_FROM: sa.BindParameter[str] = sa.bindparam("risky_from")


def _sum(column: sa.ColumnElement[int], *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    """PostgreSQL's sum of whole numbers is a decimal, which this is not."""
    total = sa.cast(sa.func.coalesce(sa.func.sum(column), 0), sa.BigInteger)
    return sa.select(total).where(*conditions).scalar_subquery()


def _arrived(name: str) -> sa.ColumnElement[bool]:
    """Whether a feed came, and not so long ago that what it says cannot be trusted any more."""
    return sa.exists().where(_FEED.name == name, _FEED.as_of >= sa.bindparam("oldest", type_=sa.Date))


def _oldest(unit: Unit, table: Table) -> date:
    return unit.now.date() - timedelta(days=table.data_days.value)


_MINE = sa.and_(_HELD.customer_id == _CUSTOMER.customer_id, _HELD.closed_as_of.is_(None), _HELD.amount > 0)
_OPEN_ACCOUNT = sa.and_(
    _ACCOUNT.customer_id == _CUSTOMER.customer_id, _ACCOUNT.closed_as_of.is_(None), _ACCOUNT.closed_on.is_(None),
    _ACCOUNT.currency == "CNY", _ACCOUNT.balance > 0,
)  # fmt: skip
# What has no rating counts as risky.
_IS_RISKY = sa.or_(
    _PRODUCT.risk.is_(None), _PRODUCT.risk >= _RISKY_FROM, sa.func.coalesce(_PRODUCT.issuer_risk, "") >= _RISKY_FROM
)
_ASSETS_KNOWN = sa.and_(_arrived("holdings"), _arrived("accounts"))
_ASSETS = _sum(_HELD.amount, _MINE) + _sum(_ACCOUNT.balance, _OPEN_ACCOUNT)
_RISKY = _sum(_HELD.amount, _MINE, _PRODUCT.product_id == _HELD.product_id, _IS_RISKY)
_LENT = _sum(
    _LOAN.principal,
    _LOAN.customer_id == _CUSTOMER.customer_id,
    _LOAN.closed_as_of.is_(None),
    sa.or_(_LOAN.opened_on.is_(None), _LOAN.opened_on >= sa.bindparam("lent_since", type_=sa.Date)),
    _LOAN.kind.not_in(sa.bindparam("paid_to_others", expanding=True)),
)
_KINDS_HELD = (
    sa.select(_PRODUCT.kind).distinct().where(_MINE, _PRODUCT.product_id == _HELD.product_id)
    .correlate(schema.customer).subquery()
)  # fmt: skip
_HOLDS = sa.select(sa.func.aggregate_strings(_KINDS_HELD.c.kind, "|")).scalar_subquery()
_SOLD_BY = sa.func.coalesce(sa.bindparam("seller", type_=sa.Text), _CUSTOMER.rm_userid)
_AT_WORK = sa.and_(_STAFF.status == "active", _STAFF.closed_as_of.is_(None))
_KNOWN = (
    _CUSTOMER.name, _CUSTOMER.opened_on, _CUSTOMER.birth_date, _CUSTOMER.id_expiry, _CUSTOMER.id_number_index,
    _CUSTOMER.kyc_due, _CUSTOMER.frozen, _CUSTOMER.sanctioned, _CUSTOMER.investor_class, _CUSTOMER.horizon_days,
    _CUSTOMER.liquid_assets, _CUSTOMER.unit_id, _CUSTOMER.as_of,
    _RISK.regime, _RISK.level, _RISK.assessed_on, _RISK.valid_until, _RISK.channel,
)  # fmt: skip
# One statement: the customer, beside each of the risk tests, with who sells and the sums that a decision needs.
_CLIENT = within(
    sa.select(
        *_KNOWN,
        restrictions.is_asked_for(_CUSTOMER.customer_id).label("asked_to_freeze"),
        sa.select(_FEED.as_of).where(_FEED.name == "customers").scalar_subquery().label("fed_on"),
        _AT_WORK.label("at_work"),
        _STAFF.qualifications,
        sa.case((_ASSETS_KNOWN, _ASSETS), else_=None).label("assets"),
        sa.case((_ASSETS_KNOWN, _RISKY), else_=None).label("risky"),
        sa.case((_arrived("holdings"), sa.func.coalesce(_HOLDS, "")), else_=None).label("holds"),
        sa.exists().where(_OPEN_ACCOUNT).label("deposits"),
        sa.case((_arrived("loans"), _LENT), else_=None).label("lent"),
        _arrived("risk_assessments").label("tested"),
    )
    .join_from(schema.customer, schema.risk_assessment, _RISK.customer_id == _CUSTOMER.customer_id, isouter=True)
    .join(schema.staff, _STAFF.userid == _SOLD_BY, isouter=True)
    .where(_CUSTOMER.customer_id == _ONE)
)
_HELD_OF_IT = _sum(
    _HELD.amount, _HELD.product_id == _PRODUCT.product_id, _HELD.customer_id == _ONE, _HELD.closed_as_of.is_(None)
)
_OFFERS = sa.select(
    _PRODUCT.product_id, _PRODUCT.name, _PRODUCT.kind, _PRODUCT.regime, _PRODUCT.risk, _PRODUCT.min_amount,
    _PRODUCT.term_days, _PRODUCT.on_sale_from, _PRODUCT.on_sale_until, _PRODUCT.issuer_risk, _PRODUCT.qualified_only,
    _PRODUCT.currency, sa.case((_arrived("holdings"), _HELD_OF_IT), else_=None).label("held"),
    _arrived("products").label("timely"),
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
class Known:
    """A customer loaded for a decision."""

    customer_id: CustomerId
    name: str
    relation: Relation
    client: Client
    seller: Seller


@dataclass(frozen=True)
class Listed:
    """A product as one looks for it."""

    product_id: ProductId
    name: str
    kind: str
    risk: str | None


def known(
    unit: Unit, scope: Scope, customer_id: CustomerId, table: Table, seller: UserId | None, purpose: Purpose
) -> Known:
    """The customer, and who would sell: the member named, else the manager. The read is on record; raises Refused
    outside the scope."""
    today = unit.now.date()
    asked = {
        "customer": customer_id, "seller": seller, "risky_from": table.risky.rating.value,
        "lent_since": today - timedelta(days=table.loans.days), "paid_to_others": list(table.loans.paid_to_others),
        "oldest": _oldest(unit, table),
    }  # fmt: skip
    rows = unit.rows(_CLIENT[scope.kind], {**asked, **around(scope, unit.now)})
    if not rows:
        raise Refused(NOT_FOUND, reason="customer not in scope")
    row = rows[0]
    relation = stands(unit, replace(scope, rests=True), row)
    looked = {"post": scope.post, "policy": scope.policy}
    detail = {"purpose": purpose.value, "relation": relation.value, "surface": "wecom.suitability", **looked}
    unit.audit("customer.read", f"customer:{customer_id}", detail, [customer_id])
    name = unit.vault.open("customer", "name", customer_id, row.name)
    client = _client(row, [_assessed(each) for each in rows if each.assessed_on is not None] if row.tested else None)
    return Known(customer_id, name, relation, client, _seller(row))


def _client(row: Any, assessments: Iterable[Assessed] | None) -> Client:
    return Client(
        opened_on=row.opened_on,
        born=row.birth_date,
        id_expiry=row.id_expiry or (date.max if row.id_number_index else None),  # blank: valid for life
        kyc_due=row.kyc_due,
        frozen=row.frozen,
        sanctioned=row.sanctioned,
        unit=row.unit_id,
        data_day=max(filter(None, (row.as_of, row.fed_on)), default=None),
        under_review=bool(row.asked_to_freeze),
        assessments=None if assessments is None else tuple(assessments),
        investor_class=row.investor_class,
        horizon_days=row.horizon_days,
        liquid=row.liquid_assets,
        assets=row.assets,
        risky=row.risky,
        recent_loans=row.lent,
        holds=_holds(row),
    )


def _holds(row: Any) -> tuple[str, ...] | None:
    """The kinds of what the customer holds; money on an account is a deposit."""
    if row.holds is None:
        return None
    return tuple(sorted({*filter(None, row.holds.split("|")), *([DEPOSIT] if row.deposits else [])}))


def _assessed(row: Any) -> Assessed:
    """A test without an end is valid as long as its kind may be."""
    return Assessed(
        regime=row.regime,
        level=row.level,
        assessed_on=row.assessed_on,
        valid_until=row.valid_until or date.max,
        channel=row.channel,
    )


def _seller(row: Any) -> Seller:
    """`code:valid_until|…` as staff.csv writes it, which the import has checked."""
    if row.qualifications is None:
        return Seller()
    pairs = (each.rpartition(":") for each in row.qualifications.split("|") if each.strip())
    held = {code.strip(): date.fromisoformat(until.strip()) for code, _, until in pairs}
    return Seller(active=bool(row.at_work), qualifications=held)


def offer(unit: Unit, customer_id: CustomerId, product_id: ProductId, table: Table) -> Offer | None:
    """A product on the list, with what the customer holds of it."""
    row = unit.row(_OFFER, {"product": product_id, "customer": customer_id, "oldest": _oldest(unit, table)})
    return None if row is None else _offer(row, table.kinds.get(row.kind))


def shelf(unit: Unit, known: Known, table: Table, kinds: Sequence[str], up_to: Rating) -> Mapping[str, Iterator[Offer]]:
    """What is on sale of these kinds up to a rating: by kind, the highest rating first, then the shortest term."""
    asked = {"customer": known.customer_id, "day": unit.now.date(), "horizon": known.client.horizon_days}
    given = {"kinds": list(kinds), "up_to": up_to.value, "oldest": _oldest(unit, table)}
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
