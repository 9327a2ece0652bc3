"""Callbacks on their way to the application: encrypted, signed, repeated, retried, in good and bad weather."""

import asyncio
import random
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp

from simulator import crypto
from simulator.clock import BusinessClock, machine
from simulator.settings import AppConfig, Settings

VERIFY_LIMIT = 1.0


@dataclass(slots=True)
class Attempt:
    """One HTTP request that carried a callback."""

    copy: str
    attempt: int
    status: int = 0
    ms: float = 0.0
    error: str = ""
    body: str = ""


@dataclass(slots=True)
class Callback:
    """One thing that happened on a phone, as the application is told of it."""

    id: str
    userid: str
    xml: str
    at: str
    state: str = "queued"
    url: str = ""
    envelope: str = ""
    sent_at: float = 0.0
    ack_ms: float | None = None
    reply_ms: float | None = None
    copies: list[Attempt] = field(default_factory=list)
    acked: asyncio.Event = field(default_factory=asyncio.Event)

    def json(self) -> dict[str, Any]:
        return {
            "id": self.id, "userid": self.userid, "xml": self.xml, "envelope": self.envelope, "url": self.url,
            "at": self.at, "state": self.state, "ack_ms": self.ack_ms, "reply_ms": self.reply_ms,
            "copies": [asdict(attempt) for attempt in self.copies],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Envelope:
    """An encrypted body with the URL that signs it."""

    url: str
    body: str


def seal(app: AppConfig, xml: str, timestamp: int) -> Envelope:
    """Encrypt and sign `xml` with a fresh nonce."""
    encrypted, nonce = crypto.encrypt(xml.encode(), app.aes_key, app.corp_id), str(secrets.randbelow(10**10)).zfill(10)
    signature = crypto.sign(app.token, str(timestamp), nonce, encrypted)
    query = urlencode({"msg_signature": signature, "timestamp": timestamp, "nonce": nonce})
    body = (
        f"<xml><ToUserName><![CDATA[{app.corp_id}]]></ToUserName><AgentID><![CDATA[{app.agent_id}]]></AgentID>"
        f"<Encrypt><![CDATA[{encrypted}]]></Encrypt></xml>"
    )
    return Envelope(f"{app.callback_url}{'&' if '?' in app.callback_url else '?'}{query}", body)


class Courier:
    """Delivers callbacks: one lane a person, so a person's next message waits for the first answer to the one
    before.
    """

    def __init__(
        self, clock: BusinessClock, app: Callable[[], AppConfig], settings: Callable[[], Settings],
        changed: Callable[[Callback], None],
    ) -> None:  # fmt: skip
        self._clock, self._app, self._settings, self._changed = clock, app, settings, changed
        self._lanes: dict[str, asyncio.Queue[Callback]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._pending = 0
        self._dice = random.Random(7)
        self._http: aiohttp.ClientSession | None = None
        self.last_activity = machine()

    @property
    def pending(self) -> int:
        return self._pending

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._http is not None:
            await self._http.close()

    def accept(self, callback: Callback) -> None:
        """Queue a callback behind the same person's earlier ones."""
        self._pending += 1
        if callback.userid not in self._lanes:
            self._lanes[callback.userid] = asyncio.Queue()
            self._spawn(self._drain(self._lanes[callback.userid]))
        self._lanes[callback.userid].put_nowait(callback)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _drain(self, lane: asyncio.Queue[Callback]) -> None:
        while True:
            callback = await lane.get()
            self._spawn(self._deliver(callback))
            await callback.acked.wait()

    async def _deliver(self, callback: Callback) -> None:
        """Send every copy; the lane is freed by the first 200, or when all copies have failed."""
        try:
            await self._send_copies(callback)
        finally:
            if callback.state != "acked":
                callback.state = "failed"
                self._changed(callback)
            callback.acked.set()
            self._pending -= 1
            self.last_activity = machine()

    async def _send_copies(self, callback: Callback) -> None:
        if not self._app().callback_url:
            callback.copies.append(Attempt("original", 1, error="没有配置回调地址"))
            return
        bad = self._settings().weather == "bad"
        if bad:
            await asyncio.sleep(self._dice.uniform(0, 0.015))
        envelope = seal(self._app(), callback.xml, self._clock.epoch())
        callback.url, callback.envelope, callback.state = envelope.url, envelope.body, "sending"
        callback.sent_at = machine()
        copies = [self._persist(callback, "original", envelope)]
        if bad:
            copies += [self._persist(callback, "twin", envelope), self._again(callback)]
        await asyncio.gather(*copies)

    async def _again(self, callback: Callback) -> None:
        await asyncio.sleep(self._dice.uniform(0.01, 0.06))
        await self._persist(callback, "reencrypted", seal(self._app(), callback.xml, self._clock.epoch()))

    async def _persist(self, callback: Callback, copy: str, envelope: Envelope) -> None:
        """Send one copy until it is accepted, up to the retries WeCom allows."""
        for attempt in range(1, self._settings().retries + 2):
            if attempt > 1:
                await asyncio.sleep(self._settings().retry_delay)
                if callback.acked.is_set():
                    return
            result = await self.post(envelope, Attempt(copy, attempt))
            callback.copies.append(result)
            if result.status == 200:
                self._note_ack(callback)
                return

    def _note_ack(self, callback: Callback) -> None:
        if callback.acked.is_set():
            return
        callback.state, callback.ack_ms = "acked", round((machine() - callback.sent_at) * 1000, 2)
        callback.acked.set()
        self._changed(callback)

    async def post(self, envelope: Envelope, attempt: Attempt) -> Attempt:
        """One POST within the 5 seconds; a failure is noted, never raised."""
        return await self._request("POST", envelope.url, attempt, self._settings().ack_limit, envelope.body)

    async def verify(self) -> Attempt:
        """The GET with echostr the admin console sends before it saves a callback URL (1 second)."""
        app, echo = self._app(), secrets.token_hex(10)
        encrypted, timestamp = crypto.encrypt(echo.encode(), app.aes_key, app.corp_id), str(self._clock.epoch())
        signature = crypto.sign(app.token, timestamp, "1234567890", encrypted)
        query = {"msg_signature": signature, "timestamp": timestamp, "nonce": "1234567890", "echostr": encrypted}
        attempt = await self._request(
            "GET", f"{app.callback_url}?{urlencode(query)}", Attempt("verify", 1), VERIFY_LIMIT
        )
        if not attempt.error and (attempt.status != 200 or attempt.body != echo):
            attempt.error = "回调地址没有原样返回解密后的 echostr"
        return attempt

    async def _request(
        self, method: str, url: str, attempt: Attempt, limit: float, body: str | None = None
    ) -> Attempt:  # fmt: skip
        if self._http is None:
            self._http = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        started = self.last_activity = machine()
        try:
            async with asyncio.timeout(limit), self._http.request(
                method, url, data=body, headers={"Content-Type": "text/xml"}, allow_redirects=False
            ) as answer:  # fmt: skip
                attempt.body, attempt.status = (await answer.content.read(4096)).decode(errors="replace"), answer.status
        except TimeoutError:
            attempt.error = f"{limit:g} 秒内没有回答"
        except (aiohttp.ClientError, ValueError, OSError) as error:
            attempt.error = f"连不上：{error.__class__.__name__}"
        attempt.ms = round((machine() - started) * 1000, 2)
        self.last_activity = machine()
        return attempt
