"""A fresh simulated world for each test, a caller that speaks to it as the application would, and an application
that listens.
"""

import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from simulator.app import Running, SimConfig, start
from simulator.client import World
from simulator.settings import Settings

PEOPLE = [
    {"userid": "RM01", "name": "示例·张三", "department": [2], "position": "客户经理", "direct_leader": ["mgr01"]},
    {"userid": "rm02", "name": "示例·李四", "department": [2], "position": "客户经理"},
    {"userid": "mgr01", "name": "示例·王五", "department": [1, 2], "position": "主管", "is_leader_in_dept": [0, 1]},
    {"userid": "gone", "name": "示例·赵六", "department": [2], "status": 5},
]
DEPARTMENTS = [{"id": 1, "name": "示例银行"}, {"id": 2, "name": "示例支行", "parentid": 1}]


class Application:
    """Calls the simulated API with a token, over real HTTP."""

    def __init__(self, running: Running, http: aiohttp.ClientSession) -> None:
        self.url, self.http, self.config = running.url, http, running.world.app
        self.token = ""

    async def login(self) -> dict[str, Any]:
        answer = await self.get("gettoken", corpid=self.config.corp_id, corpsecret=self.config.secret)
        self.token = answer.get("access_token", "")
        return answer

    async def get(self, path: str, **query: str) -> dict[str, Any]:
        params = query if path == "gettoken" else {"access_token": self.token, **query}
        async with self.http.get(f"{self.url}/cgi-bin/{path}", params=params) as reply:
            return await reply.json()

    async def post(self, path: str, body: Any, **query: str) -> dict[str, Any]:
        raw = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        params = {"access_token": self.token, **query}
        async with self.http.post(f"{self.url}/cgi-bin/{path}", params=params, data=raw) as reply:
            return await reply.json()

    async def send(self, kind: str, content: Any, to: str = "rm01", **more: Any) -> dict[str, Any]:
        body = {"touser": to, "msgtype": kind, "agentid": self.config.agent_id, kind: content, **more}
        return await self.post("message/send", body)

    async def text(self, words: str, to: str = "rm01", **more: Any) -> dict[str, Any]:
        return await self.send("text", {"content": words}, to, **more)

    async def card(self, card: dict[str, Any], to: str = "rm01") -> dict[str, Any]:
        return await self.send("template_card", card, to)

    async def update(self, code: str, users: list[str], **form: Any) -> dict[str, Any]:
        body = {"userids": users, "agentid": self.config.agent_id, "response_code": code, **form}
        return await self.post("message/update_template_card", body)

    async def upload(self, kind: str, data: bytes, name: str = "a.bin") -> dict[str, Any]:
        form = aiohttp.FormData()
        form.add_field("media", io.BytesIO(data), filename=name)
        params = {"access_token": self.token, "type": kind}
        async with self.http.post(f"{self.url}/cgi-bin/media/upload", params=params, data=form) as reply:
            return await reply.json()


class Listener:
    """An application's callback URL: keeps every request and answers as told."""

    def __init__(self) -> None:
        self.requests: list[tuple[dict[str, str], str]] = []
        self.answers: list[int] = []
        self.words = ""
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.requests.append((dict(request.query), await request.text()))
        return web.Response(status=self.answers.pop(0) if self.answers else 200, text=self.words)


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    sim = await start(config=SimConfig(settings=Settings(weather="calm", retry_delay=0.01)))
    yield sim
    await sim.close()


@pytest.fixture
async def world(running: Running) -> AsyncIterator[World]:
    async with World(running.url) as client:
        await client.people(*PEOPLE, departments=DEPARTMENTS)
        yield client


@pytest.fixture
async def app(running: Running, world: World) -> AsyncIterator[Application]:
    async with aiohttp.ClientSession() as http:
        application = Application(running, http)
        await application.login()
        yield application


@pytest.fixture
async def listener(world: World) -> AsyncIterator[Listener]:
    heard = Listener()
    server = web.Application()
    server.router.add_post("/wecom/callback", heard.take)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    heard.url = f"http://127.0.0.1:{runner.addresses[0][1]}/wecom/callback"
    await world.app(callback_url=heard.url)
    yield heard
    await runner.cleanup()
