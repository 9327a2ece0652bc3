"""The audit trail as a file that explains itself and can be verified without this system.

Lines of JSON: a head, each record with its canonical bytes as they were hashed, an end that is signed over the digest
of everything before it.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO

import sqlalchemy as sa

from storage import audit, schema
from storage.audit import STARTER
from storage.audit_check import chunks
from storage.chain import CHAIN, FIRST_HASH, GENESIS, hash_from
from storage.columns import microseconds
from storage.database import Database
from storage.notary import Notary, canonical
from storage.unit import Unit

KIND, END = "rmbot-audit-export", "rmbot-audit-end"
ABOUT = (
    "审计导出。每条记录 hash = H(前一条的 hash ‖ seq 的 8 字节 ‖ body 的长度的 8 字节 ‖ body 的 UTF-8 字节)；"
    "subjects 是涉及的客户号，body 里有它们的个数和 SHA-256；最后一行用 Ed25519 签名。"
    "核验：python3 -I -S verify_audit.py 本文件 公钥 [检查点文件] / Audit export: verify it with verify_audit.py."
)
_AUDIT = schema.audit.c


@dataclass(frozen=True)
class Span:
    """Which records: from `first` on, up to `last`; `whole` when `last` is the end of the chain."""

    first: int
    last: int
    whole: bool
    before: bytes
    algorithm: str


def export(database: Database, notary: Notary, file: Path, begin: datetime | None, end: datetime | None) -> Span:
    """Write the records of a time (`end` is no part of it) into a new file. Raises FileExistsError, OSError."""
    span = database.read_now(partial(_span, begin=begin, end=end))
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        writer = _Writer(out, span.before)
        writer.write(_head(span, database.clocks.business()))
        for rows, about in chunks(database, span.first - 1, span.last):
            for seq, body, hashed in rows:
                writer.record(seq, body, hashed, sorted(about.get(seq, ())))
        out.write(notary.signed(writer.end(span.last)))
        out.flush()
        os.fsync(out.fileno())
    return span


class _Writer:
    """Writes lines and remembers what the end has to say of them."""

    def __init__(self, out: BinaryIO, tip: bytes) -> None:
        self._out, self._tip, self._digest = out, tip, sha256()

    def write(self, value: Mapping[str, Any]) -> None:
        line = canonical(value) + b"\n"
        self._digest.update(line)
        self._out.write(line)

    def record(self, seq: int, body: bytes, hashed: bytes, subjects: list[str]) -> None:
        self.write({"seq": seq, "body": body.decode("utf-8", "replace"), "hash": hashed.hex(), "subjects": subjects})
        self._tip = hashed

    def end(self, last: int) -> dict[str, Any]:
        return {"kind": END, "seq": last, "hash": self._tip.hex(), "digest": self._digest.hexdigest()}


def _head(span: Span, now: datetime) -> dict[str, Any]:
    return {
        "kind": KIND,
        "format": 1,
        "about": ABOUT,
        "chain": CHAIN,
        "from": span.first,
        "until": span.last,
        "whole": span.whole,
        "before": span.before.hex(),
        "hash": span.algorithm,
        "exported_at": microseconds(now),
    }


def _span(unit: Unit, begin: datetime | None, end: datetime | None) -> Span:
    last, *_ = audit.head(unit.connection)
    first = _first_since(unit, begin, last) if begin else 1
    stop = _first_since(unit, end, last) - 1 if end else last
    before = unit.row(sa.select(_AUDIT.hash).where(_AUDIT.chain == CHAIN, _AUDIT.seq == first - 1))
    return Span(
        first, max(stop, first - 1), stop == last, before.hash if before else GENESIS, _hash_before(unit, first)
    )


def _first_since(unit: Unit, moment: datetime, last: int) -> int:
    """The first record of a time; one behind the end when there is none."""
    found = sa.select(sa.func.min(_AUDIT.seq)).where(_AUDIT.chain == CHAIN, _AUDIT.at >= moment)
    return unit.execute(found).scalar() or last + 1


def _hash_before(unit: Unit, first: int) -> str:
    """The algorithm in force behind the record before `first`."""
    changes = sa.select(_AUDIT.body).where(_AUDIT.chain == CHAIN, _AUDIT.actor == STARTER, _AUDIT.seq < first)
    algorithm = FIRST_HASH
    for row in unit.rows(changes.order_by(_AUDIT.seq)):
        algorithm = hash_from(row.body, algorithm)
    return algorithm
