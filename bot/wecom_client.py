"""WeCom's HTTP interface: one call, bounded in time, with the token refreshed once; errors never carry secrets."""

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import orjson
from yarl import URL

from bot.outside import Line, Unanswered, Unreached
from bot.retry import RetryClass, class_of
from bot.sections import Wecom
from bot.token import TokenKeeper

OK = 200
MAX_ANSWER_BYTES = 20 * 1024 * 1024  # a media file, the largest thing WeCom hands out (page 90253)
T = TypeVar("T")
_HINT = re.compile(r"hint: \[([^\]]{1,80})\]")


class WecomError(Exception):
    """WeCom refused; `hint` is what its support asks for."""

    def __init__(self, errcode: int, hint: str) -> None:
        super().__init__(f"errcode {errcode}" + (f", hint {hint}" if hint else ""))
        self.errcode = errcode
        self.hint = hint


class Refusals:
    """Reads WeCom's JSON answers."""

    @staticmethod
    def read(text: bytes) -> dict[str, Any]:
        try:
            answer = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise Unanswered("no JSON") from error
        if not isinstance(answer, dict):
            raise Unanswered("no object")
        code = answer.get("errcode", 0)
        if not isinstance(code, int):
            raise Unanswered("no errcode")
        if code:
            hint = _HINT.search(str(answer.get("errmsg", "")))
            raise WecomError(code, hint.group(1) if hint else "")
        return answer


class WecomClient:
    """Calls of one application. `body` is sent byte for byte as given."""

    def __init__(self, settings: Wecom, tokens: TokenKeeper) -> None:
        self._settings, self._tokens = settings, tokens
        self._line = Line(ca_file=settings.ca_file, proxy=settings.proxy, most_bytes=MAX_ANSWER_BYTES, keep=True)

    async def start(self) -> None:
        await self._line.start()
        self._tokens.bind(self._fetch_token)

    async def stop(self) -> None:
        await self._line.stop()

    async def call(
        self, method: str, path: str, *, params: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> dict[str, Any]:
        """One API call (`path` without /cgi-bin/). Raises WecomError or Unanswered."""

        async def once(token: str) -> dict[str, Any]:
            content, _ = await self._request(method, path, {**(params or {}), "access_token": token}, body)
            return Refusals.read(content)

        return await self._with_token(once)

    async def download(self, media_id: str) -> tuple[bytes, str]:
        """A media file and its type; raises as `call`, for WeCom answers errors in JSON (page 90254)."""

        async def once(token: str) -> tuple[bytes, str]:
            content, kind = await self._request("GET", "media/get", {"access_token": token, "media_id": media_id}, None)
            if "json" in kind:
                Refusals.read(content)
            return content, kind

        return await self._with_token(once)

    async def upload(self, kind: str, name: str, content_type: str, content: bytes) -> str:
        """The media id of a file, good for three days (page 90253); raises as `call`. `name` is what a phone shows of a
        file, and holds neither quotes nor line ends."""
        boundary = secrets.token_hex(16)
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="media"; filename="{name}"; '
            f"filelength={len(content)}\r\nContent-Type: {content_type}\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()

        async def once(token: str) -> str:
            query = {"access_token": token, "type": kind}
            form = f"multipart/form-data; boundary={boundary}"
            answer, _ = await self._request("POST", "media/upload", query, body, form)
            return str(Refusals.read(answer).get("media_id", ""))

        return await self._with_token(once)

    async def _with_token(self, once: Callable[[str], Awaitable[T]]) -> T:
        """The call with a token; once more with a fresh one when WeCom refuses the token."""
        token = await self._token()
        try:
            return await once(token)
        except WecomError as error:
            if class_of(error.errcode) is not RetryClass.TOKEN:
                raise
        return await once(await self._token(stale=token))

    async def _token(self, stale: str | None = None) -> str:
        try:
            return await self._tokens.get(stale)
        except Unanswered as error:
            raise Unreached(f"gettoken: {error}") from None

    async def _fetch_token(self) -> tuple[str, float]:
        secret = self._settings.secret.get_secret_value()
        query = {"corpid": self._settings.corp_id, "corpsecret": secret}
        content, _ = await self._request("GET", "gettoken", query, None)
        answer = Refusals.read(content)
        try:
            return str(answer["access_token"]), float(answer["expires_in"])
        except (KeyError, TypeError, ValueError) as error:
            raise Unanswered("no token") from error

    async def _request(
        self, method: str, path: str, query: Mapping[str, str], body: bytes | None, sends: str = "application/json"
    ) -> tuple[bytes, str]:
        url = URL(f"{self._settings.api_base}/cgi-bin/{path}").with_query(query)
        headers = {"Content-Type": sends} if body is not None else {}
        answer = await self._line.call(method, url, headers, body)
        if answer.status != OK:
            raise Unanswered(f"HTTP {answer.status}")
        return answer.content, answer.content_type
