"""APScheduler as a tick: it only asks what is due; nothing durable lives in it (reliability.md §0.4)."""

import asyncio

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from handlers.context import House
from scheduler.timers import fire_due
from storage.database import Database

TICK_SECONDS = 0.5
log = structlog.get_logger("scheduler")


class Tick:
    """Which job runs when; one table, in memory."""

    def __init__(self, database: Database, house: House) -> None:
        self._database, self._house = database, house
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._scheduler.add_job(self._timers, "interval", seconds=TICK_SECONDS)

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)

    async def _timers(self) -> None:
        futures = await asyncio.to_thread(fire_due, self._database, self._house)
        for future in futures:
            try:
                await asyncio.shield(asyncio.wrap_future(future))
            except Exception as error:
                log.error("timer_failed", error=type(error).__name__)
