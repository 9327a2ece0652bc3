"""Customers, loaded only inside the caller's scope: loading is authorising (design decision 10)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa

from domain.customer import (
    Account,
    AumPoint,
    Contact,
    Customer,
    CustomerFacts,
    Holding,
    Product,
)
from domain.ids import CaseId, CustomerId, ProductId, UnitId, UserId
from domain.policy import Purpose, Relation, Scope
from domain.profile import Arrival, Habit, Loan, Member, Month, OwnCase, PastComplaint, Tie, Touch
from domain.refusal import Refused
from domain.staff import Unit as OrgUnit
from domain.staff import UnitKind, UnitTree
from domain.tier import Tier
from storage import schema, whole
from storage.circles import around, stands, within
from storage.labels import labels_of
from storage.lateness import lateness_of
from storage.risk_tests import risk_of
from storage.unit import Unit
from storage.whole import ONE

NOT_FOUND = "没有找到这位客户。请核对姓名，或换成拼音、首字母、手机后四位、客户号再试。"
MONEY = ("aum_daily", "holdings", "accounts")
_CUSTOMER = schema.customer.c
_NAME = within(sa.select(_CUSTOMER.name).where(_CUSTOMER.customer_id == ONE))


@dataclass(frozen=True)
class Opened:
    """A customer that was loaded: everything the reader may know, and how they stand to the customer."""

    facts: CustomerFacts
    relation: Relation


@dataclass(frozen=True)
class Sight:
    """What a reader sees beside the rows of their scope: cases that they oversee, and touchpoints where the bank has
    agreed to look at them.
    """

    oversees: bool = False
    trail: bool = False


NARROW = Sight()


def name_for(unit: Unit, scope: Scope, customer_id: CustomerId) -> tuple[str, Relation]:
    """A customer's name and the actor's relation; raises Refused outside the scope, or where what is done stops."""
    row = _found(unit.row(_NAME[scope.kind], {"customer": customer_id, **around(scope, unit.now)}))
    unit.seen.add(customer_id)
    relation = stands(unit, scope, row)
    return unit.vault.open("customer", "name", customer_id, row.name), relation


def _found(row: Any) -> Any:
    if row is None:
        raise Refused(NOT_FOUND, reason="customer not in scope")
    return row


def open_customer(
    unit: Unit,
    scope: Scope,
    customer_id: CustomerId,
    purpose: Purpose,
    surface: str,
    sight: Sight = NARROW,
) -> Opened:
    """Load a customer for the actor in one statement; the read is on record. Raises Refused outside the scope, and for
    a frozen customer.
    """
    row = _found(whole.read(unit, scope, customer_id, oversees=sight.oversees, trail=sight.trail))
    relation = stands(unit, replace(scope, rests=True), row)
    looked = {"post": scope.post, "policy": scope.policy}
    detail = {"purpose": purpose.value, "relation": relation.value, "surface": surface, **looked}
    if scope.userid != unit.actor:
        detail["reader"] = scope.userid  # a card that goes to somebody else than who caused it
    unit.audit("customer.read", f"customer:{customer_id}", detail, [customer_id])
    unit.seen.add(customer_id)
    return Opened(_facts(unit, row, sight), relation)


def _facts(unit: Unit, row: Any, sight: Sight) -> CustomerFacts:
    risks = tuple(map(risk_of, row.risks))
    (todos,) = row.todos
    arrivals = tuple(Arrival(*each) for each in row.arrivals)
    return CustomerFacts(
        customer=_customer(unit, row),
        business_day=min((each.as_of for each in row.arrivals if each.feed in MONEY), default=row.as_of),
        aum=tuple(AumPoint(each.day, each.aum) for each in row.aum),
        tier=_tier(row),
        labels=labels_of(row.labels, row.given, unit.now.date()),
        holdings=tuple(map(holding_of, row.holdings)),
        accounts=tuple(map(_account, row.accounts)),
        risk=next(iter(risks), None),
        contacts=_contacts(row),
        open_todos=todos.pending,
        overdue_todos=todos.late,
        place=UnitTree.of(map(_org_unit, row.above)).place_of(UnitId(row.unit_id)),
        rm_name=unit.vault.open_optional("staff", "name", row.rm_userid, row.rm_name),
        arrivals=arrivals,
        lateness=lateness_of(unit, arrivals),
        team=tuple(_member(unit, each) for each in row.team),
        risks=risks,
        loans=tuple(Loan(**each._asdict()) for each in row.loans),
        months=tuple(sorted((Month(*each) for each in row.months), key=lambda each: each.month)),
        habits=tuple(Habit(**each._asdict()) for each in row.habits),
        complaints=tuple(PastComplaint(*each) for each in row.complaints),
        cases=tuple(OwnCase(CaseId(each.case_id), each.closed, each.opened_at) for each in row.cases),
        ties=tuple(sorted(map(_tie, row.ties), key=lambda each: (each.kind, each.other))),
        touches=tuple(Touch(**each._asdict()) for each in row.touches),
        trail=sight.trail,
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
        contact_preference=row.contact_preference,
        marketing_consent=row.willing,
        investor_class=row.investor_class,
        frozen=row.frozen,
        sanctioned=row.sanctioned,
        collections=bool(row.collections),
    )


def _tier(row: Any) -> Tier | None:
    """An override that holds, else the label; None of somebody not labelled yet."""
    for each in row.given:
        return Tier(each.tier)
    return next((Tier(each.computed_tier) for each in row.labels), None)


def _org_unit(row: Any) -> OrgUnit:
    parent = UnitId(row.parent_id) if row.parent_id else None
    return OrgUnit(UnitId(row.unit_id), row.name, UnitKind(row.kind), parent)


def _account(row: Any) -> Account:
    return Account(row.account_id, row.kind, row.balance, row.opened_on, row.closed_on, row.currency)


def _member(unit: Unit, row: Any) -> Member:
    return Member(UserId(row.userid), unit.vault.open("staff", "name", row.userid, row.name), row.role, row.until_day)


def _tie(row: Any) -> Tie:
    return Tie(row.kind, CustomerId(row.other), Relation(row.how) if row.how else None, row.tie_id)


def _contacts(row: Any) -> tuple[Contact, ...]:
    """The latest interactions, and the latest that counted however long ago."""
    more = tuple(each for each in row.reached if each not in row.contacts)
    return tuple(Contact(*each) for each in (*row.contacts, *more))


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


def holding_of(row: Any) -> Holding:
    """A holding from its columns and its product's."""
    product = Product(ProductId(row.product_id), row.name, row.kind, row.risk)
    return Holding(row.holding_id, product, row.amount, row.opened_on, row.matures_on)


def unit_of(unit: Unit, customer_id: CustomerId) -> UnitId:
    """Where a customer is kept."""
    here = sa.select(_CUSTOMER.unit_id).where(_CUSTOMER.customer_id == customer_id)
    return UnitId(unit.execute(here).scalar_one())


def keeper_of(unit: Unit, customer_id: CustomerId) -> UserId | None:
    """Who keeps a customer."""
    here = sa.select(_CUSTOMER.rm_userid).where(_CUSTOMER.customer_id == customer_id)
    keeper = unit.execute(here).scalar()
    return UserId(keeper) if keeper else None


def book_size(unit: Unit, userid: UserId) -> int:
    """How many customers the person keeps."""
    mine = sa.and_(_CUSTOMER.rm_userid == userid, _CUSTOMER.closed_as_of.is_(None))
    return int(unit.execute(sa.select(sa.func.count()).select_from(schema.customer).where(mine)).scalar_one())
