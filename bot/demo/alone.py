"""The simulator without the bot, for a bot that runs elsewhere."""

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bot.commands.serving import stop_signal
from bot.demo.ports import clock_url
from bot.demo.welcome import say
from domain.refusal import Refused
from simulator import app as simulator
from simulator.app import Running, SimConfig
from simulator.directory import from_folder
from simulator.settings import AppConfig


def simulate(
    host: str, port: int, bank: Path | None, application: Mapping[str, Any], at: str, tell: Callable[[str], None]
) -> None:
    """Blocks until Ctrl-C. `application`: what is registered, by field of AppConfig; `tell` gets the bot's settings."""
    asyncio.run(_simulate(host, port, bank, application, at, tell))


async def _simulate(
    host: str, port: int, bank: Path | None, application: Mapping[str, Any], at: str, tell: Callable[[str], None]
) -> None:
    registered = AppConfig(trusted_domain=urlsplit(application["callback_url"]).netloc, **application)
    config = SimConfig(app=registered, start=datetime.fromisoformat(at) if at else None)
    stop = stop_signal()
    running = await _listen(host, port, config)
    try:
        if bank is not None:
            running.world.directory = from_folder(bank)
        for line in connection(running):
            tell(line)
        say(f"# 手机页面 {running.url}/ ，按 Ctrl-C 停止")
        await stop.wait()
    finally:
        await running.close()


async def _listen(host: str, port: int, config: SimConfig) -> Running:
    try:
        return await simulator.start(host, port, config)
    except OSError:
        raise Refused(f"不能监听 {host}:{port}：端口已被占用或地址不对，请用 --port、--host 另选") from None


def connection(running: Running) -> list[str]:
    """The settings with which a bot on this machine talks to this simulator, as NAME=value."""
    url, application = running.url, running.world.app
    values = {
        "WECOM__API_BASE": url,
        "WECOM__OAUTH_BASE": url,
        "WECOM__LOGIN_BASE": url,
        "WECOM__CORP_ID": application.corp_id,
        "WECOM__AGENT_ID": application.agent_id,
        "WECOM__SECRET": application.secret,
        "WECOM__TOKEN": application.token,
        "WECOM__AES_KEY": application.aes_key,
        "SMS__PROVIDER": "http",
        "SMS__URL": f"{url}/sms",
        "CLOCK__URL": clock_url(url),
    }
    return [f"RMBOT_{name}={value}" for name, value in values.items()]
