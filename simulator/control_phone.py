"""Control API, the phone half: actions in a person's name, timelines, live changes."""

import asyncio
import base64
import binascii
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from aiohttp import web

from simulator.actions import Phone
from simulator.api import WORLD, answer
from simulator.directory import Member
from simulator.errors import Refused
from simulator.feed import Change
from simulator.media import LOOKS
from simulator.timeline import Bubble
from simulator.world import World

Body = dict[str, Any]


def someone(world: World, userid: str) -> Member:
    member = world.member(userid)
    if member is None:
        raise Refused(f"没有成员“{userid}”", 404)
    return member


async def act(request: web.Request) -> web.Response:
    """POST /members/{userid}/{action}"""
    world = request.app[WORLD]
    phone = Phone(world, someone(world, request.match_info["userid"]))
    body, before = await _body(request), world.feed.seq
    bubble = _perform(phone, request.match_info["action"], body)
    more = {"url": bubble.content["url"]} if bubble.kind == "event" and bubble.content else {}
    callback = bubble.callback
    if body.get("wait") and callback is not None:
        await callback.acked.wait()
    return answer({"seq": before, "bubble": bubble.json(), "callback": callback.id if callback else None, **more})


async def _body(request: web.Request) -> Body:
    if request.content_type.startswith("multipart/"):
        field = (await request.post()).get("file")
        if not isinstance(field, web.FileField):
            raise Refused("缺少 file 字段", 400)
        return {"bytes": field.file.read(), "filename": field.filename}
    raw = await request.read()
    try:
        body = orjson.loads(raw) if raw else {}
    except orjson.JSONDecodeError as error:
        raise Refused("请求体不是 JSON", 400) from error
    if not isinstance(body, dict):
        raise Refused("请求体须是 JSON 对象", 400)
    return body


def _perform(phone: Phone, action: str, body: Body) -> Bubble:
    try:
        return ACTIONS[action](phone, body)
    except KeyError as error:
        raise Refused(f"缺少字段或没有这个动作：{error.args[0]}", 400) from error
    except (TypeError, AttributeError, ValueError) as error:
        raise Refused(f"字段的类型不对：{error}", 400) from error


def _string(body: Body, name: str) -> str:
    if not isinstance(body[name], str):
        raise TypeError(f"{name} 须是字符串")
    return str(body[name])


def _photo(phone: Phone, body: Body) -> Bubble:
    data = body.get("bytes") or _decoded(body.get("data", ""))
    if data and not LOOKS["image"](data):
        raise Refused("只能发 JPG 或 PNG 图片", 400)
    return phone.send_media("image", data, body.get("filename", ""))


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text.rpartition(",")[2], validate=True) or None
    except (binascii.Error, ValueError) as error:
        raise Refused("data 不是 base64", 400) from error


def _press(phone: Phone, body: Body, *, menu: bool = False) -> Bubble:
    bubble = phone.world.timeline.bubbles.get(body["bubble"])
    if bubble is None or bubble.userid != phone.member.key:
        raise Refused("这部手机上没有这个气泡", 404)
    as_user = someone(phone.world, body["as_user"]) if body.get("as_user") else None
    return phone.press(bubble, body["key"], body.get("selected", {}), menu=menu, force=bool(body.get("force")),
                       as_user=as_user)  # fmt: skip


def _menu(phone: Phone, body: Body) -> Bubble:
    entry = _entry((phone.world.menu or {}).get("button", []), body)
    if "type" not in entry:
        raise Refused("这一项有二级菜单，请再选一项")
    return phone.press_menu(entry)


def _entry(buttons: list[Body], body: Body) -> Body:
    if path := body.get("path"):
        entry: Body = {"sub_button": buttons}
        for index in path:
            children = entry.get("sub_button", [])
            if not 0 <= index < len(children):
                raise Refused("菜单没有这一项", 404)
            entry = children[index]
        return entry
    leaves: list[Body] = [leaf for button in buttons for leaf in (button.get("sub_button") or [button])]
    found = [leaf for leaf in leaves if leaf["name"] == body.get("name")]
    if not found:
        raise Refused(f"菜单没有“{body.get('name')}”", 404)
    return found[0]


def _location(phone: Phone, body: Body) -> Bubble:
    return phone.send_location(body["lat"], body["lng"], body.get("label", ""), body.get("scale", 16))


def _link(phone: Phone, body: Body) -> Bubble:
    parts = (body.get(name, "") for name in ("title", "description", "url", "picurl"))
    return phone.send_link(*parts)


def _event(phone: Phone, body: Body) -> Bubble:
    fields: Mapping[str, Any] = {"EventKey": body.get("key", ""), **body.get("fields", {})}
    return phone.event(body["event"], fields, f"事件：{body['event']}")


ACTIONS: dict[str, Callable[[Phone, Body], Bubble]] = {
    "say": lambda phone, body: phone.say(_string(body, "text")),
    "press": _press,
    "action": lambda phone, body: _press(phone, body, menu=True),
    "menu": _menu,
    "enter": lambda phone, body: phone.enter(),
    "photo": _photo,
    "voice": lambda phone, body: phone.send_media("voice"),
    "video": lambda phone, body: phone.send_media("video"),
    "link": _link,
    "location": _location,
    "event": _event,
    "raw": lambda phone, body: phone.raw(_string(body, "xml")),
}


def number(request: web.Request, name: str, default: float) -> float:
    try:
        return float(request.query.get(name, default))
    except ValueError as error:
        raise Refused(f"{name} 须是数字", 400) from error


async def bubbles(request: web.Request) -> web.Response:
    """GET /members/{userid}/bubbles"""
    world = request.app[WORLD]
    userid = someone(world, request.match_info["userid"]).key
    after = int(number(request, "after", 0))
    changed = world.timeline.changed(userid, after)
    deadline = asyncio.get_running_loop().time() + number(request, "wait", 0)
    seen = world.feed.seq
    while not changed and (left := deadline - asyncio.get_running_loop().time()) > 0:
        await world.feed.wait(seen, left, userid)
        seen, changed = world.feed.seq, world.timeline.changed(userid, after)
    return answer({"seq": world.feed.seq, "bubbles": [bubble.json() for bubble in changed]})


async def read(request: web.Request) -> web.Response:
    world = request.app[WORLD]
    world.timeline.unread.pop(someone(world, request.match_info["userid"]).key, None)
    return answer({})


def _change(world: World, change: Change) -> Body:
    bubble = world.timeline.bubbles.get(change.ref)
    more = {"userid": change.userid, "bubble": bubble.json()} if bubble else {}
    return {"seq": change.seq, "kind": change.kind, **more}


async def updates(request: web.Request) -> web.Response:
    """GET /updates: long poll."""
    world = request.app[WORLD]
    after, wait = int(number(request, "after", 0)), number(request, "wait", 0)
    changes = await world.feed.wait(after, wait, request.query.get("userid", "").lower())
    return answer({"seq": world.feed.seq, "changes": [_change(world, change) for change in changes]})


async def events(request: web.Request) -> web.StreamResponse:
    """GET /events: server-sent events."""
    world = request.app[WORLD]
    after = int(request.headers.get("Last-Event-ID") or number(request, "after", world.feed.seq))
    stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await stream.prepare(request)
    try:
        while True:
            for change in await world.feed.wait(after, 15):
                after = change.seq
                await stream.write(b"id: %d\ndata: %s\n\n" % (after, orjson.dumps(_change(world, change))))
            await stream.write(b": still here\n\n")
    except ConnectionError:
        return stream


def routes() -> list[web.RouteDef]:
    return [
        web.post("/_sim/v1/members/{userid}/read", read),
        web.post("/_sim/v1/members/{userid}/{action}", act),
        web.get("/_sim/v1/members/{userid}/bubbles", bubbles),
        web.get("/_sim/v1/updates", updates),
        web.get("/_sim/v1/events", events),
    ]
