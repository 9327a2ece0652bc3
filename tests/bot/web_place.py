"""A bank, its pages on a real port, and browsers that sign in at the simulated WeCom; shared by the page tests."""

import re
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import sqlalchemy as sa
from aiohttp import web
from aiohttp.test_utils import unused_port
from yarl import URL

from bot.clock import HouseClock
from bot.http import Runner, constant_errors
from bot.packs import default_pack
from bot.sections import Http, Wecom
from bot.settings import Settings
from bot.token import TokenKeeper
from bot.web.pages import Web
from bot.wecom_client import WecomClient
from domain.ids import TaskId, UserId
from handlers.context import House
from simulator.app import Running, SimConfig, start
from simulator.directory import from_json
from storage import card_rows, schema
from storage.card_rows import LIVE, CardRow
from storage.database import Database
from storage.imports.load import run_import
from storage.opening import open_database
from tests.policies import POLICY
from tests.storage.import_bank import write_bank

DAY = date(2026, 11, 23)
KEY = Path("keys", "key")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PEOPLE = [
    {"userid": "rm01", "name": "李强样"},
    {"userid": "rm02", "name": "赵敏样"},
    {"userid": "zhangwei", "name": "张伟样"},
    {"userid": "old9", "name": "周旧样"},
    {"userid": "passerby", "name": "路过样"},
]


@dataclass
class Place:
    """Everything that runs; `url` is the public port, `public` how a browser names it, `admin_url` the other port."""

    url: str
    public: str
    admin_url: str
    sim: Running
    database: Database
    web: Web
    folder: Path
    made_of: tuple[Database, House, HouseClock, WecomClient, Settings]

    def card(self, addressee: str, *, subject: str = "customer:C001", days: float = 3, task_id: str = "") -> str:
        """A summary card as it was sent; returns the path of its page."""
        name = TaskId(task_id or f"card-{addressee}-{subject.partition(':')[2]}-{days}".replace(".", "_"))
        expires = NOW + timedelta(days=days)
        row = CardRow(name, UserId(addressee), subject, 0, LIVE, expires, {}, {})
        self.database.run(lambda unit: card_rows.put(unit, row))
        return f"/h5/card/{name}"

    def imports(self, **files: str) -> None:
        """The bank's feed comes again, with some files written differently."""
        folder = write_bank(self.folder / f"bank-{len(list(self.folder.iterdir()))}", **files)
        report = run_import(self.database, folder, as_of=DAY, now=NOW, clock=time.monotonic)
        assert report.ok, report.lines()

    def audited(self) -> list[str]:
        """The canonical audit records, in order."""
        with self.database.reader() as connection:
            bodies = connection.execute(sa.select(schema.audit.c.body).order_by(schema.audit.c.seq)).scalars().all()
        return [bytes(body).decode() for body in bodies]

    def sessions(self) -> list[str | None]:
        """Whose sessions are kept; None is a sign-in under way."""
        with self.database.reader() as connection:
            return list(connection.execute(sa.select(schema.web_session.c.userid)).scalars().all())

    def later(self, **amount: float) -> None:
        self.sim.world.clock.advance(timedelta(**amount))


class Browser:
    """A phone's browser: keeps cookies, and is `person` to WeCom."""

    def __init__(self, place: Place, person: str) -> None:
        self.place = place
        self.http = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))
        self.http.cookie_jar.update_cookies({"sim_user": person}, URL(place.sim.url))

    async def __aenter__(self) -> "Browser":
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.http.close()

    async def get(self, address: str, *, follow: bool = True) -> aiohttp.ClientResponse:
        """The answer, read; a path is one of the public port."""
        url = address if address.startswith("http") else self.place.url + address
        async with self.http.get(URL(url, encoded=True), allow_redirects=follow) as response:
            await response.read()
            return response

    async def post(self, path: str, headers: Mapping[str, str] | None = None, **form: object) -> tuple[int, str]:
        """The answer to a form of our own pages; where it leads to, if it leads anywhere."""
        several = [(name, value if isinstance(value, list) else [value]) for name, value in form.items()]
        fields = aiohttp.FormData([(name, str(each)) for name, values in several for each in values])
        where = {"Origin": self.place.public, **(headers or {})}
        url = self.place.url + path
        async with self.http.post(url, data=fields, headers=where, allow_redirects=False) as response:
            return response.status, response.headers.get("Location") or await response.text()

    async def sent_off(self, path: str) -> str:
        """WeCom's address that the page sends this browser to."""
        response = await self.get(path, follow=False)
        assert response.status == 302
        return response.headers["Location"]

    async def returned(self, path: str) -> str:
        """The address that WeCom sends this browser back to, with code and state, not followed."""
        response = await self.get(await self.sent_off(path), follow=False)
        assert response.status == 302
        return response.headers["Location"]

    @property
    def token(self) -> str:
        return next((cookie.value for cookie in self.http.cookie_jar if cookie.key == "rm_session"), "")


def text_of(html: str) -> str:
    """What a reader sees, without the tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


@asynccontextmanager
async def open_place(url: str, folder: Path, *, https: bool = False) -> AsyncIterator[Place]:
    """Simulator, database and both ports, in this process; the database's key is `folder` / KEY."""
    sim = await start(config=SimConfig(start=NOW))
    port = unused_port()
    settings = _settings(sim, port, folder, https=https)
    clock = HouseClock(f"{sim.url}/_sim/v1/clock")
    await clock.start()
    database = open_database(url, folder / KEY, clock)
    database.start(None)
    wecom = WecomClient(settings.wecom, TokenKeeper("tests", database, clock))
    await wecom.start()
    agent = sim.world.app.agent_id
    house = House(default_pack(), POLICY, agent_id=agent, public_url=settings.public_url, codes=True)
    made_of = (database, house, clock, wecom, settings)
    pages = Web(*made_of)
    pages.ready = True
    sim.world.directory = from_json({"users": PEOPLE})
    sim.world.app = replace(sim.world.app, trusted_domain=URL(settings.public_url).authority)
    runners = [await _listen(pages, pages.public_routes(), port), await _listen(pages, pages.admin_routes(), 0)]
    admin_url = f"http://127.0.0.1:{runners[1].addresses[0][1]}"
    place = Place(f"http://127.0.0.1:{port}", settings.public_url, admin_url, sim, database, pages, folder, made_of)
    try:
        yield place
    finally:
        for runner in runners:
            await runner.cleanup()
        await wecom.stop()
        database.stop()
        await clock.stop()
        await sim.close()


@asynccontextmanager
async def serving(place: Place) -> AsyncIterator[str]:
    """Another replica's pages over the same database; its address."""
    pages = Web(*place.made_of)
    runner = await _listen(pages, pages.public_routes(), 0)
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


def _settings(sim: Running, port: int, folder: Path, *, https: bool) -> Settings:
    known: Any = sim.world.app
    return Settings(
        state=folder,
        http=Http(public_url="https://rm.example.test" if https else f"http://127.0.0.1:{port}"),
        wecom=Wecom(
            api_base=sim.url, oauth_base=sim.url, corp_id=known.corp_id, agent_id=known.agent_id, secret=known.secret
        ),
    )


async def _listen(pages: Web, routes: list[web.RouteDef], port: int) -> Runner:
    application = web.Application(middlewares=[constant_errors])
    pages.protect(application)
    application.add_routes(routes)
    runner = Runner(application, access_log=None, shutdown_timeout=0.2)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    return runner
