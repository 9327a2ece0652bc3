"""Each morning yesterday's reading of customers is looked through; what is out of the ordinary goes to security."""

import asyncio
from datetime import date, datetime, time, timedelta
from functools import partial

import structlog

from domain.reading import Finding, abnormal
from domain.scope import Reach
from handlers import reading
from handlers.context import House
from storage import cron
from storage.database import Database
from storage.read_trail import reads

AT = time(7)
log = structlog.get_logger("reading")


class ReadingWatch:
    """Asked often; looks once a day. The look only reads, the word is one short unit of work."""

    def __init__(self, database: Database, house: House) -> None:
        self._database, self._house = database, house
        self._done: date | None = None

    async def __call__(self) -> None:
        now = self._database.clocks.business()
        day = now.date() - timedelta(days=1)
        if now.time() < AT or day == self._done:
            return
        if not await self._database.read(partial(cron.marked, job=reading.JOB, slot=day.isoformat())):
            found = await asyncio.to_thread(self._look, datetime.combine(day, time(0), now.tzinfo))
            note = partial(reading.note, house=self._house, day=day, findings=found)
            await self._database.do(note, reading.JOB)
            log.info("reading_watched", day=str(day), found=len(found))
        self._done = day

    def _look(self, begin: datetime) -> list[Finding]:
        policy = self._house.policy
        bank_wide = {post for post, rule in policy.rules.items() if rule.reach is Reach.BANK}
        return abnormal(reads(self._database, begin, begin + timedelta(days=1)), policy.limits, bank_wide)
