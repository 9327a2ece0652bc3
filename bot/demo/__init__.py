"""The whole house on a laptop: simulated WeCom, the bot and a synthetic bank in one process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot import control, logging
from bot import settings as house_settings
from bot.commands import serving
from bot.demo.opening import BANK, Diary, keep, note, open_bank
from bot.demo.ports import HOST, Ports, choose_ports, simulated
from bot.demo.welcome import say, welcome
from bot.settings import Settings
from domain.refusal import Refused
from simulator import app as simulator
from simulator.app import Running, SimConfig
from simulator.client import World
from simulator.directory import from_folder
from simulator.settings import AppConfig


def run(state: Path, config: Path | None, sim_port: int) -> None:
    """Blocks until Ctrl-C; a second start goes on where the first one ended. Raises Refused."""
    with control.hold(state):
        given = house_settings.load(config, state)
        ports = choose_ports(given, sim_port)
        settings = simulated(given, ports)
        with (state / "rmbot.log").open("a", encoding="utf-8") as log:
            logging.configure(settings.log, log)
            diary = open_bank(settings, say)
            asyncio.run(_run(settings, ports, diary))


async def _run(settings: Settings, ports: Ports, diary: Diary) -> None:
    stop = serving.stop_signal()
    async with _world(settings.state, ports, diary) as world, serving.running(settings):
        await _connect(world)
        keeper = asyncio.create_task(keep(settings.state, world.world.clock, diary))
        welcome(settings.state, ports, world.world.clock.now())
        await stop.wait()
        keeper.cancel()
        note(settings.state, world.world.clock, diary)
    say("演示已停止，数据都在：再次执行同一命令会接着来。")


@asynccontextmanager
async def _world(state: Path, ports: Ports, diary: Diary) -> AsyncIterator[Running]:
    """WeCom with the bank's people, its clock where the diary says."""
    public = f"{HOST}:{ports.public}"
    application = AppConfig(callback_url=f"http://{public}/wecom/callback", trusted_domain=public)
    running = await simulator.start(HOST, ports.sim, SimConfig(app=application, start=diary.now))
    running.world.directory = from_folder(state / BANK)
    try:
        yield running
    finally:
        await running.close()


async def _connect(running: Running) -> None:
    """What an administrator does in WeCom's console: save the callback address, which is tried at once."""
    async with World(running.url) as world:
        answer = await world.request("POST", "/callback/verify")
    if not answer["ok"]:
        raise Refused(f"回调地址没有通过验证（{answer['reason']}）：请看状态目录里的 rmbot.log")
