"""Finding and loading customers in a bank known by heart: every key, every circle, and nothing beyond the scope."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from bot.clock import HouseClock
from domain.ids import CustomerId, UserId
from domain.policy import Purpose, Relation
from domain.refusal import Refused
from storage import circles, customer_search, customers, directory, schema
from storage.customer_search import Hit
from storage.database import Database
from storage.opening import open_database
from storage.unit import Unit
from storage.vault import VaultError
from tests.databases import Copied
from tests.policies import POLICY
from tests.storage.banked import bank_of

DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CUSTOMERS = schema.rows_of(schema.customer)

Find = Callable[[str, str], list[Hit]]


@contextmanager
def opened(url: str, key: Path) -> Iterator[Database]:
    database = open_database(url, key, HouseClock())
    database.start(None)
    try:
        yield database
    finally:
        database.stop()


@pytest.fixture
def database(copied: Copied, tmp_path: Path) -> Iterator[Database]:
    with opened(copied(bank_of(DAY), tmp_path / "key"), tmp_path / "key") as made:
        yield made


def searched(unit: Unit, person: str, text: str) -> list[Hit]:
    unit.now = NOW
    member = directory.member(unit, UserId(person))
    assert member is not None
    scope = POLICY.scope(member, directory.units(unit))
    return customer_search.search(unit, scope, text, Purpose.SERVICE)


@pytest.fixture
def find(database: Database) -> Find:
    return lambda person, text: database.run(lambda unit: searched(unit, person, text))


# person, words, numbers found, relation
FOUND = [
    ("rm01", "单样芳", "C001", Relation.OWN_BOOK),
    ("rm01", "单 样芳", "C001", Relation.OWN_BOOK),
    ("rm01", "“单样芳”。", "C001", Relation.OWN_BOOK),
    ("rm01", "shanyangfang", "C001", Relation.OWN_BOOK),
    ("rm01", "SYF", "C001", Relation.OWN_BOOK),
    ("rm01", "danyangfang", "", None),
    ("rm01", "zengyangming", "C002", Relation.OWN_BOOK),
    ("rm01", "zeng y", "C002", Relation.OWN_BOOK),
    ("rm01", "cengyangming", "", None),
    ("rm01", "样", "C001 C002", Relation.OWN_BOOK),
    ("rm01", "c002", "C002", Relation.OWN_BOOK),
    ("rm01", "1002", "C002", Relation.OWN_BOOK),
    ("rm01", "19900001002", "C002", Relation.OWN_BOOK),
    ("rm01", "+86 199-0000-1002", "C002", Relation.OWN_BOOK),
    ("rm01", "9900001002", "", None),
    ("rm01", "尉迟样", "", None),
    ("rm01", "", "", None),
    ("rm01", "。！", "", None),
    ("rm01", "%", "", None),
    ("rm02", "单样芳", "C001", Relation.SERVICE_TEAM),
    ("rm02", "曾样明", "", None),  # the team membership has ended
    ("rm02", "阿依古丽", "C004", Relation.OWN_BOOK),
    ("rm02", "样例", "C004", Relation.OWN_BOOK),
    ("rm02", "0004", "C004", Relation.OWN_BOOK),
    ("zhangwei", "样", "C001 C002", Relation.IN_SCOPE),
    ("zhangwei", "yuchiyang", "", None),
    ("sunguo", "yuchiyang", "C003", Relation.IN_SCOPE),
    ("sunguo", "weichiyang", "", None),
    ("sunguo", "ycy", "C003", Relation.IN_SCOPE),
    ("sunguo", "C003", "C003", Relation.IN_SCOPE),
    ("old9", "单样芳", "", None),
]


def test_who_finds_whom_by_what(find: Find) -> None:
    for person, words, numbers, relation in FOUND:
        hits = find(person, words)
        assert sorted(hit.customer_id for hit in hits) == numbers.split(), (person, words)
        assert {hit.relation for hit in hits} == ({relation} if relation else set()), (person, words)


def test_a_customer_the_feed_no_longer_names_is_gone(database: Database, find: Find) -> None:
    closed = CUSTOMERS.update().where(CUSTOMERS.c.customer_id == "C001").values(closed_as_of=DAY)
    database.run(lambda unit: unit.execute(closed))
    assert [find("rm01", words) for words in ("单样芳", "syf", "C001", "1001", "单")] == [[]] * 5
    with pytest.raises(Refused, match="没有找到这位客户"):
        database.run(lambda unit: customers.name_for(unit, scope_of(unit, "rm01"), CustomerId("C001")))


def scope_of(unit: Unit, person: str):  # type: ignore[no-untyped-def]
    unit.now = NOW
    member = directory.member(unit, UserId(person))
    assert member is not None
    return POLICY.scope(member, directory.units(unit))


@pytest.mark.parametrize(
    ("person", "customer", "relation"),
    [
        ("rm01", "C001", Relation.OWN_BOOK),
        ("rm02", "C001", Relation.SERVICE_TEAM),
        ("zhangwei", "C001", Relation.IN_SCOPE),
        ("zhangwei", "C004", None),
        ("rm02", "C002", None),
        ("old9", "C001", None),
        ("rm01", "C999", None),
    ],
)
def test_how_somebody_stands_to_a_customer(database: Database, person, customer, relation) -> None:
    found = database.run(lambda unit: circles.relation_to(unit, scope_of(unit, person), CustomerId(customer)))
    assert found is relation


def test_too_many_to_look_through_is_said_and_keys_still_work(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(customer_search, "LOOKED_THROUGH", 2)
    assert [hit.customer_id for hit in find("sunguo", "C003")] == ["C003"]
    assert [hit.customer_id for hit in find("sunguo", "单样芳")] == ["C001"]
    for words in ("syf", "样"):
        with pytest.raises(Refused, match="请写完整的姓名"):
            find("sunguo", words)


def test_a_damaged_name_stops_nobody_else_s_search(database: Database, find: Find) -> None:
    damaged = CUSTOMERS.update().where(CUSTOMERS.c.customer_id == "C002")
    database.run(lambda unit: unit.execute(damaged.values(name=b"\x01\x01" + bytes(40))))
    for words in ("样", "syf", "单样芳"):
        assert [hit.customer_id for hit in find("rm01", words)] == ["C001"]
    with pytest.raises(VaultError, match="密文"):
        find("rm01", "C002")
    subject = schema.audit_subject.c
    record = database.read_now(
        lambda unit: unit.rows(
            sa.select(schema.audit.c.body)
            .join_from(schema.audit, schema.audit_subject, schema.audit.c.seq == subject.seq)
            .where(subject.subject == "C002")
        )
    )
    assert [b"customer.unreadable" in bytes(row.body) for row in record] == [True]
