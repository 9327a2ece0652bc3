"""A bank and the interface for its other systems on a real port; shared by the interface's tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any

import aiohttp
import orjson
import sqlalchemy as sa
from aiohttp import web

from bot.api.api import Api
from bot.api.problem import problems
from bot.http import Runner, constant_errors
from bot.sections import Api as ApiSettings
from bot.settings import Settings
from bot.web import headers
from storage import api_keys, schema
from storage.database import Database
from storage.imports.ownership import read_grant
from storage.opening import open_database
from tests.bot.post import PushedClock

DAY = date(2026, 11, 22)
KEY = Path("keys", "key")
NDJSON, CSV = "application/x-ndjson", "text/csv"


@dataclass(frozen=True)
class Told:
    """One answer: status, headers, and the bytes as they came."""

    status: int
    headers: Any
    body: bytes

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)

    @property
    def problem(self) -> tuple[int, str]:
        """Status and kind of a problem, which must look like one."""
        assert self.headers["Content-Type"] == "application/problem+json"
        assert self.json["status"] == self.status
        assert set(self.json) >= {"type", "title", "detail"}
        return self.status, self.json["type"].rpartition(":")[2]


@dataclass
class Place:
    """Everything that runs."""

    url: str
    database: Database
    clock: PushedClock
    api: Api
    http: aiohttp.ClientSession
    folder: Path
    keys: dict[str, str] = field(default_factory=dict)

    def key(self, *kinds: str, system: str = "核心系统", days: int = 365) -> str:
        """A key that may write `kinds`."""
        grant = read_grant(kinds)
        return self.database.run(lambda unit: api_keys.add(unit, system, grant, days))

    async def asks(self, method: str, path: str, key: str = "", body: Any = None, **headers: str) -> Told:
        """One request; `idempotency_key="x"` is the header of that name."""
        named = {name.replace("_", "-").title(): value for name, value in headers.items()}
        if key:
            named["Authorization"] = f"Bearer {key}"
        async with self.http.request(method, self.url + path, data=body, headers=named) as answer:
            return Told(answer.status, answer.headers, await answer.read())

    async def puts(self, path: str, key: str, row: Any, **headers: str) -> Told:
        """One row as JSON."""
        headers.setdefault("content_type", "application/json")
        return await self.asks("PUT", f"/api/v1/{path}", key, orjson.dumps(row), **headers)

    async def sends(self, path: str, key: str, body: IO[bytes] | bytes | str, kind: str = CSV, **headers: str) -> Told:
        """Many rows."""
        data = body.encode() if isinstance(body, str) else body
        return await self.asks("POST", f"/api/v1/imports/{path}", key, data, content_type=kind, **headers)

    def audited(self, action: str = "") -> list[dict[str, Any]]:
        with self.database.reader() as connection:
            bodies = connection.execute(sa.select(schema.audit.c.body).order_by(schema.audit.c.seq)).scalars().all()
        records = [orjson.loads(bytes(body)) for body in bodies]
        return [record for record in records if record["action"].startswith(action)]

    def rows(self, table: sa.Table) -> list[dict[str, Any]]:
        """Every row as it is kept, sealed cells and all."""
        with self.database.reader() as connection:
            return [dict(row._mapping) for row in connection.execute(sa.select(table)).all()]

    def row(self, table: sa.Table, key: str) -> dict[str, Any]:
        """The row whose first key column is `key`."""
        (name,) = [column.name for column in table.columns][:1]
        (found,) = [row for row in self.rows(table) if row[name] == key]
        return found


@asynccontextmanager
async def open_place(url: str, folder: Path, **limits: Any) -> AsyncIterator[Place]:
    """Database and interface in this process; the database's key is `folder` / KEY."""
    clock = PushedClock()
    database = open_database(url, folder / KEY, clock)
    database.start(None)
    api = Api(database, clock, Settings(state=folder, api=ApiSettings(**limits)))
    application = web.Application(middlewares=[constant_errors, problems])
    headers.protect(application, https=False)
    application.add_routes(api.routes())
    runner = Runner(application, access_log=None, shutdown_timeout=0.2, auto_decompress=False)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as http:
        try:
            yield Place(f"http://127.0.0.1:{runner.addresses[0][1]}", database, clock, api, http, folder)
        finally:
            await runner.cleanup()
            database.stop()
