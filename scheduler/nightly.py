"""The night: once after each two o'clock, by whichever replica comes first, the audit chain's end is signed and kept.

A new database begins with the next night; after downtime the last night is made up for.
"""

import asyncio
from datetime import timedelta
from functools import partial

import structlog

from handlers import checkpoint
from handlers.context import House
from storage import cron
from storage.checkpoints import sign_head
from storage.database import Database
from storage.notary import Notary

JOB = "audit.checkpoint"
AT = timedelta(hours=2)
log = structlog.get_logger("nightly")


class Nightly:
    """Asked often; does what the last night asks for and is not done yet. Two replicas may both sign."""

    def __init__(self, database: Database, house: House, notary: Notary, post: str) -> None:
        self._database, self._house, self._notary, self._post = database, house, notary, post
        self._done = ""

    async def __call__(self) -> None:
        slot = (self._database.clocks.business() - AT).date().isoformat()
        if slot == self._done:
            return
        if await self._database.read(lambda unit: cron.ever(unit, JOB) and not cron.marked(unit, JOB, slot)):
            await self._sign()
        await self._database.do(partial(cron.mark, job=JOB, slot=slot), JOB)
        self._done = slot

    async def _sign(self) -> None:
        signed = await asyncio.to_thread(sign_head, self._database, self._notary)
        if signed is not None:
            note = partial(checkpoint.note, house=self._house, checkpoint=signed, notary=self._notary, post=self._post)
            await self._database.do(note, JOB)
            log.info("checkpoint_signed", seq=signed.seq)
