"""A way out: takes leased rows of the outbox, delivers them side by side, and settles what became of each."""

import asyncio
import secrets
from abc import ABC, abstractmethod

import structlog
from prometheus_client import Counter

from bot.clock import HouseClock
from bot.outside import Unanswered, Unreached
from bot.retry import AWAY_PAUSES, CONFIG_PAUSES, WAIT_PAUSES, RetryClass, pause_after
from bot.valve import Valve
from storage import outbox
from storage.database import Database
from storage.outbox import Outgoing
from storage.unit import Unit
from storage.vault import VaultError

LEASE_SECONDS = 40.0  # more than three times a call's limit
AT_ONCE = 32
IDLE_SECONDS = 1.0
HOLDS = {RetryClass.WAIT: WAIT_PAUSES, RetryClass.CONFIG: CONFIG_PAUSES}
"""How long everything of a channel waits, the message itself uncharged."""
SENT = Counter("rmbot_outbox_total", "Outgoing messages by kind and end", ["kind", "end"])

log = structlog.get_logger("sender")


class Channel(ABC):
    """One per process and way out, independent of the others; replicas share the work by leases."""

    def __init__(self, database: Database, clock: HouseClock) -> None:
        self._database, self._clock = database, clock
        self._wake = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()
        self._loop: asyncio.Task[None] | None = None
        self._valve = Valve()
        self._stopping = False

    @abstractmethod
    def _claim(self, unit: Unit, token: str, lease_seconds: float, limit: int) -> list[Outgoing]:
        """Lease up to `limit` rows that may go now."""

    @abstractmethod
    def _too_doubtful(self, row: Outgoing) -> bool:
        """Whether a try before had no answer and another one could double the message: an operator decides."""

    @abstractmethod
    async def _attempt(self, row: Outgoing) -> bool:
        """Deliver and settle; False when it was turned down. Raises Unreached or Unanswered."""

    @abstractmethod
    def _wake_all(self, unit: Unit) -> None:
        """What failed on this way out and waits for its next try is due at once."""

    def _ended(self, unit: Unit, row: Outgoing, state: str, why: str) -> None:
        """What else belongs into the commit that ends a row."""
        return

    async def start(self) -> None:
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
        token = secrets.token_hex(8)
        rows = await self._database.do(lambda unit: self._claim(unit, token, LEASE_SECONDS, room), "outbox.claim")
        for row in rows:
            task = asyncio.create_task(self._deliver(row))
            self._running.add(task)
            task.add_done_callback(self._finished)
        return len(rows)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        self._wake.set()
        if not task.cancelled() and task.exception() is not None:
            log.error("delivery_failed", error=type(task.exception()).__name__)

    async def _deliver(self, row: Outgoing) -> None:
        try:
            if self._too_doubtful(row):
                return await self._leave_to_operator(row, "no answer for too long")
            if await self._attempt(row):
                await self._served()
        except Unreached as error:
            await self._later(row, self._unserved(row, str(error)), str(error), charged=True)
        except Unanswered as error:
            await self._unknown(row, str(error))
        except VaultError as error:
            log.error("payload_unreadable", row=row.id)
            await self._end(row, outbox.DEAD, error=str(error))
        except Exception as error:
            log.error("delivery_failed", row=row.id, error=type(error).__name__)
            await self._unknown(row, type(error).__name__)

    async def _leave_to_operator(self, row: Outgoing, why: str) -> None:
        log.error("outbox_ambiguous", row=row.id)
        await self._end(row, outbox.AMBIGUOUS, error=why)

    async def _end(self, row: Outgoing, state: str, **values: object) -> None:
        def settle(unit: Unit) -> None:
            if outbox.settle(unit, row, state, **values):
                self._ended(unit, row, state, str(values.get("error", "")))

        await self._database.do(settle, f"outbox.{state}")
        SENT.labels(row.kind, state).inc()

    async def _later(self, row: Outgoing, seconds: float, error: str, *, charged: bool) -> None:
        due = self._clock.machine() + seconds
        await self._database.do(lambda unit: outbox.postpone(unit, row, due, error, charged=charged), "outbox.later")

    async def _refused(self, row: Outgoing, kind: RetryClass, error: str, **values: object) -> None:
        """The other side said no: again soon, everything waits, or never, by the class of its code."""
        if kind in (RetryClass.SOON, RetryClass.TOKEN):  # a token refused twice may be good the next second
            pauses = CONFIG_PAUSES if kind is RetryClass.TOKEN else AWAY_PAUSES
            await self._later(row, self._unserved(row, error, pauses), error, charged=True)
        elif kind in HOLDS:
            self._valve.close(self._clock.machine(), HOLDS[kind])
            await self._later(row, HOLDS[kind][-1] + 1, error, charged=False)  # another one goes and sees first
        else:
            await self._end(row, outbox.DEAD, error=error, **values)
            await self._served()

    def _unserved(self, row: Outgoing, why: str, pauses: tuple[float, ...] = AWAY_PAUSES) -> float:
        """Seconds until this message is tried again: its own pause, or its turn to go and see."""
        self._valve.unserved(self._clock.machine(), pauses)
        log.warning("unserved", row=row.id, why=why, all_wait=self._valve.closed)
        own = pause_after(row.attempts)
        return min(own, pauses[-1] + 1) if self._valve.closed else own

    async def _served(self) -> None:
        """What waits for the other side to be back waits no longer."""
        if self._valve.served(self._clock.machine()):
            log.info("served_again")
            await self.free()

    async def free(self) -> None:
        """Everything that failed and waits for its next try is due now."""
        await self._database.do(self._wake_all, "outbox.wake")

    async def _unknown(self, row: Outgoing, error: str) -> None:
        """The same bytes again, while the other side would swallow a double."""
        due = self._clock.machine() + self._unserved(row, error)
        await self._database.do(lambda unit: outbox.doubt(unit, row, due, error), "outbox.doubt")
