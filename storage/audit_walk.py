"""A span of the audit chain followed record by record: each must follow from the one before it, and whom it is about,
and the copies by which it is found, must be what its body says. Reads are short and hold nobody up.

Also a process of its own, without SQLAlchemy: it hears a `Span` and says a `Walked`, each as one line of JSON.
"""

import gc
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import repeat
from typing import Any

from storage.chain import CHANGES_HASH, FIRST_HASH, GENESIS, hash_from, link, pack
from storage.ciphers import DIGESTS

CHUNK = 2_000  # what is read at once stays in the processor's cache
MOST_TAILS = 32_768
RANGE = "chain = 'main' AND seq > {after} AND seq <= {until}"
# Each record; the body does not come where its copies do not say what it says (the keys of a body are in the order of
# the alphabet). A cell of another kind reads the same and is not found by it, so it is no copy; a line break stands for
# a subject of another kind, being in none.
_SQLITE = (
    """SELECT seq, CASE WHEN typeof(actor) = 'text' AND typeof(at) = 'integer'
  AND instr(body, CAST('","actor":"' || actor || '","at":' || at || ',"detail":' AS BLOB)) THEN body END, prev, hash
FROM audit WHERE {range} ORDER BY seq""",
    """SELECT seq, CASE typeof(subject) WHEN 'text' THEN CAST(subject AS BLOB) ELSE x'0a' END
FROM audit_subject WHERE {range}""",
)
_POSTGRES = (
    """SELECT seq, CASE WHEN position(textsend('","actor":"' || actor || '","at":' || at || ',"detail":') IN body) > 0
  THEN body END, prev, hash
FROM audit WHERE {range} ORDER BY seq""",
    "SELECT seq, textsend(subject) FROM audit_subject WHERE {range}",
)


@dataclass(frozen=True)
class Door:
    """How a driver opens the database."""

    driver: str
    arguments: Sequence[Any]
    options: Mapping[str, Any]

    def open(self) -> Any:
        connect = importlib.import_module(self.driver).connect
        if self.driver == "sqlite3":
            return connect(*self.arguments, **self.options)
        # No transaction from one read to the next; texts are sent as they were hashed.
        return connect(*self.arguments, **self.options, autocommit=True, client_encoding="UTF8")

    @property
    def texts(self) -> tuple[str, str]:
        """What asks for the records of a range, and for whom they are about. Numbers go beside them: so the database
        reads and plans each text once.
        """
        rows, about = _SQLITE if self.driver == "sqlite3" else _POSTGRES
        marks = (":after", ":until") if self.driver == "sqlite3" else ("%(after)s", "%(until)s")
        here = RANGE.format(after=marks[0], until=marks[1])
        return rows.replace("{range}", here), about.replace("{range}", here)

    @property
    def form(self) -> Mapping[str, bool]:
        """PostgreSQL sends rows as bytes, which it would else write out as text."""
        return {} if self.driver == "sqlite3" else {"binary": True}


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
    (rows, about), links = door.texts, Links(span)
    with closing(door.open()) as connection, closing(connection.cursor(**door.form)) as cursor:
        for after in range(span.after, span.until, CHUNK):
            here = {"after": after, "until": min(after + CHUNK, span.until)}
            tails = tails_of(cursor.execute(about, here).fetchall())
            if not links.follow(cursor.execute(rows, here).fetchall(), tails) or links.seq != here["until"]:
                break
    return Walked((links.before or b"").hex(), links.seq, (links.tip or b"").hex(), links.algorithm)


def walk_apart(door: Door, span: Span) -> Walked:
    """The same in a process of its own."""
    told = json.dumps({"door": asdict(door), "span": asdict(span)})
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-m", "storage.audit_walk"]
    ended = subprocess.run(command, input=told, text=True, stdout=subprocess.PIPE, env=environment, check=True)
    return Walked(**json.loads(ended.stdout))


def tails_of(about: Sequence[tuple[int, bytes]]) -> dict[int, bytes]:
    """How the body of each record ends that is about somebody."""
    numbers, subjects = zip(*about, strict=True) if about else ((), ())
    tails = dict(zip(numbers, map(TAILS.__getitem__, subjects), strict=True))
    return tails if len(tails) == len(about) else tails | _of_several(about)


def _of_several(about: Sequence[tuple[int, bytes]]) -> dict[int, bytes]:
    each: dict[int, list[bytes]] = {}
    for seq, subject in about:
        each.setdefault(seq, []).append(subject)
    return {seq: _tail(sorted(subjects)) for seq, subjects in each.items() if len(subjects) > 1}


def _tail(subjects: Sequence[bytes]) -> bytes:
    digest = sha256(b"\n".join(subjects)).hexdigest().encode()
    return b',"subjects":{"count":%d,"digest":"%b"}}' % (len(subjects), digest)


class Tails(dict[bytes, bytes]):
    """By the one subject: most are seen again and again."""

    def __missing__(self, subject: bytes) -> bytes:
        if len(self) >= MOST_TAILS:
            self.clear()  # memory stays flat
        tail = self[subject] = _tail([subject])
        return tail


TAILS, NOBODY = Tails(), _tail([])


class Links:
    """Follows the chain; remembers where it arrived."""

    def __init__(self, span: Span) -> None:
        self.seq, self.algorithm = span.after, span.algorithm
        self.tip = self.before = None if span.tip is None else bytes.fromhex(span.tip)

    def follow(self, rows: Sequence[Sequence[Any]], tails: Mapping[int, bytes]) -> bool:
        """Whether each row follows and tells of itself what is beside it; else it stops before the first that does not.

        All are asked together: a million rows come this way. Only where that fails each is looked at by itself.
        """
        if self.tip is None and rows:
            self.tip = self.before = bytes(rows[0][2])
        return not rows or self._follow_all(rows, tails) or self._follow_each(rows, tails)

    def _follow_all(self, rows: Sequence[Sequence[Any]], tails: Mapping[int, bytes]) -> bool:
        """Only the hash is reckoned row by row; what else is asked of them is asked in one comparison each."""
        numbers, bodies, prevs, hashes = zip(*rows, strict=True)
        digest = DIGESTS.get(self.algorithm, sha256)
        try:
            linked = map(b"".join, zip(prevs, map(pack, numbers, map(len, bodies)), bodies, strict=True))
            whole = (
                tuple([digest(said).digest() for said in linked]) == hashes
                and prevs == (self.tip, *hashes[:-1])
                and numbers == tuple(range(self.seq + 1, self.seq + 1 + len(rows)))
                and all(map(bytes.endswith, bodies, map(tails.get, numbers, repeat(NOBODY))))
                and CHANGES_HASH not in b"".join(bodies)
            )
        except TypeError:  # a cell of another kind
            return False
        if whole:
            self.seq, self.tip = numbers[-1], hashes[-1]
        return whole

    def _follow_each(self, rows: Sequence[Sequence[Any]], tails: Mapping[int, bytes]) -> bool:
        for number, body, prev, hashed in rows:
            try:
                algorithm = hash_from(body, self.algorithm)
                if (
                    number != self.seq + 1
                    or prev != self.tip
                    or link(prev, number, body, algorithm) != hashed
                    or not body.endswith(tails.get(number, NOBODY))
                ):
                    return False
            except (TypeError, ValueError, LookupError):  # a cell of another kind, or a body that is none of ours
                return False
            self.seq, self.tip, self.algorithm = number, hashed, algorithm
        return True


def main() -> None:
    gc.disable()  # nothing here refers to itself, and millions of rows would be looked through for it
    told = json.loads(sys.stdin.readline())
    walked = walk(Door(**told["door"]), Span(**told["span"]))
    sys.stdout.write(json.dumps(asdict(walked)) + "\n")


if __name__ == "__main__":
    main()
