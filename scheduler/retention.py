"""Each night what nobody needs to look at is erased, and what is due of the rest is reported; what two people agreed to
erase goes at once.

A new database begins with the next night. Every step may run twice and goes on after a crash: what is erased is found
anew, and a report is marked done only when all of it is.
"""

import asyncio
from datetime import datetime, timedelta
from functools import partial

import structlog

from domain.refusal import Refused
from domain.retention.kinds import Kind
from domain.retention.table import Edition
from handlers.context import House
from handlers.retention import applying, reporting
from storage import cron
from storage.database import Database
from storage.retention import reports
from storage.retention.counting import count
from storage.unit import Unit

AT = timedelta(hours=3)
REMEMBERED = timedelta(days=30)  # shorter than the marks of the clock are kept
CLOCK = "clock"
log = structlog.get_logger("retention")


class Keeping:
    """Asked often; looks once a minute."""

    def __init__(self, database: Database, house: House) -> None:
        self._database, self._house = database, house
        self._looked_at: datetime | None = None
        self._night = ""

    async def __call__(self) -> None:
        minute = self._database.clocks.business().replace(second=0, microsecond=0)
        if self._house.retention is None or minute == self._looked_at:
            return
        if (kept := await self._database.read(_agreed)) is not None:
            await asyncio.to_thread(self._apply, self._house.retention, kept)
        slot = (minute - AT).date().isoformat()
        if slot != self._night:
            await self._report(self._house.retention, slot)
            self._night = slot
        self._looked_at = minute

    async def _report(self, edition: Edition, slot: str) -> None:
        begun, marked = await self._database.read(partial(_night, slot=slot))
        if marked:
            return
        if not begun:
            await self._database.do(partial(cron.mark, job=reporting.NIGHT, slot=slot), "retention.report")
            return
        today = self._database.clocks.business().date()
        gone = await asyncio.to_thread(applying.erase_unasked, self._database, edition, today, CLOCK)
        report = await asyncio.to_thread(count, self._database, edition, today)
        note = partial(reporting.note, house=self._house, report=report, slot=slot)
        await self._database.do(note, "retention.report")
        log.info("retention_reported", due=report.due, held=report.held, unasked=gone)

    def _apply(self, edition: Edition, kept: reports.Kept) -> None:
        """What was carried out by hand meanwhile is only told."""
        report, gone = kept.report, kept.erased
        try:
            if gone is None:
                _, gone = applying.apply(self._database, edition, CLOCK, report.digest, _nobody)
        except Refused as refusal:
            if refusal.reason in (applying.IN_HAND, applying.OVER):
                return  # another process is at it, or has just done it
            self._database.run(partial(reporting.not_done, house=self._house, report=report), "retention.done")
            log.warning("retention_not_applied", report=report.digest, reason=refusal.reason)
            return
        self._database.run(partial(reporting.done, house=self._house, report=report, gone=gone), "retention.done")
        log.info("retention_applied", report=report.digest, gone=gone)


def _night(unit: Unit, slot: str) -> tuple[bool, bool]:
    return cron.ever(unit, reporting.NIGHT), cron.marked(unit, reporting.NIGHT, slot)


def _agreed(unit: Unit) -> reports.Kept | None:
    """What people agreed to and nobody was told the end of."""
    kept = reports.last_agreed(unit, unit.now - REMEMBERED)
    if kept is None or cron.marked(unit, reporting.DONE, reporting.done_slot(kept.report)):
        return None
    return kept


def _nobody(_kind: Kind, _gone: int) -> None:
    """Nobody watches at night."""
