"""A pair of keys of a cloud, and the two hashes that both clouds sign with."""

import hashlib
import hmac
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Secret:
    """`id` is sent with every request, `key` never leaves."""

    id: str
    key: str = field(repr=False)


def sha256_hex(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def hmac_sha256(key: bytes, message: str) -> bytes:
    return hmac.digest(key, message.encode(), hashlib.sha256)
