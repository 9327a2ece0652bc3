"""The interface as another system of the bank meets it: what it may do, what it hears, what is on record."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import orjson
import pytest

from bot.api.operations import OPERATIONS, PUT
from storage import api_keys, schema
from tests.bot.api_place import NDJSON, Place, open_place
from tests.storage.import_bank import BANK, changed

NEWCOMER = {
    "name": "新样客", "gender": "女", "birth_date": "1990-02-03", "birth_lunar": None, "id_type": None, "id_number": None,
    "id_expiry": None, "mobile": "19900001009", "address": None, "occupation": "会计", "opened_on": "2026-11-23",
    "rm_userid": "RM02", "unit_id": "S2", "kyc_risk": "低", "kyc_due": None, "marketing_consent": True,
    "contact_preference": "电话", "annual_income": 120000.5,
}  # fmt: skip


@pytest.fixture
async def place(api_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with open_place(api_url, tmp_path) as opened:
        yield opened


async def test_a_row_is_made_then_changed_then_closed_then_comes_back(place: Place) -> None:
    key = place.key("customers")
    made = await place.puts("customers/C009", key, NEWCOMER)
    assert (made.status, made.json) == (201, {"kind": "customers", "as_of": "2026-11-23", "result": "inserted"})
    row = place.row(schema.customer, "C009")
    assert (row["rm_userid"], row["annual_income"], row["marketing_consent"]) == ("rm02", 12_000_050, True)
    assert place.database.vault.open("customer", "name", "C009", row["name"]) == "新样客"
    assert (row["as_of"], row["arrived_at"], row["closed_as_of"]) == (date(2026, 11, 23), place.clock.now, None)

    again = await place.puts("customers/C009", key, NEWCOMER)
    assert (again.status, again.json["result"]) == (200, "unchanged")
    moved = await place.puts("customers/C009", key, NEWCOMER | {"rm_userid": "rm01"})
    assert moved.json["result"] == "updated"
    gone = await place.asks("DELETE", "/api/v1/customers/C009?as_of=2026-11-23", key)
    assert (gone.status, gone.json["result"]) == (200, "closed")
    assert place.row(schema.customer, "C009")["closed_as_of"] == date(2026, 11, 23)
    assert (await place.asks("DELETE", "/api/v1/customers/C009", key)).json["result"] == "unchanged"
    back = await place.puts("customers/C009", key, NEWCOMER)
    assert back.json["result"] == "updated"
    assert place.row(schema.customer, "C009")["closed_as_of"] is None

    uses = place.audited("api.")
    assert [record["action"] for record in uses][:4] == ["api.put", "api.put", "api.put", "api.close"]
    assert {record["actor"] for record in uses} == {f"api:{key.split('_')[1]}"}
    assert uses[0]["detail"]["inserted"] == 1
    assert uses[0]["subjects"]["count"] == 1
    assert "新样客" not in str(uses)


async def test_somebody_who_is_a_customer_already_is_told_to_who_delivers_documents(place: Place) -> None:
    key = place.key("customers")
    passport = {"id_type": "护照", "id_number": "p0000002"}
    made = await place.puts("customers/C009", key, NEWCOMER | passport)
    reason = "与客户 C002 的证件号码相同，可能是同一位客户：请核对，是的话在源系统里并为一个客户号"
    assert (made.status, made.json["result"]) == (201, "inserted")
    assert made.json["warnings"] == [{"line": 0, "field": "id_number", "reason": reason}]
    place.database.run(lambda unit: api_keys.revoke(unit, key.split("_")[1], "gives a column away"))
    risk = place.key("customers:kyc_risk", system="反洗钱系统")
    other = await place.puts("customers/C009", risk, {"kyc_risk": "中"})
    assert other.json == {"kind": "customers", "as_of": "2026-11-23", "result": "updated"}


async def test_somebody_who_comes_twice_among_many_rows_is_told_of_too(place: Place) -> None:
    key = place.key("customers")
    row = NEWCOMER | {"customer_id": "C009", "id_type": "护照", "id_number": "P0000002"}
    made = await place.sends("customers?mode=append", key, orjson.dumps(row), NDJSON)
    reason = "客户 C002、C009 的证件号码相同，可能是同一位客户：请核对，是的话在源系统里并为一个客户号"
    assert made.json["warnings"] == [{"line": 0, "field": "id_number", "reason": reason}]
    other = row | {"customer_id": "C010", "id_number": "P0000003"}
    assert "warnings" not in (await place.sends("customers?mode=append", key, orjson.dumps(other), NDJSON)).json
    place.database.run(lambda unit: api_keys.revoke(unit, key.split("_")[1], "gives a column away"))
    risk = place.key("customers:kyc_risk", system="反洗钱系统")
    several = b"\n".join(orjson.dumps({"customer_id": each, "kyc_risk": "高"}) for each in ("C002", "C009"))
    told = await place.sends("customers?mode=append", risk, several, NDJSON)
    assert (told.json["updated"], "warnings" in told.json) == (2, False)


async def test_a_unit_that_people_belong_to_is_not_closed(place: Place) -> None:
    key = place.key("org_units", "staff", "customers")
    told = await place.asks("DELETE", "/api/v1/org_units/S2", key)
    assert told.problem == (409, "conflict")
    assert "还有 1 个在职员工、2 个客户" in told.json["detail"]
    assert "3 个下级机构、1 个在职员工" in (await place.asks("DELETE", "/api/v1/org_units/B1", key)).json["detail"]
    assert place.row(schema.org_unit, "S2")["closed_as_of"] is None
    assert (await place.asks("DELETE", "/api/v1/org_units/D1", key)).json["result"] == "closed"
    assert "2 个下级机构" in (await place.asks("DELETE", "/api/v1/org_units/B1", key)).json["detail"]


async def test_a_single_row_leaves_the_day_of_the_feed_alone(place: Place) -> None:
    key = place.key("customers")
    before = await place.asks("GET", "/api/v1/feeds", key)
    await place.puts("customers/C009", key, NEWCOMER)
    after = await place.asks("GET", "/api/v1/feeds", key)
    then, now = ({feed["kind"]: feed for feed in told.json["feeds"]} for told in (before, after))
    assert then["customers"]["as_of"] == now["customers"]["as_of"] == "2026-11-22"
    assert now["customers"]["version"] == then["customers"]["version"]
    assert len(now) == len(BANK)
    assert [record["action"] for record in place.audited("api.")] == ["api.feeds", "api.put", "api.feeds"]


async def test_many_rows_as_csv_are_a_snapshot(place: Place) -> None:
    text = changed("customers", "C003,尉迟样,未知,,,,,,,,,,,S2,,,0,,,\n", "")
    told = await place.sends("customers?as_of=2026-11-23", place.key("customers"), text)
    counts = {name: told.json[name] for name in ("rows", "inserted", "updated", "closed", "unchanged", "rejected")}
    assert told.status == 200
    assert counts == {"rows": 3, "inserted": 0, "updated": 0, "closed": 1, "unchanged": 3, "rejected": 0}
    assert place.row(schema.customer, "C003")["closed_as_of"] == date(2026, 11, 23)
    (record,) = place.audited("api.import")
    assert (record["detail"]["closed"], record["detail"]["system"]) == (1, "核心系统")


async def test_many_rows_as_ndjson_may_be_an_addition(place: Place) -> None:
    new = {"account_id": "A9", "customer_id": "C001", "kind": "活期", "opened_on": "2026-11-23", "closed_on": None}
    known = new | {"account_id": "A1", "opened_on": "2015-03-02", "closed_on": ""}
    lines = b"\n\n".join(orjson.dumps(row) for row in (new | {"balance": 12.5}, known | {"balance": "7.00"}))
    told = await place.sends("accounts?mode=append", place.key("accounts"), lines, NDJSON)
    assert told.status == 200, told.json
    assert (told.json["inserted"], told.json["updated"], told.json["closed"]) == (1, 1, 0)
    balances = {row["account_id"]: row["balance"] for row in place.rows(schema.account)}
    assert balances == {"A1": 700, "A2": -32055, "A3": 0, "A9": 1250}


async def test_lines_of_ndjson_may_leave_out_what_may_be_unknown(place: Place) -> None:
    new = {"customer_id": "C001", "booked_at": "2026-11-22T09:00:00+08:00", "amount": 1, "kind": "转账", "channel": None,
           "counterparty": None, "customer_initiated": True}  # fmt: skip
    first, second, third = {"txn_id": "N1"}, {"txn_id": "N2", "balance_after": 5, "account_id": "A1"}, {"txn_id": "N3"}
    lines = [orjson.dumps(each | new) for each in (first, second, third)]
    told = await place.sends("transactions", place.key("transactions"), b"\n".join(lines), NDJSON)
    assert (told.status, told.json["inserted"]) == (200, 3), told.json
    kept = {row["txn_id"]: (row["account_id"], row["balance_after"]) for row in place.rows(schema.txn)}
    assert [kept[name] for name in ("N1", "N2", "N3")] == [(None, None), ("A1", 500), (None, None)]
    again = await place.sends("transactions", place.key("transactions"), lines[1], NDJSON)
    assert (again.status, again.json["unchanged"]) == (200, 1)
    for wrong in ({"txn_id": "N4", "kind": "x"}, {"txn_id": "N4", **new, "strange": 1}):
        broken = b"\n".join([*lines, orjson.dumps(wrong)])
        refused = await place.sends("transactions", place.key("transactions"), broken, NDJSON)
        assert (refused.problem, refused.json["rejections"][0]["line"]) == ((422, "rejected"), 4)


async def test_a_line_that_breaks_off_closes_nobody(place: Place) -> None:
    rows = [orjson.dumps(row) for row in csv.DictReader(io.StringIO(BANK["customers"]))]
    broken = b"\n".join([*rows[:1], rows[1][:-9], *rows[2:]])
    told = await place.sends("customers?as_of=2026-11-23&max_bad=1", place.key("customers"), broken, NDJSON)
    assert (told.status, told.json["rejected"], told.json["closed"]) == (200, 1, 0)
    assert "没有关闭任何记录" in told.json["warnings"][0]["reason"]
    assert place.row(schema.customer, "C002")["closed_as_of"] is None


async def test_a_trial_changes_nothing_and_says_what_would_come(place: Place) -> None:
    text = changed("customers", "C003,尉迟样,未知", "C003,尉迟样,男性")
    before = place.rows(schema.customer)
    refused = await place.sends("customers?dry_run=1", place.key("customers"), text)
    assert refused.problem == (422, "rejected")
    assert refused.json["rejections"] == [
        {"line": 5, "field": "gender", "reason": "所给的值不在规定用词内，应为 男、女、未知 之一"}
    ]
    allowed = await place.sends("customers?dry_run=true&max_bad=1", place.key("customers"), text)
    assert (allowed.status, allowed.json["rejected"], allowed.json["dry_run"]) == (200, 1, True)
    assert place.rows(schema.customer) == before


async def test_a_staff_row_with_another_spelling_of_its_key_is_the_same_person(place: Place) -> None:
    row = {"name": "李强样", "posts": ["客户经理"], "unit_id": "S1", "leader_userid": "zhangwei", "mobile": None,
           "status": "left"}  # fmt: skip
    told = await place.puts("staff/RM01", place.key("staff"), row)
    assert told.json["result"] == "updated", told.json
    kept = place.row(schema.staff, "rm01")
    assert (kept["status"], kept["posts"], kept["wecom_userid"]) == ("left", "客户经理", "RM01")


async def test_nobody_leads_himself_in_a_circle(place: Place) -> None:
    row = {
        "name": "孙国样",
        "posts": "分行行长",
        "unit_id": "B1",
        "leader_userid": "rm01",
        "mobile": None,
        "status": "active",
    }
    told = await place.puts("staff/SunGuo", place.key("staff"), row)
    assert told.problem == (422, "rejected")
    assert told.json["rejections"] == [{"line": 0, "field": "leader_userid", "reason": "上下级关系成环"}]


async def test_an_append_row_stays_as_it_came(place: Place) -> None:
    key = place.key("transactions")
    row = {"customer_id": "C001", "booked_at": "2026-11-23T08:00:00+08:00", "amount": -1, "kind": "转账", "channel": None,
           "counterparty": None, "customer_initiated": 1}  # fmt: skip
    assert (await place.puts("transactions/T9", key, row)).status == 201
    assert (await place.puts("transactions/T9", key, row)).json["result"] == "unchanged"
    assert (await place.puts("transactions/T9", key, row | {"amount": -2})).problem == (422, "rejected")
    assert (await place.asks("DELETE", "/api/v1/transactions/T9", key)).problem == (405, "no_such_method")


async def test_what_comes_late_does_not_turn_the_feed_back(place: Place) -> None:
    key = place.key("transactions", "accounts")
    late = BANK["transactions"].splitlines()[0] + "\nT9,C001,2026-11-01T10:00:00+08:00,1.00,转账,,,0,\n"
    assert (await place.sends("transactions?as_of=2026-11-01", key, late)).json["inserted"] == 1
    account = "account_id,customer_id,kind,opened_on,closed_on,balance\nA9,C001,活期,,,1.00\n"
    assert (await place.sends("accounts?mode=append&as_of=2026-11-01", key, account)).json["inserted"] == 1
    feeds = {feed["kind"]: feed for feed in (await place.asks("GET", "/api/v1/feeds", key)).json["feeds"]}
    told = [(feeds[kind]["as_of"], feeds[kind]["source"]) for kind in ("transactions", "accounts", "staff")]
    assert told == [("2026-11-22", "核心系统"), ("2026-11-22", "核心系统"), ("2026-11-22", "file")]


async def test_a_feed_that_stays_away_is_called_late(place: Place) -> None:
    """Of 22 November, a Sunday: on Monday it is as young as can be, on Wednesday what comes every day is missed."""
    key = place.key("staff", days=30)
    on_monday = {feed["kind"]: feed["late"] for feed in (await place.asks("GET", "/api/v1/feeds", key)).json["feeds"]}
    place.clock.now += timedelta(days=2)
    later = {feed["kind"]: feed["late"] for feed in (await place.asks("GET", "/api/v1/feeds", key)).json["feeds"]}
    assert not any(on_monday.values())
    assert [later[kind] for kind in ("staff", "customers", "org_units", "relations")] == [True, True, False, False]


REFUSED = {
    "no key": ("", "customers/C001", {}, (401, "unauthorized")),
    "no such key": ("rmk_000000000000_" + "A" * 43, "customers/C001", {}, (401, "unauthorized")),
    "no key at all": ("你好", "customers/C001", {}, (401, "unauthorized")),
    "another kind": ("*", "accounts/A1", {}, (403, "forbidden")),
    "no such kind": ("*", "riches/C001", {}, (404, "not_found")),
    "a kind with several keys": ("*", "relations/C001", {}, (404, "not_found")),
    "an unknown column": ("*", "customers/C009", NEWCOMER | {"shoe_size": 44}, (422, "rejected")),
    "a lacking column": ("*", "customers/C009", {"name": "新样客"}, (422, "rejected")),
    "another key in the row": ("*", "customers/C009", NEWCOMER | {"customer_id": "C008"}, (422, "rejected")),
    "a row inside a row": ("*", "customers/C009", NEWCOMER | {"name": {"first": "新"}}, (422, "rejected")),
    "a step up in the address": ("*", "customers/..%2F..%2FC009", NEWCOMER, (422, "rejected")),
    "a list": ("*", "customers/C009", [NEWCOMER], (400, "malformed")),
    "a reference to nothing": ("*", "customers/C009", NEWCOMER | {"unit_id": "S77"}, (422, "rejected")),
    "a day to come": ("*", "customers/C009?as_of=2026-11-24", NEWCOMER, (422, "rejected")),
    "no day": ("*", "customers/C009?as_of=gestern", NEWCOMER, (400, "malformed")),
    "an unknown parameter": ("*", "customers/C009?force=1", NEWCOMER, (400, "malformed")),
    "an older day": ("*", "customers/C001?as_of=2026-11-21", NEWCOMER, (409, "conflict")),
}


@pytest.mark.parametrize("case", REFUSED)
async def test_a_row_is_refused(place: Place, case: str) -> None:
    given, path, row, problem = REFUSED[case]
    key, before = given.replace("*", place.key("customers")), place.rows(schema.customer)
    told = await place.puts(path, key.encode().decode("latin-1"), row)
    assert told.problem == problem
    assert place.rows(schema.customer) == before
    on_record = [record["detail"]["status"] for record in place.audited("api.")]
    assert on_record == ([told.status] if told.status not in (401, 404) else [])


async def test_a_key_ends_when_it_is_revoked_or_old(place: Place) -> None:
    short, revoked = place.key("customers", days=1), place.key("customers")
    assert place.database.run(lambda unit: api_keys.revoke(unit, revoked.split("_")[1], "换了供应商"))
    assert (await place.asks("GET", "/api/v1/feeds", revoked)).problem == (401, "unauthorized")
    assert (await place.asks("GET", "/api/v1/feeds", short)).status == 200
    place.clock.now += timedelta(days=1)
    told = await place.asks("GET", "/api/v1/feeds", short)
    assert told.problem == (401, "unauthorized")
    assert told.headers["WWW-Authenticate"] == "Bearer"


async def test_the_secret_is_kept_nowhere(place: Place) -> None:
    key = place.key("customers")
    await place.asks("GET", "/api/v1/feeds", key)
    kept = str(place.rows(schema.api_key)) + str(place.audited())
    assert key.rpartition("_")[2] not in kept
    assert place.rows(schema.api_key)[0]["used_at"] == place.clock.now


async def test_a_system_that_calls_too_often_is_told_when(migrated_url: str, tmp_path: Path) -> None:
    async with open_place(migrated_url, tmp_path, per_minute=3) as place:
        place.clock.pushed = -place.clock.machine() % 60 + 0.5  # the beginning of a minute
        key, other = place.key("customers"), place.key("accounts", system="另一个")
        statuses = [(await place.asks("GET", "/api/v1/feeds", key)).status for _ in range(3)]
        told = await place.asks("GET", "/api/v1/feeds", key)
        assert (statuses, told.problem) == ([200] * 3, (429, "too_many"))
        assert 50 < int(told.headers["Retry-After"]) <= 60
        assert (await place.asks("GET", "/api/v1/feeds", other)).status == 200
        place.clock.pushed += int(told.headers["Retry-After"])
        assert (await place.asks("GET", "/api/v1/feeds", key)).status == 200


def test_each_kind_with_one_key_can_be_written_by_row() -> None:
    put = {operation.spec.name for operation in OPERATIONS if operation.act == PUT and operation.spec}
    assert put == {"org_units", "staff", "customers", "products", "accounts", "holdings", "transactions", "loans",
                   "interactions", "complaints"}  # fmt: skip
