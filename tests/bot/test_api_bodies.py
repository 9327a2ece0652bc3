"""Hostile bodies: each is refused with one clear problem, changes nothing, leaves nothing and tells no secrets."""

import asyncio
import gzip
import io
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
import structlog

from bot import logging as house_logging
from bot.sections import Log
from storage import schema
from storage.imports.stream import LONGEST_LINE
from tests.bot.api_place import CSV, NDJSON, Place, Told, open_place
from tests.bot.test_api import NEWCOMER
from tests.storage.import_bank import BANK, changed

CANARY = "canary-19988877766"
HEADER = BANK["customers"].splitlines()[0]


@pytest.fixture
async def place(api_url: str, tmp_path: Path) -> AsyncIterator[Place]:
    async with open_place(api_url, tmp_path, max_body_mb=1, body_seconds=2) as opened:
        yield opened


def deep(levels: int) -> str:
    return '{"name":' * levels + "1" + "}" * levels


BODIES: dict[str, tuple[bytes, str, dict[str, str], tuple[int, str]]] = {
    "nothing": (b"", CSV, {}, (422, "rejected")),
    "an empty list of customers": (HEADER.encode(), CSV, {}, (422, "rejected")),
    "another type": (b"{}", "application/json", {}, (415, "unsupported")),
    "no type": (b"{}", "application/octet-stream", {}, (415, "unsupported")),
    "another charset": (BANK["customers"].encode("gb18030"), "text/csv; charset=gbk", {}, (415, "unsupported")),
    "another encoding": (BANK["customers"].encode("gb18030"), CSV, {}, (422, "rejected")),
    "gzip": (gzip.compress(b"0" * 50_000_000), CSV, {"content_encoding": "gzip"}, (415, "unsupported")),
    "deflate": (b"x", CSV, {"content_encoding": "deflate"}, (415, "unsupported")),
    "gzip that says nothing": (gzip.compress(BANK["customers"].encode()), CSV, {}, (422, "rejected")),
    "too much": (b"x" * (1024 * 1024 + 1), CSV, {}, (413, "too_large")),
    "a huge line": (f"{HEADER}\n{'x' * (LONGEST_LINE + 1)}".encode(), CSV, {}, (422, "rejected")),
    "a huge cell": (f'{HEADER}\n"{"x" * 140_000}"'.encode(), CSV, {}, (422, "rejected")),
    "a quotation without end": (f'{HEADER}\n"C9,'.encode(), CSV, {}, (422, "rejected")),
    "a NUL": (changed("customers", "曾样明", "曾\x00明").encode(), CSV, {}, (422, "rejected")),
    "a column twice": (b"customer_id,name,name\nC1,a,b", CSV, {}, (422, "rejected")),
    "no header": (BANK["customers"].partition("\n")[2].encode(), CSV, {}, (422, "rejected")),
    "no JSON": (b"customer_id,name\n", NDJSON, {}, (422, "rejected")),
    "deep JSON": (deep(100_000).encode(), NDJSON, {}, (422, "rejected")),
    "JSON with a broken letter": (b'{"name":"\xff"}', NDJSON, {}, (422, "rejected")),
    "half a letter": (b'{"name":"\\ud800"}', NDJSON, {}, (422, "rejected")),
    "a number without end": (b'{"customer_id":1e999}', NDJSON, {}, (422, "rejected")),
    "a list of lists": (b"[[1]]", NDJSON, {}, (422, "rejected")),
    "a column of an object twice": (orjson.dumps(NEWCOMER)[:-1] + b',"name":"x"}', NDJSON, {}, (422, "rejected")),
    "a bad name": (b"x", CSV, {"idempotency_key": "two words"}, (400, "malformed")),
    "a long name": (b"x", CSV, {"idempotency_key": "x" * 129}, (400, "malformed")),
}


@pytest.mark.parametrize("case", BODIES)
async def test_many_rows_are_refused(place: Place, case: str) -> None:
    body, kind, headers, problem = BODIES[case]
    before = place.rows(schema.customer)
    told = await place.sends("customers", place.key("customers"), io.BytesIO(body), kind, **headers)
    assert told.problem == problem
    assert place.rows(schema.customer) == before
    assert [record["detail"]["status"] for record in place.audited("api.")] == [problem[0]]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (deep(20_000).encode()[:60_000], (400, "malformed")),
        (b'{"name":' + b'"x"' * 40_000, (413, "too_large")),
        (b"\xff\xfe", (400, "malformed")),
        (b"null", (400, "malformed")),
    ],
)
async def test_one_row_is_refused(place: Place, body: bytes, problem: tuple[int, str]) -> None:
    key = place.key("customers")
    told = await place.asks("PUT", "/api/v1/customers/C009", key, body, content_type="application/json")
    assert told.problem == problem


async def test_a_body_that_never_ends(place: Place) -> None:
    """Chunk after chunk, each in time, the whole never."""
    key, sent = place.key("customers"), 0

    async def drip() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 1
            yield b"x"
            await asyncio.sleep(0.02)

    told = await place.asks("POST", "/api/v1/imports/customers", key, drip(), content_type=CSV)
    assert told.problem == (408, "too_slow")
    assert sent > 10


async def test_a_body_that_breaks_off(place: Place) -> None:
    """The caller goes away: nothing was done, nothing is left, and the next one is served."""
    key = place.key("customers")
    host, port = place.url.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /api/v1/imports/customers HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\n"
    writer.write(f"{head}Content-Type: text/csv\r\nContent-Length: 500\r\n\r\n{HEADER}".encode()[:600])
    await writer.drain()
    writer.close()
    assert (await place.sends("customers", key, BANK["customers"])).json["unchanged"] == 4
    assert len(place.audited("api.import")) == 1
    del reader


LEAKS: dict[str, tuple[str, str, str]] = {
    "a word": ("customers", "C002,曾样明,男", f"C002,曾样明,{CANARY}"),
    "a word in quotes": ("customers", "C002,曾样明,男", f"C002,曾样明,a”{CANARY}“b"),
    "a day": ("customers", "1985-12-01", CANARY),
    "an amount": ("customers", "250000.50", CANARY),
    "a flag": ("customers", ",微信,0,1", f",微信,0,{CANARY}"),
    "a number of a unit": ("customers", "rm02,S2,较高", f"rm02,{CANARY},较高"),
    "a person": ("customers", "rm02,S2,较高", f"{CANARY},S2,较高"),
    "a column": ("customers", "occupation", CANARY),
    "a row too long": ("customers", ",微信,0,1", f",微信,0,1,{CANARY}"),
    "a second row of the same": ("customers", "C003,尉迟样", f"C002,{CANARY}"),
}


@pytest.fixture
def heard(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.CaptureFixture[str]]:
    """Standard error with all that the house logs; loggers are the whole process's, so they are given back."""
    root, before = logging.getLogger(), structlog.get_config()
    level = root.level
    monkeypatch.setattr(root, "handlers", [])
    house_logging.configure(Log(level="debug"))
    structlog.configure(cache_logger_on_first_use=False)
    yield capfd
    structlog.configure(**before)
    root.setLevel(level)


@pytest.mark.parametrize("case", LEAKS)
async def test_what_was_sent_is_told_to_nobody(
    place: Place, case: str, caplog: pytest.LogCaptureFixture, heard: pytest.CaptureFixture[str]
) -> None:
    name, old, new = LEAKS[case]
    with caplog.at_level(logging.DEBUG):
        told = await place.sends(name, place.key(name), changed(name, old, new))
    assert told.problem == (422, "rejected")
    assert told.json["rejections"][0]["line"] >= 1
    logged = caplog.text + "".join(heard.readouterr())
    assert "19988877766" not in told.body.decode() + str(told.headers) + logged + str(place.audited())
    assert [file.name for file in place.folder.iterdir() if CANARY.encode() in _bytes(file)] == []


def _bytes(file: Path) -> bytes:
    return file.read_bytes() if file.is_file() else b""


async def test_a_row_that_fails_inside_tells_nothing(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    """The database refuses what nobody foresaw: a constant text, the kind of error in the log, and the row nowhere."""
    key = place.key("customers")
    place.database.run(lambda unit: unit.execute(sa.text("ALTER TABLE customer_row RENAME COLUMN occupation TO was")))
    with caplog.at_level(logging.DEBUG):
        told = await place.puts("customers/C009", key, NEWCOMER | {"occupation": CANARY}, idempotency_key="n-1")
    assert told.problem == (500, "failed")
    assert CANARY not in caplog.text + told.body.decode()
    assert place.rows(schema.api_answer) == []


async def test_secrets_of_the_request_are_in_no_answer(place: Place) -> None:
    key = place.key("customers")
    asked: list[Told] = [
        await place.asks("GET", f"/api/v1/{CANARY}", key),
        await place.asks("PATCH", "/api/v1/customers/C001", key),
        await place.asks("GET", "/api/v1/feeds", f"{CANARY}-{key}"),
        await place.puts(f"customers/{CANARY}", key, {CANARY: CANARY}),
        await place.sends(f"customers?mode={CANARY}", key, "x"),
        await place.sends(f"customers?max_bad={CANARY}", key, "x"),
        await place.sends(f"customers?as_of={CANARY}", key, "x"),
        await place.sends("customers", key, "x", f"text/{CANARY}"),
        await place.sends("customers", key, orjson.dumps({CANARY: 1}), NDJSON),
    ]
    assert [told.status for told in asked] == [404, 405, 401, 422, 400, 400, 400, 415, 422]
    for told in asked:
        assert told.problem[0] == told.status
        said: Any = told.body.decode() + str(told.headers)
        assert CANARY not in said
        assert key not in said
