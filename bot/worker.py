"""The inbox's worker: a kept callback becomes an Update and goes down the one pipeline."""

import orjson

from domain.refusal import Refused
from domain.update import Update
from handlers.context import House
from handlers.dispatch import dispatch, give_up, refuse
from storage.inbox import InboxRow
from storage.unit import Unit


class InboxWorker:
    """What storage calls for each row, inside its unit of work."""

    def __init__(self, house: House) -> None:
        self._house = house

    def handle(self, unit: Unit, row: InboxRow) -> None:
        dispatch(unit, self._house, _update(unit, row))

    def refused(self, unit: Unit, row: InboxRow, refusal: Refused) -> None:
        refuse(unit, self._house, _update(unit, row), refusal)

    def poisoned(self, unit: Unit, row: InboxRow, error: Exception) -> None:
        give_up(unit, self._house, _update(unit, row), error)


def _update(unit: Unit, row: InboxRow) -> Update:
    """The row's key, with its life when an operator gave it another one, so that it may speak again."""
    key = row.dedup_key if row.epoch == 0 else f"{row.dedup_key}#{row.epoch}"
    return Update.of(orjson.loads(row.body), person=row.person, key=key, now=unit.now)
