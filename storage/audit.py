"""The audit trail: a hash chain written in the same commit as what it records (design decision 12).

A record's canonical bytes are stored and hashed as stored, so a later change of serialiser cannot break old proofs. The
chain says itself when it changes its hash: a record of that action is the first one under the new algorithm.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from struct import Struct
from typing import Any

import orjson
import sqlalchemy as sa

from storage import schema
from storage.ciphers import DIGESTS
from storage.columns import microseconds
from storage.statement import Statement

CHAIN = "main"
GENESIS = bytes(32)
FIRST_HASH, HASH_CHANGE = "sha256", "audit.hash"
STARTER = "start"  # in whose name a process notes that it starts; nobody else changes the hash
_NUMBERS = Struct(">QQ")
_CHANGES_HASH = b'"action":"audit.hash"'
_LOCK_KEY = 0x524D41554449  # "RMAUDI": the chain's transaction lock on PostgreSQL
_LOCK = Statement(sa.text("SELECT pg_advisory_xact_lock(:key)"))
_ADD, _ADD_SUBJECT = Statement(schema.audit.insert()), Statement(schema.audit_subject.insert())
_HEAD = schema.audit_head.c
_MINE = _HEAD.chain == CHAIN
_READ_HEAD = Statement(sa.select(_HEAD.seq, _HEAD.hash, _HEAD.algorithm).where(_MINE))
_SET_HEAD, _BEGIN = Statement(schema.audit_head.update().where(_MINE)), Statement(schema.audit_head.insert())


@dataclass(frozen=True)
class AuditRecord:
    """One thing somebody did, in which post. `detail` carries ids and digests, never personal data; `subjects` are
    customer numbers.
    """

    at: datetime
    actor: str
    action: str
    resource: str
    detail: Mapping[str, Any]
    subjects: tuple[str, ...] = ()
    post: str = ""

    @property
    def about(self) -> list[str]:
        """Each customer once, in an order that anybody can make again."""
        return sorted(set(self.subjects))

    def canonical(self, seq: int) -> bytes:
        body = {
            "seq": seq,
            "at": microseconds(self.at),
            "actor": self.actor,
            "post": self.post,
            "action": self.action,
            "resource": self.resource,
            "detail": dict(self.detail),
            "subjects": subjects_digest(self.about),
        }
        return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def subjects_digest(about: Sequence[str]) -> dict[str, Any]:
    """How a record names its subjects without saying them."""
    return {"count": len(about), "digest": sha256("\n".join(about).encode()).hexdigest()}


def link(prev: bytes, seq: int, body: bytes, algorithm: str = FIRST_HASH) -> bytes:
    """The chain's next hash: previous hash, number, length and bytes, so that no boundary can be moved."""
    return DIGESTS[algorithm](prev + _NUMBERS.pack(seq, len(body)) + body).digest()


def hash_from(body: bytes, before: str) -> str:
    """The algorithm a record is hashed with, given that of the one before it."""
    if _CHANGES_HASH not in body:
        return before
    told = orjson.loads(body)
    return str(told["detail"]["to"]) if told["action"] == HASH_CHANGE else before


def append(connection: sa.Connection, records: Sequence[AuditRecord]) -> None:
    """Link `records` behind the head; called once per transaction, last before COMMIT (the lock is held through it)."""
    if not records:
        return
    if connection.dialect.name == "postgresql":
        _LOCK.run(connection, {"key": _LOCK_KEY})
    seq, prev, algorithm = head(connection)
    rows, subjects = [], []
    for record in records:
        seq += 1
        body = record.canonical(seq)
        algorithm = hash_from(body, algorithm)
        hashed = link(prev, seq, body, algorithm)
        found_by = {"actor": record.actor, "at": record.at}
        rows.append({"chain": CHAIN, "seq": seq, "body": body, "prev": prev, "hash": hashed, **found_by})
        subjects += [{"chain": CHAIN, "seq": seq, "subject": subject} for subject in record.about]
        prev = hashed
    _ADD.run_many(connection, rows)
    if subjects:
        _ADD_SUBJECT.run_many(connection, subjects)
    _move_head(connection, seq, prev, algorithm)


def head(connection: sa.Connection) -> tuple[int, bytes, str]:
    """Number and hash of the last record, and the algorithm in force."""
    row = next(iter(_READ_HEAD.rows(connection)), None)
    return (0, GENESIS, FIRST_HASH) if row is None else (row.seq, row.hash, row.algorithm)


def _move_head(connection: sa.Connection, seq: int, hashed: bytes, algorithm: str) -> None:
    end = {"seq": seq, "hash": hashed, "algorithm": algorithm}
    if _SET_HEAD.run(connection, end).rowcount == 0:
        _BEGIN.run(connection, {"chain": CHAIN, **end})


class Links:
    """Follows the chain from its first record on; remembers where it arrived."""

    def __init__(self) -> None:
        self.seq, self.tip, self.algorithm = 0, GENESIS, FIRST_HASH

    def follow(self, rows: Iterable[Sequence[Any]]) -> bool:
        """Whether each row (number, body, previous hash, hash, and whatever) follows from the one before it; where one
        does not, it stops before that one. One loop without calls: a million rows come this way.
        """
        seq, tip, algorithm = self.seq, self.tip, self.algorithm
        digest, pack = DIGESTS[algorithm], _NUMBERS.pack
        whole = True
        for number, body, prev, hashed, *_ in rows:
            if _CHANGES_HASH in body:
                algorithm = hash_from(body, algorithm)
                digest = DIGESTS.get(algorithm, digest)
            if number != seq + 1 or prev != tip or digest(prev + pack(number, len(body)) + body).digest() != hashed:
                whole = False
                break
            seq, tip, self.algorithm = number, hashed, algorithm
        self.seq, self.tip = seq, tip
        return whole


def first_break(rows: Iterable[Sequence[Any]]) -> int | None:
    """Number of the first record that does not follow from the one before it; None when the chain is whole."""
    links = Links()
    return None if links.follow(rows) else links.seq + 1
