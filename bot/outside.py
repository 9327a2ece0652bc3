"""One HTTP call to somebody else: bounded in time and size; its errors tell whether anything left this machine."""

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from yarl import URL

CALL_SECONDS, CONNECT_SECONDS = 10.0, 5.0
# Nothing of the request can have left: no connection, no handshake, no way through the proxy.
_NEVER_LEFT = (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError, aiohttp.ClientHttpProxyError)


class Unanswered(Exception):
    """No usable answer: the call may or may not have had its effect."""


class Unreached(Unanswered):
    """The call never left this machine: nothing happened."""


@dataclass(frozen=True)
class Answer:
    """What came back, whatever its status."""

    status: int
    content: bytes = field(repr=False)
    content_type: str


class Line:
    """A way to one server. `keep`: hold connections for the next call; where a call must not be repeated, a
    connection that the other side just dropped would leave its fate unknown."""

    def __init__(self, *, ca_file: Path | None, proxy: str, most_bytes: int, keep: bool) -> None:
        self._ca_file, self._proxy, self._most_bytes, self._keep = ca_file, proxy or None, most_bytes, keep
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        context = ssl.create_default_context(cafile=self._ca_file) if self._ca_file else True
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=CALL_SECONDS, sock_connect=CONNECT_SECONDS),
            connector=aiohttp.TCPConnector(limit=64, ssl=context, force_close=not self._keep),
        )

    async def stop(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def call(self, method: str, url: URL, headers: Mapping[str, str], body: bytes | None) -> Answer:
        """The answer; raises Unreached or Unanswered, never naming the URL, for it may name a secret or a person."""
        assert self._session is not None
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, proxy=self._proxy, allow_redirects=False
            ) as response:
                return Answer(response.status, await self._bounded(response), response.content_type)
        except _NEVER_LEFT as error:
            raise Unreached(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unanswered(type(error).__name__) from None

    async def _bounded(self, response: aiohttp.ClientResponse) -> bytes:
        content = bytearray()
        async for chunk in response.content.iter_any():
            content += chunk
            if len(content) > self._most_bytes:
                raise Unanswered("answer too large")
        return bytes(content)
