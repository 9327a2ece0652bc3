"""The audit trail: a hash chain written in the same commit as what it records (design decision 12).

A record's canonical bytes are stored and hashed as stored, so a later change of serialiser cannot break old proofs. The
chain says itself when it changes its hash: a record of that action is the first one under the new algorithm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
import sqlalchemy as sa

from storage import schema
from storage.chain import CHAIN, FIRST_HASH, GENESIS, hash_from, link
from storage.columns import microseconds
from storage.statement import Statement

STARTER = "start"  # in whose name a process notes that it starts; nobody else changes the hash
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
