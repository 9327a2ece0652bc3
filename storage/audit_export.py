"""The audit trail as a file that explains itself and can be verified without this system.

Lines of JSON: a head, each record with its canonical bytes as they were hashed, an end that is signed over the digest of
everything before it.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
import sqlalchemy as sa

from storage import audit, schema
from storage.audit import CHAIN, FIRST_HASH, GENESIS, STARTER, hash_from
from storage.audit_check import chunks
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
    digest, tip = sha256(), span.before
    with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        for line, tip in _lines(database, span):
            digest.update(line)
            out.write(line)
        end_line = {"kind": END, "seq": span.last, "hash": tip.hex(), "digest": digest.hexdigest()}
        out.write(notary.signed(end_line))
        out.flush()
        os.fsync(out.fileno())
    return span


def _lines(database: Database, span: Span) -> Iterator[tuple[bytes, bytes]]:
    """Each line with the hash of the record it ends with."""
    yield canonical(_head(span, database.clocks.business())) + b"\n", span.before
    for rows, about in chunks(database, span.first - 1, span.last):
        for seq, body, _, hashed, *_ in rows:
            subjects = sorted(about.get(seq, ()))
            said = {"seq": seq, "body": body.decode("utf-8", "replace"), "hash": hashed.hex(), "subjects": subjects}
            yield canonical(said) + b"\n", hashed


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
    return Span(first, max(stop, first - 1), stop == last, before.hash if before else GENESIS, _hash_before(unit, first))


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
