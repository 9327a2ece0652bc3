"""Customers, loaded only inside the caller's scope: loading is authorising (design decision 10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from domain.customer import Account, AumPoint, Contact, Customer, CustomerFacts, Holding, Product, RiskAssessment
from domain.ids import CustomerId, ProductId, UnitId, UserId
from domain.policy import Purpose, Relation, Scope
from domain.refusal import Refused
from domain.staff import UnitTree
from storage import schema
from storage.circles import relation_to
from storage.unit import Unit

NOT_FOUND = "没有找到这位客户。请核对姓名，或换成拼音、首字母、手机后四位、客户号再试。"
CONTACTS_SHOWN = 50
_CUSTOMER = schema.customer.c


@dataclass(frozen=True)
class Opened:
    """A customer that was loaded: everything a summary needs, and how the actor stands to the customer."""

    facts: CustomerFacts
    relation: Relation


def name_for(unit: Unit, scope: Scope, customer_id: CustomerId) -> tuple[str, Relation]:
    """A customer's name and the actor's relation; raises Refused outside the scope."""
    relation = relation_to(unit, scope, customer_id)
    if relation is None:
        raise Refused(NOT_FOUND, reason="customer not in scope")
    cell = unit.execute(sa.select(_CUSTOMER.name).where(_CUSTOMER.customer_id == customer_id)).scalar_one()
    return unit.vault.open("customer", "name", customer_id, cell), relation


def open_customer(
    unit: Unit, scope: Scope, units: UnitTree, customer_id: CustomerId, purpose: Purpose, surface: str
) -> Opened:
    """Load a customer for the actor; the read is on record. Raises Refused outside the scope."""
    relation = relation_to(unit, scope, customer_id)
    if relation is None:
        raise Refused(NOT_FOUND, reason="customer not in scope")
    opened = Opened(_facts(unit, units, customer_id), relation)
    detail = {"purpose": purpose.value, "relation": relation.value, "surface": surface}
    unit.audit("customer.read", f"customer:{customer_id}", detail, [customer_id])
    return opened


def _facts(unit: Unit, units: UnitTree, customer_id: CustomerId) -> CustomerFacts:
    row = unit.row(sa.select(schema.customer).where(_CUSTOMER.customer_id == customer_id))
    assert row is not None
    pending, overdue = _todo_counts(unit, customer_id)
    return CustomerFacts(
        customer=_customer(unit, row),
        business_day=business_day(unit) or row.as_of,
        aum=_aum(unit, customer_id),
        holdings=_holdings(unit, customer_id),
        accounts=_accounts(unit, customer_id),
        risk=_risk(unit, customer_id),
        contacts=_contacts(unit, customer_id),
        open_todos=pending,
        overdue_todos=overdue,
        place=units.place_of(UnitId(row.unit_id)),
        rm_name=_staff_name(unit, row.rm_userid),
    )


def business_day(unit: Unit) -> date | None:
    """The last day whose money has arrived: what 数据截至 says."""
    feed = schema.feed.c
    money = sa.select(sa.func.min(feed.as_of)).where(feed.name.in_(("aum_daily", "holdings", "accounts")))
    day: date | None = unit.execute(money).scalar()
    return day


def _customer(unit: Unit, row: sa.Row[Any]) -> Customer:
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


def _staff_name(unit: Unit, userid: str | None) -> str | None:
    if userid is None:
        return None
    cell = unit.execute(sa.select(schema.staff.c.name).where(schema.staff.c.userid == userid)).scalar()
    return unit.vault.open_optional("staff", "name", userid, cell)


def _aum(unit: Unit, customer_id: CustomerId) -> tuple[AumPoint, ...]:
    points = schema.aum_daily.c
    rows = unit.rows(sa.select(points.day, points.aum).where(points.customer_id == customer_id).order_by(points.day))
    return tuple(AumPoint(row.day, row.aum) for row in rows)


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
    held, product = schema.holding.c, schema.product.c
    rows = unit.rows(
        sa.select(held.holding_id, held.amount, held.opened_on, held.matures_on, product.product_id)
        .add_columns(product.name, product.kind, product.risk)
        .join_from(schema.holding, schema.product, held.product_id == product.product_id)
        .where(held.customer_id == customer_id, held.closed_as_of.is_(None))
    )
    return tuple(
        Holding(
            row.holding_id,
            Product(ProductId(row.product_id), row.name, row.kind, row.risk),
            row.amount,
            row.opened_on,
            row.matures_on,
        )
        for row in rows
    )


def _accounts(unit: Unit, customer_id: CustomerId) -> tuple[Account, ...]:
    account = schema.account.c
    rows = unit.rows(
        sa.select(schema.account).where(account.customer_id == customer_id, account.closed_as_of.is_(None))
    )
    return tuple(
        Account(row.account_id, row.kind, row.balance, row.opened_on, row.closed_on, row.currency) for row in rows
    )


def _risk(unit: Unit, customer_id: CustomerId) -> RiskAssessment | None:
    risk = schema.risk_assessment.c
    mine = sa.select(schema.risk_assessment).where(risk.customer_id == customer_id)
    row = unit.row(mine.order_by(risk.assessed_on.desc(), risk.valid_until.desc()).limit(1))
    return None if row is None else RiskAssessment(row.level, row.assessed_on, row.valid_until or row.assessed_on)


def _contacts(unit: Unit, customer_id: CustomerId) -> tuple[Contact, ...]:
    """The latest interactions, and the latest that counted however long ago."""
    seen = schema.interaction.c
    mine = sa.select(schema.interaction).where(seen.customer_id == customer_id, seen.closed_as_of.is_(None))
    latest = list(unit.rows(mine.order_by(seen.at.desc()).limit(CONTACTS_SHOWN)))
    reached = unit.row(mine.where(seen.reached.is_(True)).order_by(seen.at.desc()).limit(1))
    rows = latest if reached is None or reached in latest else [*latest, reached]
    return tuple(Contact(row.at, row.channel, row.kind, row.direction, row.reached) for row in rows)


def _todo_counts(unit: Unit, customer_id: CustomerId) -> tuple[int, int]:
    todo = schema.todo.c
    pending = sa.and_(todo.customer_id == customer_id, todo.state.in_(("open", "snoozed")))
    due: list[datetime] = [row.due_at for row in unit.rows(sa.select(todo.due_at).where(pending))]
    return len(due), sum(moment < unit.now for moment in due)


def book_size(unit: Unit, userid: UserId) -> int:
    """How many customers the person keeps."""
    mine = sa.and_(_CUSTOMER.rm_userid == userid, _CUSTOMER.closed_as_of.is_(None))
    return int(unit.execute(sa.select(sa.func.count()).select_from(schema.customer).where(mine)).scalar_one())
