"""Walks the audit chain from its first record to its head: a long one in spans side by side, each in a process of its
own, that are joined at their borders.
"""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from typing import Any

import sqlalchemy as sa

from storage import schema
from storage.audit_walk import Door, Span, Walked, walk, walk_apart
from storage.chain import CHAIN, FIRST_HASH, GENESIS
from storage.database import Database
from storage.statement import Statement
from storage.unit import Unit

CHUNK = 2_000
LEAST = 25_000
"""Records of a process of its own: fewer are walked sooner than it starts."""
_AUDIT, _SUBJECT = schema.audit.c, schema.audit_subject.c
_AFTER = Statement(
    sa.select(
        _AUDIT.seq,
        sa.cast(_AUDIT.body, sa.LargeBinary).label("body"),  # also of a cell that somebody made text of
        sa.cast(_AUDIT.hash, sa.LargeBinary).label("hash"),
    )
    .where(_AUDIT.chain == CHAIN, _AUDIT.seq > sa.bindparam("after"), _AUDIT.seq <= sa.bindparam("until"))
    .order_by(_AUDIT.seq)
    .limit(CHUNK)
)
_ABOUT = Statement(
    sa.select(_SUBJECT.seq, _SUBJECT.subject)
    .where(_SUBJECT.chain == CHAIN, _SUBJECT.seq > sa.bindparam("after"), _SUBJECT.seq <= sa.bindparam("until"))
    .order_by(_SUBJECT.seq)
)


@dataclass(frozen=True)
class Verdict:
    """How many records there are, and the first that is missing, changed or out of place (None: all follow)."""

    count: int
    broken: int | None


Row = tuple[int, bytes, bytes]


def verify_chain(database: Database, processes: int = os.cpu_count() or 1) -> Verdict:
    """Every record must follow from the one before it, and the last must be the one the head names."""
    last, count, tip, algorithm = database.read_now(_head)
    door = database.read_now(lambda unit: door_of(unit.connection))
    found = _joined(door, _spans(min(last, count), processes, algorithm))
    whole = (last, found.seq, found.tip, found.algorithm) == (count, count, tip.hex(), algorithm)
    return Verdict(max(last, count), None if whole else found.seq + 1)


def _spans(until: int, processes: int, algorithm: str) -> list[Span]:
    """One for each process that there is enough for. All but the first are taken to be hashed as the last record."""
    parts = max(1, min(processes, until // LEAST))
    ends = [until * part // parts for part in range(parts + 1)]
    later = (Span(begin, end, None, algorithm) for begin, end in pairwise(ends[1:]))
    return [Span(0, ends[1]), *later]


def _joined(door: Door, spans: list[Span]) -> Walked:
    """Where the walk along all of them ends. One that does not continue the one before it is walked again from there,
    for it may be the algorithm alone that was another.
    """
    with ThreadPoolExecutor(len(spans)) as waiting:
        walks = list(waiting.map(partial(walk if len(spans) == 1 else walk_apart, door), spans))
    arrived = walks[0]
    for before, span, walked in zip(spans, spans[1:], walks[1:], strict=False):
        if arrived.seq != before.until:
            break
        continues = (walked.before, span.algorithm) == (arrived.tip, arrived.algorithm)
        arrived = walked if continues else walk(door, replace(span, tip=arrived.tip, algorithm=arrived.algorithm))
    return arrived


def door_of(connection: sa.Connection) -> Door:
    """What SQLAlchemy opens the database with."""
    arguments, given = connection.dialect.create_connect_args(connection.engine.url)
    options = {name: value for name, value in given.items() if isinstance(value, str | int)}  # no objects of a driver
    return Door("sqlite3" if connection.dialect.name == "sqlite" else "psycopg", arguments, options)


def chunks(database: Database, after: int, until: int) -> Iterator[tuple[list[Row], Mapping[int, list[str]]]]:
    """The records behind `after` up to `until`, some at a time, and the customers of each."""
    while rows := database.read_now(partial(_raw, _AFTER, after=after, until=until)):
        last = rows[-1][0]
        about: dict[int, list[str]] = {}
        for seq, subject in database.read_now(partial(_raw, _ABOUT, after=after, until=last)):
            about.setdefault(seq, []).append(subject)
        yield rows, about
        after = last


def _raw(statement: Statement, unit: Unit, after: int, until: int) -> list[Any]:
    return statement.raw(unit.connection, {"after": after, "until": until})


def hash_at(unit: Unit, chain: str, seq: int) -> bytes | None:
    """The hash of one record."""
    row = unit.row(sa.select(_AUDIT.hash).where(_AUDIT.chain == chain, _AUDIT.seq == seq))
    return None if row is None else bytes(row.hash)


def _head(unit: Unit) -> tuple[int, int, bytes, str]:
    """Number of the last record, and what the head names, of one moment."""
    head = schema.audit_head.c
    last = sa.select(sa.func.max(_AUDIT.seq)).where(_AUDIT.chain == CHAIN).scalar_subquery()
    named = [
        sa.select(column).where(head.chain == CHAIN).scalar_subquery()
        for column in (head.seq, head.hash, head.algorithm)
    ]
    row = unit.execute(sa.select(last, *named)).one()
    return row[0] or 0, row[1] or 0, row[2] or GENESIS, row[3] or FIRST_HASH
