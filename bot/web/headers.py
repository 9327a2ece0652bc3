"""What every answer carries to the browser: what may run, be framed, be kept, be told to others."""

from collections.abc import Mapping

from aiohttp import web

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
EVERYWHERE: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",  # without any, browsers send forms with Origin: null
    "X-Content-Type-Options": "nosniff",
}
FOR_EVER = "public, max-age=31536000, immutable"
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}


def protect(application: web.Application, *, https: bool) -> None:
    """Set the headers on every answer of the application, errors included; an answer may set its own cache rule."""
    headers = {**EVERYWHERE, **(HTTPS_ONLY if https else {})}

    async def set_headers(_request: web.Request, response: web.StreamResponse) -> None:
        response.headers["Server"] = "rmbot"
        for name, value in headers.items():
            response.headers.setdefault(name, value)

    application.on_response_prepare.append(set_headers)
