"""Customers, found and loaded only inside the caller's scope: loading is authorising (design decision 10)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from domain.customer import Account, AumPoint, Contact, Customer, CustomerFacts, Holding, Product, RiskAssessment
from domain.ids import CustomerId, ProductId, UnitId, UserId
from domain.normalise import compact, digits, normalise_name
from domain.pinyin import matches
from domain.policy import Purpose, Relation, Scope, ScopeKind
from domain.refusal import Refused
from domain.staff import UnitTree
from storage import schema, search_keys
from storage.unit import Unit

NOT_FOUND = "没有找到这位客户。请核对姓名，或换成拼音、首字母、手机后四位、客户号再试。"
SCAN_LIMIT = 20_000
CONTACTS_SHOWN = 50
_CUSTOMER, _TEAM = schema.customer.c, schema.service_team.c


@dataclass(frozen=True)
class Hit:
    """A customer that was found; `rank` tells how near the query came (smaller is nearer)."""

    customer_id: CustomerId
    name: str
    unit_id: UnitId
    birth_date: date | None
    relation: Relation
    rank: int


@dataclass(frozen=True)
class Opened:
    """A customer that was loaded: everything a summary needs, and how the actor stands to the customer."""

    facts: CustomerFacts
    relation: Relation


def search(unit: Unit, scope: Scope, text: str, purpose: Purpose) -> list[Hit]:
    """Who may be meant by a name, pinyin, initials, last four digits or customer number: own book first, then the scope.

    What lies outside the scope is never read, so it costs and answers the same as what does not exist.
    """
    query = compact(normalise_name(text))
    found: list[Hit] = []
    for clause, relation in _circles(scope, unit.now.date()):
        found = _search_in(unit, clause, relation, query) if query else []
        if found:
            break
    unit.audit(
        "customer.search",
        "customer",
        {"purpose": purpose.value, "hits": len(found)},
        [hit.customer_id for hit in found],
    )
    return found


def _circles(scope: Scope, today: date) -> list[tuple[sa.ColumnElement[bool], Relation]]:
    """The circles of a scope, the nearest first; each leaves out the ones before it."""
    if scope.kind is ScopeKind.NONE:
        return []
    if scope.kind is ScopeKind.ALL:
        return [(sa.true(), Relation.IN_SCOPE)]
    own = _CUSTOMER.rm_userid == scope.userid
    team = _CUSTOMER.customer_id.in_(_served_by(scope.userid, today))
    circles = [(own, Relation.OWN_BOOK), (sa.and_(sa.not_(sa.func.coalesce(own, False)), team), Relation.SERVICE_TEAM)]
    if scope.kind is ScopeKind.UNIT_TREE and scope.units:
        others = sa.and_(sa.not_(sa.func.coalesce(own, False)), sa.not_(team))
        circles.append((sa.and_(others, _CUSTOMER.unit_id.in_(sorted(scope.units))), Relation.IN_SCOPE))
    return circles


def _served_by(userid: UserId, today: date) -> sa.Select[tuple[str]]:
    current = sa.or_(_TEAM.until_day.is_(None), _TEAM.until_day >= today)
    serves = sa.and_(_TEAM.userid == userid, _TEAM.from_day <= today, current, _TEAM.closed_as_of.is_(None))
    return sa.select(_TEAM.customer_id).where(serves)


def _search_in(unit: Unit, clause: sa.ColumnElement[bool], relation: Relation, query: str) -> list[Hit]:
    """Exact keys by index; only letters and parts of a name need the names of this circle."""
    exact = _rows(unit, sa.and_(clause, _keys(unit, query)))
    if exact:
        return _ordered(_hit(unit, row, relation, 0) for row in exact)
    if query.isdecimal():
        return []
    return _ordered(_scan(unit, clause, relation, query))


def _keys(unit: Unit, query: str) -> sa.ColumnElement[bool]:
    number = digits(query)
    by_key = [
        sa.func.lower(_CUSTOMER.customer_id) == query,
        _CUSTOMER.name_index == search_keys.name_index(unit.vault, query),
    ]
    if query.isdecimal() and len(number) == 4:
        by_key.append(_CUSTOMER.mobile_tail_index == search_keys.tail_index(unit.vault, number))
    if query.isdecimal() and len(number) == 11:
        by_key.append(_CUSTOMER.mobile_index == search_keys.mobile_index(unit.vault, number))
    return sa.or_(*by_key)


def _scan(unit: Unit, clause: sa.ColumnElement[bool], relation: Relation, query: str) -> list[Hit]:
    """Decrypt this circle's names (reliability.md §0.10: 500 customers in 0.7 ms)."""
    hits = []
    for row in _rows(unit, clause):
        rank = _rank(unit, row, query)
        if rank is not None:
            hits.append(_hit(unit, row, relation, rank))
    nearest = min((hit.rank for hit in hits), default=0)
    return [hit for hit in hits if hit.rank == nearest]


def _rank(unit: Unit, row: sa.Row[Any], query: str) -> int | None:
    if query.isascii():
        kept = unit.vault.open("customer", "pinyin", row.customer_id, row.pinyin)
        kind = matches(query, search_keys.read_pinyin(kept))
        return None if kind is None else int(kind)
    name = compact(normalise_name(unit.vault.open("customer", "name", row.customer_id, row.name)))
    return (10 if name.startswith(query) else 11) if query in name else None


def _rows(unit: Unit, clause: sa.ColumnElement[bool]) -> Sequence[sa.Row[Any]]:
    columns = (_CUSTOMER.customer_id, _CUSTOMER.name, _CUSTOMER.pinyin, _CUSTOMER.unit_id, _CUSTOMER.birth_date)
    here = sa.select(*columns).where(clause, _CUSTOMER.closed_as_of.is_(None))
    return unit.rows(here.order_by(_CUSTOMER.customer_id).limit(SCAN_LIMIT))


def _hit(unit: Unit, row: sa.Row[Any], relation: Relation, rank: int) -> Hit:
    name = unit.vault.open("customer", "name", row.customer_id, row.name)
    return Hit(CustomerId(row.customer_id), name, UnitId(row.unit_id), row.birth_date, relation, rank)


def _ordered(hits: Any) -> list[Hit]:
    return sorted(hits, key=lambda hit: (hit.rank, hit.name, hit.customer_id))


def relation_to(unit: Unit, scope: Scope, customer_id: CustomerId) -> Relation | None:
    """How the actor stands to a customer; None for one outside the scope or unknown, told apart by nothing."""
    for clause, relation in _circles(scope, unit.now.date()):
        here = sa.select(_CUSTOMER.customer_id).where(clause, _CUSTOMER.customer_id == customer_id)
        if unit.row(here.where(_CUSTOMER.closed_as_of.is_(None))) is not None:
            return relation
    return None


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
