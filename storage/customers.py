"""Customers, loaded only inside the caller's scope: loading is authorising (design decision 10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.customer import (
    BROADCAST,
    Account,
    AumPoint,
    Contact,
    Customer,
    CustomerFacts,
    Holding,
    Product,
    RiskAssessment,
)
from domain.ids import CustomerId, ProductId, UnitId, UserId
from domain.policy import Purpose, Relation, Scope, ScopeKind
from domain.refusal import Refused
from domain.staff import UnitTree
from storage import schema
from storage.circles import around, within
from storage.statement import Statement
from storage.unit import Unit

NOT_FOUND = "没有找到这位客户。请核对姓名，或换成拼音、首字母、手机后四位、客户号再试。"
CONTACTS_SHOWN = 50
_CUSTOMER, _STAFF, _FEED = schema.customer.c, schema.staff.c, schema.feed.c
_AUM, _HELD, _PRODUCT, _ACCOUNT = schema.aum_daily.c, schema.holding.c, schema.product.c, schema.account.c
_RISK, _SEEN, _TODO = schema.risk_assessment.c, schema.interaction.c, schema.todo.c

# What a summary reads, put together once: every 查 executes all of it.
_ONE: sa.BindParameter[str] = sa.bindparam("customer")
# The last day whose money has arrived: what 数据截至 says.
_BUSINESS_DAY = sa.select(sa.func.min(_FEED.as_of)).where(_FEED.name.in_(("aum_daily", "holdings", "accounts")))
_NAME = within(sa.select(_CUSTOMER.name).where(_CUSTOMER.customer_id == _ONE))
_BASICS = within(
    sa.select(schema.customer, _STAFF.name.label("rm_name"), _BUSINESS_DAY.scalar_subquery().label("business_day"))
    .join_from(schema.customer, schema.staff, _STAFF.userid == _CUSTOMER.rm_userid, isouter=True)
    .where(_CUSTOMER.customer_id == _ONE)
)
_AUM_POINTS = Statement(sa.select(_AUM.day, _AUM.aum).where(_AUM.customer_id == _ONE).order_by(_AUM.day))
_HOLDINGS = Statement(
    sa.select(_HELD.holding_id, _HELD.amount, _HELD.opened_on, _HELD.matures_on, _PRODUCT.product_id)
    .add_columns(_PRODUCT.name, _PRODUCT.kind, _PRODUCT.risk)
    .join_from(schema.holding, schema.product, _HELD.product_id == _PRODUCT.product_id)
    .where(_HELD.customer_id == _ONE, _HELD.closed_as_of.is_(None))
)
_ACCOUNTS = Statement(sa.select(schema.account).where(_ACCOUNT.customer_id == _ONE, _ACCOUNT.closed_as_of.is_(None)))
_NEWEST_RISK = Statement(
    sa.select(schema.risk_assessment)
    .where(_RISK.customer_id == _ONE)
    .order_by(_RISK.assessed_on.desc(), _RISK.valid_until.desc())
    .limit(1)
)
_CONTACTS = (
    sa.select(schema.interaction)
    .where(_SEEN.customer_id == _ONE, _SEEN.closed_as_of.is_(None))
    .order_by(_SEEN.at.desc())
)
# `Contact.counts` in SQL: spoken to or answered, never a broadcast.
REAL_CONTACT = sa.and_(
    _SEEN.closed_as_of.is_(None),
    _SEEN.kind != BROADCAST,
    _SEEN.channel != BROADCAST,
    sa.or_(_SEEN.reached.is_(True), sa.and_(_SEEN.reached.is_(None), _SEEN.direction.in_(("in", "both")))),
)
_LATEST = Statement(_CONTACTS.limit(CONTACTS_SHOWN))
_LATEST_REACHED = Statement(_CONTACTS.where(REAL_CONTACT).limit(1))
_PENDING = Statement(sa.select(_TODO.due_at).where(_TODO.customer_id == _ONE, _TODO.state.in_(("open", "snoozed"))))


@dataclass(frozen=True)
class Opened:
    """A customer that was loaded: everything a summary needs, and how the actor stands to the customer."""

    facts: CustomerFacts
    relation: Relation


def name_for(unit: Unit, scope: Scope, customer_id: CustomerId) -> tuple[str, Relation]:
    """A customer's name and the actor's relation; raises Refused outside the scope."""
    row = _in_scope(unit, scope, customer_id, _NAME)
    return unit.vault.open("customer", "name", customer_id, row.name), Relation(row.relation)


def _in_scope(unit: Unit, scope: Scope, customer_id: CustomerId, read: Mapping[ScopeKind, Statement]) -> Any:
    row = unit.row(read[scope.kind], {"customer": customer_id, **around(scope, unit.now.date())})
    if row is None:
        raise Refused(NOT_FOUND, reason="customer not in scope")
    unit.seen.add(customer_id)
    return row


def open_customer(
    unit: Unit, scope: Scope, units: UnitTree, customer_id: CustomerId, purpose: Purpose, surface: str
) -> Opened:
    """Load a customer for the actor; the read is on record. Raises Refused outside the scope."""
    row = _in_scope(unit, scope, customer_id, _BASICS)
    relation = Relation(row.relation)
    detail = {"purpose": purpose.value, "relation": relation.value, "surface": surface}
    if scope.userid != unit.actor:
        detail["reader"] = scope.userid  # a card that goes to somebody else than who caused it
    unit.audit("customer.read", f"customer:{customer_id}", detail, [customer_id])
    return Opened(_facts(unit, units, customer_id, row), relation)


def _facts(unit: Unit, units: UnitTree, customer_id: CustomerId, row: Any) -> CustomerFacts:
    pending, overdue = _todo_counts(unit, customer_id)
    return CustomerFacts(
        customer=_customer(unit, row),
        business_day=row.business_day or row.as_of,
        aum=_aum(unit, customer_id),
        holdings=_holdings(unit, customer_id),
        accounts=_accounts(unit, customer_id),
        risk=_risk(unit, customer_id),
        contacts=_contacts(unit, customer_id),
        open_todos=pending,
        overdue_todos=overdue,
        place=units.place_of(UnitId(row.unit_id)),
        rm_name=unit.vault.open_optional("staff", "name", row.rm_userid, row.rm_name),
    )


def _customer(unit: Unit, row: Any) -> Customer:
    def opened(column: str) -> str | None:
        return unit.vault.open_optional("customer", column, row.customer_id, getattr(row, column))

    return Customer(
        customer_id=CustomerId(row.customer_id),
        name=opened("name") or "",
        gender=row.gender,
        birth_date=row.birth_date,
        birth_lunar=row.birth_lunar,
        id_type=row.id_type,
        id_number=opened("id_number"),
        id_expiry=row.id_expiry,
        mobile=opened("mobile"),
        address=opened("address"),
        occupation=row.occupation,
        opened_on=row.opened_on,
        rm_userid=UserId(row.rm_userid) if row.rm_userid else None,
        unit_id=UnitId(row.unit_id),
        kyc_risk=row.kyc_risk,
        kyc_due=row.kyc_due,
    )


def _aum(unit: Unit, customer_id: CustomerId) -> tuple[AumPoint, ...]:
    return tuple(AumPoint(row.day, row.aum) for row in unit.rows(_AUM_POINTS, {"customer": customer_id}))


def aum_of(unit: Unit, customer_ids: Sequence[CustomerId]) -> dict[CustomerId, tuple[AumPoint, ...]]:
    """The AUM history of several customers, for telling hits apart by tier."""
    points = schema.aum_daily.c
    rows = unit.rows(
        sa.select(points.customer_id, points.day, points.aum)
        .where(points.customer_id.in_(list(customer_ids)))
        .order_by(points.customer_id, points.day)
    )
    found: dict[CustomerId, tuple[AumPoint, ...]] = dict.fromkeys(customer_ids, ())
    for row in rows:
        found[CustomerId(row.customer_id)] += (AumPoint(row.day, row.aum),)
    return found


def _holdings(unit: Unit, customer_id: CustomerId) -> tuple[Holding, ...]:
    return tuple(holding_of(row) for row in unit.rows(_HOLDINGS, {"customer": customer_id}))


def holding_of(row: sa.Row[Any]) -> Holding:
    """A holding from its columns and its product's."""
    product = Product(ProductId(row.product_id), row.name, row.kind, row.risk)
    return Holding(row.holding_id, product, row.amount, row.opened_on, row.matures_on)


def _accounts(unit: Unit, customer_id: CustomerId) -> tuple[Account, ...]:
    rows = unit.rows(_ACCOUNTS, {"customer": customer_id})
    return tuple(
        Account(row.account_id, row.kind, row.balance, row.opened_on, row.closed_on, row.currency) for row in rows
    )


def _risk(unit: Unit, customer_id: CustomerId) -> RiskAssessment | None:
    row = unit.row(_NEWEST_RISK, {"customer": customer_id})
    return None if row is None else RiskAssessment(row.level, row.assessed_on, row.valid_until or row.assessed_on)


def _contacts(unit: Unit, customer_id: CustomerId) -> tuple[Contact, ...]:
    """The latest interactions, and the latest that counted however long ago."""
    latest = list(unit.rows(_LATEST, {"customer": customer_id}))
    reached = unit.row(_LATEST_REACHED, {"customer": customer_id})
    rows = latest if reached is None or reached in latest else [*latest, reached]
    return tuple(Contact(row.at, row.channel, row.kind, row.direction, row.reached) for row in rows)


def _todo_counts(unit: Unit, customer_id: CustomerId) -> tuple[int, int]:
    due: list[datetime] = [row.due_at for row in unit.rows(_PENDING, {"customer": customer_id})]
    return len(due), sum(moment < unit.now for moment in due)


def unit_of(unit: Unit, customer_id: CustomerId) -> UnitId:
    """Where a customer is kept."""
    here = sa.select(_CUSTOMER.unit_id).where(_CUSTOMER.customer_id == customer_id)
    return UnitId(unit.execute(here).scalar_one())


def book_size(unit: Unit, userid: UserId) -> int:
    """How many customers the person keeps."""
    mine = sa.and_(_CUSTOMER.rm_userid == userid, _CUSTOMER.closed_as_of.is_(None))
    return int(unit.execute(sa.select(sa.func.count()).select_from(schema.customer).where(mine)).scalar_one())
