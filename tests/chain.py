"""The audit chain as its definition says it, one record after another: what the walk of the house is held against."""

import json
from collections.abc import Iterable, Sequence
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes

GENESIS = bytes(32)


def digest(algorithm: str, data: bytes) -> bytes:
    if algorithm == "sha256":
        return sha256(data).digest()
    sm3 = hashes.Hash(hashes.SM3())
    sm3.update(data)
    return sm3.finalize()


def first_break(rows: Iterable[Sequence[Any]]) -> int | None:
    """Number of the first record (number, body, previous hash, hash) that does not follow; None: all do."""
    tip, algorithm, expected = GENESIS, "sha256", 1
    for number, body, prev, hashed in rows:
        said = json.loads(body) if body.startswith(b'{"action":"audit.hash"') else {}
        algorithm = said.get("detail", {}).get("to", algorithm)
        numbers = number.to_bytes(8, "big") + len(body).to_bytes(8, "big")
        if (number, prev, hashed) != (expected, tip, digest(algorithm, prev + numbers + body)):
            return expected
        tip, expected = hashed, expected + 1
    return None
