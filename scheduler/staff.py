"""The watch over the directory: whoever stands otherwise than the house last saw gets a unit of work of their own.

Access ends with the commit that says so, for everybody is looked up each time. What follows from it (cards, sessions,
word to the manager) comes from here, whichever way it was learnt: an import, the API, an administrator, WeCom.
"""

from datetime import date
from functools import partial

import structlog

from domain.ids import UserId
from domain.update import Update, UpdateKind
from handlers.context import HOUSE_ITSELF, House
from handlers.dispatch import dispatch
from handlers.staffing.leaving import FOLLOW, subject_of
from storage import standings, sweeps
from storage.database import Closed, Database
from storage.unit import Unit

NIGHT = range(2, 6)  # hours of business time
log = structlog.get_logger("staff")


class StaffWatch:
    """Asked every second; any number of replicas may ask at once, the row of the last standing decides."""

    def __init__(self, database: Database, house: House) -> None:
        self._database, self._house = database, house
        self._swept: date | None = None

    async def __call__(self) -> None:
        await self._sweep()
        if await self._database.read(standings.any_new):
            await self._database.do(standings.fill, "staff.fill")
        for person in await self._database.read(standings.moved):
            await self._follow(person)

    async def _sweep(self) -> None:
        """Once a night every member is looked up in WeCom; the row of the day decides between replicas."""
        now = self._database.clocks.business()
        if now.hour not in NIGHT or now.date() == self._swept:
            return
        await self._database.do(lambda unit: sweeps.begin(unit, now.date()), sweeps.JOB)
        self._swept = now.date()

    async def _follow(self, person: UserId) -> None:
        try:
            await self._database.do(partial(self._dispatch, person), FOLLOW)
        except Closed:
            raise
        except Exception as error:
            log.error("staff_not_followed", person=person, error=type(error).__name__)

    def _dispatch(self, person: UserId, unit: Unit) -> None:
        subject = subject_of(person)
        key = f"{subject}:{unit.now.isoformat()}"
        dispatch(unit, self._house, Update(UpdateKind.TIMER, HOUSE_ITSELF, key, unit.now, FOLLOW, subject))
