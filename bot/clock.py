"""The only clocks of the house: business time, which a demo may move, and the machine's own (design decision 8)."""

import asyncio
import time
from datetime import datetime, timedelta

import aiohttp
import structlog

from domain.zone import SHANGHAI as SHANGHAI

POLL_SECONDS = 0.5
log = structlog.get_logger("clock")


class HouseClock:
    """Business time = machine time + an offset; the offset follows a movable clock when one is set."""

    def __init__(self, url: str | None = None) -> None:
        self._url = url
        self._offset = timedelta()
        self._session: aiohttp.ClientSession | None = None
        self._task: asyncio.Task[None] | None = None

    def business(self) -> datetime:
        return datetime.now(SHANGHAI) + self._offset

    def machine(self) -> float:
        return time.time()

    async def start(self) -> None:
        """Read the movable clock once and then at least every second."""
        if self._url is None:
            return
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=2))
        await self.reread()
        self._task = asyncio.create_task(self._follow())

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    async def reread(self) -> None:
        """Take the offset anew; an unreachable clock leaves the last offset running."""
        if self._session is None or self._url is None:
            return
        try:
            async with self._session.get(self._url) as response:
                told = datetime.fromisoformat((await response.json())["now"])
        except (aiohttp.ClientError, TimeoutError, ValueError, KeyError) as error:
            log.warning("clock_unreachable", error=type(error).__name__)
            return
        self._offset = told - datetime.now(SHANGHAI)

    async def _follow(self) -> None:
        while True:
            await asyncio.sleep(POLL_SECONDS)
            await self.reread()
