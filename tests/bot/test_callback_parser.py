"""What aiohttp's own parser refuses is answered as everything else that is malformed: a constant text, no traceback."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.envelope import MAX_BYTES
from tests.bot.gate import Gate, envelope, opened_gate, query, sealed, text

HOST = b"Host: x\r\n"


@pytest.fixture
async def gate(migrated_url: str, tmp_path: Path) -> AsyncIterator[Gate]:
    async with opened_gate(migrated_url, tmp_path) as opened:
        yield opened


def answer(reply: bytes) -> tuple[int, bytes]:
    """Status and body of the first answer on a connection."""
    head, _, body = reply.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    return int(head.split(b" ")[1]), body[:length]


def target() -> bytes:
    parameters = query(sealed(text()))
    return b"/wecom/callback?" + "&".join(f"{name}={value}" for name, value in parameters.items()).encode()


def post(*headers: bytes, body: bytes = b"", line: bytes | None = None) -> bytes:
    first = line if line is not None else b"POST " + target() + b" HTTP/1.1\r\n"
    return first + HOST + b"".join(header + b"\r\n" for header in headers) + b"\r\n" + body


def chunked(data: bytes) -> bytes:
    return b"%x\r\n" % len(data) + data + b"\r\n"


ENVELOPE = envelope(sealed(text()))
UNREADABLE = {
    "no http": b"hello\r\n\r\n",
    "tls": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 64 + b"\r\n\r\n",
    "bad method": post(line=b"P@ST / HTTP/1.1\r\n"),
    "no version": post(line=b"POST /wecom/callback\r\n"),
    "bad version": post(line=b"POST / HTTP/9.x\r\n"),
    "http 2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "blank target": post(line=b"POST  HTTP/1.1\r\n"),
    "nul in target": post(line=b"POST /\x00 HTTP/1.1\r\n"),
    "target too long": post(line=b"POST /" + b"a" * 20_000 + b" HTTP/1.1\r\n"),
    "header too long": post(b"X: " + b"a" * 20_000),
    "header without colon": post(b"nonsense"),
    "header with nul": post(b"X: a\x00b"),
    "blank in header name": post(b"X Y: a"),
    "length no number": post(b"Content-Length: x"),
    "length negative": post(b"Content-Length: -1"),
    "two lengths": post(b"Content-Length: 1", b"Content-Length: 2", body=b"a"),
    "length and chunks": post(b"Content-Length: 3", b"Transfer-Encoding: chunked", body=b"0\r\n\r\n"),
    "bad chunk": post(b"Transfer-Encoding: chunked", body=b"zz\r\nhello\r\n0\r\n\r\n"),
    "bad chunk later": post(b"Transfer-Encoding: chunked", body=chunked(b"<xml>") + b"-5\r\nhello\r\n0\r\n\r\n"),
    "chunk too long": post(b"Transfer-Encoding: chunked", body=b"fffffffffffffffffff\r\nx"),
}


@pytest.mark.parametrize("name", UNREADABLE)
async def test_what_cannot_be_read_is_refused(gate: Gate, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    reply = await gate.say(UNREADABLE[name])
    assert answer(reply) == (400, b"bad request")
    assert b"Traceback" not in reply
    assert "Traceback" not in "".join(capfd.readouterr())
    assert await gate.kept() == []
    assert await gate.send(text()) == (200, "")


@pytest.mark.parametrize("name", ["no http", "tls", "bad method", "header too long", "length no number"])
async def test_what_the_parser_refuses_tells_nobody_what_runs_here(gate: Gate, name: str) -> None:
    head = (await gate.say(UNREADABLE[name])).partition(b"\r\n\r\n")[0].lower()
    assert b"server: rmbot" in head
    assert b"aiohttp" not in head
    assert b"python" not in head


@pytest.mark.parametrize(
    "request_",
    [
        post(b"Content-Length: 100", body=ENVELOPE[:50]),
        post(b"Transfer-Encoding: chunked", body=chunked(ENVELOPE)),
        post(b"Content-Length: 10"),
    ],
    ids=["short body", "no last chunk", "no body"],
)
async def test_a_body_that_ends_early_keeps_nothing(
    gate: Gate, request_: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    reply = await gate.say(request_, half_close=True)
    assert reply == b"" or answer(reply) == (400, b"bad request")
    assert "Traceback" not in "".join(capfd.readouterr())
    assert await gate.kept() == []
    assert await gate.send(text()) == (200, "")


@pytest.mark.parametrize("declared", [True, False])
@pytest.mark.parametrize("size", [MAX_BYTES + 1, 10 * MAX_BYTES])
async def test_over_the_cap_is_too_large(gate: Gate, declared: bool, size: int) -> None:
    if declared:
        reply = await gate.say(post(b"Content-Length: %d" % size, body=b"a" * size))
    else:
        body = b"".join(chunked(b"a" * 8192) for _ in range(size // 8192 + 1)) + b"0\r\n\r\n"
        reply = await gate.say(post(b"Transfer-Encoding: chunked", body=body))
    assert answer(reply) == (413, b"too large")
    assert await gate.kept() == []


async def test_a_declared_giant_is_refused_before_it_comes(gate: Gate) -> None:
    reply = await gate.say(post(b"Content-Length: 99999999999"))
    assert answer(reply) == (413, b"too large")


async def test_more_than_was_declared_is_no_part_of_the_message(gate: Gate) -> None:
    """What follows is another request; here an unreadable one, so the connection ends with nothing kept half."""
    encrypt = sealed(text(number=5))
    body = envelope(encrypt)
    parameters = "&".join(f"{name}={value}" for name, value in query(encrypt).items()).encode()
    line = b"POST /wecom/callback?" + parameters + b" HTTP/1.1\r\n"
    reply = await gate.say(post(b"Content-Length: %d" % len(body), body=body + b"garbage\r\n\r\n", line=line))
    assert answer(reply) in [(200, b""), (400, b"bad request")]
    assert await gate.kept() == (["msg:5"] if answer(reply)[0] == 200 else [])


async def test_an_envelope_in_chunks_is_taken(gate: Gate) -> None:
    encrypt = sealed(text(number=6))
    body = envelope(encrypt)
    parameters = "&".join(f"{name}={value}" for name, value in query(encrypt).items()).encode()
    line = b"POST /wecom/callback?" + parameters + b" HTTP/1.1\r\n"
    pieces = chunked(body[:100]) + chunked(body[100:]) + b"0\r\n\r\n"
    reply = await gate.say(post(b"Transfer-Encoding: chunked", b"Connection: close", body=pieces, line=line))
    assert answer(reply) == (200, b"")
    assert await gate.kept() == ["msg:6"]


async def test_a_bad_chunk_that_comes_late_is_refused(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    """The request was readable when it began; what breaks it is never handed on, so the body is waited for in vain."""
    monkeypatch.setattr("bot.callback.BODY_SECONDS", 0.5)
    reader, writer = await asyncio.open_connection(gate.host, gate.port)
    writer.write(post(b"Transfer-Encoding: chunked", body=chunked(ENVELOPE[:60])))
    await writer.drain()
    await asyncio.sleep(0.1)
    writer.write(b"zz\r\nhello\r\n0\r\n\r\n")
    reply = await asyncio.wait_for(reader.read(65536), 15)
    writer.close()
    assert answer(reply) == (400, b"bad request")
    assert await gate.kept() == []
