"""The sender between a real database and the simulated WeCom, with a machine clock that moves only when pushed."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from bot.clock import SHANGHAI, HouseClock
from bot.menu import Menu
from bot.packs import default_pack
from bot.sections import Sms, Wecom
from bot.sender import Sender
from bot.sms.choice import provider_of
from bot.sms.sender import SmsSender
from bot.sweep import MemberSweep
from bot.token import TokenKeeper
from bot.wecom_client import WecomClient
from domain.pack import Pack
from handlers.context import House
from simulator.app import Running, SimConfig, start
from simulator.client import World
from simulator.settings import Settings
from storage import outbox, schema
from storage.database import Database
from storage.opening import open_database
from storage.outbox import Lane, OutKind
from storage.unit import Unit
from storage.wecom import Allowance
from tests.policies import POLICY

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
IDLE = 0.02  # seconds between two looks of a sender that has nothing to do
PEOPLE = [{"userid": f"rm{number:02}", "name": f"示例·{number}"} for number in range(1, 12)]


class PushedClock(HouseClock):
    """Machine time that stands until it is pushed ahead, however slow the machine; business time where it is put."""

    def __init__(self) -> None:
        super().__init__()
        self._began = time.time()
        self.pushed, self.now = 0.0, NOW

    def business(self) -> datetime:
        return self.now

    def machine(self) -> float:
        return self._began + self.pushed


@dataclass
class Post:
    """What is sent from, through and to."""

    sim: Running
    world: World
    database: Database
    clock: PushedClock
    settings: Wecom
    pack: Pack = field(default_factory=default_pack)

    def keeper(self, database: Database | None = None) -> TokenKeeper:
        return TokenKeeper("corp:1", database or self.database, self.clock)

    @asynccontextmanager
    async def client(self, keeper: TokenKeeper | None = None, **changes: Any) -> AsyncIterator[WecomClient]:
        made = WecomClient(self.settings.model_copy(update=changes), keeper or self.keeper())
        await made.start()
        try:
            yield made
        finally:
            await made.stop()

    @asynccontextmanager
    async def sender(self, allowance: Allowance | None = None, **changes: Any) -> AsyncIterator[Sender]:
        async with self.client(**changes) as client:
            house = House(self.pack, POLICY, agent_id=self.sim.world.app.agent_id)
            menu = Menu(client, self.database, house)
            sweep = MemberSweep(client, self.database, self.clock, house, 1_000)
            made = Sender(self.database, client, self.clock, house, allowance or Allowance(), menu, sweep)
            await made.start()
            try:
                yield made
            finally:
                await made.stop()

    @property
    def house(self) -> House:
        return House(default_pack(), POLICY, self.sim.world.app.agent_id)

    @asynccontextmanager
    async def texting(self, **settings: Any) -> AsyncIterator[SmsSender]:
        """The SMS channel at work, into the simulated gateway unless `settings` name another."""
        chosen = Sms.model_validate({"provider": "http", "url": f"{self.sim.url}/sms", **settings})
        made = SmsSender(self.database, provider_of(chosen, time.time), self.clock, self.house)
        await made.start()
        try:
            yield made
        finally:
            await made.stop()

    def put(self, *messages: dict[str, Any]) -> list[int]:
        """Messages in one unit of work; the ids of their rows."""

        def put(unit: Unit) -> None:
            for message in messages:
                outbox.put(unit, **message)

        self.database.run(put)
        keys = [message["msg_key"] for message in messages]
        ids = sa.select(schema.outbox.c.msg_key, schema.outbox.c.id).where(schema.outbox.c.msg_key.in_(keys))
        known = dict(self.database.read_now(lambda unit: [tuple(row) for row in unit.rows(ids)]))
        return [known[key] for key in keys]

    def text(self, key: str, to: str = "rm01", lane: Lane = Lane.INTERACTIVE) -> dict[str, Any]:
        return {
            "msg_key": key,
            "lane": lane,
            "kind": OutKind.SEND,
            "recipient": to,
            "task_id": None,
            "body": {
                "touser": to,
                "agentid": self.sim.world.app.agent_id,
                "msgtype": "text",
                "text": {"content": key},
                "enable_duplicate_check": 1,
                "duplicate_check_interval": 14400,
            },
        }

    def row(self, key: str) -> sa.Row[Any]:
        found = sa.select(schema.outbox).where(schema.outbox.c.msg_key == key)
        row = self.database.read_now(lambda unit: unit.row(found))
        assert row is not None
        return row

    def states(self) -> dict[str, str]:
        columns = schema.outbox.c
        rows = self.database.read_now(lambda unit: unit.rows(sa.select(columns.msg_key, columns.state)))
        return {row.msg_key: row.state for row in rows}

    def change(self, key: str, **values: Any) -> None:
        changed = schema.outbox.update().where(schema.outbox.c.msg_key == key).values(**values)
        self.database.run(lambda unit: unit.execute(changed).rowcount)

    def seen(self, to: str | None = None) -> list[str]:
        """The texts that arrived on phones, in order."""
        return [
            call.body["text"]["content"]
            for call in self.sim.world.ledger.calls
            for delivery in call.deliveries
            if delivery.fate == "delivered" and to in (None, delivery.userid)
        ]

    def calls(self, path: str) -> list[Any]:
        return [call for call in self.sim.world.ledger.calls if call.path == path]


@asynccontextmanager
async def opened_post(url: str, folder: Path, **settings: Any) -> AsyncIterator[Post]:
    sim = await start(config=SimConfig(settings=Settings(weather="calm", **settings), start=NOW))
    app = sim.world.app
    clock = PushedClock()
    database = open_database(url, folder / "key", clock)
    database.start(None)
    secret = SecretStr(app.secret)
    wecom = Wecom(api_base=sim.url, corp_id=app.corp_id, agent_id=app.agent_id, secret=secret)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bot.channel.IDLE_SECONDS", IDLE)
        async with World(sim.url) as world:
            await world.people(*PEOPLE, unlicensed=["rm11"])
            await world.app(callback_url="http://127.0.0.1:9/wecom/callback")
            try:
                yield Post(sim, world, database, clock, wecom)
            finally:
                database.stop()
                await sim.close()


async def looks() -> None:
    """The senders look a dozen times whether there is something to do."""
    await asyncio.sleep(12 * IDLE)


async def until(check: Any, seconds: float = 20.0) -> None:
    """Fail unless `check()` comes true in time."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "did not happen in time"
        await asyncio.sleep(0.01)


def decoded(bodies: Iterable[bytes]) -> list[Any]:
    return [orjson.loads(body) for body in bodies]
