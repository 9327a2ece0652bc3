"""The stage of every chat: a strict simulated WeCom, a synthetic bank, and the real bot between them over HTTP."""

import asyncio
import shutil
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

import bot.packs
from bot.app import App
from bot.clock import SHANGHAI, HouseClock
from bot.sections import Care, Clock, Database, Http, Limits, Sms, Wecom
from bot.settings import Settings
from domain.conversation import LIVE
from simulator.app import Running, SimConfig, start
from simulator.bank import write_sample
from simulator.client import Phone, World
from simulator.settings import Settings as SimSettings
from storage import outbox, schema, standings, timers
from storage.imports.load import run_import
from storage.migrate import upgrade
from storage.opening import open_database
from storage.outbox import Lane
from tests.chain import first_break
from tests.chats.talking import Chat
from tests.databases import Copied, Fill

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
AS_OF = date(2026, 11, 22)
CUSTOMERS = 200
PATIENCE = 30  # seconds
A_LOT = 10_000  # messages: weeks pass within a real minute, and all that WeCom carries to a person in them comes in it


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The import files of a small synthetic bank with the fixed cast."""
    folder = tmp_path_factory.mktemp("bank")
    write_sample(folder, customers=CUSTOMERS, seed=7, as_of=AS_OF, preset="rm_book")
    for name in ("transactions.csv", "touchpoints.csv"):
        (folder / name).unlink()
    return folder


def fill(url: str, key_file: Path, bank: Path) -> None:
    """Migrate a database and import the bank into it."""
    upgrade(url)
    database = open_database(url, key_file, HouseClock())
    database.start(None)
    report = run_import(database, bank, as_of=AS_OF, now=MONDAY, clock=time.monotonic)
    database.stop()
    assert report.ok, report


@pytest.fixture(scope="session")
def filling(bank: Path) -> Fill:
    """Always the same function, so that the database is filled once."""
    return lambda url, key: fill(url, key, bank)


@pytest.fixture
def bank_url(copied: Copied, filling: Fill, tmp_path: Path) -> tuple[str, Path]:
    """A database of its own for each test, filled with the bank, and its key file."""
    key = tmp_path / "bank.key"
    return copied(filling, key), key


@dataclass
class House:
    """The stage: phones to play with, the simulated world, and the bot's own books for a last look."""

    world: World
    sim: Running
    settings: Settings
    app: App = field(init=False)
    at_hand: sa.Select[tuple[object, ...]] = field(init=False)

    def phone(self, userid: str) -> Phone:
        return self.world.phone(userid)

    async def open(self) -> None:
        """Start the bot, as after a reboot: nothing is left but the database."""
        self.app = App(self.settings)
        self.at_hand = _at_hand(self.app.clock)
        await self.app.start()
        await self.world.app(callback_url=f"http://127.0.0.1:{self.app.public_port}/wecom/callback")

    async def close(self) -> None:
        await self.app.stop()

    async def restart(self) -> None:
        await self.close()
        await self.open()

    async def look(self, statement: sa.Select[tuple[object, ...]]) -> list[sa.Row[tuple[object, ...]]]:
        return list(await self.app.database.read(lambda unit: unit.rows(statement)))

    async def settled(self) -> None:
        """No callback on its way, nothing to handle, nothing due, nothing to send: read in the books, for how long it
        has been quiet tells no more than how busy the machine is.
        """
        pause = 0.005
        async with asyncio.timeout(PATIENCE):
            await self.world.idle(timeout=PATIENCE, quiet=0)
            while await self.look(self.at_hand):
                await asyncio.sleep(pause)
                pause = min(pause * 1.5, 0.05)  # a look keeps those from working who are waited for

    async def menu_is_there(self) -> None:
        """The bot puts its menu in place by itself, soon after it started."""
        async with asyncio.timeout(PATIENCE):
            while not (await self.world.get("/world"))["menu"]:  # noqa: ASYNC110 - it lives in the simulator
                await asyncio.sleep(0.05)

    async def books_are_whole(self) -> None:
        """What holds after every story: strict WeCom saw nothing wrong, the audit chain is unbroken, nothing died."""
        assert await self.world.violations() == []
        record = schema.audit.c
        rows = await self.look(sa.select(record.seq, record.body, record.prev, record.hash).order_by(record.seq))
        assert first_break(tuple(row) for row in rows) is None
        assert await self.look(sa.select(schema.inbox.c.id).where(schema.inbox.c.state == "dead")) == []


def _at_hand(clock: HouseClock) -> sa.Select[tuple[object, ...]]:
    """What the bot has still to do by itself, at the time of asking. Not: a message it tries again later, a notice
    that a talk holds back.
    """
    inbox, out, timer, talk = (table.c for table in (schema.inbox, schema.outbox, schema.timer, schema.conversation))
    machine, business = (
        sa.bindparam(None, type_=column.type, callable_=now)
        for column, now in ((out.due, clock.machine), (timer.due_at, clock.business))
    )
    later = sa.and_(out.error.is_not(None), out.due > machine)
    talking = sa.exists().where(talk.person == out.recipient, talk.status.in_(LIVE))
    held_back = sa.and_(out.lane != Lane.INTERACTIVE, talking)
    to_send = sa.and_(out.state.in_((outbox.NEW, outbox.LEASED)), sa.not_(later), sa.not_(held_back))
    due = sa.and_(timer.state == timers.ARMED, timer.due_at <= business)
    rows = (inbox.state == "new", to_send, due, schema.made_file.c.state == "wanted")
    found = sa.or_(*(sa.exists().where(condition) for condition in rows), standings.MOVED.exists())
    return sa.select(sa.literal(1)).where(found)


NO_CARE = Care(enabled=False)
"""A story hears only what it asks for."""


def settings_for(sim_url: str, url: str, key: Path, state: Path, care: Care = NO_CARE) -> Settings:
    app = SimConfig().app
    return Settings(
        state=state,
        database=Database(url=url),
        http=Http(port=0, admin_port=0, public_url="http://127.0.0.1:8780"),
        wecom=Wecom(
            api_base=sim_url,
            oauth_base=sim_url,
            login_base=sim_url,
            corp_id=app.corp_id,
            agent_id=app.agent_id,
            secret=SecretStr(app.secret),
            token=SecretStr(app.token),
            aes_key=SecretStr(app.aes_key),
        ),
        crypto={"key_file": key},
        sms=Sms(provider="http", url=f"{sim_url}/sms"),
        clock=Clock(url=f"{sim_url}/_sim/v1/clock"),
        limits=Limits(member_per_minute=A_LOT, member_per_hour=A_LOT, lookups_per_second=A_LOT),
        care=care,
    )


@asynccontextmanager
async def staged(
    url: str, key: Path, bank: Path, state: Path, *, start_at: datetime = MONDAY, care: Care = NO_CARE
) -> AsyncIterator[House]:
    sim = await start(config=SimConfig(settings=SimSettings(per_minute=A_LOT, per_hour=A_LOT), start=start_at))
    async with World(sim.url) as world:
        await world.load(str(bank))
        house = House(world, sim, settings_for(sim.url, url, key, state, care))
        await house.open()
        try:
            yield house
        finally:
            await house.close()
            await sim.close()
    await asyncio.sleep(0.05)  # a closed connection goes at the loop's next turn; without it, it would be an open one


@pytest.fixture
async def house(bank_url: tuple[str, Path], bank: Path, tmp_path: Path) -> AsyncIterator[House]:
    """The stage in bad weather: every callback three times, re-encrypted and out of order."""
    url, key = bank_url
    async with staged(url, key, bank, tmp_path) as made:
        yield made
        await made.books_are_whole()


@pytest.fixture
def feed(bank: Path, tmp_path: Path) -> Path:
    """The next day's folder: customers and staff, to be changed."""
    folder = tmp_path / "feed"
    folder.mkdir()
    for name in ("customers.csv", "staff.csv"):
        shutil.copy(bank / name, folder / name)
    return folder


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The shipped packs in a folder of the test's own, in use from the next start on."""
    folder = Path(shutil.copytree(bot.packs.SHIPPED, tmp_path / "packs"))
    monkeypatch.setattr(bot.packs, "SHIPPED", folder)
    return folder


@pytest.fixture
def phone(house: House):  # type: ignore[no-untyped-def]
    return house.phone


@pytest.fixture
def admin(house: House) -> Chat:
    """吕颖, the business administrator who asks; 卢静 (bizadmin02) and 任洁 (secadmin01) may confirm."""
    return Chat(house, house.phone("bizadmin01"))


@pytest.fixture
def security(house: House) -> Chat:
    """任洁, the security administrator."""
    return Chat(house, house.phone("secadmin01"))
