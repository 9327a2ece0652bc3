"""Walks the audit chain from its first record to its head, in short reads that hold nobody up."""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from storage import schema
from storage.audit import CHAIN, GENESIS, first_break
from storage.database import Database
from storage.unit import Unit

CHUNK = 2_000

Link = tuple[int, bytes, bytes, bytes]


@dataclass(frozen=True)
class Verdict:
    """How many records there are, and the first that is missing, changed or out of place (None: all follow)."""

    count: int
    broken: int | None


def verify_chain(database: Database) -> Verdict:
    """Every record must follow from the one before it, and the last must be the one the head names."""
    last, count, tip = database.read_now(_head)
    walk = _Walk(database, min(last, count))
    broken = first_break(walk)
    if broken is None and (last, walk.seq, walk.tip) != (count, count, tip):
        broken = walk.seq + 1
    return Verdict(max(last, count), broken)


class _Walk:
    """The records up to the head as it was when the walk began; remembers where it arrived."""

    def __init__(self, database: Database, until: int) -> None:
        self._database, self._until = database, until
        self.seq, self.tip = 0, GENESIS

    def __iter__(self) -> Iterator[Link]:
        while links := self._database.read_now(lambda unit: _after(unit, self.seq, self._until)):
            for link in links:
                self.seq, self.tip = link[0], link[3]
                yield link


def _head(unit: Unit) -> tuple[int, int, bytes]:
    """Number of the last record, and number and hash that the head names, of one moment."""
    audit, head = schema.audit.c, schema.audit_head.c
    last = sa.select(sa.func.max(audit.seq)).where(audit.chain == CHAIN).scalar_subquery()
    named = sa.select(sa.func.max(head.seq)).where(head.chain == CHAIN).scalar_subquery()
    tip = sa.select(head.hash).where(head.chain == CHAIN).scalar_subquery()
    row = unit.execute(sa.select(last.label("last"), named.label("named"), tip.label("tip"))).one()
    return row.last or 0, row.named or 0, row.tip or GENESIS


def _after(unit: Unit, seq: int, until: int) -> list[Link]:
    audit = schema.audit.c
    links = sa.select(audit.seq, audit.body, audit.prev, audit.hash).where(audit.chain == CHAIN)
    rows = unit.rows(links.where(audit.seq > seq, audit.seq <= until).order_by(audit.seq).limit(CHUNK))
    return [(row.seq, row.body, row.prev, row.hash) for row in rows]
