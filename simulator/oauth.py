"""The two login redirects: OAuth inside WeCom and the browser login (wecom-protocol §8)."""

import html
from urllib.parse import urlencode, urlsplit

from aiohttp import web
from yarl import URL

from simulator.api import WORLD
from simulator.directory import Member
from simulator.world import World

PAGE = (
    "<!doctype html><meta charset=utf-8><meta name=viewport content='width=device-width'>"
    "<title>{title}</title><h3>{title}</h3>{body}"
)


def _page(title: str, body: str, status: int = 200) -> web.Response:
    text = PAGE.format(title=html.escape(title), body=body)
    return web.Response(text=text, status=status, content_type="text/html")


async def authorize(request: web.Request) -> web.Response:
    """Send the browser back with a code, as the person of `sim_user` (query or cookie)."""
    world, query = request.app[WORLD], request.query
    if problem := _problem(world, request):
        return _page(problem, "", 400)
    member = world.member(query.get("sim_user") or request.cookies.get("sim_user", ""))
    if member is None:
        return _chooser(world, request)
    back = {"code": world.oauth.issue(member.key), "state": query.get("state", "")}
    target = query["redirect_uri"]
    raise web.HTTPFound(URL(target + ("&" if urlsplit(target).query else "?") + urlencode(back), encoded=True))


def _problem(world: World, request: web.Request) -> str:
    query = request.query
    state = query.get("state", "")
    if query.get("appid") != world.app.corp_id:
        return "40013 appid 不是本企业的 CorpID"
    if urlsplit(query.get("redirect_uri", "")).netloc != world.app.trusted_domain:
        return f"50001 redirect_uri 的域名与可信域名 {world.app.trusted_domain} 不一致"
    if len(state) > 128 or not (state == "" or (state.isascii() and state.isalnum())):
        return "state 只能是字母和数字，最长 128 字节"
    if request.path == "/wwlogin/sso/login":
        return "" if query.get("login_type") == "CorpApp" else "-31040 login_type 不对"
    if query.get("response_type") != "code" or query.get("scope") not in ("snsapi_base", "snsapi_privateinfo"):
        return "response_type 须为 code，scope 须为 snsapi_base 或 snsapi_privateinfo"
    return ""


def _chooser(world: World, request: web.Request) -> web.Response:
    def line(member: Member) -> str:
        link = html.escape(str(request.rel_url.update_query(sim_user=member.key)))
        return f"<p><a href='{link}'>{html.escape(member.name)}（{html.escape(member.position)}）</a></p>"

    return _page("以谁的身份登录？", "".join(map(line, list(world.directory.members.values())[:200])))


def routes() -> list[web.RouteDef]:
    return [web.get("/connect/oauth2/authorize", authorize), web.get("/wwlogin/sso/login", authorize)]
