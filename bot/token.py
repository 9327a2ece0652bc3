"""The access token, fetched once for all: by one task of one replica, while the others wait (decision 17)."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable

from bot.clock import HouseClock
from storage import tokens
from storage.database import Database
from storage.tokens import KeptToken

EARLY_SECONDS = 300.0
LEASE_SECONDS = 15.0
LOOK_AGAIN_SECONDS = 0.05
FAILURE_SECONDS = 3.0  # a wrong secret must not be tried by everybody who waits: WeCom bans the address

Fetch = Callable[[], Awaitable[tuple[str, float]]]


class TokenKeeper:
    """`get` returns a usable token; `get(stale=…)` one that was fetched after WeCom refused that one."""

    def __init__(self, name: str, database: Database, clock: HouseClock) -> None:
        self._name, self._database, self._clock = name, database, clock
        self._lock = asyncio.Lock()
        self._cached: KeptToken | None = None
        self._fetches = 0
        self._failure: tuple[Exception, float] | None = None
        self._fetch: Fetch | None = None

    def bind(self, fetch: Fetch) -> None:
        self._fetch = fetch

    async def get(self, stale: str | None = None) -> str:
        fetches = self._fetches
        if (token := self._usable(self._cached, stale)) is not None:
            return token
        async with self._lock:
            # Whoever held the lock may have fetched; WeCom gives the same token as long as it thinks it is good.
            token = self._usable(self._cached, stale if fetches == self._fetches else None)
            return token if token is not None else await self._look_or_fetch(stale)

    async def _look_or_fetch(self, stale: str | None) -> str:
        if self._failure is not None and self._clock.machine() < self._failure[1]:
            raise self._failure[0].with_traceback(None)
        while True:
            if (token := await self._kept(stale) or await self._refresh(stale)) is not None:
                return token
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _kept(self, stale: str | None) -> str | None:
        """What the database holds; looked at again under the lease, for another replica may just have stored it."""
        self._cached = await self._database.read(lambda unit: tokens.read(unit, self._name))
        return self._usable(self._cached, stale)

    async def _give_back(self, holder: str) -> None:
        await self._database.do(lambda unit: tokens.release(unit, self._name, holder), "token")

    def _usable(self, token: KeptToken | None, stale: str | None) -> str | None:
        if token is None or token.value == stale or self._clock.machine() >= token.expires:
            return None
        return token.value

    async def _refresh(self, stale: str | None) -> str | None:
        """Fetch a token if the lease is ours; None when another replica is at it."""
        holder = secrets.token_hex(8)
        assert self._fetch is not None
        lease = self._database.do(lambda unit: tokens.lease(unit, self._name, holder, LEASE_SECONDS), "token")
        leasing = asyncio.ensure_future(lease)
        try:
            if not await asyncio.shield(leasing):
                return None
            if (token := await self._kept(stale)) is not None:
                await self._give_back(holder)
                return token
            value, seconds = await self._fetch()
        except BaseException as error:
            if isinstance(error, Exception):
                self._failure = (error, self._clock.machine() + FAILURE_SECONDS)
            await leasing  # a shutdown leaves it on its way; it has to be there to be given back
            await self._give_back(holder)
            raise
        early = min(EARLY_SECONDS, seconds / 10)
        fresh = KeptToken(value, self._clock.machine() + seconds - early)
        await self._database.do(lambda unit: tokens.store(unit, self._name, holder, fresh), "token")
        self._cached, self._failure, self._fetches = fresh, None, self._fetches + 1
        return value
