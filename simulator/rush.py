"""Callbacks as fast as an application takes them: sealed beforehand, sent over a few kept connections."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from simulator import inbound
from simulator.clock import BusinessClock, machine
from simulator.delivery import seal
from simulator.settings import AppConfig

_numbers = count(1)


def sealed(app: AppConfig, text: str) -> bytes:
    """One whole HTTP request that carries a text message of somebody, encrypted and signed."""
    clock = BusinessClock()
    xml = inbound.message(app, f"rush{next(_numbers) % 1000:03}", clock.epoch(), "text", {"Content": text})
    envelope = seal(app, xml, clock.epoch())
    url, body = urlsplit(envelope.url), envelope.body.encode()
    head = f"POST {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\nContent-Type: text/xml\r\n"
    return f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body


class _Line(asyncio.Protocol):
    """One kept connection: the next request leaves when the answer to the one before is here."""

    def __init__(self, requests: Iterator[bytes], statuses: Counter[int], done: asyncio.Future[None]) -> None:
        self._requests, self._statuses, self._done = requests, statuses, done
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._statuses[int(data[9:12])] += 1
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._done.done():
            self._done.set_exception(exc or ConnectionResetError("the application hung up"))

    def _next(self) -> None:
        request = next(self._requests, None)
        assert self._transport is not None
        if request is not None:
            return self._transport.write(request)
        if not self._done.done():
            self._done.set_result(None)
        return self._transport.close()


async def rush(app: AppConfig, amount: int, in_flight: int) -> dict[str, Any]:
    """Send `amount` messages, `in_flight` at a time; seconds it took and how many got which status."""
    loop, url = asyncio.get_running_loop(), urlsplit(app.callback_url)
    requests = iter([sealed(app, f"压测消息 {number}") for number in range(amount)])
    statuses: Counter[int] = Counter()
    ends: list[asyncio.Future[None]] = [loop.create_future() for _ in range(in_flight)]
    started = machine()
    for end in ends:
        await loop.create_connection(partial(_Line, requests, statuses, end), url.hostname or "", url.port or 80)
    await asyncio.gather(*ends)
    return {"seconds": machine() - started, "statuses": dict(statuses)}
