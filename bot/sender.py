"""The sender: takes leased rows from the outbox, several persons side by side, as much as the valve lets through
(design decision 6).
"""

import asyncio
import secrets

import structlog

from bot.clock import HouseClock
from bot.delivery import Delivery
from bot.valve import Valve
from bot.wecom_client import WecomClient
from storage import outbox
from storage.database import Database
from storage.outbox import Allowance, Outgoing
from storage.unit import Unit

LEASE_SECONDS = 40.0  # more than three times a call's limit
AT_ONCE = 32
IDLE_SECONDS = 1.0
BUSY_MICROSECONDS = 10 * 60 * 1_000_000  # how long an open conversation holds back what is not an answer

log = structlog.get_logger("sender")


class Sender:
    """One per process; replicas share the work by leases."""

    def __init__(self, database: Database, wecom: WecomClient, clock: HouseClock, allowance: Allowance) -> None:
        self._database, self._clock, self._allowance = database, clock, allowance
        self._wake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None
        self._valve = Valve()
        self._delivery = Delivery(database, wecom, clock, self._valve)
        self._stopping = False

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._database.on_outgoing = lambda: _wake(loop, self._wake)
        await self._delivery.free()  # a restart may be the cure: settings are read anew
        self._loop = asyncio.create_task(self._serve())

    async def stop(self) -> None:
        """Finish what is on its way. A claim is not broken off: its rows would wait for the end of their lease."""
        self._stopping = True
        self._wake.set()
        if self._loop is not None:
            await asyncio.gather(self._loop, return_exceptions=True)
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _serve(self) -> None:
        while not self._stopping:
            self._wake.clear()
            try:
                taken = await self._take()
            except Exception as error:
                log.error("outbox_unreadable", error=type(error).__name__)
                taken = 0
            if not taken:
                await self._rest()

    async def _rest(self) -> None:
        try:
            await asyncio.wait_for(self._wake.wait(), IDLE_SECONDS)
        except TimeoutError:
            return

    async def _take(self) -> int:
        """Lease what may go now and send it, several persons side by side."""
        room = self._valve.room(self._clock.machine(), len(self._running), AT_ONCE)
        if not room:
            return 0
        rows = await self._database.do(lambda unit: self._claim(unit, room), "outbox.claim")
        for row in rows:
            task = asyncio.create_task(self._delivery.deliver(row))
            self._running.add(task)
            task.add_done_callback(self._finished)
        return len(rows)

    def _claim(self, unit: Unit, room: int) -> list[Outgoing]:
        return outbox.claim(
            unit,
            token=secrets.token_hex(8),
            lease_seconds=LEASE_SECONDS,
            limit=room,
            allowance=self._allowance,
            busy_microseconds=BUSY_MICROSECONDS,
        )

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._wake.set()
        if not task.cancelled() and task.exception() is not None:
            log.error("delivery_failed", error=type(task.exception()).__name__)


def _wake(loop: asyncio.AbstractEventLoop, event: asyncio.Event) -> None:
    """From the writer's thread; a loop that is already closed has nobody left to wake."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(event.set)
