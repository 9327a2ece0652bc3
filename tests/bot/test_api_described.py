"""The interface's description: every route is in it and the reverse, and what is sent and answered is as it says."""

import csv
import io
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from bot.api.operations import OPERATIONS
from bot.web.openapi import document
from storage.imports.format import FILES, FileSpec
from tests.bot.api_place import NDJSON, Place, open_place
from tests.bot.test_api import NEWCOMER
from tests.storage.import_bank import BANK

DOCUMENT = orjson.loads(orjson.dumps(document()))
HERE = "urn:here"
REGISTRY: Registry[Any] = Registry().with_resource(HERE, Resource(contents=DOCUMENT, specification=DRAFT202012))


def validator(pointer: str) -> Draft202012Validator:
    """For what stands at a place of the document."""
    return Draft202012Validator({"$ref": f"{HERE}#{pointer}"}, registry=REGISTRY, format_checker=FormatChecker())


def schemas(part: Any, pointer: str = "") -> Iterator[tuple[str, Any]]:
    """Every schema in the document with its place."""
    if isinstance(part, dict):
        for name, below in part.items():
            here = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
            if name in ("schema", "x-line-schema") or pointer == "/components/schemas":
                yield here, below
            else:
                yield from schemas(below, here)
    elif isinstance(part, list):
        for number, below in enumerate(part):
            yield from schemas(below, f"{pointer}/{number}")


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(BANK[name])))


@pytest.fixture
async def place(api_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with open_place(api_url, tmp_path) as opened:
        yield opened


def test_every_schema_is_one_and_every_reference_leads_somewhere() -> None:
    found = dict(schemas(DOCUMENT))
    assert len(found) > 100
    for pointer, schema in found.items():
        Draft202012Validator.check_schema(schema)
        list(validator(pointer).iter_errors({}))
    references = set(re.findall(r'"\$ref":"#([^"]+)"', orjson.dumps(DOCUMENT).decode()))
    assert [pointer for pointer in references if validator(pointer).is_valid(None)] == []  # raises at a dead end
    assert len(references) > 30


def test_the_router_and_the_description_are_one() -> None:
    described = {
        (method.upper(), path)
        for path, methods in DOCUMENT["paths"].items()
        for method in methods
        if path.startswith("/api/v1/") and path != "/api/v1/openapi.json"
    }
    assert described == {(each.method, each.path) for each in OPERATIONS}
    names = [operation["operationId"] for methods in DOCUMENT["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("spec", FILES, ids=lambda spec: spec.name)
def test_a_row_of_the_bank_is_as_described(spec: FileSpec) -> None:
    """What the import takes, the schema takes; a lacking or unknown column it does not."""
    check = validator(f"/components/schemas/{spec.name}.row")
    for row in rows(spec.name):
        assert list(check.iter_errors(row)) == []
        assert not check.is_valid(row | {"shoe_size": "44"})
        required = next(column.name for column in spec.columns if not column.optional)
        assert not check.is_valid({name: value for name, value in row.items() if name != required})


WRONG = [
    ("customers", "gender", "男性"), ("customers", "birth_date", "1990/02/03"), ("customers", "birth_lunar", "13-01"),
    ("customers", "marketing_consent", "是"), ("customers", "annual_income", "1,000.00"), ("customers", "name", None),
    ("customers", "horizon_days", -1), ("staff", "userid", "_rm"), ("staff", "posts", ["船长"]),
    ("customers", "annual_income", True), ("customers", "name", ["甲", "乙"]), ("customers", "name", True),
    ("products", "risk", "R6"), ("transactions", "amount", "1.234"), ("product_nav", "nav", "1e5"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "column", "value"), WRONG)
async def test_what_the_schema_refuses_the_import_refuses(place: Place, kind: str, column: str, value: object) -> None:
    row = rows(kind)[0] | {column: value}
    assert not validator(f"/components/schemas/{kind}.row").is_valid(row)
    told = await place.sends(f"{kind}?mode=append", place.key(kind), orjson.dumps(row), NDJSON)
    assert told.problem == (422, "rejected")
    assert [each["field"] for each in told.json["rejections"]] == [column]


async def test_one_value_is_no_list_and_an_amount_no_yes_in_a_row_either(place: Place) -> None:
    key = place.key("customers", "accounts")
    astray = await place.puts("accounts/..%2FA9", key, rows("accounts")[0] | {"account_id": "../A9"})
    assert [each["field"] for each in astray.json["rejections"]] == ["account_id"]
    for column, value in (("annual_income", True), ("name", ["甲", "乙"])):
        told = await place.puts("customers/C001", key, {column: value})
        assert told.problem == (422, "rejected")
        assert [each["field"] for each in told.json["rejections"]] == [column]


async def test_every_answer_is_as_described(place: Place) -> None:
    """Good ones and bad ones, each by its own operation's word for that status."""
    key, several = place.key("customers"), place.key("products:issuer_risk", system="另一个")
    asked = [
        ("POST", "/api/v1/imports/customers", await place.sends("customers", key, BANK["customers"])),
        ("POST", "/api/v1/imports/customers", await place.sends("customers", key, "name\n甲\n")),
        ("POST", "/api/v1/imports/customers", await place.sends("customers", key, "x", "text/html")),
        ("POST", "/api/v1/imports/customers", await place.sends("customers", "", "x")),
        ("POST", "/api/v1/imports/products", await place.sends("products", several, BANK["products"])),
        ("PUT", "/api/v1/customers/{customer_id}", await place.puts("customers/C009", key, NEWCOMER)),
        ("PUT", "/api/v1/customers/{customer_id}", await place.puts("customers/C009", key, NEWCOMER)),
        ("PUT", "/api/v1/customers/{customer_id}", await place.puts("customers/C009", key, {})),
        ("PUT", "/api/v1/customers/{customer_id}", await place.puts("customers/C009?as_of=2026-11-20", key, NEWCOMER)),
        ("DELETE", "/api/v1/customers/{customer_id}", await place.asks("DELETE", "/api/v1/customers/C009", key)),
        ("DELETE", "/api/v1/customers/{customer_id}", await place.asks("DELETE", "/api/v1/customers/C099", key)),
        ("GET", "/api/v1/feeds", await place.asks("GET", "/api/v1/feeds", key)),
        ("GET", "/api/v1/feeds", await place.asks("GET", "/api/v1/feeds", "x")),
    ]
    assert [told.status for *_, told in asked] == [200, 422, 415, 401, 403, 201, 200, 422, 409, 200, 404, 200, 401]
    for method, path, told in asked:
        (kind,) = DOCUMENT["paths"][path][method.lower()]["responses"][str(told.status)]["content"]
        assert kind == told.headers["Content-Type"]
        escaped = path.replace("/", "~1")
        media = kind.replace("/", "~1")
        at = f"/paths/{escaped}/{method.lower()}/responses/{told.status}/content/{media}/schema"
        assert list(validator(at).iter_errors(told.json)) == []
