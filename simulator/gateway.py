"""The SMS gateway's door: strict about what it takes, and failing on demand as the API does (faults of path `sms`)."""

import asyncio
import re
from typing import Any

import orjson
from aiohttp import web

from simulator.api import WORLD, answer
from simulator.errors import Refused
from simulator.faults import Failure
from simulator.world import World

FIELDS = ("id", "mobile", "text")
MOBILE = re.compile(r"\+?[0-9]{5,20}")
LONGEST = 500  # characters; about seven messages in one


async def receive(request: web.Request) -> web.Response:
    """POST /sms"""
    world = request.app[WORLD]
    raw = await request.read()
    failure = world.failures.take("sms")
    if failure is None or failure.kind == "delay":
        await asyncio.sleep(failure.value if failure else 0)
        return _take(world, raw)
    if failure.kind.startswith("timeout"):
        return await _silence(request, raw, failure)
    return answer({"error": "simulated failure"}, int(failure.value) if failure.kind == "http" else 400)


async def _silence(request: web.Request, raw: bytes, failure: Failure) -> web.Response:
    """Never answer; with or without having taken the message."""
    if failure.kind == "timeout_after":
        _take(request.app[WORLD], raw)
    await asyncio.sleep(failure.value)
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=504)


def _take(world: World, raw: bytes) -> web.Response:
    world.sms.take(*_read(raw), world.clock.iso())
    world.feed.publish("sms")
    return answer({})


def _read(raw: bytes) -> tuple[str, str, str]:
    try:
        body: Any = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise Refused("短信要是 JSON", 400) from None
    if not isinstance(body, dict) or set(body) != set(FIELDS):
        raise Refused(f"短信要有而且只有 {'、'.join(FIELDS)}", 400)
    if not all(isinstance(body[name], str) and body[name] for name in FIELDS):
        raise Refused("短信的每一项都要是文字，不能空着", 400)
    if not MOBILE.fullmatch(body["mobile"]):
        raise Refused("mobile 不是号码", 400)
    if len(body["text"]) > LONGEST:
        raise Refused(f"text 超过 {LONGEST} 字", 400)
    return body["id"], body["mobile"], body["text"]


def routes() -> list[web.RouteDef]:
    return [web.post("/sms", receive)]
