"""Who opened which customers in a time, from the audit trail, whose records lie in the order of time."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

import orjson
import sqlalchemy as sa

from domain.ids import UserId
from domain.reading import Read
from storage import audit, schema
from storage.audit_check import chunks
from storage.chain import CHAIN
from storage.columns import from_microseconds
from storage.database import Database
from storage.unit import Unit

_AUDIT = schema.audit.c
_OPENED = b'"action":"customer.read",'


def reads(database: Database, begin: datetime, end: datetime) -> Iterator[Read]:
    """Some records at a time, on a reader's connection: nobody who writes waits for it."""
    first, behind = database.read_now(partial(_span, begin=begin, end=end))
    for rows, about in chunks(database, first - 1, behind - 1):
        for seq, body, *_ in rows:
            if _OPENED in body:
                yield from _reads(body, about.get(seq, ()))


def _reads(body: bytes, customers: Sequence[str]) -> Iterator[Read]:
    said = orjson.loads(body)
    detail = said["detail"]
    if "reader" in detail:
        return  # a card that came unasked
    for customer in customers:
        yield Read(from_microseconds(said["at"]), UserId(said["actor"]), said["post"], customer, detail["relation"])


def _span(unit: Unit, begin: datetime, end: datetime) -> tuple[int, int]:
    """The first record of a time and the first behind it, found by halving: a look at the whole chain takes long."""
    last, *_ = audit.head(unit.connection)
    numbers = range(1, last + 1)
    first, behind = (bisect_left(numbers, moment, key=partial(_at, unit)) + 1 for moment in (begin, end))
    return first, behind


def _at(unit: Unit, seq: int) -> datetime:
    found = unit.row(sa.select(_AUDIT.at).where(_AUDIT.chain == CHAIN, _AUDIT.seq == seq))
    assert found is not None, "the chain has no gaps"
    moment: datetime = found.at
    return moment
