"""HTTP servers that never explain themselves to a stranger: constant texts, no traceback, bounded bodies."""

from typing import Any

import structlog
from aiohttp import web
from aiohttp.web_protocol import RequestHandler
from aiohttp.web_server import Server

log = structlog.get_logger("http")
_TEXTS = {400: "bad request", 404: "not found", 405: "method not allowed", 413: "too large"}


class _Handler(RequestHandler):
    """Answers what aiohttp's own parser refuses as we answer everything else that is malformed."""

    def handle_error(
        self, request: Any, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        log.info("http_refused", status=status, error=type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun; a second one would garble it")
        # No page's headers apply here, so aiohttp would name itself and Python, with their versions.
        response = web.Response(status=status, text=_TEXTS.get(status, "error"), headers={"Server": "rmbot"})
        response.force_close()
        return response

    def log_exception(self, *args: Any, **kw: Any) -> None:
        log.info("http_broken", error=type(kw.get("exc_info")).__name__)


class _Server(Server):
    def __call__(self) -> RequestHandler:
        return _Handler(self, loop=self._loop, **self._kwargs)


class Runner(web.AppRunner):
    """An AppRunner whose connections use the handler above."""

    async def _make_server(self) -> Server:
        made = await super()._make_server()
        return _Server(made.request_handler, request_factory=made.request_factory, **made._kwargs)


@web.middleware
async def constant_errors(request: web.Request, handler: Any) -> web.StreamResponse:
    """Whatever goes wrong inside a page, the outside reads a constant text."""
    try:
        response: web.StreamResponse = await handler(request)
        return response
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return web.Response(status=error.status, text=_TEXTS.get(error.status, "error"))
    except Exception as error:
        log.error("page_failed", path=request.match_info.route.name, error=type(error).__name__)
        return web.Response(status=500, text="error")
