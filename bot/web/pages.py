"""The routes of both ports that are for browsers and operators; what a page shows is decided in handlers."""

from collections.abc import Awaitable, Callable
from functools import partial, wraps
from typing import TypeAlias, TypeVar

import structlog
from aiohttp import web
from prometheus_client import Counter

from bot.clock import HouseClock
from bot.settings import Settings
from bot.web import assets, headers, looks
from bot.web.cookie import Cookie
from bot.web.health import Health
from bot.web.sign_in import CALLBACK_PATH, SignIn
from bot.web.verify import VERIFY_PATH, VerifyFiles
from bot.wecom_client import WecomClient
from domain.ids import FileId, TaskId
from domain.refusal import Forbidden, Refused
from handlers.context import House
from handlers.made_file import FilePage, visit_download, visit_file
from handlers.page import CallPage, CustomerPage, visit_call, visit_page
from handlers.reveal import AskPage, PlainPage, Wanted, visit_ask, visit_begin, visit_plain
from storage import made_files
from storage.database import Database
from storage.made_files import MadeFile
from storage.reveals import Reveal
from storage.unit import Unit

ANSWERED = Counter("rmbot_page_total", "Pages by name and status", ["page", "status"])
CARD_PATH = r"/h5/card/{name:[A-Za-z0-9_-]{1,64}}"
CALL_PATH = CARD_PATH + "/call"
REVEAL_PATH = CARD_PATH + "/reveal"
PLAIN_PATH = REVEAL_PATH + r"/{reveal_id:[A-Za-z0-9_-]{1,64}}"
FILE_PATH = r"/h5/file/{name:[A-Za-z0-9_-]{1,64}}"

log = structlog.get_logger("web")
Handle = Callable[[web.Request], Awaitable[web.Response]]
Method: TypeAlias = Callable[..., web.RouteDef]
Page = TypeVar("Page", CustomerPage, CallPage, AskPage, PlainPage, Reveal, FilePage, MadeFile)
Name = TypeVar("Name", TaskId, FileId)
Visit: TypeAlias = Callable[[Unit, House, str, Name], Page | Refused | None]


class Web:
    """Pages and health of one process; `ready` is set once callbacks can be kept."""

    def __init__(
        self, database: Database, house: House, clock: HouseClock, wecom: WecomClient, settings: Settings
    ) -> None:
        self._https = settings.public_url.startswith("https://")
        self._database, self._house, self._clock = database, house, clock
        self._cookie = Cookie(https=self._https)
        self._sign_in = SignIn(database, house, wecom, self._cookie, settings)
        self._health = Health(database, lambda: self.ready)
        self._verify = VerifyFiles(settings.state / "verify")
        self.ready = False

    def public_routes(self) -> list[web.RouteDef]:
        return [
            _page(CARD_PATH, "h5.card", self._card),
            _page(CALL_PATH, "h5.call", self._call),
            _page(REVEAL_PATH, "h5.reveal.ask", self._ask_reveal),
            _page(REVEAL_PATH, "h5.reveal.begin", self._begin_reveal, web.post),
            _page(PLAIN_PATH, "h5.reveal", self._plain),
            _page(FILE_PATH, "h5.file", self._file),
            _page(FILE_PATH, "h5.file.download", self._download, web.post),
            _page(CALLBACK_PATH, "h5.oauth", self._come_back),
            web.get(assets.PREFIX + "{name}", assets.serve, name="h5.static"),
            web.get(VERIFY_PATH, self._verify.serve, name="verify"),
            *self._health.public_routes(),
        ]

    def admin_routes(self) -> list[web.RouteDef]:
        return self._health.admin_routes()

    def protect(self, application: web.Application) -> None:
        """Give every answer of the application, errors included, the headers of this house."""
        headers.protect(application, https=self._https)

    async def _card(self, request: web.Request) -> web.Response:
        """The page behind a summary card."""
        visited = await self._visit(request, visit_page, TaskId)
        return visited if isinstance(visited, web.Response) else looks.customer(visited, request.path)

    async def _call(self, request: web.Request) -> web.Response:
        """The number to dial, one tap further."""
        visited = await self._visit(request, visit_call, TaskId)
        return visited if isinstance(visited, web.Response) else looks.call(visited)

    async def _ask_reveal(self, request: web.Request) -> web.Response:
        """What is to be shown in plain, and what for."""
        visited = await self._visit(request, visit_ask, TaskId)
        return visited if isinstance(visited, web.Response) else looks.ask_reveal(visited)

    async def _begin_reveal(self, request: web.Request) -> web.Response:
        """A look is granted; where WeCom's word has grown old meanwhile, the page that asks begins again."""
        if _from_elsewhere(request):
            return looks.message(403, "不能查看", "请从客户详情页面打开。")
        form = await request.post()
        wanted = Wanted.of(
            [str(value) for value in form.getall("field", [])],
            str(form.get("purpose", "")),
            str(form.get("reference", "")),
        )
        visited = await self._visit(
            request, lambda unit, house, token, task_id: visit_begin(unit, house, token, task_id, wanted), TaskId
        )
        if isinstance(visited, web.Response):
            return visited
        return web.Response(status=303, headers={"Location": f"{request.path}/{visited.id}"})

    async def _plain(self, request: web.Request) -> web.Response:
        """The fields in plain, for as long as the look lasts."""
        reveal_id, card = request.match_info["reveal_id"], request.path.rpartition("/reveal/")[0]
        visited = await self._visit(
            request, lambda unit, house, token, task_id: visit_plain(unit, house, token, task_id, reveal_id), TaskId
        )
        return visited if isinstance(visited, web.Response) else looks.plain(visited, card)

    async def _file(self, request: web.Request) -> web.Response:
        """What a file that was made for somebody holds, and how often it may still be had."""
        visited = await self._visit(request, visit_file, FileId)
        return visited if isinstance(visited, web.Response) else looks.file(visited)

    async def _download(self, request: web.Request) -> web.Response:
        """The file: counted first, so that what breaks off on the way was a download too."""
        if _from_elsewhere(request):
            return looks.message(403, "不能下载", "请从文件的页面下载。")
        visited = await self._visit(request, visit_download, FileId)
        if isinstance(visited, web.Response):
            return visited
        return looks.attachment(visited, await self._database.read(partial(made_files.content, file=visited)))

    async def _visit(
        self, request: web.Request, visit: Visit[Name, Page], named: Callable[[str], Name]
    ) -> Page | web.Response:
        """What a handler has to show; without a session, first to WeCom and back."""
        await self._clock.reread()
        token, name = self._cookie.read(request), named(request.match_info["name"])
        visited = await self._database.do(lambda unit: visit(unit, self._house, token, name), "page")
        if visited is None:
            return await self._sign_in.send_off(request.path)
        return _refused(visited) if isinstance(visited, Refused) else visited

    async def _come_back(self, request: web.Request) -> web.Response:
        await self._clock.reread()
        return await self._sign_in.come_back(request)


def _from_elsewhere(request: web.Request) -> bool:
    """Another site posts in the reader's name."""
    return request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin"


def _refused(refusal: Refused) -> web.Response:
    if isinstance(refusal, Forbidden):
        return looks.message(403, "不能查看", refusal.text)
    return looks.message(404, "没有找到", refusal.text)


def _page(path: str, name: str, handle: Handle, method: Method = web.get) -> web.RouteDef:
    """A route for people: even what goes wrong inside is told in their language, with a constant text."""

    @wraps(handle)
    async def answer(request: web.Request) -> web.Response:
        try:
            response = await handle(request)
        except Exception as error:
            log.error("page_failed", page=name, error=type(error).__name__)
            response = looks.message(500, "页面暂时打不开", "请稍后再试；一直这样请联系系统管理员。")
        ANSWERED.labels(name, response.status).inc()
        return response

    return method(path, answer, name=name, **({"allow_head": False} if method is web.get else {}))
