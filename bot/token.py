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

Fetch = Callable[[], Awaitable[tuple[str, float]]]


class TokenKeeper:
    """`get` returns a usable token; `get(stale=…)` one that is not the one WeCom just refused."""

    def __init__(self, name: str, database: Database, clock: HouseClock) -> None:
        self._name, self._database, self._clock = name, database, clock
        self._lock = asyncio.Lock()
        self._cached: KeptToken | None = None
        self._fetch: Fetch | None = None

    def bind(self, fetch: Fetch) -> None:
        self._fetch = fetch

    async def get(self, stale: str | None = None) -> str:
        if self._usable(self._cached, stale):
            assert self._cached is not None
            return self._cached.value
        async with self._lock:
            while not self._usable(self._cached, stale):
                self._cached = await self._database.read(lambda unit: tokens.read(unit, self._name))
                if not self._usable(self._cached, stale) and not await self._refresh():
                    await asyncio.sleep(LOOK_AGAIN_SECONDS)
            assert self._cached is not None
            return self._cached.value

    def _usable(self, token: KeptToken | None, stale: str | None) -> bool:
        return token is not None and token.value != stale and self._clock.machine() < token.expires - EARLY_SECONDS

    async def _refresh(self) -> bool:
        """Fetch a token if the lease is ours; False when another replica is at it."""
        holder = secrets.token_hex(8)
        if not await self._database.do(lambda unit: tokens.lease(unit, self._name, holder, LEASE_SECONDS), "token"):
            return False
        assert self._fetch is not None
        try:
            value, seconds = await self._fetch()
        except BaseException:
            await self._database.do(lambda unit: tokens.release(unit, self._name, holder), "token")
            raise
        fresh = KeptToken(value, self._clock.machine() + seconds)
        await self._database.do(lambda unit: tokens.store(unit, self._name, holder, fresh), "token")
        self._cached = fresh
        return True
