"""To WeCom and back: silent OAuth (wecom-protocol.md §8.1) with a state bound to the browser that asked."""

from urllib.parse import urlencode

import structlog
from aiohttp import web

from bot.outside import Unanswered
from bot.settings import Settings
from bot.web import looks
from bot.web.cookie import Cookie
from bot.wecom_client import WecomClient, WecomError
from domain.ids import UserId, userid
from domain.refusal import Refused
from handlers import sign_in
from handlers.context import House
from storage.database import Database

CALLBACK_PATH = "/h5/oauth"
LONGEST_CODE, LONGEST_STATE = 512, 128  # bytes (page 91022)
BAD_CODE = 40029
NO_ANSWER = "企业微信暂时没有回应，请稍后从企业微信里的卡片重新打开。"

log = structlog.get_logger("web")


class SignIn:
    """Finds out who holds the phone; nothing a browser sends decides where it is led."""

    def __init__(
        self, database: Database, house: House, wecom: WecomClient, cookie: Cookie, settings: Settings
    ) -> None:
        self._database, self._house, self._wecom, self._cookie = database, house, wecom, cookie
        self._settings = settings.wecom

    async def send_off(self, target: str) -> web.Response:
        """To WeCom, which comes back with a code; `target` is our own path, kept on our side."""
        begun = await self._database.do(lambda unit: sign_in.begin(unit, target), "sign_in.begin")
        return self._cookie.give(_redirect(self._authorize(begun.state)), begun.token)

    def _authorize(self, state: str) -> str:
        query = {
            "appid": self._settings.corp_id,
            "redirect_uri": self._house.public_url + CALLBACK_PATH,
            "response_type": "code",
            "scope": "snsapi_base",
            "state": state,
            "agentid": self._settings.agent_id,
        }
        return f"{self._settings.oauth_base}/connect/oauth2/authorize?{urlencode(query)}#wechat_redirect"

    async def come_back(self, request: web.Request) -> web.Response:
        """Whose code it is becomes whose session it is; the token is a new one (fixation)."""
        code, state = _single(request, "code", LONGEST_CODE), _single(request, "state", LONGEST_STATE)
        if code is None or state is None:
            return _expired(400)
        token = self._cookie.read(request)
        try:
            target = await self._database.do(lambda unit: sign_in.returned(unit, token, state), "sign_in.returned")
            person = await self._whose(code)
        except (Refused, WecomError) as error:
            return _not_signed_in(error)
        except Unanswered:
            return looks.message(503, "稍后再试", NO_ANSWER)
        return await self._enter(person, target)

    async def _whose(self, code: str) -> UserId:
        """Empty for somebody who is no member of the corporation: WeCom then gives an openid and no userid."""
        answer = await self._wecom.call("GET", "auth/getuserinfo", params={"code": code})
        return userid(str(answer.get("userid", "")))

    async def _enter(self, person: UserId, target: str) -> web.Response:
        entered = await self._database.do(lambda unit: sign_in.finish(unit, self._house, person), "sign_in.finish")
        if isinstance(entered, Refused):
            return looks.message(403, "不能登录", entered.text)
        return self._cookie.give(_redirect(target), entered)


def _not_signed_in(error: Refused | WecomError) -> web.Response:
    log.warning("sign_in_refused", why=str(error.errcode) if isinstance(error, WecomError) else error.reason)
    if isinstance(error, WecomError) and error.errcode != BAD_CODE:
        return looks.message(503, "稍后再试", NO_ANSWER)
    return _expired(403)


def _expired(status: int) -> web.Response:
    return looks.message(status, "登录已失效", sign_in.EXPIRED)


def _single(request: web.Request, name: str, longest: int) -> str | None:
    """A parameter that is there exactly once and not too long; else None."""
    values = request.query.getall(name, [])
    return values[0] if len(values) == 1 and 0 < len(values[0].encode(errors="replace")) <= longest else None


def _redirect(address: str) -> web.Response:
    return web.Response(status=302, headers={"Location": address})
