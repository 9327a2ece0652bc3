"""How one audit record follows from the one before it. Without SQLAlchemy: processes that only walk the chain start
with this alone.
"""

from struct import Struct

import orjson

from storage.ciphers import DIGESTS

CHAIN = "main"
GENESIS = bytes(32)
FIRST_HASH, HASH_CHANGE = "sha256", "audit.hash"
CHANGES_HASH = b'"action":"audit.hash"'
pack = Struct(">QQ").pack


def link(prev: bytes, seq: int, body: bytes, algorithm: str = FIRST_HASH) -> bytes:
    """The chain's next hash: previous hash, number, length and bytes, so that no boundary can be moved."""
    return DIGESTS[algorithm](prev + pack(seq, len(body)) + body).digest()


def hash_from(body: bytes, before: str) -> str:
    """The algorithm a record is hashed with, given that of the one before it."""
    if CHANGES_HASH not in body:
        return before
    told = orjson.loads(body)
    return str(told["detail"]["to"]) if told["action"] == HASH_CHANGE else before
