"""The callback: verify, keep, acknowledge; nothing else happens within WeCom's five seconds (design decision 3)."""

import asyncio
from collections.abc import Mapping

import orjson
import structlog
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError
from prometheus_client import Counter, Histogram

from bot.arrivals import Arrivals
from bot.clock import HouseClock
from bot.envelope import MAX_BYTES, Envelope, ForgedEnvelope, Signed, ciphertext, signed
from bot.inner_message import BadEnvelope, Opened, read_message
from storage.database import Database, Overloaded
from storage.inbox import Received

WINDOW_SECONDS = 300
BODY_SECONDS = 5.0  # WeCom gives up after five itself; a broken chunk would be waited for without end
BAD, FORGED, TOO_LARGE, BUSY = "bad request", "forbidden", "too large", "try again"
ANSWERED = Counter("rmbot_callback_total", "Callbacks by answer", ["status"])
ACKNOWLEDGED = Histogram("rmbot_callback_seconds", "Seconds until a callback was answered")

log = structlog.get_logger("callback")


class Callback:
    """GET verifies the address, POST takes in a message."""

    def __init__(self, envelope: Envelope, database: Database, clock: HouseClock, agent_id: int) -> None:
        self._envelope, self._database, self._clock, self._agent_id = envelope, database, clock, str(agent_id)
        self._arrivals = Arrivals()

    async def verify(self, request: web.Request) -> web.Response:
        """Answer WeCom's address check with the decrypted echo, nothing around it (page 90930)."""
        try:
            query = _single(request, {"msg_signature", "timestamp", "nonce", "echostr"})
            # A second decoding may have made blanks of the plus signs; base64 holds no blanks.
            ticket = signed(query, query["echostr"].replace(" ", "+"))
            await self._check_age(ticket)
            return web.Response(body=self._envelope.open(ticket), content_type="text/plain")
        except BadEnvelope:
            return _answer(400, BAD)
        except ForgedEnvelope:
            return _answer(403, FORGED)

    async def receive(self, request: web.Request) -> web.Response:
        """Keep one message; 200 only after it is durable."""
        with ACKNOWLEDGED.time():
            response = await self._receive(request)
        ANSWERED.labels(response.status).inc()
        return response

    async def _receive(self, request: web.Request) -> web.Response:
        try:
            opened = await self._open(request)
            if opened.agent_id not in ("", self._agent_id):
                return self._ignored(opened)
            await self._arrivals.of(self._database.receive(self._received(opened)))
        except web.HTTPRequestEntityTooLarge:
            return _answer(413, TOO_LARGE)
        except BadEnvelope as error:
            log.info("callback_refused", why=str(error))
            return _answer(400, BAD)
        except ForgedEnvelope as error:
            log.warning("callback_forged", why=str(error))
            return _answer(403, FORGED)
        except Overloaded:
            return _answer(503, BUSY)
        except Exception as error:
            log.error("callback_not_kept", error=type(error).__name__)
            return _answer(503, BUSY)
        return web.Response()

    async def _open(self, request: web.Request) -> Opened:
        if request.content_length is not None and request.content_length > MAX_BYTES:
            raise web.HTTPRequestEntityTooLarge(MAX_BYTES, request.content_length)
        query = _single(request, {"msg_signature", "timestamp", "nonce"})
        encrypt = ciphertext(await _body(request))
        ticket = signed(query, encrypt)
        plain = self._envelope.open(ticket)
        await self._check_age(ticket)
        return read_message(plain, encrypt)

    def _received(self, opened: Opened) -> Received:
        body = orjson.dumps(opened.content).decode()
        kind, task_id = str(opened.content["kind"]), str(opened.content.get("task_id", ""))
        return Received(opened.key, opened.cipher_key, opened.person, kind, body, self._clock.business(), task_id)

    def _ignored(self, opened: Opened) -> web.Response:
        """Another application of the corporation has our address by mistake: WeCom must not try again, nobody acts."""
        log.warning("callback_of_another_application", key=opened.key, agent_id=opened.agent_id, ours=self._agent_id)
        return web.Response()

    async def _check_age(self, ticket: Signed) -> None:
        """±300 s of business time; the movable clock is read again before a timestamp is refused."""
        if self._too_old(ticket):
            await self._clock.reread()
            if self._too_old(ticket):
                raise ForgedEnvelope("timestamp")

    def _too_old(self, ticket: Signed) -> bool:
        return abs(self._clock.business().timestamp() - int(ticket.timestamp)) > WINDOW_SECONDS


async def _body(request: web.Request) -> bytes:
    """The body, whole; one that ends early, is framed wrongly or does not come is malformed like any other."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except (web.RequestPayloadError, HttpProcessingError, ConnectionError, TimeoutError) as error:
        raise BadEnvelope("body") from error


def _single(request: web.Request, names: set[str]) -> Mapping[str, str]:
    """The query with each parameter exactly once and no other."""
    query = request.query
    if set(query) != names or len(query) != len(names):
        raise BadEnvelope("query")
    return query


def _answer(status: int, text: str) -> web.Response:
    return web.Response(status=status, text=text)
