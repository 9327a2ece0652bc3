"""Control API, the world half: directory, application, clock, settings, faults, ledger, callbacks, SMS."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from aiohttp import web

from simulator.api import WORLD, answer
from simulator.control_phone import number, someone
from simulator.delivery import Attempt, Envelope, seal
from simulator.directory import from_folder, from_json
from simulator.errors import ApiError, Refused
from simulator.faults import Failure
from simulator.settings import BadSetting, changed
from simulator.world import World

Body = dict[str, Any]
UNITS = ("days", "hours", "minutes", "seconds")
LATE = 600


def wanted(
    handler: Callable[[World, Body], Body | Awaitable[Body]],
) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A handler of a JSON body (or none), with mistakes told as 400."""

    async def handle(request: web.Request) -> web.Response:
        raw = await request.read()
        try:
            body = {**request.match_info, **(orjson.loads(raw) if raw else {})}
            result = handler(request.app[WORLD], body)
            return answer(result if isinstance(result, dict) else await result)
        except (BadSetting, orjson.JSONDecodeError, KeyError, TypeError, ValueError, OSError) as error:
            raise Refused(f"请求不对：{error}", 400) from error

    return handle


def describe(world: World, body: Body) -> Body:
    personas = [{**world.directory.persona(m), "unread": world.timeline.unread.get(m.key, 0)}
                for m in world.directory.members.values()]  # fmt: skip
    return {
        "seq": world.feed.seq, "app": asdict(world.app), "members": personas,
        "departments": [asdict(d) for d in world.directory.departments.values()], "menu": world.menu,
        "clock": {"now": world.clock.iso()}, "settings": asdict(world.settings), "faults": world.failures.json(),
    }  # fmt: skip


async def members(request: web.Request) -> web.Response:
    """GET /members?q=&limit="""
    world, asked = request.app[WORLD], request.query.get("q", "").lower()
    found = [
        m for m in world.directory.members.values()
        if asked in m.key or asked in m.name.lower() or asked in m.position.lower()
    ]  # fmt: skip
    shown = [world.directory.persona(m) for m in found[: int(number(request, "limit", 50))]]
    return answer({"members": shown, "total": len(found)})


def directory(world: World, body: Body) -> Body:
    world.directory = from_json(body)
    world.feed.publish("world")
    return {"members": len(world.directory.members)}


def load(world: World, body: Body) -> Body:
    loaded = from_folder(Path(body["folder"]))
    visible = body.get("visible")
    world.directory = replace(loaded, visible=None if visible is None else frozenset(map(str.lower, visible)))
    world.feed.publish("world")
    return {"members": len(loaded.members), "departments": len(loaded.departments)}


def app(world: World, body: Body) -> Body:
    world.app = changed(world.app, body)
    world.feed.publish("world")
    return asdict(world.app)


async def verify(world: World, body: Body) -> Body:
    attempt = await world.courier.verify()
    return {"ok": not attempt.error, "ms": attempt.ms, "status": attempt.status, "reason": attempt.error}


def reset(world: World, body: Body) -> Body:
    world.clear()
    return {}


def advance(world: World, body: Body) -> Body:
    world.clock.advance(timedelta(**{unit: body[unit] for unit in UNITS if unit in body}))
    world.feed.publish("clock")
    return now(world, body)


def set_clock(world: World, body: Body) -> Body:
    moment = datetime.fromisoformat(body["now"])
    if moment.tzinfo is None:
        raise Refused("时间要带时区，例如 2026-11-23T09:00:00+08:00", 400)
    world.clock.set(moment)
    world.feed.publish("clock")
    return now(world, body)


def now(world: World, body: Body) -> Body:
    return {"now": world.clock.iso()}


def settings(world: World, body: Body) -> Body:
    world.settings = changed(world.settings, body)
    world.feed.publish("world")
    return asdict(world.settings)


def add_fault(world: World, body: Body) -> Body:
    world.failures.add(Failure(body.get("path", "*"), body["kind"], body["value"], body.get("times", 1)))
    return list_faults(world, body)


def list_faults(world: World, body: Body) -> Body:
    return {"faults": world.failures.json()}


def clear_faults(world: World, body: Body) -> Body:
    world.failures.clear()
    return {"faults": []}


def reset_token(world: World, body: Body) -> Body:
    world.tokens.reset()
    return {}


async def ledger(request: web.Request) -> web.Response:
    """GET /ledger?after=&path="""
    calls = request.app[WORLD].ledger.since(int(number(request, "after", 0)), request.query.get("path", ""))
    return answer({"last": calls[-1].id if calls else 0, "calls": [call.json() for call in calls]})


def clear_ledger(world: World, body: Body) -> Body:
    world.ledger.clear()
    return {}


def violations(world: World, body: Body) -> Body:
    """Limits the application broke without being refused: cut texts, and callbacks answered with words."""
    answered = [
        {"ledger": None, "path": callback.id, "text": f"回调须回答空正文，收到 {attempt.body[:80]!r}"}
        for callback in world.callbacks.values()
        for attempt in callback.copies
        if attempt.status == 200 and attempt.body
    ]
    return {"violations": world.ledger.violations() + answered}


async def callbacks(request: web.Request) -> web.Response:
    """GET /callbacks?after=N: those after the N-th."""
    found = list(request.app[WORLD].callbacks.values())[int(number(request, "after", 0)) :]
    return answer({"callbacks": [callback.json() for callback in found]})


async def replay(world: World, body: Body) -> Body:
    """Send an old callback again: as it was, encrypted anew, badly signed, or late."""
    callback, mode = world.callbacks.get(body["id"]), body.get("mode", "same")
    if callback is None:
        raise Refused("没有这个回调", 404)
    sealed = Envelope(callback.url, callback.envelope)
    if mode in ("reencrypt", "late"):
        sealed = seal(world.app, callback.xml, world.clock.epoch() - (LATE if mode == "late" else 0))
    elif mode == "bad_signature":
        sealed = Envelope(sealed.url.replace("msg_signature=", "msg_signature=0"), sealed.body)
    elif mode != "same":
        raise Refused("mode 只能是 same、reencrypt、bad_signature、late", 400)
    attempt = await world.courier.post(sealed, Attempt("replay", 1))
    callback.copies.append(attempt)
    return {"status": attempt.status, "body": attempt.body, "ms": attempt.ms, "error": attempt.error}


async def idle(request: web.Request) -> web.Response:
    """GET /idle: wait until nothing is on its way."""
    world, quiet = request.app[WORLD], number(request, "quiet", 0.2)
    deadline = asyncio.get_running_loop().time() + number(request, "timeout", 10)
    while world.busy or world.quiet_for() < quiet:
        if asyncio.get_running_loop().time() > deadline:
            return answer({"idle": False})
        await asyncio.sleep(0.02)
    return answer({"idle": True})


async def media(request: web.Request) -> web.Response:
    try:
        found = request.app[WORLD].media.get(request.match_info["media_id"])
    except ApiError as error:
        raise Refused("素材不存在或已过 3 天", 404) from error
    return web.Response(body=found.data, content_type=found.content_type)


async def open_page(request: web.Request) -> web.Response:
    """GET /open: remember who looks, then go to the page."""
    member = someone(request.app[WORLD], request.query.get("sim_user", ""))
    url = request.query.get("url", "")
    if not url.startswith(("http://", "https://")):
        raise Refused("网址要以 http:// 或 https:// 开头", 400)
    away = web.HTTPFound(url)
    request.app[WORLD].webviews.enter(away, request.cookies, member.key)
    raise away


def routes() -> list[web.RouteDef]:
    base = "/_sim/v1"
    return [
        web.get(f"{base}/world", wanted(describe)),
        web.get(f"{base}/members", members),
        web.post(f"{base}/directory", wanted(directory)),
        web.post(f"{base}/directory/load", wanted(load)),
        web.put(f"{base}/app", wanted(app)),
        web.post(f"{base}/callback/verify", wanted(verify)),
        web.post(f"{base}/reset", wanted(reset)),
        web.get(f"{base}/clock", wanted(now)),
        web.post(f"{base}/clock/advance", wanted(advance)),
        web.post(f"{base}/clock/set", wanted(set_clock)),
        web.get(f"{base}/settings", wanted(lambda world, body: asdict(world.settings))),
        web.put(f"{base}/settings", wanted(settings)),
        web.get(f"{base}/faults", wanted(list_faults)),
        web.post(f"{base}/faults", wanted(add_fault)),
        web.delete(f"{base}/faults", wanted(clear_faults)),
        web.post(f"{base}/token/reset", wanted(reset_token)),
        web.get(f"{base}/ledger", ledger),
        web.delete(f"{base}/ledger", wanted(clear_ledger)),
        web.get(f"{base}/deliveries", wanted(lambda world, body: {"deliveries": world.ledger.deliveries()})),
        web.get(f"{base}/violations", wanted(violations)),
        web.get(f"{base}/callbacks", callbacks),
        web.post(f"{base}/callbacks/{{id}}/replay", wanted(replay)),
        web.get(f"{base}/idle", idle),
        web.get(f"{base}/media/{{media_id}}", media),
        web.get(f"{base}/open", open_page),
        web.get(f"{base}/sms", wanted(lambda world, body: {"inbox": world.sms.json()})),
    ]
