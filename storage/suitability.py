"""What a suitability decision is made from, read inside the scope of whoever asks."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from domain.customer import DEPOSIT
from domain.ids import CustomerId, UserId
from domain.policy import Purpose, Relation, Scope
from domain.refusal import Refused
from domain.suitability.facts import Assessed, Client, Seller
from domain.suitability.table import Table
from storage import restrictions, schema
from storage.circles import around, stands, within
from storage.customers import NOT_FOUND
from storage.unit import Unit

_CUSTOMER, _RISK, _STAFF, _FEED = schema.customer.c, schema.risk_assessment.c, schema.staff.c, schema.feed.c
_ACCOUNT, _HELD, _PRODUCT, _LOAN = schema.account.c, schema.holding.c, schema.product.c, schema.loan.c
_ONE: sa.BindParameter[str] = sa.bindparam("customer")
_RISKY_FROM: sa.BindParameter[str] = sa.bindparam("risky_from")


def summed(column: sa.ColumnElement[int], *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    """PostgreSQL's sum of whole numbers is a decimal, which this is not."""
    total = sa.cast(sa.func.coalesce(sa.func.sum(column), 0), sa.BigInteger)
    return sa.select(total).where(*conditions).scalar_subquery()


def arrived(name: str) -> sa.ColumnElement[bool]:
    """Whether a feed came, and not so long ago that what it says cannot be trusted any more."""
    return sa.exists().where(_FEED.name == name, _FEED.as_of >= sa.bindparam("oldest", type_=sa.Date))


def oldest_day(unit: Unit, table: Table) -> date:
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
_ASSETS_KNOWN = sa.and_(arrived("holdings"), arrived("accounts"))
_ASSETS = summed(_HELD.amount, _MINE) + summed(_ACCOUNT.balance, _OPEN_ACCOUNT)
_RISKY = summed(_HELD.amount, _MINE, _PRODUCT.product_id == _HELD.product_id, _IS_RISKY)
_LENT = summed(
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
        sa.case((arrived("holdings"), sa.func.coalesce(_HOLDS, "")), else_=None).label("holds"),
        sa.exists().where(_OPEN_ACCOUNT).label("deposits"),
        sa.case((arrived("loans"), _LENT), else_=None).label("lent"),
        arrived("risk_assessments").label("tested"),
    )
    .join_from(schema.customer, schema.risk_assessment, _RISK.customer_id == _CUSTOMER.customer_id, isouter=True)
    .join(schema.staff, _STAFF.userid == _SOLD_BY, isouter=True)
    .where(_CUSTOMER.customer_id == _ONE)
)


@dataclass(frozen=True)
class Known:
    """A customer loaded for a decision."""

    customer_id: CustomerId
    name: str
    relation: Relation
    client: Client
    seller: Seller


def known(
    unit: Unit, scope: Scope, customer_id: CustomerId, table: Table, seller: UserId | None, purpose: Purpose
) -> Known:
    """The customer, and who would sell: the member named, else the manager. The read is on record; raises Refused
    outside the scope."""
    today = unit.now.date()
    asked = {
        "customer": customer_id, "seller": seller, "risky_from": table.risky.rating.value,
        "lent_since": today - timedelta(days=table.loans.days), "paid_to_others": list(table.loans.paid_to_others),
        "oldest": oldest_day(unit, table),
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
