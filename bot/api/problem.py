"""Errors of the interface as RFC 9457 has them: Chinese, never with a value that somebody sent or kept."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import orjson
from aiohttp import web

from domain.refusal import Refused
from storage.api_answers import Answer
from storage.api_keys import TooMany

PREFIX = "/api/v1/"
CONTENT_TYPE = "application/problem+json"
TYPE = "urn:rmbot:problem:"
SOON = "5"  # seconds


class Kind(NamedTuple):
    """One kind of problem: its status and its title, both constant."""

    status: int
    title: str


KINDS: Mapping[str, Kind] = {
    "malformed": Kind(400, "请求的写法不对"),
    "unauthorized": Kind(401, "密钥无效"),
    "forbidden": Kind(403, "密钥没有这个权限"),
    "not_found": Kind(404, "没有这个地址或这一行"),
    "no_such_method": Kind(405, "这个地址不接受这种方法"),
    "too_slow": Kind(408, "内容没有按时发完"),
    "conflict": Kind(409, "与库里的数据冲突"),
    "in_hand": Kind(409, "同一个请求正在处理"),
    "too_large": Kind(413, "内容太大"),
    "unsupported": Kind(415, "内容的格式不支持"),
    "mismatch": Kind(422, "同一个 Idempotency-Key，不同的内容"),
    "rejected": Kind(422, "内容不合格，未作改动"),
    "too_many": Kind(429, "请求太多"),
    "failed": Kind(500, "程序出错"),
    "unavailable": Kind(503, "现在办不了"),
}
_STATUS = {404: "not_found", 405: "no_such_method", 413: "too_large"}
_DETAILS = {
    "not_found": "没有这个地址：全部地址见 /api/v1/openapi.json",
    "no_such_method": "请看 Allow 头列出的方法，或 /api/v1/openapi.json",
    "too_large": "内容超过上限：请分成几次发",
    "failed": "请求没有做完，什么也没有改；一直这样请联系系统管理员",
    "unavailable": "请稍后用同样的 Idempotency-Key 再发一次",
}


class Problem(Exception):
    """One refusal of one request."""

    def __init__(
        self, kind: str, detail: str = "", /, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(kind)
        self.kind, self.headers = kind, dict(headers or {})
        self.status, title = KINDS[kind]
        detail = detail or _DETAILS[kind]
        self._says = {"type": TYPE + kind, "title": title, "status": self.status, "detail": detail, **more}

    def answer(self) -> Answer:
        return Answer(self.status, orjson.dumps(self._says))

    def response(self) -> web.Response:
        made = respond(self.answer())
        made.headers.update(self.headers)
        return made


def respond(answer: Answer) -> web.Response:
    """An answer as it goes out."""
    kind = CONTENT_TYPE if answer.problem else "application/json"
    return web.Response(status=answer.status, body=answer.body, headers={"Content-Type": kind})


def of_refusal(refusal: Refused) -> Problem:
    """What a refusal of the house is over HTTP."""
    if isinstance(refusal, TooMany):
        return Problem("too_many", refusal.text, headers={"Retry-After": str(refusal.seconds)})
    kind = refusal.reason if refusal.reason in KINDS else "conflict"
    return Problem(kind, refusal.text, headers={"Retry-After": SOON} if kind == "in_hand" else None)


def unavailable() -> Problem:
    return Problem("unavailable", headers={"Retry-After": SOON})


@web.middleware
async def problems(request: web.Request, handler: Any) -> web.StreamResponse:
    """What the router itself refuses below the interface's prefix is told as the rest of it is."""
    try:
        response: web.StreamResponse = await handler(request)
        return response
    except web.HTTPException as error:
        if not request.path.startswith(PREFIX) or error.status not in _STATUS:
            raise
        allow = {name: value for name, value in error.headers.items() if name == "Allow"}
        return Problem(_STATUS[error.status], headers=allow).response()
