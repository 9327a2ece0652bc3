"""What every page does: who is there, where a form comes from, what a handler has to show, and how a refusal looks."""

from collections.abc import Awaitable, Callable
from functools import wraps
from typing import TypeAlias, TypeVar

import structlog
from aiohttp import web
from multidict import MultiDictProxy
from prometheus_client import Counter

from bot.clock import HouseClock
from bot.web import looks
from bot.web.cookie import Cookie
from bot.web.same_origin import strange
from bot.web.sign_in import SignIn
from domain.ids import FileId, TaskId
from domain.refusal import Forbidden, Refused
from handlers import made_file, on_card, page, photo_page
from handlers.context import House
from storage.database import Database
from storage.unit import Unit

ANSWERED = Counter("rmbot_page_total", "Pages by name and status", ["page", "status"])
CARD_PATH = r"/h5/card/{name:[A-Za-z0-9_-]{1,64}}"
UNKNOWN = frozenset({on_card.NOT_FOUND, page.NOT_TO_DIAL, made_file.NOT_FOUND, photo_page.NONE})

UNREADABLE = "提交的内容看不懂，或者太大。请回到页面，重新填写再提交。"
log = structlog.get_logger("web")
Handle = Callable[[web.Request], Awaitable[web.Response]]
Method: TypeAlias = Callable[..., web.RouteDef]
Page = TypeVar("Page")
Name = TypeVar("Name", TaskId, FileId)
Visit: TypeAlias = Callable[[Unit, House, str, Name], Page | Refused | None]


class Visits:
    """The readers of one process."""

    def __init__(
        self, database: Database, house: House, clock: HouseClock, cookie: Cookie, sign_in: SignIn
    ) -> None:  # fmt: skip
        self._database, self._house, self._clock = database, house, clock
        self._cookie, self._sign_in = cookie, sign_in

    async def visit(
        self, request: web.Request, visit: Visit[Name, Page], named: Callable[[str], Name], back: str = "",
        heading: str = "不能查看",
    ) -> Page | web.Response:  # fmt: skip
        """What a handler has to show; without a session, first to WeCom and back. `back`: where one who is refused
        goes on; `heading`: above the refusal.
        """
        await self._clock.reread()
        token, name = self._cookie.read(request), named(request.match_info["name"])
        visited = await self._database.do(lambda unit: visit(unit, self._house, token, name), "page")
        if visited is None:
            return await self._sign_in.send_off(request.path)
        return _refused(visited, back, heading) if isinstance(visited, Refused) else visited

    def page(self, path: str, name: str, handle: Handle, method: Method = web.get) -> web.RouteDef:
        """A route for people: a form comes from our own page, and even what goes wrong inside is told in their
        language, with a constant text.
        """

        @wraps(handle)
        async def answer(request: web.Request) -> web.Response:
            try:
                response = strange(request, self._house.public_url) or await handle(request)
            except web.HTTPException as error:
                response = looks.message(error.status, "没有收到", UNREADABLE)
            except Exception as error:
                log.error("page_failed", page=name, error=type(error).__name__)
                response = looks.message(500, "页面暂时打不开", "请稍后再试；一直这样请联系系统管理员。")
            ANSWERED.labels(name, response.status).inc()
            return response

        return method(path, answer, name=name, **({"allow_head": False} if method is web.get else {}))


async def form_of(request: web.Request) -> "MultiDictProxy[str | bytes | bytearray | web.FileField]":
    """What was filled in; raises HTTPBadRequest for bytes that are no form."""
    try:
        return await request.post()
    except (ValueError, LookupError):  # broken UTF-8 or multipart, an encoding nobody knows
        raise web.HTTPBadRequest from None


def _refused(refusal: Refused, back: str, heading: str) -> web.Response:
    if isinstance(refusal, Forbidden):
        return looks.message(403, heading, refusal.text)
    if refusal.text in UNKNOWN:
        return looks.message(404, "没有找到", refusal.text)
    return looks.message(403, heading, refusal.text, back)
