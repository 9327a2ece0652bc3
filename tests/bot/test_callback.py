"""The callback over HTTP: kept once and acknowledged when durable, everything else refused with a constant text."""

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.clock import SHANGHAI, HouseClock
from bot.envelope import MAX_BYTES
from simulator import crypto
from simulator.app import SimConfig, start
from simulator.client import World
from tests.bot.gate import APP, NONCE, Gate, click, envelope, layout, opened_gate, padded, query, raw, sealed, text

BAD, FORGED, LARGE, BUSY = (400, "bad request"), (403, "forbidden"), (413, "too large"), (503, "try again")
OK = (200, "")


@pytest.fixture
async def gate(migrated_url: str, tmp_path: Path) -> AsyncIterator[Gate]:
    async with opened_gate(migrated_url, tmp_path) as opened:
        yield opened


# --- what is kept -------------------------------------------------------------------------------------------------


async def test_a_callback_is_kept_and_answered_with_nothing(gate: Gate) -> None:
    assert await gate.send(text(number=42)) == OK
    assert await gate.kept() == ["msg:42"]


async def test_what_is_answered_with_200_is_already_durable(gate: Gate) -> None:
    for number in range(30):
        assert await gate.send(text(number=number)) == OK
        assert len(await gate.kept()) == number + 1


async def test_every_repetition_is_kept_once(gate: Gate) -> None:
    encrypt = sealed(text(number=7))
    body, parameters = envelope(encrypt), query(encrypt)
    copies = [gate.post(body, parameters) for _ in range(5)] + [gate.send(text(number=7)) for _ in range(5)]
    assert set(await asyncio.gather(*copies)) == {OK}
    assert await gate.kept() == ["msg:7"]


@pytest.mark.parametrize(("agent", "kept"), [("1000002", True), ("1000003", False), ("", True), ("01000002", False)])
async def test_what_is_for_another_application_is_acknowledged_and_ignored(gate: Gate, agent: str, kept: bool) -> None:
    """Several applications of a corporation may have the same address by mistake; nothing of it is kept."""
    assert await gate.send(click(AgentID=agent)) == OK
    assert len(await gate.kept()) == kept


async def test_what_is_for_no_application_is_kept(gate: Gate) -> None:
    """A change of the directory names none (page 90970)."""
    joined = "<Event>change_contact</Event><ChangeType>create_user</ChangeType><UserID>rm09</UserID>"
    head = "<FromUserName>sys</FromUserName><CreateTime>1700000000</CreateTime><MsgType>event</MsgType>"
    assert await gate.send(f"<xml><ToUserName>{APP.corp_id}</ToUserName>{head}{joined}</xml>") == OK
    assert len(await gate.kept()) == 1


async def test_two_clicks_within_a_second_are_two(gate: Gate) -> None:
    for _ in range(2):
        assert await gate.send(click()) == OK
        assert await gate.send(click(EventKey="visit.4")) == OK
    assert len(await gate.kept()) == 2


async def test_a_replay_split_anew_has_no_effect(gate: Gate) -> None:
    """The signature does not bind field boundaries: whatever other split passes, the ciphertext is known."""
    encrypt, now = sealed(text(number=9)), str(int(time.time()))
    nonce = str(int(now) - 3)
    signature = crypto.sign(APP.token, now, nonce, encrypt)
    assert await gate.post(envelope(encrypt), query(encrypt, now, nonce)) == OK
    swapped = {"msg_signature": signature, "timestamp": nonce, "nonce": now}
    assert await gate.post(envelope(encrypt), swapped) == OK
    joined = "".join(sorted((now, nonce)))
    for cut in range(1, 20):
        parameters = {"msg_signature": signature, "timestamp": joined[:cut], "nonce": joined[cut:]}
        status, _ = await gate.post(envelope(encrypt), parameters)
        assert status == (200 if cut == 10 else 400)
    assert await gate.kept() == ["msg:9"]


# --- time ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offset", "answer"), [(0, OK), (-290, OK), (290, OK), (-310, FORGED), (310, FORGED), (-(10**8), FORGED)]
)
async def test_the_window_of_the_timestamp(gate: Gate, offset: int, answer: tuple[int, str]) -> None:
    assert await gate.send(text(), timestamp=str(int(time.time()) + offset)) == answer
    assert len(await gate.kept()) == (answer == OK)


async def test_a_moved_clock_is_read_again_before_a_timestamp_is_refused(migrated_url: str, tmp_path: Path) -> None:
    began = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
    sim = await start(config=SimConfig(start=began))
    clock = HouseClock(f"{sim.url}/_sim/v1/clock")
    async with World(sim.url) as world, opened_gate(migrated_url, tmp_path, clock) as gate:
        for number, days in enumerate((0, 1, 30)):
            await world.clock.set((began + timedelta(days=days)).isoformat())
            stamp = int((began + timedelta(days=days)).timestamp())
            assert await gate.send(text(number=number), timestamp=str(stamp)) == OK
            assert await gate.send(text(number=100 + number), timestamp=str(stamp - 400)) == FORGED
        assert await gate.kept() == ["msg:0", "msg:1", "msg:2"]
    await sim.close()


# --- what is refused ----------------------------------------------------------------------------------------------

MESSAGE = text().encode()
REFUSED = {
    "empty body": (b"", BAD),
    "no xml": (b"hello", BAD),
    "truncated xml": (envelope(sealed(text()))[:-5], BAD),
    "nul": (b"\x00", BAD),
    "other root": (b"<a><Encrypt>QUJD</Encrypt></a>", BAD),
    "no encrypt": (b"<xml><ToUserName>a</ToUserName></xml>", BAD),
    "two encrypts": (b"<xml><Encrypt>QUJD</Encrypt><Encrypt>QUJD</Encrypt></xml>", BAD),
    "not utf-8": (b"<xml><Encrypt>\xff\xff\xff\xff</Encrypt></xml>", BAD),
    "utf-16": ("<xml><Encrypt>QUJD</Encrypt></xml>".encode("utf-16"), BAD),
    "document type": (b"<!DOCTYPE x [<!ENTITY a 'b'>]><xml><Encrypt>QUJD</Encrypt></xml>", BAD),
    "deep": (b"<xml>" + b"<a>" * 20_000, BAD),
    "empty encrypt": (envelope(""), BAD),
    "no base64": (envelope("QUJ*"), BAD),
    "odd ciphertext": (envelope("QUJD"), BAD),
    "random ciphertext": (envelope("QUJD" * 16), BAD),
    "other receiver": (envelope(raw(padded(layout(MESSAGE, "ww-another")))), FORGED),
    "no receiver": (envelope(raw(padded(layout(MESSAGE, "")))), FORGED),
    "length too large": (envelope(raw(padded(layout(MESSAGE, length=0xFFFFFFFF)))), BAD),
    "zero padding": (envelope(raw(b"\x00" * 64)), BAD),
    "inner not utf-8": (envelope(raw(padded(layout(b"\xff\xfe")))), BAD),
    "inner no message": (envelope(sealed("hello")), BAD),
    "inner empty": (envelope(sealed("")), BAD),
    "inner without sender": (envelope(sealed("<xml><MsgType>text</MsgType></xml>")), BAD),
    "inner doubled": (envelope(sealed(text().replace("<MsgId>", "<MsgId>1</MsgId><MsgId>"))), BAD),
    "inner deep": (envelope(sealed("<xml>" + "<a>" * 2_000 + "</a>" * 2_000 + "</xml>")), BAD),
    "one byte too many": (b" " * (MAX_BYTES + 1), LARGE),
    "a megabyte": (b"<a/>" * 262_144, LARGE),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_malformed_body_is_refused(gate: Gate, name: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Signed for what it holds, so that nothing but its form is wrong."""
    body, answer = REFUSED[name]
    encrypt = (
        body.split(b"<Encrypt>")[-1].split(b"</Encrypt>")[0].decode(errors="replace") if b"<Encrypt>" in body else ""
    )
    assert await gate.post(body, query(encrypt)) == answer
    assert await gate.kept() == []
    assert "Traceback" not in "".join(capfd.readouterr())
    assert await gate.send(text()) == OK


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"msg_signature": "0" * 40}, FORGED),
        ({"msg_signature": "A" * 40}, BAD),
        ({"msg_signature": ""}, BAD),
        ({"nonce": "1372623148"}, FORGED),
        ({"nonce": "张"}, BAD),
        ({"timestamp": "1"}, BAD),
        ({"timestamp": "999999999999999999999"}, BAD),
        ({"extra": "1"}, BAD),
        ({"echostr": "QUJD"}, BAD),
    ],
)
async def test_wrong_parameters_are_refused(gate: Gate, changes: dict[str, str], answer: tuple[int, str]) -> None:
    encrypt = sealed(text())
    assert await gate.post(envelope(encrypt), query(encrypt) | changes) == answer
    assert await gate.kept() == []


@pytest.mark.parametrize("missing", ["msg_signature", "timestamp", "nonce"])
async def test_a_missing_or_doubled_parameter_is_refused(gate: Gate, missing: str) -> None:
    encrypt = sealed(text())
    parameters = query(encrypt)
    doubled = "&".join(f"{name}={value}" for name, value in [*parameters.items(), (missing, parameters[missing])])
    async with gate.http.post(f"{gate.url}?{doubled}", data=envelope(encrypt)) as reply:
        assert (reply.status, await reply.text()) == BAD
    del parameters[missing]
    assert await gate.post(envelope(encrypt), parameters) == BAD
    assert await gate.kept() == []


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
async def test_other_methods_are_refused(gate: Gate, method: str) -> None:
    async with gate.http.request(method, gate.url) as reply:
        assert reply.status == 405
        assert (await reply.text()) == ("" if method == "HEAD" else "method not allowed")


# --- the address check --------------------------------------------------------------------------------------------


async def test_the_address_check_is_answered_with_the_echo_alone(gate: Gate) -> None:
    for _ in range(20):  # until a plus sign was among them
        echo = crypto.encrypt(b"1616140317555161061", APP.aes_key, APP.corp_id)
        parameters = query(echo) | {"echostr": echo}
        assert await gate.get(parameters) == (200, b"1616140317555161061")
        blanks = "&".join(f"{name}={value}" for name, value in parameters.items())  # every plus becomes a blank
        async with gate.http.get(f"{gate.url}?{blanks.replace('=', '=', 1)}") as reply:
            assert (reply.status, await reply.read()) == (200, b"1616140317555161061")
        if "+" in echo:
            return
    pytest.fail("no echo with a plus sign")


async def test_the_simulators_console_takes_the_address(gate: Gate) -> None:
    sim = await start(config=SimConfig())
    async with World(sim.url) as world:
        await world.app(callback_url=gate.url)
        assert (await world.verifies_callback())["ok"]
    await sim.close()


@pytest.mark.parametrize(
    ("changes", "answer"),
    [
        ({"msg_signature": "0" * 40}, FORGED),
        ({"timestamp": "1700000000"}, FORGED),
        ({"echostr": ""}, BAD),
        ({"echostr": "QUJ*"}, BAD),
        ({"echostr": "张"}, BAD),
        ({"nonce": ""}, BAD),
        ({"extra": "1"}, BAD),
    ],
)
async def test_a_wrong_address_check_is_refused(gate: Gate, changes: dict[str, str], answer: tuple[int, str]) -> None:
    echo = crypto.encrypt(b"1", APP.aes_key, APP.corp_id)
    status, body = await gate.get(query(echo) | {"echostr": echo} | changes)
    assert (status, body.decode()) == answer


async def test_an_old_address_check_is_refused(gate: Gate) -> None:
    echo = crypto.encrypt(b"1", APP.aes_key, APP.corp_id)
    status, body = await gate.get(query(echo, int(time.time()) - 400) | {"echostr": echo})
    assert (status, body.decode()) == FORGED


# --- trouble inside -----------------------------------------------------------------------------------------------


async def test_a_closed_database_asks_to_try_again(gate: Gate) -> None:
    await asyncio.to_thread(gate.database.stop)
    assert await gate.send(text()) == BUSY


async def test_a_full_queue_asks_to_try_again(gate: Gate, monkeypatch: pytest.MonkeyPatch) -> None:
    for place in ("sqlite", "postgres"):
        monkeypatch.setattr(f"storage.{place}.QUEUE_LIMIT", 0)
    assert await gate.send(text()) == BUSY
    monkeypatch.undo()
    assert await gate.send(text()) == OK


async def test_a_client_that_goes_away_neither_wedges_nor_halves(gate: Gate) -> None:
    """Connections dropped right after the request: each message is kept whole or not at all, and the next ones pass."""
    encrypts = [sealed(text(number=number)) for number in range(60)]
    for number, encrypt in enumerate(encrypts):
        body, parameters = envelope(encrypt), query(encrypt)
        target = "&".join(f"{name}={value}" for name, value in parameters.items())
        _, writer = await asyncio.open_connection(gate.host, gate.port)
        head = f"POST /wecom/callback?{target} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        writer.write(head.encode() + body[: len(body) if number % 3 else len(body) // 2])
        await writer.drain()
        await asyncio.sleep(0.001 * (number % 4))
        writer.transport.abort()
    for encrypt in encrypts:
        assert await gate.post(envelope(encrypt), query(encrypt)) == OK
    assert sorted(await gate.kept()) == sorted(f"msg:{number}" for number in range(60))


def test_the_nonce_of_these_tests_is_of_a_documented_form() -> None:
    assert NONCE.isdecimal()
