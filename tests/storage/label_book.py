"""Customers' histories put into the tables, and random ones that crowd around every boundary."""

import random
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from domain.customer import AumPoint, RiskAssessment
from domain.labels.measures import Account, Held, History, Trade
from domain.zone import SHANGHAI
from storage import schema
from storage.imports.tables import TABLES
from storage.unit import Unit

INVESTS = "理财申购"
KINDS = ("deposit", "wealth", "fund", "metal")
EDGES = (0, 1, 2, 29, 30, 44, 45, 46, 59, 60, 61, 88, 89, 90, 91, 92, 179, 180, 181, 363, 364, 365, 366, 367, 500)
FLOORS = (50_000_000, 600_000_000, 5_000_000_000)
STAMPS: dict[str, Any] = {"as_of": date(2026, 1, 1), "arrived_at": datetime(2026, 1, 1, tzinfo=SHANGHAI)}


def store(unit: Unit, book: Mapping[str, History]) -> None:
    """One customer a history; each kind of activity takes its turn."""
    if not unit.rows(sa.select(schema.product.c.product_id)):
        _put(unit, "products", [
            {"product_id": kind, "name": kind, "kind": kind, "regime": "NONE", "currency": "CNY"} for kind in KINDS
        ])  # fmt: skip
    _put(unit, "customers", [_customer(who, each) for who, each in book.items()])
    of = [(who, each) for who, each in book.items()]
    _put(unit, "aum_daily", [{"customer_id": w, "day": p.day, "aum": p.fen} for w, h in of for p in h.aum])
    _put(unit, "risk_assessments", [
        {"customer_id": w, "assessed_on": r.assessed_on, "regime": "bank", "channel": str(n), "level": r.level,
         "valid_until": r.valid_until} for w, h in of for n, r in enumerate(h.risk)
    ])  # fmt: skip
    _put(unit, "holdings", [
        {"holding_id": f"{w}-{n}", "customer_id": w, "product_id": e.kind, "amount": e.amount, "opened_on": e.opened_on,
         "matures_on": e.matures_on, "closed_as_of": e.closed_on} for w, h in of for n, e in enumerate(h.holdings)
    ])  # fmt: skip
    _put(unit, "accounts", [
        {"account_id": f"{w}-{n}", "customer_id": w, "kind": "活期", "opened_on": a.opened_on, "balance": 0,
         "currency": "CNY", **_ended(a.closed_on, n)} for w, h in of for n, a in enumerate(h.accounts)
    ])  # fmt: skip
    active = [(w, n, day) for w, h in of for n, day in enumerate(h.active)]
    traded = [(w, n, t) for w, h in of for n, t in enumerate(h.trades)]
    _put(unit, "transactions", [
        _booking(f"{w}t{n}", w, t.day, n, kind=INVESTS, amount=t.amount * (-1) ** n) for w, n, t in traded
    ] + [_booking(f"{w}a{n}", w, day, n) for w, n, day in active if n % 3 == 0])  # fmt: skip
    _put(unit, "interactions", [
        {"interaction_id": f"{w}i{n}", "customer_id": w, "at": moment(day, n), "channel": "电话", "direction": "in",
         "kind": "来电", "reached": (True, None)[n % 2], "origin": "feed"} for w, n, day in active if n % 3 == 1
    ])  # fmt: skip
    _put(unit, "touchpoints", [
        {"customer_id": w, "at": moment(day, n), "channel": "手机银行", "page": str(n)}
        for w, n, day in active if n % 3 == 2
    ])  # fmt: skip
    _noise(unit, list(book))


def _ended(day: date | None, n: int) -> dict[str, date | None]:
    """As the core says it, by staying away from the file, or both, of which the earlier counts."""
    later = day and day + timedelta(days=9)
    return dict(zip(("closed_on", "closed_as_of"), ((day, None), (None, day), (later, day))[n % 3], strict=True))


def _noise(unit: Unit, customers: list[str]) -> None:
    """What must not count: bookings the bank made, other kinds of bookings, broadcasts, calls nobody answered."""
    day = date(2026, 9, 1)
    _put(unit, "transactions", [_booking(f"{w}n", w, day, 0, own=False, kind=INVESTS) for w in customers])
    _put(unit, "interactions", [
        {"interaction_id": f"{w}{key}", "customer_id": w, "at": moment(day, 1), "channel": "企微", "direction": "in",
         "kind": kind, "reached": reached, "origin": "feed"}
        for w in customers for key, kind, reached in (("b", "群发", True), ("m", "回访", False))
    ])  # fmt: skip


def _customer(who: str, history: History) -> dict[str, Any]:
    return {
        "customer_id": who, "name": b"x", "name_index": b"x", "pinyin": b"x", "gender": "女", "unit_id": "U",
        "opened_on": history.opened_on, "closed_as_of": history.closed_on, "marketing_consent": False,
    }  # fmt: skip


def _booking(key: str, who: str, day: date, n: int, *, own: bool = True, kind: str = "消费",
             amount: int = -500) -> dict[str, Any]:  # fmt: skip
    return {"txn_id": key, "customer_id": who, "booked_at": moment(day, n), "amount": amount, "kind": kind,
            "customer_initiated": own}  # fmt: skip


def moment(day: date, n: int) -> datetime:
    """The first, the last, or some moment of a Shanghai day."""
    return datetime.combine(day, (time(), time(23, 59, 59, 999_999), time(12))[n % 3], tzinfo=SHANGHAI)


def _put(unit: Unit, feed: str, rows: list[dict[str, Any]]) -> None:
    whole = [row | STAMPS for row in rows]
    if whole:
        unit.execute(TABLES[feed].insert(), whole)


def random_history(chance: random.Random, last: date) -> History:
    def ago() -> date:
        days = chance.choice(EDGES) if chance.random() < 0.7 else chance.randrange(-5, 600)
        return last - timedelta(days=days)

    def maybe(day: date) -> date | None:
        return day if chance.random() < 0.7 else None

    def fen() -> int:
        floor = chance.choice(FLOORS)
        small = chance.choice((0, 99_999, 100_000, 500_000, 5_000_000))
        return chance.choice((small, small, floor * 8 // 10 - 1, floor * 8 // 10, floor - 1, floor,
                              chance.randrange(10**10)))  # fmt: skip

    days = sorted({ago() for _ in range(chance.randrange(7))})
    if chance.random() < 0.35:
        return _settled(last - timedelta(days=chance.choice(EDGES)), last, chance)
    return History(
        opened_on=maybe(ago()),
        closed_on=ago() if chance.random() < 0.05 else None,
        aum=[AumPoint(day, fen()) for day in days],
        trades=[Trade(ago(), chance.randrange(1, 10**9)) for _ in range(chance.choice((0, 1, 2, 6, 7, 20)))],
        holdings=[
            Held(chance.choice(KINDS), chance.randrange(10**9), maybe(ago()),
                 maybe(ago() + timedelta(days=chance.choice((0, 1, 45, 180, 900)))),
                 ago() if chance.random() < 0.2 else None)
            for _ in range(chance.randrange(6))
        ],
        active=[ago() for _ in range(chance.randrange(4))],
        risk=[RiskAssessment(f"C{chance.randrange(1, 6)}", day, day + timedelta(days=365))
              for day in {ago() for _ in range(chance.randrange(3))}],
        accounts=[Account(maybe(ago()), ago() if chance.random() < 0.7 else None)
                  for _ in range(chance.choice((0, 0, 1, 1, 2)))],
    )  # fmt: skip


def _settled(opened: date, last: date, chance: random.Random) -> History:
    """Somebody with nothing to hide the last conditions behind the first: old enough, of several kinds, one change."""
    kinds = chance.sample(KINDS, chance.choice((2, 3, 3)))
    level = 1000 * chance.choice((chance.randrange(1, 10**7), 5_000, 100, 500))
    later = level * chance.choice((1000, 1499, 1500, 1502, 667, 666, 100, 101)) // 1000
    quiet = chance.choice((3, 3, 59, 60, 89, 90, 91, 179, 180, 181))
    points = [AumPoint(last - timedelta(days=400), level),
              AumPoint(last - timedelta(days=chance.choice((40, 89, 100, 363))), later)]  # fmt: skip
    return History(opened_on=opened, aum=points, holdings=[Held(kind, 100) for kind in kinds],
                   active=[last - timedelta(days=quiet)])  # fmt: skip
