"""`rmbot serve` killed between handing a text message in and noting it: the gateway sees the id again, one message."""

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from bot.clock import HouseClock
from bot.demo.alone import connection
from domain.ids import UserId
from domain.text_message import escalation
from simulator import app as simulator
from simulator.app import Running
from simulator.faults import Failure
from storage import schema, sms
from storage.opening import open_database
from storage.unit import Unit
from tests.bot.rmbot_process import Rmbot

T = TypeVar("T")
KEY = "sms:C26110001.president"


@pytest.fixture
async def world() -> AsyncIterator[Running]:
    running = await simulator.start()
    yield running
    await running.close()


def between_lives(url: str, state: Path, work: Callable[[Unit], T]) -> T:
    """The database is nobody's while the service is down."""
    database = open_database(url, state / "rmbot.key", HouseClock())
    database.start(None)
    try:
        return database.run(work)
    finally:
        database.stop()


def keep(unit: Unit) -> None:
    text = escalation("C26110001", "分行行长")
    assert sms.put(unit, msg_key=KEY, to=UserId("rm01"), mobile="19900000001", text=text)


def end_the_lease(unit: Unit) -> None:
    """Forty seconds later."""
    unit.execute(schema.outbox.update().where(schema.outbox.c.msg_key == KEY).values(lease_until=0.0))


def end_of_it(unit: Unit) -> Any:
    row = unit.row(schema.outbox.select().where(schema.outbox.c.msg_key == KEY))
    assert row is not None
    return row.state, row.attempts


def service(world: Running, url: str, state: Path) -> Rmbot:
    settings = dict(line.split("=", 1) for line in connection(world))
    ports = {"RMBOT_HTTP__PORT": "0", "RMBOT_HTTP__ADMIN_PORT": "0"}
    return Rmbot(state, {**settings, **ports, "RMBOT_DATABASE__URL": url})


def handed_in(world: Running, times: int) -> None:
    """Wait until the gateway was given the message so often."""
    end = time.monotonic() + 30
    while sum(message["copies"] for message in world.world.sms.json()) < times:
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.01)


def killed_life(world: Running, bot: Rmbot) -> None:
    with bot.running("serve") as running:
        handed_in(world, 1)
        running.process.kill()
        assert running.process.wait(20) == -signal.SIGKILL


def quiet_life(world: Running, bot: Rmbot) -> None:
    with bot.running("serve") as running:
        handed_in(world, 2)
        assert running.stop(signal.SIGTERM)[0] == 0


async def test_killed_before_it_is_noted(world: Running, migrated_url: str, tmp_path: Path) -> None:
    bot = service(world, migrated_url, tmp_path)
    await asyncio.to_thread(between_lives, migrated_url, tmp_path, keep)
    world.world.failures.add(Failure("sms", "timeout_after", 60))
    await asyncio.to_thread(killed_life, world, bot)
    await asyncio.to_thread(between_lives, migrated_url, tmp_path, end_the_lease)
    await asyncio.to_thread(quiet_life, world, bot)
    (taken,) = world.world.sms.json()
    assert (taken["id"], taken["copies"]) == (KEY, 2)
    assert await asyncio.to_thread(between_lives, migrated_url, tmp_path, end_of_it) == ("sent", 2)
