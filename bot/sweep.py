"""The nightly look at the staff in WeCom: a few members at a time, slowly, and at the end what follows from it.

Somebody may have left without an event reaching us: our address was down, or WeCom's event was lost.
"""

import asyncio
from functools import partial

import orjson
import structlog

from bot.clock import HouseClock
from bot.members import Presence, presence_of
from bot.wecom_client import WecomClient
from domain.ids import UserId
from domain.update import Update, UpdateKind
from handlers.context import HOUSE_ITSELF, House
from handlers.dispatch import dispatch
from handlers.operators import to_operators
from handlers.speaking import tell
from handlers.staffing.leaving import subject_of
from storage import outbox, sweeps
from storage.database import Database
from storage.outbox import Outgoing
from storage.sweeps import Sweep
from storage.unit import Unit

FEW, SHARE = 5, 10
TOO_MANY = (
    "夜间核对成员：{looked} 名在职员工里有 {gone} 名在企业微信里没有、已停用或不在可见范围（{who}）。"
    "太多了，没有自动停用任何人：请核对应用的可见范围，确实离职的用 rmbot staff leave 停用。"
)
log = structlog.get_logger("sweep")


class MemberSweep:
    """What the sender does with a row of the sweep; raises as `WecomClient.call`, and the row is tried again.

    `per_second`: as many members at most, far below what WeCom allows an application (page 90313).
    """

    def __init__(
        self, wecom: WecomClient, database: Database, clock: HouseClock, house: House, per_second: int
    ) -> None:
        self._wecom, self._database, self._clock, self._house = wecom, database, clock, house
        self._pause = 1 / per_second

    async def go_on(self, row: Outgoing) -> None:
        """The next few members; after the last of them, what follows."""
        sweep = Sweep.of(orjson.loads(row.body))
        people = await self._database.read(lambda unit: sweeps.people(unit, sweep.after))
        if not people:
            return await self._finish(row, sweep)
        gone, back = list(sweep.gone), list(sweep.back)
        for person, address, at_work in people:
            presence = await presence_of(self._wecom, address)
            gone += [person] if at_work and presence is not Presence.PRESENT else []
            back += [person] if not at_work and presence is Presence.PRESENT else []
            await asyncio.sleep(self._pause)
        last, looked = people[-1][0], sweep.looked + sum(at_work for _, _, at_work in people)
        after = Sweep(sweep.day, last, looked, tuple(gone), tuple(back))
        await self._database.do(partial(_next, row, after), "staff.sweep")
        return None

    async def _finish(self, row: Outgoing, sweep: Sweep) -> None:
        """Each in a unit of their own; too many at once are a setting that went wrong, and nobody is stopped."""
        if len(sweep.gone) > max(FEW, sweep.looked // SHARE):
            await self._database.do(partial(self._doubt, row, sweep), "staff.sweep")
            return
        for verb, people in (("staff.gone", sweep.gone), ("staff.back", sweep.back)):
            for person in people:
                await self._database.do(partial(self._learn, sweep, verb, UserId(person)), verb)
        await self._database.do(lambda unit: outbox.settle(unit, row, outbox.SENT), "staff.sweep")
        log.info("staff_swept", looked=sweep.looked, gone=len(sweep.gone), back=len(sweep.back))

    def _learn(self, sweep: Sweep, verb: str, person: UserId, unit: Unit) -> None:
        key = f"sweep:{sweep.day}:{verb}:{person}"
        update = Update(UpdateKind.TIMER, HOUSE_ITSELF, key, unit.now, verb, subject_of(person))
        dispatch(unit, self._house, update)

    def _doubt(self, row: Outgoing, sweep: Sweep, unit: Unit) -> None:
        if outbox.settle(unit, row, outbox.SENT):
            who = "、".join(sweep.gone[:FEW]) + "等"
            text = TOO_MANY.format(looked=sweep.looked, gone=len(sweep.gone), who=who)
            tell(unit, self._house, f"sweep:{sweep.day}", to_operators(unit, text))
            unit.audit("staff.sweep_doubted", "staff", {"looked": sweep.looked, "gone": len(sweep.gone)})


def _next(row: Outgoing, sweep: Sweep, unit: Unit) -> None:
    if outbox.settle(unit, row, outbox.SENT):
        sweeps.put(unit, sweep)
