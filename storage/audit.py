"""The audit trail: a hash chain written in the same commit as what it records (design decision 12).

A record's canonical bytes are stored and hashed as stored, so a later change of serialiser cannot break old proofs.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import orjson
import sqlalchemy as sa

from storage import schema
from storage.columns import microseconds
from storage.statement import Statement

CHAIN = "main"
GENESIS = bytes(32)
_LOCK_KEY = 0x524D41554449  # "RMAUDI": the chain's transaction lock on PostgreSQL
_LOCK = Statement(sa.text("SELECT pg_advisory_xact_lock(:key)"))
_ADD, _ADD_SUBJECT = Statement(schema.audit.insert()), Statement(schema.audit_subject.insert())
_MINE = schema.audit_head.c.chain == CHAIN
_READ_HEAD = Statement(sa.select(schema.audit_head.c.seq, schema.audit_head.c.hash).where(_MINE))
_SET_HEAD, _BEGIN = Statement(schema.audit_head.update().where(_MINE)), Statement(schema.audit_head.insert())


@dataclass(frozen=True)
class AuditRecord:
    """One thing somebody did. `detail` carries ids and digests, never personal data; `subjects` are customer
    numbers.
    """

    at: datetime
    actor: str
    action: str
    resource: str
    detail: Mapping[str, Any]
    subjects: tuple[str, ...] = ()

    def canonical(self, seq: int) -> bytes:
        subjects = {"count": len(self.subjects), "digest": sha256("\n".join(self.subjects).encode()).hexdigest()}
        body = {
            "seq": seq,
            "at": microseconds(self.at),
            "actor": self.actor,
            "action": self.action,
            "resource": self.resource,
            "detail": dict(self.detail),
            "subjects": subjects,
        }
        return orjson.dumps(body, option=orjson.OPT_SORT_KEYS)


def link(prev: bytes, seq: int, body: bytes) -> bytes:
    """The chain's next hash: previous hash, number, length and bytes, so that no boundary can be moved."""
    return sha256(prev + seq.to_bytes(8, "big") + len(body).to_bytes(8, "big") + body).digest()


def append(connection: sa.Connection, records: Sequence[AuditRecord]) -> None:
    """Link `records` behind the head; called once per transaction, last before COMMIT (the lock is held through it)."""
    if not records:
        return
    if connection.dialect.name == "postgresql":
        _LOCK.run(connection, {"key": _LOCK_KEY})
    seq, prev = _head(connection)
    rows, subjects = [], []
    for record in records:
        seq += 1
        body = record.canonical(seq)
        hashed = link(prev, seq, body)
        rows.append({"chain": CHAIN, "seq": seq, "body": body, "prev": prev, "hash": hashed})
        subjects += [{"chain": CHAIN, "seq": seq, "subject": subject} for subject in dict.fromkeys(record.subjects)]
        prev = hashed
    _ADD.run_many(connection, rows)
    if subjects:
        _ADD_SUBJECT.run_many(connection, subjects)
    _move_head(connection, seq, prev)


def _head(connection: sa.Connection) -> tuple[int, bytes]:
    return next(((row.seq, row.hash) for row in _READ_HEAD.rows(connection)), (0, GENESIS))


def _move_head(connection: sa.Connection, seq: int, hashed: bytes) -> None:
    head = {"seq": seq, "hash": hashed}
    if _SET_HEAD.run(connection, head).rowcount == 0:
        _BEGIN.run(connection, {"chain": CHAIN, **head})


def first_break(rows: Iterable[tuple[int, bytes, bytes, bytes]]) -> int | None:
    """Number of the first record that does not follow from the one before it; None when the chain is whole."""
    expected_seq, expected_prev = 1, GENESIS
    for seq, body, prev, hashed in rows:
        if seq != expected_seq or prev != expected_prev or link(prev, seq, body) != hashed:
            return expected_seq
        expected_seq, expected_prev = seq + 1, hashed
    return None
