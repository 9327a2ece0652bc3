"""The one cookie: an opaque token that only our own server can read, bound to our host where there is HTTPS."""

from aiohttp import web


class Cookie:
    """`__Host-` asks the browser for Secure, no domain and the whole path; plain HTTP (a laptop) cannot have it."""

    def __init__(self, *, https: bool) -> None:
        self._https = https
        self.name = "__Host-rm_session" if https else "rm_session"

    def read(self, request: web.Request) -> str:
        return request.cookies.get(self.name, "")

    def give(self, response: web.Response, token: str) -> web.Response:
        """Lax, for the way back from WeCom is a navigation from another site."""
        response.set_cookie(self.name, token, path="/", httponly=True, secure=self._https, samesite="Lax")
        return response
