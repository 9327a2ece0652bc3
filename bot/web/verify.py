"""The file by which WeCom checks that the domain is ours (WW_verify_….txt), from a folder of the operator's."""

import asyncio
from pathlib import Path

from aiohttp import web

VERIFY_PATH = r"/WW_verify_{name:[A-Za-z0-9]{1,64}}.txt"


class VerifyFiles:
    """Serves what lies in the folder under exactly this form of name, and nothing else."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def serve(self, request: web.Request) -> web.Response:
        path = self._folder / f"WW_verify_{request.match_info['name']}.txt"
        try:
            content = await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            raise web.HTTPNotFound from error
        return web.Response(body=content, content_type="text/plain")
