"""A span of the audit chain followed record by record: each must follow from the one before it, and whom it is about,
and the copies by which it is found, must be what its body says. Reads are short and hold nobody up.

Also a process of its own, without SQLAlchemy: it hears a `Span` and says a `Walked`, each as one line of JSON.
"""

import importlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from typing import Any

from storage.chain import CHANGES_HASH, FIRST_HASH, GENESIS, hash_from, pack
from storage.ciphers import DIGESTS

CHUNK = 5_000
_RANGE = "chain = 'main' AND seq > {after} AND seq <= {until}"
# A cell of another kind says the same and is not found by it, so it is no copy. The keys of a body are in the order of
# the alphabet, so are the subjects (by code point, as Python sorts them).
_SQLITE = (
    """SELECT seq, body, prev, hash, CASE WHEN typeof(actor) = 'text' AND typeof(at) = 'integer'
  THEN CAST('","actor":"' || actor || '","at":' || at || ',"detail":' AS BLOB) END
FROM audit WHERE {range} ORDER BY seq""",
    """SELECT seq, sum(typeof(subject) = 'text'), CAST(group_concat(subject, char(10)) AS BLOB)
FROM audit_subject WHERE {range} GROUP BY seq""",
)
_POSTGRES = (
    """SELECT seq, body, prev, hash, convert_to('","actor":"' || actor || '","at":' || at || ',"detail":', 'UTF8')
FROM audit WHERE {range} ORDER BY seq""",
    """SELECT seq, count(*), convert_to(string_agg(subject, chr(10) ORDER BY subject COLLATE "C"), 'UTF8')
FROM audit_subject WHERE {range} GROUP BY seq""",
)


@dataclass(frozen=True)
class Door:
    """How a driver opens the database."""

    driver: str
    arguments: Sequence[Any]
    options: Mapping[str, Any]

    def open(self) -> Any:
        opened = importlib.import_module(self.driver).connect(*self.arguments, **self.options)
        if self.driver != "sqlite3":
            opened.autocommit = True  # no transaction from one read to the next
        return opened


@dataclass(frozen=True)
class Span:
    """The records behind `after` up to `until`. `tip`, in hexadecimal, is the hash of record `after`; where it is not
    known yet, the first record is believed and whoever joins the spans compares.
    """

    after: int
    until: int
    tip: str | None = GENESIS.hex()
    algorithm: str = FIRST_HASH


@dataclass(frozen=True)
class Walked:
    """What the first record named as the one before it, and where the walk ended: `seq` is the last that follows."""

    before: str
    seq: int
    tip: str
    algorithm: str


def walk(door: Door, span: Span) -> Walked:
    rows, about = (text.replace("{range}", _RANGE) for text in (_SQLITE if door.driver == "sqlite3" else _POSTGRES))
    links = Links(span)
    with closing(door.open()) as connection, closing(connection.cursor(**_form(door))) as cursor:
        for after in range(span.after, span.until, CHUNK):
            here = {"after": after, "until": min(after + CHUNK, span.until)}
            tails = {seq: _tail(*told) for seq, *told in cursor.execute(about.format(**here)).fetchall()}
            if not links.follow(cursor.execute(rows.format(**here)).fetchall(), tails) or links.seq != here["until"]:
                break
    return Walked((links.before or b"").hex(), links.seq, (links.tip or b"").hex(), links.algorithm)


def walk_apart(door: Door, span: Span) -> Walked:
    """The same in a process of its own."""
    told = json.dumps({"door": asdict(door), "span": asdict(span)})
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", "storage.audit_walk"]
    ended = subprocess.run(command, input=told, text=True, stdout=subprocess.PIPE, env=environment, check=True)
    return Walked(**json.loads(ended.stdout))


def _form(door: Door) -> Mapping[str, bool]:
    """PostgreSQL sends rows as bytes, which it would else write out as text."""
    return {} if door.driver == "sqlite3" else {"binary": True}


@lru_cache(2**15)
def _tail(count: int, subjects: bytes) -> bytes:
    """How the body ends of a record that is about somebody; most customers are seen again and again."""
    return b',"subjects":{"count":%d,"digest":"%b"}}' % (count, sha256(subjects).hexdigest().encode())


NOBODY = _tail(0, b"")


class Links:
    """Follows the chain; remembers where it arrived."""

    def __init__(self, span: Span) -> None:
        self.seq, self.algorithm = span.after, span.algorithm
        self.tip = self.before = None if span.tip is None else bytes.fromhex(span.tip)

    def follow(self, rows: Sequence[Sequence[Any]], tails: Mapping[int, bytes]) -> bool:
        """Whether each row follows and tells of itself what is beside it; else it stops before the first that does not.
        One loop without calls: a million rows come this way.
        """
        if self.tip is None and rows:
            self.tip = self.before = bytes(rows[0][2])
        seq, tip, algorithm = self.seq, self.tip, self.algorithm
        digest, whole = DIGESTS.get(algorithm, sha256), True
        for number, body, prev, hashed, copies in rows:
            try:
                if CHANGES_HASH in body:
                    algorithm = hash_from(body, algorithm)
                    digest = DIGESTS.get(algorithm, digest)
                if (
                    number != seq + 1
                    or prev != tip
                    or digest(prev + pack(number, len(body)) + body).digest() != hashed
                    or copies not in body
                    or not body.endswith(tails.get(number, NOBODY))
                ):
                    whole = False
                    break
            except (TypeError, ValueError, LookupError):  # a cell of another kind, or a body that is none of ours
                whole = False
                break
            seq, tip, self.algorithm = number, hashed, algorithm
        self.seq, self.tip = seq, tip
        return whole


def main() -> None:
    told = json.loads(sys.stdin.readline())
    walked = walk(Door(**told["door"]), Span(**told["span"]))
    sys.stdout.write(json.dumps(asdict(walked)) + "\n")


if __name__ == "__main__":
    main()
