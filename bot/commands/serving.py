"""Runs the bot until it is told to stop: SIGTERM and SIGINT end it gracefully, a second one at once."""

import asyncio
import errno
import gc
import signal
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

import structlog

from bot import control
from bot.app import App
from bot.commands.errands import perform
from bot.settings import Settings
from domain.refusal import Refused

STOP_SECONDS = 9.0
_UNBINDABLE = {
    errno.EADDRINUSE: "端口已被占用",
    errno.EACCES: "没有权限（1024 以下的端口需要特权）",
    errno.EADDRNOTAVAIL: "本机没有这个地址",
}
log = structlog.get_logger("app")


def serve(settings: Settings, say: Callable[[str], None]) -> None:
    """Blocks until a signal. Raises Refused, SettingsError and what the database refuses with."""
    with control.hold(settings.state):
        asyncio.run(_serve(settings, say))


async def _serve(settings: Settings, say: Callable[[str], None]) -> None:
    stop = stop_signal()
    async with running(settings) as app:
        http = settings.http
        public, admin = _address(http.host, app.public_port), _address(http.admin_host, app.admin_port)
        gc.freeze()  # what is there now stays: to walk through it all took up to 0.4 s, while callbacks waited
        gc.enable()
        say(f"已就绪：对外 {public}（回调 {public}/wecom/callback），管理 {admin}")
        await stop.wait()
    say("已停止")


@asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[App]:
    """The bot at work, its control socket open; the caller holds the state folder."""
    app = App(settings)
    try:
        await _start(app)
    except BaseException:
        with suppress(Exception):  # what was not begun cannot be ended; the first error is the one to tell
            await _stop(app)
        raise
    try:
        with control.listening(settings.state, partial(perform, app.database, app.clock, settings=settings)):
            yield app
    finally:
        await _stop(app)


async def _start(app: App) -> None:
    try:
        await app.start()
    except OSError as error:
        reason = "没有这个地址" if isinstance(error, socket.gaierror) else _UNBINDABLE.get(error.errno or 0)
        if reason is None:
            raise
        http = app.settings.http
        places = f"{http.host}:{http.port} 或 {http.admin_host}:{http.admin_port}"
        raise Refused(
            f"不能监听 {places}：{reason}。请停止占用端口的程序，或改 RMBOT_HTTP__HOST、RMBOT_HTTP__PORT、"
            "RMBOT_HTTP__ADMIN_HOST、RMBOT_HTTP__ADMIN_PORT"
        ) from None


async def _stop(app: App) -> None:
    """Not longer than an operator's patience: nothing acknowledged depends on a tidy end."""
    try:
        await asyncio.wait_for(app.stop(), STOP_SECONDS)
    except TimeoutError:
        log.warning("stopped_untidily", seconds=STOP_SECONDS)


def stop_signal() -> asyncio.Event:
    """Set by the first SIGTERM or SIGINT; the next one ends the process as usual."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()

    def told() -> None:
        stop.set()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told)
    return stop


def _address(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{shown}:{port}"
