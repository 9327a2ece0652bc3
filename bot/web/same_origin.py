"""Forms are taken from our own pages alone: another site cannot send one in a reader's name (OWASP CSRF, by Origin)."""

from aiohttp import web
from yarl import URL

from bot.web import looks

SAFE = frozenset({"GET", "HEAD"})


def strange(request: web.Request, public_url: str) -> web.Response | None:
    """The answer to what would change something and does not come from our own page. Browsers name where a form comes
    from; a request that names nothing is refused."""
    if request.method in SAFE or _ours(request, public_url):
        return None
    return looks.message(403, "不能办理", "请从企业微信里的卡片打开页面，再在页面上操作。")


def _ours(request: web.Request, public_url: str) -> bool:
    origin, site = request.headers.get("Origin"), request.headers.get("Sec-Fetch-Site", "same-origin")
    if origin is None:
        return "Sec-Fetch-Site" in request.headers and site == "same-origin"
    return site == "same-origin" and origin == str(URL(public_url).origin())
