"""The callback on a real port over a real database, and sealed envelopes made by crypto that is not the bot's own."""

import asyncio
import base64
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import aiohttp
import sqlalchemy as sa
from aiohttp import web
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC

from bot.callback import Callback
from bot.clock import HouseClock
from bot.envelope import MAX_BYTES, Envelope
from bot.http import Runner, constant_errors
from simulator import crypto
from simulator.settings import AppConfig
from storage import schema
from storage.database import Database
from storage.opening import open_database

APP = AppConfig()
NONCE = "1372623149"
TEXT = (
    "<xml><ToUserName><![CDATA[{corp}]]></ToUserName><FromUserName><![CDATA[{person}]]></FromUserName>"
    "<CreateTime>{now}</CreateTime><MsgType><![CDATA[text]]></MsgType><Content><![CDATA[{words}]]></Content>"
    "<MsgId>{number}</MsgId><AgentID>1000002</AgentID></xml>"
)


def text(words: str = "查 王秀兰", number: int = 1, person: str = "RM01") -> str:
    return TEXT.format(corp=APP.corp_id, person=person, now=int(time.time()), words=words, number=number)


def click(**changes: str) -> str:
    """A button's event; the fields given replace the usual ones."""
    fields = {
        "ToUserName": APP.corp_id,
        "FromUserName": "rm01",
        "CreateTime": "1700000000",
        "MsgType": "event",
        "Event": "template_card_event",
        "EventKey": "visit.3",
        "TaskId": "task-1",
        "CardType": "button_interaction",
        "ResponseCode": "RC-1",
        "AgentID": "1000002",
    }
    return "<xml>" + "".join(f"<{name}>{value}</{name}>" for name, value in (fields | changes).items()) + "</xml>"


def raw(padded: bytes) -> str:
    """Base64 of these very bytes under the application's key, padding and layout as given."""
    key = crypto.key_of(APP.aes_key)
    cipher = Cipher(AES256(key), CBC(key[:16])).encryptor()
    return base64.b64encode(cipher.update(padded) + cipher.finalize()).decode()


def padded(plain: bytes, block: int = 32) -> bytes:
    pad = block - len(plain) % block
    return plain + bytes([pad]) * pad


def layout(message: bytes, receiver: str = APP.corp_id, length: int | None = None) -> bytes:
    size = len(message) if length is None else length
    return b"r" * 16 + size.to_bytes(4, "big") + message + receiver.encode()


def sealed(message: str) -> str:
    return crypto.encrypt(message.encode(), APP.aes_key, APP.corp_id)


def query(encrypt: str, timestamp: int | str | None = None, nonce: str = NONCE, **more: str) -> dict[str, str]:
    """Signed query parameters."""
    moment = str(int(time.time()) if timestamp is None else timestamp)
    return {
        "msg_signature": crypto.sign(APP.token, moment, nonce, encrypt),
        "timestamp": moment,
        "nonce": nonce,
    } | more


def envelope(encrypt: str) -> bytes:
    return f"<xml><ToUserName>{APP.corp_id}</ToUserName><AgentID>1</AgentID><Encrypt>{encrypt}</Encrypt></xml>".encode()


@dataclass
class Gate:
    """A running callback and its database."""

    url: str
    host: str
    port: int
    http: aiohttp.ClientSession
    database: Database

    async def post(self, body: bytes, parameters: dict[str, str], **options: object) -> tuple[int, str]:
        async with self.http.post(f"{self.url}?{urlencode(parameters)}", data=body) as reply:
            return reply.status, await reply.text()

    async def send(self, message: str, **changes: str) -> tuple[int, str]:
        """One well-formed callback."""
        encrypt = sealed(message)
        return await self.post(envelope(encrypt), query(encrypt, **changes))

    async def get(self, parameters: dict[str, str]) -> tuple[int, bytes]:
        async with self.http.get(f"{self.url}?{urlencode(parameters)}") as reply:
            return reply.status, await reply.read()

    async def say(self, request: bytes, *, half_close: bool = False) -> bytes:
        """Raw bytes on a connection of their own; everything that is answered."""
        reader, writer = await asyncio.open_connection(self.host, self.port)
        try:
            writer.write(request)
            if half_close:
                writer.write_eof()
            return await asyncio.wait_for(reader.read(65536), 15)
        finally:
            writer.close()

    async def kept(self) -> list[str]:
        """The keys of the inbox."""
        column = schema.inbox.c.dedup_key
        found = await self.database.read(lambda unit: unit.execute(sa.select(column).order_by(column)).scalars().all())
        return list(found)


@asynccontextmanager
async def opened_gate(url: str, folder: Path, clock: HouseClock | None = None) -> AsyncIterator[Gate]:
    clock = clock or HouseClock()
    await clock.start()
    database = open_database(url, folder / "key", clock)
    database.start(None)
    callback = Callback(Envelope(APP.token, APP.aes_key, APP.corp_id), database, clock, APP.agent_id)
    application = web.Application(middlewares=[constant_errors], client_max_size=MAX_BYTES)
    application.router.add_get("/wecom/callback", callback.verify, name="callback.verify", allow_head=False)
    application.router.add_post("/wecom/callback", callback.receive, name="callback.receive")
    runner = Runner(application, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    async with aiohttp.ClientSession() as http:
        try:
            yield Gate(f"http://{host}:{port}/wecom/callback", host, port, http, database)
        finally:
            await runner.cleanup()
            await asyncio.to_thread(database.stop)
            await clock.stop()
