"""The labels of the day, made once its data has arrived: usually at night, whenever the last feed comes.

Late feeds leave the labels of the day before in force; everybody who asks is told which day they are of. Of several
replicas one makes them, and what breaks off is made again.
"""

import asyncio
from datetime import datetime
from functools import partial

import structlog

from domain.refusal import Refused
from handlers import label_round
from handlers.context import House
from handlers.label_round import Ready
from storage.database import Database
from storage.unit import Unit

log = structlog.get_logger("labels")


class Labels:
    """Asked often; looks once a minute whether labels are due and can be made."""

    def __init__(self, database: Database, house: House) -> None:
        self._database, self._house = database, house
        self._looked_at: datetime | None = None

    async def __call__(self) -> None:
        minute = self._database.clocks.business().replace(second=0, microsecond=0)
        if minute == self._looked_at or not self._house.pack.labels:
            return
        self._looked_at = minute
        ready = await self._database.read(_ready)
        if ready is None or ready.late:
            return
        make = partial(label_round.make, self._database, ready, self._house.pack.labels, _passing)
        try:
            made = await asyncio.to_thread(make)
        except Refused:
            return  # another process makes them
        log.info("labels_made", day=str(made.run.day), changed=made.run.changed)


def _ready(unit: Unit) -> Ready | None:
    today = unit.now.date()
    return label_round.readiness(unit, today) if label_round.due(unit, today) else None


def _passing(_text: str) -> None:
    """Nobody watches at night."""
