"""APScheduler as a tick: it only asks what is due; nothing durable lives in it (reliability.md §0.4)."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from handlers.context import House
from scheduler.care import Morning
from scheduler.labels import Labels
from scheduler.making import Making
from scheduler.nightly import Nightly
from scheduler.reading import ReadingWatch
from scheduler.retention import Keeping
from scheduler.staff import StaffWatch
from scheduler.timers import fire_due
from storage import api_answers
from storage.database import Closed, Database

TICK_SECONDS = 0.5
WATCH_SECONDS = 1.0
FORGET_SECONDS = 2.0
AFTER_FAILURE = 30.0  # seconds until a morning that broke off is tried again
CARE, FILES, LABELS, NIGHT, READING, RETENTION = "care", "files", "labels", "nightly", "reading", "retention"
ENDED = (Closed, asyncio.CancelledError)  # stopping cancels what runs, and APScheduler would log a traceback of it
log = structlog.get_logger("scheduler")


class Tick:
    """Which job runs when; one table, in memory."""

    def __init__(self, database: Database, house: House, *, cares: bool = True, nightly: Nightly | None = None) -> None:
        """`cares`: whether the morning's care runs, and the labels that it goes by are made."""
        self._database, self._house = database, house
        self._morning, self._nightly = Morning(database, house), nightly
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._scheduler.add_job(self._timers, "interval", seconds=TICK_SECONDS)
        if nightly is not None:
            self._scheduler.add_job(self._night, "interval", seconds=TICK_SECONDS, id=NIGHT)
        self._scheduler.add_job(self._forget, "interval", seconds=FORGET_SECONDS)
        self._staff_watch = StaffWatch(database, house)
        self._scheduler.add_job(self._staff, "interval", seconds=WATCH_SECONDS)
        self._reading = ReadingWatch(database, house)
        self._scheduler.add_job(self._read_about, "interval", seconds=WATCH_SECONDS, id=READING)
        self._making = Making(database, house)
        self._scheduler.add_job(self._make, "interval", seconds=TICK_SECONDS, id=FILES)
        self._keeping = Keeping(database, house)
        self._scheduler.add_job(self._keep, "interval", seconds=WATCH_SECONDS, id=RETENTION)
        self._labels = Labels(database, house)
        if cares:
            self._scheduler.add_job(self._label, "interval", seconds=TICK_SECONDS, id=LABELS)
            self._scheduler.add_job(self._care, "interval", seconds=TICK_SECONDS, id=CARE)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)

    async def _timers(self) -> None:
        await self._short("timers", self._fire)

    async def _fire(self) -> None:
        futures = await asyncio.to_thread(fire_due, self._database, self._house)
        for future in futures:
            try:
                await asyncio.shield(asyncio.wrap_future(future))
            except Exception as error:
                log.error("timer_failed", error=type(error).__name__)

    async def _forget(self) -> None:
        """Answers to other systems go after their day, also where no system calls any more."""
        await self._short("forgetting", self._forget_answers)

    async def _forget_answers(self) -> None:
        if await self._database.read(api_answers.any_old):
            await self._database.do(api_answers.forget_old, "answers.forget")

    async def _staff(self) -> None:
        await self._short("staff_watch", self._staff_watch)

    async def _care(self) -> None:
        await self._long(CARE, self._morning)

    async def _night(self) -> None:
        assert self._nightly is not None
        await self._long(NIGHT, self._nightly)

    async def _read_about(self) -> None:
        await self._long(READING, self._reading)

    async def _make(self) -> None:
        await self._long(FILES, self._making)

    async def _keep(self) -> None:
        await self._long(RETENTION, self._keeping)

    async def _label(self) -> None:
        await self._long(LABELS, self._labels)

    async def _short(self, job: str, run: Callable[[], Awaitable[None]]) -> None:
        """What fails is tried again with the next tick."""
        try:
            await run()
        except ENDED:
            return
        except Exception as error:
            log.error(f"{job}_failed", error=type(error).__name__)

    async def _long(self, job: str, run: Callable[[], Awaitable[None]]) -> None:
        """It takes as long as it takes: no tick is missed for it, because none comes."""
        self._scheduler.pause_job(job)
        try:
            await run()
        except ENDED:
            return
        except Exception as error:
            log.error(f"{job}_failed", error=type(error).__name__)
            await asyncio.sleep(AFTER_FAILURE)
        self._scheduler.resume_job(job)
