"""WeCom's HTTP interface: one call, bounded in time, with the token refreshed once; errors never carry secrets."""

import re
import ssl
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import aiohttp
import orjson

from bot.retry import RetryClass, class_of
from bot.sections import Wecom
from bot.token import TokenKeeper

CALL_SECONDS, CONNECT_SECONDS = 10.0, 5.0
MAX_ANSWER_BYTES = 20 * 1024 * 1024  # a media file, the largest thing WeCom hands out (page 90253)
T = TypeVar("T")
_HINT = re.compile(r"hint: \[([^\]]{1,80})\]")


class WecomError(Exception):
    """WeCom refused; `hint` is what its support asks for."""

    def __init__(self, errcode: int, hint: str) -> None:
        super().__init__(f"errcode {errcode}" + (f", hint {hint}" if hint else ""))
        self.errcode = errcode
        self.hint = hint


class WecomUnknown(Exception):
    """No usable answer: the call may or may not have had its effect."""


class WecomUnreached(WecomUnknown):
    """The call never left this machine: nothing happened."""


class Refusals:
    """Reads WeCom's JSON answers."""

    @staticmethod
    def read(text: bytes) -> dict[str, Any]:
        try:
            answer = orjson.loads(text)
        except orjson.JSONDecodeError as error:
            raise WecomUnknown("no JSON") from error
        if not isinstance(answer, dict):
            raise WecomUnknown("no object")
        code = answer.get("errcode", 0)
        if not isinstance(code, int):
            raise WecomUnknown("no errcode")
        if code:
            hint = _HINT.search(str(answer.get("errmsg", "")))
            raise WecomError(code, hint.group(1) if hint else "")
        return answer


class WecomClient:
    """Calls of one application. `body` is sent byte for byte as given."""

    def __init__(self, settings: Wecom, tokens: TokenKeeper) -> None:
        self._settings, self._tokens = settings, tokens
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        context = ssl.create_default_context(cafile=self._settings.ca_file) if self._settings.ca_file else True
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=CALL_SECONDS, sock_connect=CONNECT_SECONDS),
            connector=aiohttp.TCPConnector(limit=64, ssl=context),
        )
        self._tokens.bind(self._fetch_token)

    async def stop(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(
        self, method: str, path: str, *, params: Mapping[str, str] | None = None, body: bytes | None = None
    ) -> dict[str, Any]:
        """One API call (`path` without /cgi-bin/). Raises WecomError or WecomUnknown."""

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
        except WecomUnknown as error:
            raise WecomUnreached(f"gettoken: {error}") from None

    async def _fetch_token(self) -> tuple[str, float]:
        secret = self._settings.secret.get_secret_value()
        query = {"corpid": self._settings.corp_id, "corpsecret": secret}
        content, _ = await self._request("GET", "gettoken", query, None)
        answer = Refusals.read(content)
        try:
            return str(answer["access_token"]), float(answer["expires_in"])
        except (KeyError, TypeError, ValueError) as error:
            raise WecomUnknown("no token") from error

    async def _request(self, method: str, path: str, query: Mapping[str, str], body: bytes | None) -> tuple[bytes, str]:
        assert self._session is not None
        url = f"{self._settings.api_base}/cgi-bin/{path}"
        headers = {"Content-Type": "application/json"} if body is not None else {}
        proxy = self._settings.proxy or None
        try:
            async with self._session.request(
                method, url, params=query, data=body, headers=headers, proxy=proxy, allow_redirects=False
            ) as response:
                if response.status != 200:
                    raise WecomUnknown(f"HTTP {response.status}")
                return await _bounded(response), response.content_type
        # The text of a client error names the URL, and the URL names the token.
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise WecomUnreached(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise WecomUnknown(type(error).__name__) from None


async def _bounded(response: aiohttp.ClientResponse) -> bytes:
    content = bytearray()
    async for chunk in response.content.iter_any():
        content += chunk
        if len(content) > MAX_ANSWER_BYTES:
            raise WecomUnknown("answer too large")
    return bytes(content)
