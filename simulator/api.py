"""The `/cgi-bin/…` side: reads a call, applies faults, token and IP rules, writes the ledger, answers."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import hdrs, web

from simulator import people
from simulator.clock import machine
from simulator.errors import ApiError, insist
from simulator.faults import Failure
from simulator.ledger import Call
from simulator.media import part
from simulator.menu_rules import menu_fault
from simulator.messages import recall, send
from simulator.updates import update_card
from simulator.world import World

WORLD = web.AppKey("world", World)
ESCAPED = re.compile(rb"(?<!\\)(?:\\\\)*\\u(?!00[0-7])[0-9a-fA-F]{4}")

Read = Callable[[World, dict[str, str]], dict[str, Any]]
Write = Callable[[World, Call, bytes], dict[str, Any]]
READS: dict[str, Read] = {
    "user/get": people.user_get,
    "user/list": people.user_list,
    "user/simplelist": people.user_simplelist,
    "department/list": people.department_list,
    "department/simplelist": people.department_simplelist,
    "department/get": people.department_get,
    "agent/get": people.agent_get,
    "get_api_domain_ip": people.ip_list,
    "getcallbackip": people.ip_list,
    "auth/getuserinfo": people.user_info,
    "menu/get": people.menu_get,
    "menu/delete": people.menu_delete,
}
WRITES: dict[str, Write] = {
    "message/send": send,
    "message/recall": recall,
    "message/update_template_card": update_card,
}


def answer(payload: dict[str, Any], status: int = 200) -> web.Response:
    return web.Response(body=orjson.dumps(payload), content_type="application/json", status=status)


async def handle(request: web.Request) -> web.StreamResponse:
    """One API call, from the outside in: ledger, fault, effect, answer."""
    world, path = request.app[WORLD], request.match_info["path"]
    started = machine()
    world.calls_open += 1
    call = world.ledger.open(world.clock.iso(), path, None)
    try:
        return await _with_fault(request, world, call)
    finally:
        world.calls_open -= 1
        world.last_call = machine()
        call.ms = round((world.last_call - started) * 1000, 2)


async def _with_fault(request: web.Request, world: World, call: Call) -> web.StreamResponse:
    failure = world.failures.take(call.path)
    if failure is None:
        return await _answered(request, world, call)
    call.fault = f"{failure.kind} {failure.value:g}"
    if failure.kind == "delay":
        await asyncio.sleep(failure.value)
        return await _answered(request, world, call)
    if failure.kind.startswith("timeout"):
        return await _silence(request, world, call, failure)
    await _read(request, call)
    if failure.kind == "http":
        call.status = int(failure.value)
        return web.Response(status=call.status, text="simulated failure")
    call.response = ApiError(int(failure.value), "simulated failure").json()
    return answer(call.response)


async def _silence(request: web.Request, world: World, call: Call, failure: Failure) -> web.StreamResponse:
    """Never answer; with or without the effect."""
    if failure.kind == "timeout_after":
        await _answered(request, world, call)
    else:
        await _read(request, call)
    world.calls_open -= 1  # the caller may wait for a minute; the world is idle meanwhile
    try:
        await asyncio.sleep(failure.value)
    finally:
        world.calls_open += 1
    call.status = 0
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=504)


async def _read(request: web.Request, call: Call) -> bytes:
    """The body into the ledger, as JSON where it is JSON."""
    if request.method != hdrs.METH_POST or request.content_type.startswith("multipart/"):
        call.body = {k: v for k, v in request.query.items() if k not in ("access_token", "corpsecret")}
        return b""
    raw = await request.read()
    try:
        call.body = orjson.loads(raw)
    except orjson.JSONDecodeError:
        call.body = raw.decode(errors="replace")
    return raw


async def _answered(request: web.Request, world: World, call: Call) -> web.StreamResponse:
    raw = await _read(request, call)
    try:
        special = SPECIAL.get(call.path)
        if call.path != "gettoken":
            world.tokens.check(request.query.get("access_token"))
            if not world.app.trusted_ip:
                raise ApiError(60020, "not allow to access from your ip")
        if special is not None:
            return await special(request, world, call, raw)
        call.response = {"errcode": 0, "errmsg": "ok", **_plain(request, world, call, raw)}
    except ApiError as error:
        call.response = error.json()
    return answer(call.response)


def _plain(request: web.Request, world: World, call: Call, raw: bytes) -> dict[str, Any]:
    if read := READS.get(call.path):
        return read(world, dict(request.query))
    if write := WRITES.get(call.path):
        _insist_on_json(request, call, raw)
        return write(world, call, raw)
    raise ApiError(404, "no such api")


def _insist_on_json(request: web.Request, call: Call, raw: bytes) -> None:
    if request.method != hdrs.METH_POST:
        raise ApiError(40058, "use POST")
    if not isinstance(call.body, dict):
        raise ApiError(40035, "Warning: wrong json format.")
    if ESCAPED.search(raw):
        raise ApiError(40033, "不能包含\\uxxxx格式的字符")


Special = Callable[[web.Request, World, Call, bytes], Awaitable[web.StreamResponse]]


async def _gettoken(request: web.Request, world: World, call: Call, raw: bytes) -> web.StreamResponse:
    world.tokens.check_ban()
    if request.query.get("corpid") != world.app.corp_id:
        raise ApiError(40013, "invalid corpid")
    if request.query.get("corpsecret") != world.app.secret:
        world.tokens.note_wrong_secret(world.settings.gettoken_ban_after)
        raise ApiError(40001, "invalid credential")
    token, seconds = world.tokens.issue()
    call.response = {"errcode": 0, "errmsg": "ok", "expires_in": seconds}
    return answer({**call.response, "access_token": token})


async def _menu_create(request: web.Request, world: World, call: Call, raw: bytes) -> web.StreamResponse:
    _insist_on_json(request, call, raw)
    insist(menu_fault(call.body))
    people.menu_create(world, dict(request.query), call.body)
    call.response = {"errcode": 0, "errmsg": "ok"}
    return answer(call.response)


async def _upload(request: web.Request, world: World, call: Call, raw: bytes) -> web.StreamResponse:
    if not request.content_type.startswith("multipart/"):
        raise ApiError(44001, "empty media data")
    form = await request.post()
    field = form.get("media")
    if not isinstance(field, web.FileField):
        raise ApiError(44001, "empty media data")
    kind = request.query.get("type", "")
    media = world.media.upload(kind, field.filename, field.file.read())
    call.body = {"type": kind, "filename": field.filename, "size": len(media.data)}
    call.response = {"errcode": 0, "errmsg": "", "type": kind, "media_id": media.id, "created_at": str(media.created)}
    return answer(call.response)


async def _download(request: web.Request, world: World, call: Call, raw: bytes) -> web.StreamResponse:
    media = world.media.get(request.query.get("media_id", ""))
    headers = {"Content-Disposition": f'attachment; filename="{media.name.encode("ascii", "replace").decode()}"'}
    call.response = {"bytes": len(media.data)}
    if asked := part(media.data, request.headers.get("Range")):
        headers["Content-Range"] = asked[1]
        return web.Response(body=asked[0], status=206, content_type=media.content_type, headers=headers)
    return web.Response(body=media.data, content_type=media.content_type, headers=headers)


SPECIAL: dict[str, Special] = {
    "gettoken": _gettoken,
    "menu/create": _menu_create,
    "media/upload": _upload,
    "media/get": _download,
}
