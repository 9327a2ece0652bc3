"""The photos behind a card in the browser: a page of them, and each by itself."""

from aiohttp import web

from bot.web import looks
from bot.web.visiting import CARD_PATH, Visits
from domain.ids import TaskId
from handlers.photo_page import visit_photo, visit_photos

PHOTOS_PATH = CARD_PATH + "/photos"
PHOTO_PATH = PHOTOS_PATH + r"/{number:[1-9]\d{0,3}}"


class PhotoPages:
    """Everything below `/h5/card/<card>/photos`."""

    def __init__(self, visits: Visits) -> None:
        self._visits = visits

    def routes(self) -> list[web.RouteDef]:
        page = self._visits.page
        return [page(PHOTOS_PATH, "h5.photos", self._all), page(PHOTO_PATH, "h5.photo", self._one)]

    async def _all(self, request: web.Request) -> web.Response:
        visited = await self._visits.visit(request, visit_photos, TaskId)
        return visited if isinstance(visited, web.Response) else looks.photos(visited, request.path)

    async def _one(self, request: web.Request) -> web.Response:
        visit = visit_photo(int(request.match_info["number"]))
        visited = await self._visits.visit(request, visit, TaskId)
        return visited if isinstance(visited, web.Response) else looks.photo(visited)
