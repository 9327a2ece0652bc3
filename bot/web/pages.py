"""The routes of both ports that are for browsers and operators; what a page shows is decided in handlers."""

from aiohttp import web

from bot.clock import HouseClock
from bot.settings import Settings
from bot.web import assets, headers, looks
from bot.web.cookie import Cookie
from bot.web.file_pages import FilePages
from bot.web.health import Health
from bot.web.photo_pages import PhotoPages
from bot.web.reveal_pages import RevealPages
from bot.web.sign_in import CALLBACK_PATH, SignIn
from bot.web.verify import VERIFY_PATH, VerifyFiles
from bot.web.visiting import CARD_PATH, Visits
from bot.wecom_client import WecomClient
from domain.ids import TaskId
from handlers.context import House
from handlers.page import visit_call, visit_page
from storage.database import Database

CALL_PATH = CARD_PATH + "/call"


class Web:
    """Pages and health of one process; `ready` is set once callbacks can be kept."""

    def __init__(
        self, database: Database, house: House, clock: HouseClock, wecom: WecomClient, settings: Settings
    ) -> None:
        self._https = settings.public_url.startswith("https://")
        self._clock, cookie = clock, Cookie(https=self._https)
        self._sign_in = SignIn(database, house, wecom, cookie, settings)
        self._visits = Visits(database, house, clock, cookie, self._sign_in)
        self._reveal, self._files = RevealPages(self._visits), FilePages(self._visits, database)
        self._photos = PhotoPages(self._visits)
        self._health = Health(database, lambda: self.ready)
        self._verify = VerifyFiles(settings.state / "verify")
        self.ready = False

    def public_routes(self) -> list[web.RouteDef]:
        return [
            self._visits.page(CARD_PATH, "h5.card", self._card),
            self._visits.page(CALL_PATH, "h5.call", self._call),
            *self._reveal.routes(),
            *self._photos.routes(),
            *self._files.routes(),
            self._visits.page(CALLBACK_PATH, "h5.oauth", self._come_back),
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
        visited = await self._visits.visit(request, visit_page, TaskId)
        return visited if isinstance(visited, web.Response) else looks.customer(visited, request.path)

    async def _call(self, request: web.Request) -> web.Response:
        """The number to dial, one tap further."""
        visited = await self._visits.visit(request, visit_call, TaskId)
        return visited if isinstance(visited, web.Response) else looks.call(visited)

    async def _come_back(self, request: web.Request) -> web.Response:
        await self._clock.reread()
        return await self._sign_in.come_back(request)
