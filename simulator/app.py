"""Puts the simulated world behind one port: WeCom's API, the control API, the phone page."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from aiohttp import web

from simulator import api, control, control_phone, gateway, oauth
from simulator.clock import BusinessClock
from simulator.errors import Refused
from simulator.settings import AppConfig, Settings
from simulator.world import World

STATIC = Path(__file__).parent / "static"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class SimConfig:
    """What the world starts with; everything can be changed later through the control API."""

    app: AppConfig = field(default_factory=AppConfig)
    settings: Settings = field(default_factory=Settings)
    start: datetime | None = None
    static: Path = STATIC


def make_app(config: SimConfig | None = None) -> web.Application:
    """The simulator as an aiohttp application; `app[api.WORLD]` is its state."""
    config = config or SimConfig()
    app = web.Application(client_max_size=32 * 1024 * 1024, middlewares=[_tell_refusals])
    app[api.WORLD] = World(config.app, config.settings, BusinessClock(config.start))
    app.add_routes([*control.routes(), *control_phone.routes(), *oauth.routes(), *gateway.routes()])
    app.router.add_route("*", "/cgi-bin/{path:.+}", api.handle)
    _serve_page(app, config.static)
    app.cleanup_ctx.append(_courier)
    return app


@web.middleware
async def _tell_refusals(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except Refused as refused:
        return api.answer({"error": refused.text}, refused.status)


async def _courier(app: web.Application) -> AsyncIterator[None]:
    yield
    await app[api.WORLD].courier.close()


def _serve_page(app: web.Application, static: Path) -> None:
    async def index(_: web.Request) -> web.FileResponse:
        return web.FileResponse(static / "index.html")

    if (static / "index.html").exists():
        app.router.add_get("/", index)
        app.router.add_static("/", static)


@dataclass(frozen=True)
class Running:
    """A simulator that listens; `world` is its state for those in the same process."""

    url: str
    world: World
    runner: web.AppRunner

    async def close(self) -> None:
        await self.runner.cleanup()


async def start(host: str = "127.0.0.1", port: int = 0, config: SimConfig | None = None) -> Running:
    """Listen; port 0 takes a free one."""
    app = make_app(config)
    runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.2)
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    await site.start()
    world = app[api.WORLD]
    world.url = f"http://{host}:{runner.addresses[0][1]}"
    return Running(world.url, world, runner)
