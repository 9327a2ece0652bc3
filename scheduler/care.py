"""The morning: when the first office opens, each care rule runs once and findings follow their customers; digests go
out when people's own office opens.

Every step may run in several replicas at once and again after a crash: what it writes is named after its occasion, and
a step is marked done only when all of it is written. So nothing is lost and nothing comes twice, and no step needs a
leader. After downtime or a jump of the clock only today is done.
"""

from collections.abc import Awaitable, Callable, Collection, Iterable
from datetime import date, datetime
from functools import partial
from typing import TypeVar

import structlog

from domain.care.finding import Finding
from domain.care.rules import Care, Rule
from domain.ids import UnitId, UserId
from domain.update import Update, UpdateKind
from handlers import care_round
from handlers.context import House
from handlers.dispatch import dispatch
from storage import cron
from storage.database import Closed, Database
from storage.unit import Unit

FINDINGS_PER_UNIT = 4  # some 10 ms of writer time
DIGEST = "care.digest"
T = TypeVar("T")
log = structlog.get_logger("care")


def _job(rule: Rule) -> str:
    return f"care.{rule.id}"


class Morning:
    """Asked often; does what is due today and not done yet. Looks once a minute, for that is how office hours are
    written.
    """

    def __init__(self, database: Database, house: House) -> None:
        self._database, self._house = database, house
        self._looked_at: datetime | None = None

    async def __call__(self) -> None:
        minute = self._database.clocks.business().replace(second=0, microsecond=0)
        if minute == self._looked_at:
            return
        offices = await self._database.read(care_round.offices)
        if any(offices.values()):
            await self._run(minute.date())
        for place in (place for place, is_open in offices.items() if is_open):
            await self._once(f"care.digests@{place}", minute.date(), partial(self._tell, place, offices))
        self._looked_at = minute

    async def _run(self, today: date) -> None:
        if (section := self._house.pack.care) is not None:
            await self._look(section, today)
        await self._once("care.owners", today, self._follow)

    async def _once(self, job: str, today: date, step: Callable[[], Awaitable[bool]]) -> None:
        """A step answers whether all of it is written; one that has to wait is asked again."""
        if not await self._is_done(job, today) and await step():
            await self._database.do(lambda unit: cron.mark(unit, job, today.isoformat()), job)

    async def _is_done(self, job: str, today: date) -> bool:
        return await self._database.read(lambda unit: cron.marked(unit, job, today.isoformat()))

    async def _look(self, section: Care, today: date) -> None:
        """All rules whose turn it is are searched for together, and their findings kept rule by rule; a rule whose data
        is still on its way is asked again.
        """
        turn = [rule for rule in section.rules if not await self._is_done(_job(rule), today)]
        rules = await self._database.read(lambda unit: [r for r in turn if care_round.is_ready(unit, r, today)])
        found = []
        for search in await self._database.read(lambda unit: care_round.searches(unit, rules, today)):
            found += await self._database.read(search)
        for rule in rules:
            of_rule = [finding for finding in found if finding.rule is rule]
            await self._once(_job(rule), today, partial(self._keep, section, rule, of_rule))

    async def _keep(self, section: Care, rule: Rule, found: list[Finding]) -> bool:
        """The most valuable findings first."""
        found.sort(key=lambda finding: finding.rank)
        await self._each(enumerate(found), lambda unit, each: care_round.keep(unit, self._house, section, *each))
        log.info("care_rule_run", rule=rule.id, found=len(found))
        return True

    async def _follow(self) -> bool:
        lost = await self._database.read(lambda unit: care_round.astray(unit, self._house))
        await self._each(lost, lambda unit, found: care_round.hand_over(unit, self._house, found))
        return True

    async def _tell(self, place: UnitId, offices: Collection[UnitId]) -> bool:
        people = await self._database.read(lambda unit: care_round.addressees(unit, place, offices))
        await self._each(people, self._digest, size=1)
        return True

    def _digest(self, unit: Unit, person: UserId) -> None:
        """One morning, one digest: the row decides between replicas, and the clock once more."""
        slot = f"{unit.now.date()} {person}"
        if care_round.at_work(unit, person) and cron.mark(unit, DIGEST, slot):
            update = Update(UpdateKind.TIMER, person, f"digest:{slot}", unit.now, verb=DIGEST)
            dispatch(unit, self._house, update)

    async def _each(self, items: Iterable[T], act: Callable[[Unit, T], None], size: int = FINDINGS_PER_UNIT) -> None:
        """Some in one unit of work; what fails together is tried alone, so that one bad row stops nobody else."""
        rest = list(items)
        while rest:
            chunk, rest = rest[:size], rest[size:]
            if not await self._written(chunk, act):
                for item in chunk if len(chunk) > 1 else ():
                    await self._written([item], act)

    async def _written(self, items: list[T], act: Callable[[Unit, T], None]) -> bool:
        try:
            await self._database.do(partial(_act_on, act, items), "care")
        except Closed:
            raise
        except Exception as error:
            log.error("care_failed", error=type(error).__name__, items=len(items))
            return False
        return True


def _act_on(act: Callable[[Unit, T], None], items: list[T], unit: Unit) -> None:
    for item in items:
        act(unit, item)
