"""A column has one system: each writes its own, one row or many, and what is another's comes through unchanged."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import orjson
import pytest

from storage import schema
from storage.imports.format import CUSTOMERS
from storage.imports.tables import opened
from tests.bot.api_place import NDJSON, Place, open_place
from tests.storage.import_bank import BANK


@pytest.fixture
async def place(api_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with open_place(api_url, tmp_path) as made:
        yield made


async def test_what_belongs_to_another_system_stays(place: Place) -> None:
    """The risk system writes its two columns; the core writes the others."""
    risk = place.key("customers:kyc_risk,kyc_due", system="反洗钱系统")
    told = await place.puts("customers/C001", risk, {"kyc_risk": "高", "kyc_due": "2026-12-31"})
    assert told.json["result"] == "updated", told.json
    row = place.row(schema.customer, "C001")
    assert (row["kyc_risk"], row["kyc_due"], row["occupation"]) == ("高", date(2026, 12, 31), "教师")
    assert place.database.vault.open("customer", "name", "C001", row["name"]) == "单样芳"
    theirs = await place.puts("customers/C001", risk, {"kyc_risk": "低", "kyc_due": None, "name": "假名"})
    assert theirs.problem == (403, "forbidden")
    assert "customers.name" in theirs.json["detail"]
    assert (await place.puts("customers/C009", risk, {"kyc_risk": "低", "kyc_due": None})).problem == (404, "not_found")
    assert (await place.asks("DELETE", "/api/v1/customers/C001", risk)).problem == (403, "forbidden")
    assert (await place.sends("customers", risk, BANK["customers"])).problem == (403, "forbidden")
    assert (await place.sends("customers?mode=snapshot", risk, "x")).problem == (403, "forbidden")
    assert place.row(schema.customer, "C001")["kyc_risk"] == "高"


async def test_a_part_of_many_rows(place: Place) -> None:
    """The others stay as they are, also what is sealed, empty, an amount or a flag; nobody is made or revived."""
    risk = place.key("customers:kyc_risk,kyc_due", system="反洗钱系统")
    before = opened_rows(place)
    text = "kyc_due,customer_id,kyc_risk\n2027-01-31,C001,高\n,C004,较高\n,C009,低\n"
    assert (await place.sends("customers", risk, text)).problem == (422, "rejected")
    assert opened_rows(place) == before
    told = await place.sends("customers?max_bad=1", risk, text)
    assert (told.status, told.json["updated"], told.json["closed"], told.json["rejected"]) == (200, 2, 0, 1)
    assert told.json["rejections"][0]["line"] == 4
    before["C001"]["kyc_risk"], before["C004"]["kyc_due"] = "高", None
    assert opened_rows(place) == before
    assert place.row(schema.customer, "C001")["source"] == "反洗钱系统"
    assert place.row(schema.customer, "C002")["source"] == "file"


async def test_what_the_core_does_not_own_survives_its_snapshot(place: Place) -> None:
    """All columns but one: even that it may make and close rows does not give it the last."""
    names = [column.name for column in CUSTOMERS.columns if column.name != "frozen"]
    core, risk = place.key(f"customers:{','.join(names[1:])}"), place.key("customers:frozen", system="风控系统")
    assert (await place.puts("customers/C001", risk, {"frozen": True})).json["result"] == "updated"
    rows = [{name: row.get(name) for name in names} for row in csv.DictReader(io.StringIO(BANK["customers"]))]
    rows[0]["annual_income"] = "300000.00"
    told = await place.sends("customers", core, b"\n".join(map(orjson.dumps, rows)), NDJSON)
    assert told.status == 200, told.json
    assert told.json["updated"] == 1
    assert (place.row(schema.customer, "C001")["frozen"], place.row(schema.customer, "C004")["frozen"]) == (True, True)
    assert place.row(schema.customer, "C001")["annual_income"] == 30_000_000


def opened_rows(place: Place) -> dict[str, dict[str, Any]]:
    """What the bank would write of each customer, by number."""
    rows = place.database.read_now(lambda unit: unit.rows(schema.customer.select()))
    values = [opened(CUSTOMERS, row._mapping, place.database.vault) for row in rows]
    return {str(each["customer_id"]): dict(each) for each in values}
