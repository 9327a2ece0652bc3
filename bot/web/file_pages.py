"""A file that was made for somebody, in the browser: what it holds, and the download."""

from functools import partial

from aiohttp import web

from bot.web import looks
from bot.web.visiting import Visits
from domain.ids import FileId
from handlers.made_file import visit_download, visit_file
from storage import made_files
from storage.database import Database

FILE_PATH = r"/h5/file/{name:[A-Za-z0-9_-]{1,64}}"
REFUSED = "不能下载"


class FilePages:
    """Everything below `/h5/file`."""

    def __init__(self, visits: Visits, database: Database) -> None:
        self._visits, self._database = visits, database

    def routes(self) -> list[web.RouteDef]:
        page = self._visits.page
        return [
            page(FILE_PATH, "h5.file", self._file),
            page(FILE_PATH, "h5.file.download", self._download, web.post),
        ]

    async def _file(self, request: web.Request) -> web.Response:
        """What a file that was made for somebody holds, and how often it may still be had."""
        visited = await self._visits.visit(request, visit_file, FileId, heading=REFUSED)
        return visited if isinstance(visited, web.Response) else looks.file(visited)

    async def _download(self, request: web.Request) -> web.Response:
        """The file: counted first, so that what breaks off on the way was a download too."""
        visited = await self._visits.visit(request, visit_download, FileId, heading=REFUSED)
        if isinstance(visited, web.Response):
            return visited
        return looks.attachment(visited, await self._database.read(partial(made_files.content, file=visited)))
