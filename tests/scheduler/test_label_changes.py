"""Who is left alone stands as if all had been judged: after any days and any changes, however they were written."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.packs import default_pack
from domain.tier import Tier
from domain.zone import SHANGHAI
from handlers import label_making, label_round
from handlers.label_round import Made, Ready, compare, make
from storage import label_due, schema
from storage.database import Database
from storage.imports.layout import Layout
from storage.imports.ownership import SPECS
from storage.imports.progress import nobody
from storage.imports.rows import Rows
from storage.imports.tables import TABLES
from storage.unit import Unit
from tests.storage.deeds import opened
from tests.storage.label_book import INVESTS, KINDS, STAMPS, random_history, store

BEGIN = date(2026, 8, 20)
VERSIONS = tuple(each.model_copy(update={"invests": (INVESTS,)}) for each in default_pack().labels)
STRICTER = VERSIONS[0].model_copy(update={"effective_from": date(2026, 9, 10), "grace_months": 1, "keep_percent": 95})
UNHURRIED = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
PEOPLE = [f"C{number:02}" for number in range(25)]


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    with opened(migrated_url, tmp_path) as made:
        yield made


@pytest.fixture(autouse=True)
def always_by_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_round, "MOST_PERCENT", 100)
    monkeypatch.setattr(label_making, "CUSTOMERS_AT_ONCE", 13)


class Feeds:
    """The bank's side: each delivery is a new version, rows of an older one end with it and are swept later."""

    def __init__(self, unit: Unit, chance: random.Random, stood: date, last: date) -> None:
        self.unit, self.chance, self.stood, self.last = unit, chance, stood, last

    def day(self) -> date:
        """Mostly new, sometimes late, sometimes ahead of the other feeds."""
        return self.last - timedelta(days=self.chance.choice((0, 0, 0, 1, 3, 40, 89, 90, 200, -1, -2)))

    def deliver(self) -> None:
        for _ in range(self.chance.randrange(4)):
            self.chance.choice((self.level, self.booking, self.talk, self.login, self.test, self.holding, self.moved,
                                self.product, self.end, self.override, self.account))()  # fmt: skip

    def who(self) -> str:
        return self.chance.choice(PEOPLE)

    def level(self) -> None:
        fen = self.chance.choice((0, 99_999, 40_000_000, 50_000_000, 500_000_000, 600_000_000, 10_000_000_000))
        self.put("aum_daily", {"customer_id": self.who(), "day": self.day()}, {"aum": fen})

    def booking(self) -> None:
        values = {"customer_id": self.who(), "booked_at": self.at(), "amount": -self.chance.randrange(10**9),
                  "kind": self.chance.choice((INVESTS, "消费")), "customer_initiated": True}  # fmt: skip
        self.put("transactions", {"txn_id": self.key()}, values)

    def talk(self) -> None:
        values = {"customer_id": self.who(), "at": self.at(), "channel": "电话", "direction": "in", "kind": "来电",
                  "reached": True, "origin": "feed"}  # fmt: skip
        self.put("interactions", {"interaction_id": self.key()}, values)

    def login(self) -> None:
        key = {"customer_id": self.who(), "at": self.at(), "channel": "手机银行", "page": self.key()}
        self.put("touchpoints", key, {})

    def test(self) -> None:
        day = self.day()
        key = {"customer_id": self.who(), "assessed_on": day, "regime": "bank", "channel": self.key()}
        until = self.chance.choice((None, day + timedelta(days=5), day + timedelta(days=365)))
        self.put("risk_assessments", key, {"level": f"C{self.chance.randrange(1, 6)}", "valid_until": until})

    def holding(self) -> None:
        ends = self.day() + timedelta(days=self.chance.choice((1, 10, 183, 400)))
        values = {"customer_id": self.who(), "product_id": self.chance.choice(KINDS), "opened_on": self.day(),
                  "amount": self.chance.randrange(10**9), "matures_on": ends}  # fmt: skip
        self.put("holdings", {"holding_id": self.key()}, values)

    def moved(self) -> None:
        """To somebody else: the row that told whose it was is soon gone."""
        rows = self.unit.rows(sa.select(schema.holding.c.holding_id, schema.holding.c.product_id))
        if rows:
            row = self.chance.choice(rows)
            values = {"customer_id": self.who(), "product_id": row.product_id, "amount": 5, "opened_on": self.day()}
            self.put("holdings", {"holding_id": row.holding_id}, values)

    def product(self) -> None:
        kind = self.chance.choice(KINDS)
        values = {"name": kind, "kind": self.chance.choice(KINDS), "regime": "NONE", "currency": "CNY"}
        self.put("products", {"product_id": kind}, values)

    def end(self) -> None:
        row = self.unit.row(sa.select(schema.customer).where(schema.customer.c.customer_id == self.who()))
        cells = dict(row._mapping) | {"closed_as_of": self.chance.choice((None, self.last))}
        self.put("customers", {"customer_id": row.customer_id}, {k: v for k, v in cells.items() if k not in STAMPS})

    def account(self) -> None:
        """Opened, or one that has been known, closed now, earlier or on a day to come."""
        rows = self.unit.rows(sa.select(schema.account.c.account_id))
        number = self.chance.choice(rows).account_id if rows and self.chance.random() < 0.7 else self.key()
        values = {"customer_id": self.who(), "kind": "活期", "balance": 0, "currency": "CNY", "opened_on": self.day(),
                  "closed_on": self.chance.choice((None, self.day(), self.last + timedelta(days=2)))}  # fmt: skip
        self.put("accounts", {"account_id": number}, values)

    def override(self) -> None:
        """Agreed to after the labels were made, on the same day or the next."""
        day = self.stood + timedelta(days=self.chance.choice((0, 1)))
        until = day + timedelta(days=self.chance.choice((0, 1, 20, 100)))
        self.unit.execute(schema.tier_override.insert().values(
            approval_id=self.key(), customer_id=self.who(), tier=self.chance.choice(tuple(Tier)).value, from_day=day,
            until_day=until, decided_at=self.unit.now + timedelta(seconds=self.chance.random()),
        ))  # fmt: skip

    def put(self, feed: str, key: dict[str, Any], values: dict[str, Any]) -> None:
        rows, ledger = TABLES[feed], schema.feed.c
        version = self.unit.execute(sa.select(ledger.version).where(ledger.name == feed)).scalar() or 0
        here = sa.and_(*(rows.c[name] == value for name, value in key.items()), rows.c.until.is_(None))
        self.unit.execute(rows.update().where(here).values(until=version + 1))
        row = {**STAMPS, **key, **values, "since": version + 1}
        self.unit.execute(rows.insert().values({k: v for k, v in row.items() if k in rows.c}))
        if version:
            self.unit.execute(schema.feed.update().where(ledger.name == feed).values(version=version + 1))
        else:
            self.unit.execute(schema.feed.insert().values(name=feed, version=1, rows=0, **STAMPS))

    def sweep(self) -> None:
        for feed in label_due.READ:
            layout = Layout(SPECS[feed], self.unit.vault, self.unit.connection.dialect.name)
            Rows(layout, 10**6).sweep(self.unit, 1000)

    def key(self) -> str:
        return f"k{self.chance.randrange(10**9)}"

    def at(self) -> datetime:
        return datetime.combine(self.day(), datetime.min.time(), tzinfo=SHANGHAI) + timedelta(hours=12)


def run(database: Database, day: date, last: date) -> Made:
    versions = (*VERSIONS, STRICTER)
    made = make(database, Ready(day, last), versions, nobody)
    again = compare(database, day, versions, nobody)
    assert (again.run.day, again.customers, again.differing) == (day, len(PEOPLE), ())
    return made


@given(seed=st.integers(0, 2**32))
@settings(max_examples=4, deadline=None, suppress_health_check=UNHURRIED)
def test_as_if_all_had_been_judged(database: Database, seed: int) -> None:
    chance = random.Random(seed)
    database.run(_emptied)
    book = {who: random_history(chance, BEGIN + timedelta(days=chance.randrange(30))) for who in PEOPLE}
    database.run(lambda unit: store(unit, book))
    day, last = BEGIN, BEGIN - timedelta(days=1)
    run(database, day, last)
    for _ in range(4):
        stood, day = day, day + timedelta(days=chance.choice((1, 1, 1, 2, 5, 12, 31, 90)))
        last = max(day - timedelta(days=chance.choice((1, 1, 3))), last)
        database.run(partial(_delivered, chance=chance, stood=stood, last=last))
        run(database, day, last)


def _delivered(unit: Unit, chance: random.Random, stood: date, last: date) -> None:
    feeds = Feeds(unit, chance, stood, last)
    feeds.deliver()
    if chance.random() < 0.5:
        feeds.sweep()


def _emptied(unit: Unit) -> None:
    ours = [*TABLES.values(), schema.feed, schema.label, schema.label_run, schema.label_due, schema.label_mark]
    for table in (*ours, schema.tier_override):
        unit.execute(table.delete())
