"""What operators and their tools ask: alive, ready, metrics, and the description of the interface."""

import asyncio
from collections.abc import Callable

import structlog
from aiohttp import web
from prometheus_client import generate_latest

from bot.web.openapi import ADMIN, document
from storage.database import Database

PATIENCE = 2.0  # seconds until a database that does not commit counts as gone
_METRICS = "text/plain; version=0.0.4; charset=utf-8"

log = structlog.get_logger("health")


class Health:
    """`ready` means that a callback could be kept now: the process has started and its database commits."""

    def __init__(self, database: Database, started: Callable[[], bool]) -> None:
        self._database, self._started = database, started

    def public_routes(self) -> list[web.RouteDef]:
        return [web.get("/livez", self._livez, name="livez"), web.get("/readyz", self._readyz, name="readyz")]

    def admin_routes(self) -> list[web.RouteDef]:
        handlers = {"metrics": self._metrics, "livez": self._livez, "readyz": self._readyz, "openapi": self._openapi}
        return [web.get(path, handlers[name], name=name) for path, name in ADMIN.items()]

    async def _livez(self, _: web.Request) -> web.Response:
        return web.Response(text="ok")

    async def _readyz(self, _: web.Request) -> web.Response:
        if self._started() and await self._commits():
            return web.Response(text="ok")
        return web.Response(status=503, text="not ready")

    async def _commits(self) -> bool:
        try:
            await asyncio.wait_for(self._database.do(lambda _unit: None, "readyz"), PATIENCE)
        except Exception as error:
            log.warning("database_not_ready", error=type(error).__name__)
            return False
        return True

    async def _metrics(self, _: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": _METRICS})

    async def _openapi(self, _: web.Request) -> web.Response:
        return web.json_response(document())
