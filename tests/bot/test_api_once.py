"""The same request twice: one effect, one answer, byte for byte, also at once and after a death."""

import asyncio
import io
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from storage import api_answers, schema
from storage.api_answers import Answer, Asked, InHand
from storage.imports.delivery import Delivery, deliver
from storage.imports.format import CUSTOMERS
from storage.imports.ownership import read_grant
from storage.imports.stream import csv_stream
from storage.unit import Unit
from tests.bot.api_place import DAY, NDJSON, Place, open_place
from tests.bot.test_api import NEWCOMER
from tests.storage.import_bank import changed

MOVED = changed("customers", "C003,尉迟样,未知", "C003,尉迟样,男")
ACCOUNT = b'{"account_id":"%s","customer_id":"C001","kind":"x","opened_on":null,"closed_on":null,"balance":1}'


@pytest.fixture
async def place(api_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with open_place(api_url, tmp_path) as opened:
        yield opened


def version(place: Place, kind: str) -> int:
    return int(place.row(schema.feed, kind)["version"])


async def test_the_same_row_again_is_the_same_answer(place: Place) -> None:
    key = place.key("customers")
    first = await place.puts("customers/C009", key, NEWCOMER, idempotency_key="n-1")
    again = await place.puts("customers/C009", key, NEWCOMER, idempotency_key="n-1")
    assert (first.status, first.body) == (again.status, again.body)
    assert first.json["result"] == "inserted"
    assert place.row(schema.customer, "C009")["source"] == "核心系统"
    assert [record["action"] for record in place.audited("api.")] == ["api.put", "api.repeated"]


async def test_many_of_the_same_row_at_once(place: Place) -> None:
    key = place.key("customers")
    told = await asyncio.gather(
        *(place.puts("customers/C009", key, NEWCOMER, idempotency_key="n-1") for _ in range(12))
    )
    assert {(one.status, one.body) for one in told} == {(201, told[0].body)}
    assert place.row(schema.customer, "C009")["source"] == "核心系统"
    assert len(place.audited("api.put")) == 1


async def test_many_of_the_same_import_at_once(place: Place) -> None:
    key = place.key("customers")
    told = await asyncio.gather(*(place.sends("customers", key, MOVED, idempotency_key="n-1") for _ in range(6)))
    assert {(one.status, one.body) for one in told} == {(200, told[0].body)}
    assert told[0].json["updated"] == 1
    assert version(place, "customers") == 2
    assert len(place.audited("api.import")) == 1


async def test_another_body_under_the_same_name_is_refused(place: Place) -> None:
    key = place.key("customers", "accounts")
    await place.puts("customers/C009", key, NEWCOMER, idempotency_key="n-1")
    others = [
        await place.puts("customers/C009", key, NEWCOMER | {"gender": "男"}, idempotency_key="n-1"),
        await place.puts("customers/C008", key, NEWCOMER, idempotency_key="n-1"),
        await place.puts("customers/C009?as_of=2026-11-22", key, NEWCOMER, idempotency_key="n-1"),
        await place.sends("accounts?mode=append", key, ACCOUNT % b"A9", NDJSON, idempotency_key="n-1"),
    ]
    assert {other.problem for other in others} == {(422, "mismatch")}
    assert place.row(schema.customer, "C009")["gender"] == "女"
    assert len(place.rows(schema.customer)) == 5


async def test_two_systems_may_use_the_same_name(place: Place) -> None:
    one, two = place.key("customers"), place.key("accounts", system="另一个")
    await place.puts("customers/C009", one, NEWCOMER, idempotency_key="n-1")
    told = await place.sends("accounts?mode=append", two, ACCOUNT % b"A9", NDJSON, idempotency_key="n-1")
    assert told.json["inserted"] == 1


async def test_a_refusal_of_the_rows_is_kept_like_any_answer(place: Place) -> None:
    key = place.key("customers")
    bad = NEWCOMER | {"unit_id": "S77"}
    first = await place.puts("customers/C009", key, bad, idempotency_key="n-1")
    place.database.run(_found_unit)
    again = await place.puts("customers/C009", key, bad, idempotency_key="n-1")
    fresh = await place.puts("customers/C009", key, bad, idempotency_key="n-2")
    assert (first.body, first.status, fresh.status) == (again.body, 422, 201)


def _found_unit(unit: Unit) -> None:
    row = {"unit_id": "S77", "name": "新支行", "kind": "sub_branch", "parent_id": "B1"}
    unit.execute(schema.rows_of(schema.org_unit).insert().values(**row, as_of=unit.now.date(), arrived_at=unit.now))


async def test_an_answer_is_kept_for_a_day_and_sealed(place: Place) -> None:
    key = place.key("customers")
    first = await place.puts("customers/C009", key, NEWCOMER, idempotency_key="n-1")
    (kept,) = place.rows(schema.api_answer)
    assert b"inserted" not in kept["body"]
    assert "n-1" not in kept["name"]
    place.clock.now += timedelta(hours=23, minutes=59)
    assert (await place.puts("customers/C009", key, NEWCOMER, idempotency_key="n-1")).body == first.body
    place.clock.now += timedelta(minutes=1)
    assert (await place.asks("GET", "/api/v1/feeds", key)).status == 200
    assert place.rows(schema.api_answer) == []


async def test_who_died_in_the_middle_is_taken_over(place: Place) -> None:
    """A row that was claimed by a process of which nothing is heard again."""
    key = place.key("customers")
    await place.sends("customers", key, MOVED, idempotency_key="other")
    (kept,) = place.rows(schema.api_answer)
    dead = Asked.of(kept["key_id"], "n-1", kept["request"], "dead")
    assert place.database.run(lambda unit: api_answers.claim(unit, dead)) is None
    asked = asyncio.create_task(place.sends("customers", key, MOVED, idempotency_key="n-1"))
    await asyncio.sleep(0.3)
    assert not asked.done()
    place.clock.pushed += api_answers.LEASE + 1
    assert (await asked).json["unchanged"] == 4
    assert (await place.sends("customers", key, MOVED, idempotency_key="n-1")).body == (await asked).body


async def test_who_was_taken_over_writes_nothing(place: Place) -> None:
    """A process that was only slow: its work is undone as a whole when it comes to its end."""
    slow = Asked.of(place.key("customers").split("_")[1], "n-1", "d", "slow")
    assert place.database.run(lambda unit: api_answers.claim(unit, slow)) is None
    place.clock.pushed += api_answers.LEASE + 1
    assert place.database.run(lambda unit: api_answers.claim(unit, replace(slow, holder="quick"))) is None

    delivery = Delivery(CUSTOMERS, read_grant(["customers"]), DAY, place.clock.now, "core", whole=True)
    rows = csv_stream("customers", io.BytesIO(MOVED.encode()))
    with pytest.raises(InHand):
        deliver(place.database, delivery, rows, lambda unit, _: api_answers.keep(unit, slow, Answer(200, b"{}")))
    assert version(place, "customers") == 1
    assert place.row(schema.customer, "C003")["gender"] == "未知"
    place.database.run(lambda unit: api_answers.keep(unit, replace(slow, holder="quick"), Answer(200, b"{}")))
