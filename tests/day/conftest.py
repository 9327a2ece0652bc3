"""The stage of a day: the house of the chats on a port known beforehand, and a real browser before the phone page."""

import shutil
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import async_playwright

from bot.sections import Http, Limits
from simulator.app import SimConfig, start
from simulator.client import World
from tests.chats.conftest import MONDAY, House, bank, bank_url, filling, settings_for
from tests.day.player import PATIENCE, Table

__all__ = ["bank", "bank_url", "filling"]
PER_DAY = 100
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
async def house(bank_url: tuple[str, Path], bank: Path, tmp_path: Path) -> AsyncIterator[House]:
    """Pages open, so the bot's own address is the one that cards carry and WeCom trusts."""
    url, key = bank_url
    port = free_port()
    http = Http(port=port, admin_port=0, public_url=f"http://127.0.0.1:{port}")
    sim = await start(config=SimConfig(start=MONDAY))
    async with World(sim.url) as world:
        await world.load(str(bank))
        await world.app(trusted_domain=f"127.0.0.1:{port}")
        # A day is played within a real minute or two: what WeCom carries to a person in a day comes in that time.
        await world.settings(per_minute=PER_DAY)
        changed = {"http": http, "limits": Limits(member_per_minute=PER_DAY, interactive_reserve=0)}
        settings = settings_for(sim.url, url, key, tmp_path).model_copy(update=changed)
        house = House(world, sim, settings)
        await house.open()
        yield house
        await house.close()
        await sim.close()


@pytest.fixture
async def table(house: House) -> AsyncIterator[Table]:
    """The phone page, opened in Chromium; at the end nothing may stand in the console of any window."""
    if CHROMIUM is None:
        pytest.skip("没有 Chromium：apt install chromium")
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        context = await chromium.new_context(viewport={"width": 1320, "height": 900})
        context.set_default_timeout(PATIENCE)
        made = Table(await context.new_page())
        await made.page.goto(house.sim.url)
        yield made
        await chromium.close()
    assert made.complaints == []
