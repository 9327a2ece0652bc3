"""查看明文 in the browser: the wish, the code, and the fields in plain."""

from functools import partial

from aiohttp import web

from bot.web import looks
from bot.web.visiting import CARD_PATH, Visits, form_of
from domain.ids import TaskId
from handlers.reveal import AskPage, Wanted, visit_ask, visit_begin
from handlers.reveal_look import CodePage, PlainPage, visit_code, visit_look
from storage.reveals import Reveal

REVEAL_PATH = CARD_PATH + "/reveal"
LOOK_PATH = REVEAL_PATH + r"/{reveal_id:[A-Za-z0-9_-]{1,64}}"


class RevealPages:
    """Everything below a card's `/reveal`."""

    def __init__(self, visits: Visits) -> None:
        self._visits = visits

    def routes(self) -> list[web.RouteDef]:
        page = self._visits.page
        return [
            page(REVEAL_PATH, "h5.reveal.ask", self._ask),
            page(REVEAL_PATH, "h5.reveal.begin", self._begin, web.post),
            page(LOOK_PATH, "h5.reveal", self._look),
            page(LOOK_PATH, "h5.reveal.code", self._code, web.post),
        ]

    async def _ask(self, request: web.Request) -> web.Response:
        """What is to be shown in plain, and what for."""
        visited = await self._visits.visit(request, visit_ask, TaskId, _card(request))
        return visited if isinstance(visited, web.Response) else looks.ask_reveal(visited, _card(request))

    async def _begin(self, request: web.Request) -> web.Response:
        """The wish; where something is missing, the page says so and keeps what was chosen."""
        form = await form_of(request)
        fields = [str(value) for value in form.getall("field", [])]
        wanted = Wanted.of(fields, *(str(form.get(name, "")) for name in ("purpose", "reference", "way")))

        visited = await self._visits.visit(request, partial(visit_begin, wanted=wanted), TaskId, _card(request))
        if isinstance(visited, web.Response):
            return visited
        if isinstance(visited, AskPage):
            return looks.ask_reveal(visited, _card(request))
        assert isinstance(visited, Reveal)
        return _see_other(f"{request.path}/{visited.id}")

    async def _look(self, request: web.Request) -> web.Response:
        """The fields in plain for as long as the look lasts; before that, the code."""
        reveal_id = request.match_info["reveal_id"]

        visited = await self._visits.visit(request, partial(visit_look, reveal_id=reveal_id), TaskId, _card(request))
        if isinstance(visited, web.Response):
            return visited
        if isinstance(visited, CodePage):
            return looks.code(visited, f"{_card(request)}/reveal")
        assert isinstance(visited, PlainPage)
        return looks.plain(visited, _card(request))

    async def _code(self, request: web.Request) -> web.Response:
        """A code that was typed, or the wish for another one."""
        reveal_id, form = request.match_info["reveal_id"], await form_of(request)
        typed = None if "again" in form else str(form.get("code", ""))

        visited = await self._visits.visit(
            request, partial(visit_code, reveal_id=reveal_id, typed=typed), TaskId, f"{_card(request)}/reveal"
        )
        if isinstance(visited, web.Response):
            return visited
        if isinstance(visited, CodePage) and visited.wrong:
            return looks.code(visited, f"{_card(request)}/reveal")
        return _see_other(request.path)


def _card(request: web.Request) -> str:
    return request.path.partition("/reveal")[0]


def _see_other(address: str) -> web.Response:
    return web.Response(status=303, headers={"Location": address})
