"""Walks the audit chain from its first record to its head, in short reads that hold nobody up; whom a record is about,
and the copies by which it is found, must be what its body says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from typing import Any

import orjson
import sqlalchemy as sa

from storage import schema
from storage.audit import CHAIN, GENESIS, Links, subjects_digest
from storage.database import Database
from storage.statement import Statement
from storage.unit import Unit

CHUNK = 2_000
_AUDIT, _SUBJECT = schema.audit.c, schema.audit_subject.c
_AFTER = Statement(
    sa.select(
        _AUDIT.seq,
        _AUDIT.body,
        _AUDIT.prev,
        _AUDIT.hash,
        _AUDIT.actor,
        sa.type_coerce(_AUDIT.at, sa.BigInteger).label("at"),
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
NOBODY = b',"subjects":%b}' % orjson.dumps(subjects_digest([]), option=orjson.OPT_SORT_KEYS)


@dataclass(frozen=True)
class Verdict:
    """How many records there are, and the first that is missing, changed or out of place (None: all follow)."""

    count: int
    broken: int | None


Row = tuple[int, bytes, bytes, bytes, str, int]


def verify_chain(database: Database) -> Verdict:
    """Every record must follow from the one before it, and the last must be the one the head names."""
    last, count, tip, algorithm = database.read_now(_head)
    links = Links()
    for rows, about in chunks(database, 0, min(last, count)):
        follows = links.follow(rows)
        untrue = next((row[0] for row in rows if not _tells_itself(row[1], row[4], row[5], about.get(row[0]))), None)
        if untrue is not None and untrue <= links.seq:
            return Verdict(max(last, count), untrue)
        if not follows:
            return Verdict(max(last, count), links.seq + 1)
    whole = (last, links.seq, links.tip, links.algorithm) == (count, count, tip, algorithm)
    return Verdict(max(last, count), None if whole else links.seq + 1)


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


def _tells_itself(body: bytes, actor: str, at: int, about: list[str] | None) -> bool:
    """The columns and customers beside a body are those it names; its keys are in the order of the alphabet."""
    if f'","actor":"{actor}","at":{at},"detail":'.encode() not in body:
        return False
    if about is None:
        return body.endswith(NOBODY)
    digest = sha256("\n".join(sorted(about)).encode()).hexdigest()
    return body.endswith(f',"subjects":{{"count":{len(about)},"digest":"{digest}"}}}}'.encode())


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
    return row[0] or 0, row[1] or 0, row[2] or GENESIS, row[3] or Links().algorithm
