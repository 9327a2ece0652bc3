"""APScheduler as a tick: it only asks what is due; nothing durable lives in it (reliability.md §0.4)."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from handlers import deliveries
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
ENDED = (Closed, asyncio.CancelledError)  # stopping cancels what runs, and APScheduler would log a traceback of it
log = structlog.get_logger("scheduler")

Run = Callable[[], Awaitable[None]]


class Tick:
    """Which job runs when; one table, in memory."""

    def __init__(self, database: Database, house: House, *, cares: bool = True, nightly: Nightly | None = None) -> None:
        """`cares`: whether the morning's care runs, and the labels that it goes by are made."""
        self._database, self._house = database, house
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._every(TICK_SECONDS, "timers", self._fire)
        self._every(FORGET_SECONDS, "forgetting", self._forget_answers)
        self._every(WATCH_SECONDS, "staff_watch", StaffWatch(database, house))
        self._every(WATCH_SECONDS, "reading", ReadingWatch(database, house), rest=AFTER_FAILURE)
        self._every(TICK_SECONDS, "files", Making(database, house), rest=AFTER_FAILURE)
        self._every(WATCH_SECONDS, "retention", Keeping(database, house), rest=AFTER_FAILURE)
        if nightly is not None:
            self._every(TICK_SECONDS, "nightly", nightly, rest=AFTER_FAILURE)
        if cares:
            self._every(TICK_SECONDS, "labels", Labels(database, house), rest=AFTER_FAILURE)
            self._every(TICK_SECONDS, "care", Morning(database, house), rest=AFTER_FAILURE)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)

    def _every(self, seconds: float, job: str, run: Run, rest: float = 0.0) -> None:
        """A job takes as long as it takes: no tick is missed for it, because none comes. What fails is tried again
        with the next tick after a `rest`, in seconds.
        """

        async def turn() -> None:
            self._scheduler.pause_job(job)
            with suppress(*ENDED):
                await self._once(job, run, rest)
                self._scheduler.resume_job(job)

        self._scheduler.add_job(turn, "interval", seconds=seconds, id=job)

    async def _once(self, job: str, run: Run, rest: float) -> None:
        try:
            await run()
        except Closed:
            raise
        except Exception as error:
            log.error(f"{job}_failed", error=type(error).__name__)
            await asyncio.sleep(rest)

    async def _fire(self) -> None:
        futures = await asyncio.to_thread(fire_due, self._database, self._house)
        for future in futures:
            try:
                await asyncio.shield(asyncio.wrap_future(future))
            except Exception as error:
                log.error("timer_failed", error=type(error).__name__)

    async def _forget_answers(self) -> None:
        """Answers to other systems go after their time, also where no system calls any more."""
        kept = deliveries.kept(self._house.policy)
        if await self._database.read(lambda unit: api_answers.any_old(unit, kept)):
            await self._database.do(lambda unit: api_answers.forget_old(unit, kept), "answers.forget")
