"""The walk along many records at once arrives where a reading of one after another arrives, whatever was changed."""

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from storage.audit_walk import Links, Span, tails_of
from tests.chain import GENESIS, digest, first_break

Row = list[Any]
"""Number, body (nothing where the copies beside it say another thing), previous hash, hash."""
About = list[tuple[int, bytes]]


def hashed(algorithm: str, number: int, body: bytes, prev: bytes) -> bytes:
    return digest(algorithm, prev + number.to_bytes(8, "big") + len(body).to_bytes(8, "big") + body)


def named(subjects: Sequence[bytes]) -> dict[str, Any]:
    return {"count": len(subjects), "digest": sha256(b"\n".join(sorted(subjects))).hexdigest()}


def chain(deeds: Sequence[tuple[str, set[bytes]]]) -> tuple[list[Row], About]:
    """A whole chain: of each record what was done, or the algorithm that begins with it, and its customers."""
    rows: list[Row] = []
    about: About = []
    algorithm, prev = "sha256", GENESIS
    for number, (deed, subjects) in enumerate(deeds, 1):
        algorithm = deed if deed in ("sha256", "sm3") else algorithm
        said = {"action": "audit.hash", "detail": {"to": deed}} if deed == algorithm else {"action": deed, "detail": {}}
        body = json.dumps(said | {"seq": number, "subjects": named([*subjects])}, separators=(",", ":")).encode()
        rows.append([number, body, prev, hashed(algorithm, number, body, prev)])
        about += [(number, subject) for subject in subjects]
        prev = rows[-1][3]
    return rows, about


def follows(rows: Sequence[Row], about: About) -> bool:
    """Whether the last of them does, read as the definition says it."""
    number, body, prev, now = rows[-1]
    if not all(isinstance(cell, bytes) for cell in (body, prev, now)):
        return False
    if first_break(rows) is not None:
        return False
    subjects: dict[str, Any] = json.loads(body)["subjects"]
    return subjects == named([subject for seq, subject in about if seq == number])


def read_slowly(rows: Sequence[Row], about: About) -> int:
    """How many there are before the first that does not follow."""
    return next((at for at in range(len(rows)) if not follows(rows[: at + 1], about)), len(rows))


def cell(column: int, change: Callable[[Row], Any]) -> Callable[[list[Row], About, int], None]:
    def spoil(rows: list[Row], about: About, at: int) -> None:
        rows[at][column] = change(rows[at])

    return spoil


def edit_and_hash(rows: list[Row], about: About, at: int) -> None:
    number, body, prev, _ = rows[at]
    rows[at][1] = body.replace(b"deed", b"need")
    rows[at][3] = hashed("sha256", number, rows[at][1], prev)


def skip_and_hash(rows: list[Row], about: About, at: int) -> None:
    rows[at][0] += 1
    rows[at][3] = hashed("sha256", *rows[at][:3])


def exchange(rows: list[Row], about: About, at: int) -> None:
    rows[at][1:], rows[at - 1][1:] = rows[at - 1][1:], rows[at][1:]


SPOILT: dict[str, Callable[[list[Row], About, int], None]] = {
    "nothing": lambda rows, about, at: None,
    "body": cell(1, lambda row: row[1] + b" "),
    "body, and its hash anew": edit_and_hash,
    "body that is text": cell(1, lambda row: row[1].decode()),
    "body that is nothing, as where a copy differs": cell(1, lambda row: None),
    "body that begins where the hash before it ends": cell(1, lambda row: row[2][-1:] + row[1]),
    "previous hash": cell(2, lambda row: row[3]),
    "hash": cell(3, lambda row: row[2]),
    "hash that is text": cell(3, lambda row: row[3].hex()),
    "number, and its hash anew": skip_and_hash,
    "number": cell(0, lambda row: row[0] + 1),
    "removed": lambda rows, about, at: rows.pop(at) and None,
    "exchanged": exchange,
    "a customer more": lambda rows, about, at: about.append((at + 1, b"C999")),
    "a customer twice": lambda rows, about, at: about.extend(about[:1]),
    "a customer less": lambda rows, about, at: about.pop() and None if about else None,
    "another customer": lambda rows, about, at: about.append((at + 1, about.pop()[1])) if about else None,
}
DEEDS = st.tuples(
    st.sampled_from(["deed"] * 8 + ["sha256", "sm3"]),
    st.sets(st.sampled_from([b"C001", b"C002", b"C003", "客户".encode()]), max_size=3),
)


@given(deeds=st.lists(DEEDS, min_size=1, max_size=5), size=st.integers(1, 5))
@settings(max_examples=30)
def test_many_at_once_as_one_after_another(deeds: list[tuple[str, set[bytes]]], size: int) -> None:
    for (what, spoil), place in product(SPOILT.items(), range(len(deeds))):
        rows, about = chain(deeds)
        spoil(rows, about, place)
        links = Links(Span(0, len(rows)))
        for at in range(0, len(rows), size):
            if not links.follow([tuple(row) for row in rows[at : at + size]], tails_of(about)):
                break
        assert links.seq == read_slowly(rows, about), what


def test_a_hash_that_there_is_none_ends_the_walk() -> None:
    rows, about = chain([("deed", set()), ("deed", set())])
    body = rows[1][1].replace(b'"deed","detail":{}', b'"audit.hash","detail":{"to":"none"}')
    rows[1][1], rows[1][3] = body, hashed("sha256", 2, body, rows[1][2])
    links = Links(Span(0, 2))
    links.follow([tuple(row) for row in rows], tails_of(about))
    assert links.seq == 1
