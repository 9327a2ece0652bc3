"""Drives the simulated world from tests and the demo, so that a test reads like a chat log."""

from types import TracebackType
from typing import Any, Self

import aiohttp

from simulator.phone import Bubble, NotHeard, Phone, PhoneError

Json = dict[str, Any]
BASE = "/_sim/v1"

__all__ = ["Bubble", "Clock", "NotHeard", "Phone", "PhoneError", "World"]


class Clock:
    """The movable business clock."""

    def __init__(self, world: "World") -> None:
        self._world = world

    async def now(self) -> str:
        return str((await self._world.get("/clock"))["now"])

    async def advance(self, **amount: float) -> None:
        await self._world.post("/clock/advance", **amount)

    async def set(self, now: str) -> None:
        await self._world.post("/clock/set", now=now)


class World:
    """A running simulator, over HTTP."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self.clock = Clock(self)
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    async def request(self, method: str, path: str, body: Json | None = None) -> Json:
        """One control call; a refusal raises PhoneError with the simulator's words."""
        if self._http is None:
            self._http = aiohttp.ClientSession()
        async with self._http.request(method, f"{self.url}{BASE}{path}", json=body) as reply:
            answer: Json = await reply.json()
        if reply.status >= 400:
            raise PhoneError(str(answer.get("error")))
        return answer

    async def get(self, path: str) -> Json:
        return await self.request("GET", path)

    async def post(self, path: str, /, **body: Any) -> Json:
        return await self.request("POST", path, body)

    async def put(self, path: str, /, **body: Any) -> Json:
        return await self.request("PUT", path, body)

    def phone(self, userid: str) -> Phone:
        return Phone(self, userid.lower())

    async def people(self, *users: Json, departments: list[Json] | None = None, visible: list[str] | None = None,
                     unlicensed: list[str] | None = None) -> None:  # fmt: skip
        """Replace the directory."""
        await self.post("/directory", users=list(users), departments=departments or [], visible=visible,
                        unlicensed=unlicensed or [])  # fmt: skip

    async def load(self, folder: str) -> None:
        await self.post("/directory/load", folder=folder)

    async def app(self, **changes: Any) -> Json:
        return await self.put("/app", **changes)

    async def settings(self, **changes: Any) -> Json:
        return await self.put("/settings", **changes)

    async def weather(self, word: str) -> None:
        await self.settings(weather=word)

    async def fails(self, path: str, kind: str, value: float, times: int = 1) -> None:
        """The next `times` calls of `path` fail."""
        await self.post("/faults", path=path, kind=kind, value=value, times=times)

    async def forgets_token(self) -> None:
        await self.post("/token/reset")

    async def verifies_callback(self) -> Json:
        return await self.post("/callback/verify")

    async def idle(self, timeout: float = 10, quiet: float = 0.2) -> None:  # noqa: ASYNC109 — the server waits
        """Wait until no callback is on its way and the application has been quiet for a moment."""
        if not (await self.get(f"/idle?timeout={timeout}&quiet={quiet}"))["idle"]:
            raise NotHeard(f"{timeout} 秒后仍有在途的回调或接口调用")

    async def ledger(self, path: str = "", after: int = 0) -> list[Json]:
        calls: list[Json] = (await self.get(f"/ledger?path={path}&after={after}"))["calls"]
        return calls

    async def deliveries(self) -> list[Json]:
        found: list[Json] = (await self.get("/deliveries"))["deliveries"]
        return found

    async def violations(self) -> list[Json]:
        found: list[Json] = (await self.get("/violations"))["violations"]
        return found

    async def callbacks(self) -> list[Json]:
        found: list[Json] = (await self.get("/callbacks"))["callbacks"]
        return found

    async def replay(self, callback: str, mode: str = "same") -> Json:
        return await self.post(f"/callbacks/{callback}/replay", mode=mode)

    async def sms(self) -> list[Json]:
        inbox: list[Json] = (await self.get("/sms"))["inbox"]
        return inbox

    async def reset(self) -> None:
        await self.post("/reset")
