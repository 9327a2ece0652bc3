"""The notary: signs what the audit chain says at a moment, with a key of its own (Ed25519, RFC 8032).

Whoever can write into the database can write a whole chain anew, but cannot sign its end; and what was signed and taken
off the machine no longer fits a chain that was written anew. A line that is signed is JSON in the one way it can be
written, its signature over all the rest.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from storage import key_file

CHECKPOINT = "rmbot-audit-checkpoint"


@dataclass(frozen=True)
class Notary:
    """`key_file` is made on first use, for its owner alone; `checkpoints` is only ever appended to."""

    key_file: Path
    checkpoints: Path

    @cached_property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(key_file.read_or_make(self.key_file))

    def make_ready(self) -> None:
        """So that a key others can read is refused when the house starts, and not at night at the first signature.
        Raises VaultError.
        """
        _ = self._key

    @property
    def public_key(self) -> str:
        """64 hexadecimal digits, to be handed to whoever verifies."""
        return self._key.public_key().public_bytes_raw().hex()

    def signed(self, value: Mapping[str, Any]) -> bytes:
        """One line: `value`, the public key and the signature."""
        whole = {**value, "key": self.public_key}
        return canonical({**whole, "signature": self._key.sign(canonical(whole)).hex()}) + b"\n"

    def keep(self, line: bytes) -> None:
        """Append a checkpoint, durable when this returns."""
        self.checkpoints.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.checkpoints, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(handle, line)
            os.fsync(handle)
        finally:
            os.close(handle)


def canonical(value: Mapping[str, Any]) -> bytes:
    """The one way a signed value is written."""
    return orjson.dumps(dict(value), option=orjson.OPT_SORT_KEYS)
