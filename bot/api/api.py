"""The routes for other systems: who asks is known and counted first, then one act, then one answer."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import partial
from hashlib import sha256

import orjson
import structlog
from aiohttp import web
from prometheus_client import Counter

from bot.api import asking, telling
from bot.api.body import media_type, small, spooled
from bot.api.importing import READERS, Importing
from bot.api.operations import CLOSE, FEEDS, IMPORT, OPERATIONS, PUT, Operation
from bot.api.problem import Problem, of_refusal, respond, unavailable
from bot.clock import HouseClock
from bot.packs import shipped_policy
from bot.settings import Settings
from domain.refusal import Refused
from handlers import deliveries
from handlers.deliveries import Call
from storage import api_keys
from storage.api_answers import Answer
from storage.api_keys import Caller
from storage.database import Closed, Database, Overloaded
from storage.failures import is_weather
from storage.imports.column import Column
from storage.imports.delivery import Delivery, NotTheirs
from storage.imports.format import FileSpec
from storage.imports.rejection import Rejection
from storage.imports.stream import Unwritten, cell_for, object_of

ANSWERED = Counter("rmbot_api_total", "Calls of the interface by operation and status", ["operation", "status"])
IN_HAND = 8
"""Imports that are received or wait at the same time; they are carried out one after the other."""
JSON = {"application/json": "json"}
UNKNOWN_KEY = "请在 Authorization 头里用 Bearer 带上有效的密钥；密钥由系统管理员用 rmbot api keys add 发放"

log = structlog.get_logger("api")
Act = Callable[[web.Request, Caller], Awaitable[Answer]]


class Api:
    """The interface of one process."""

    def __init__(self, database: Database, clock: HouseClock, settings: Settings) -> None:
        self._database, self._clock, self._limits = database, clock, settings.api
        self._importing = Importing(database)
        self._folder = settings.state
        self._in_hand = 0

    def routes(self) -> list[web.RouteDef]:
        acts = {IMPORT: self._import, PUT: self._put, CLOSE: self._close}
        return [
            web.route(each.method, each.path, self._door(each, self._act(each, acts)), name=each.name)
            for each in OPERATIONS
        ]

    def _act(self, operation: Operation, acts: Mapping[str, Callable[..., Awaitable[Answer]]]) -> Act:
        if operation.act == FEEDS:
            return self._feeds
        return partial(acts[operation.act], operation.spec)

    def _door(self, operation: Operation, act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def answer(request: web.Request) -> web.Response:
            try:
                response = respond(await self._done(request, operation, act))
            except Problem as problem:
                response = problem.response()
            except Exception as error:
                response = _mishap(operation, error).response()
            ANSWERED.labels(operation.name, response.status).inc()
            return response

        return answer

    async def _done(self, request: web.Request, operation: Operation, act: Act) -> Answer:
        caller = await self._admitted(request)
        try:
            if operation.spec and not caller.grant.may(operation.spec.name):
                raise Problem("forbidden", f"这个密钥不能写 {operation.spec.name}")
            return await act(request, caller)
        except Refused as refusal:
            problem = of_refusal(refusal)
        except Problem as raised:
            problem = raised
        note = partial(deliveries.refused, caller=caller, operation=operation.name, status=problem.status)
        await self._database.do(note, "api.refused")
        raise problem

    async def _admitted(self, request: web.Request) -> Caller:
        token = asking.token_of(request)
        caller = await self._database.read(lambda unit: api_keys.find(unit, token))
        if caller is None:
            raise Problem("unauthorized", UNKNOWN_KEY, headers={"WWW-Authenticate": "Bearer"})
        try:
            admit = partial(deliveries.admit, caller=caller, limit=self._limits.per_minute, policy=shipped_policy())
            await self._database.do(admit, "api.admit")
        except Refused as refusal:
            raise of_refusal(refusal) from refusal
        return caller

    async def _feeds(self, request: web.Request, caller: Caller) -> Answer:
        found = await self._database.do(lambda unit: deliveries.feeds(unit, caller), "api.feeds")
        return Answer(200, orjson.dumps({"feeds": found}))

    async def _put(self, spec: FileSpec, request: web.Request, caller: Caller) -> Answer:
        media_type(request, JSON)
        delivery = asking.row_delivery_of(request, spec, caller, self._clock.business())
        body = await small(request, self._limits.body_seconds)
        cells = _cells(delivery, body, request.match_info[spec.key[0]])
        call = self._call(request, caller, body, partial(telling.row_told, delivery))
        return await self._database.do(lambda unit: deliveries.put(unit, call, delivery, cells), "api.put")

    async def _close(self, spec: FileSpec, request: web.Request, caller: Caller) -> Answer:
        if not caller.grant.whole(spec.name):
            raise Problem("forbidden", f"只有管着 {spec.name} 全部必填列的系统才能关闭它的行")
        delivery = asking.row_delivery_of(request, spec, caller, self._clock.business())
        key, call = (
            request.match_info[spec.key[0]],
            self._call(request, caller, b"", partial(telling.row_told, delivery)),
        )
        return await self._database.do(lambda unit: deliveries.close(unit, call, delivery, key), "api.close")

    def _call(self, request: web.Request, caller: Caller, body: bytes, told: deliveries.Told, digest: str = "") -> Call:
        asked = asking.asked_of(request, caller, digest or sha256(body).hexdigest(), secrets.token_hex(8))
        return Call(caller, asked, told)

    async def _import(self, spec: FileSpec, request: web.Request, caller: Caller) -> Answer:
        kind = media_type(request, READERS)
        delivery = asking.delivery_of(request, spec, caller, self._clock.business())
        limit, seconds = self._limits.max_body_mb * 1024 * 1024, self._limits.body_seconds
        async with self._room(), spooled(request, self._folder, limit, seconds) as body:
            call = self._call(request, caller, b"", partial(telling.import_told, delivery), body.digest)
            return await self._importing(call, delivery, kind, body.file)

    @asynccontextmanager
    async def _room(self) -> AsyncIterator[None]:
        if self._in_hand >= IN_HAND:
            raise unavailable()
        self._in_hand += 1
        try:
            yield
        finally:
            self._in_hand -= 1


def _cells(delivery: Delivery, body: bytes, key: str) -> dict[str, str]:
    """The row's cells, its key from the path. Raises Problem and NotTheirs."""
    spec, read = delivery.spec, object_of(body)
    if isinstance(read, str):
        raise Problem("malformed", f"内容{read}")
    known, mine = {column.name for column in spec.columns}, delivery.grant.columns(spec.name)
    if set(read) - known:
        raise Problem("rejected", f"有不认识的列：{spec.name} 的列为 {'、'.join(mine)}")
    if theirs := [name for name in known if name in read and name not in mine]:
        raise NotTheirs(spec.name, min(theirs))
    cells = {name: _cell(spec.column(name), value) for name, value in read.items()}
    if cells.setdefault(spec.key[0], key) != key:
        raise Problem("rejected", f"{spec.key[0]} 与地址里的不同：要么相同，要么不写")
    return cells


def _cell(column: Column, value: object) -> str:
    try:
        return cell_for(value, column)
    except Unwritten as unwritten:
        faults = telling.rejections_told([Rejection("", 0, column.name, str(unwritten))])
        raise Problem("rejected", f"{column.name}：{unwritten}", rejections=faults) from unwritten


def _mishap(operation: Operation, error: Exception) -> Problem:
    if isinstance(error, Overloaded | Closed | asyncio.CancelledError) or is_weather(error):
        return unavailable()
    log.error("api_failed", operation=operation.name, error=type(error).__name__)
    return Problem("failed")
