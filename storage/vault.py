"""Seals and opens the cells that must not be read from a stolen database (design decision 13).

A sealed cell is `0x01 | algorithm | key id (4) | nonce (12) | ciphertext | tag (16)`; table, column and row are
authenticated with it, so a cell moved elsewhere does not open. A blind index is the first 16 bytes of an HMAC under a
key of its own column: it allows equality and nothing else.
"""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from storage import keyring
from storage.ciphers import INDEX_BYTES, INTL, SUITES, Suite, keyed, keyed_by, prove
from storage.keyring import CELLS, INDEXES, NONCE_BYTES, CellKey, IndexKey, Ring
from storage.vault_error import VaultError as VaultError

HEAD_BYTES = 6
Connect = Callable[[], AbstractContextManager[sa.Connection]]


class Vault:
    """Data keys in use, shared by all threads; a change of keys replaces the ring as a whole."""

    def __init__(
        self, ring: Ring, key_file: Path = Path(), suite: Suite = INTL, connect: Connect | None = None
    ) -> None:
        self.ring, self.key_file, self.suite, self._connect = ring, key_file, suite, connect

    def seal(self, table: str, column: str, row: str, plain: str) -> bytes:
        return self.seal_bytes(table, column, row, plain.encode())

    def open(self, table: str, column: str, row: str, cell: bytes) -> str:
        return self.open_bytes(table, column, row, cell).decode()

    def seal_optional(self, table: str, column: str, row: str, plain: str | None) -> bytes | None:
        return None if plain is None else self.seal(table, column, row, plain)

    def open_optional(self, table: str, column: str, row: str, cell: bytes | None) -> str | None:
        return None if cell is None else self.open(table, column, row, cell)

    def seal_bytes(self, table: str, column: str, row: str, plain: bytes) -> bytes:
        ring = self.ring
        key = ring.cells[ring.kid]
        nonce = os.urandom(NONCE_BYTES)
        return key.head + nonce + key.sealer.encrypt(nonce, plain, _bound_to(table, column, row, key.head))

    def open_bytes(self, table: str, column: str, row: str, cell: bytes) -> bytes:
        head, nonce, rest = cell[:HEAD_BYTES], cell[HEAD_BYTES:18], cell[18:]
        key = self._key_of(head)
        if key is None:
            raise VaultError(f"{table}.{column} 的密文所用密钥不存在，请检查密钥文件是否为本库的密钥")
        try:
            return key.sealer.decrypt(nonce, rest, _bound_to(table, column, row, head))
        except (InvalidTag, ValueError) as error:
            raise VaultError(f"{table}.{column} 的密文无法解开：内容被改动或被移到了别的行") from error

    def index(self, column: str, value: str) -> bytes:
        """Blind index of an already normalised value; `column` keeps equal values of two columns apart."""
        return _index(self.ring.indexes[0], column, value)

    def digester(self, table: str) -> Callable[[str], int]:
        """How rows of a table are summed up in 64 bits, to be compared without being opened: under a key of its own,
        so that nobody can try values against it."""
        digest = _of(self.ring.indexes[0], f"row:{table}")
        return lambda words: int.from_bytes(digest(words.encode())[:8], "big", signed=True)

    def learn(self) -> None:
        """Read the keys again: another process may have made a new one."""
        if self._connect is not None:
            with self._connect() as connection:
                self.ring = keyring.of(connection, keyring.master_of(self.key_file, may_make=False))

    def is_current(self, cell: bytes) -> bool:
        """Whether a cell is sealed under the key that seals now."""
        return cell[:HEAD_BYTES] == self.ring.cells[self.ring.kid].head

    def _key_of(self, head: bytes) -> CellKey | None:
        kid = int.from_bytes(head[2:], "big")
        if kid not in self.ring.cells:
            self.learn()
        key = self.ring.cells.get(kid)
        return key if key is not None and key.head == head else None


def _index(key: IndexKey, column: str, value: str) -> bytes:
    return _of(key, column)(value.encode())[:INDEX_BYTES]


@lru_cache(maxsize=256)
def _of(key: IndexKey, what: str) -> Callable[[bytes], bytes]:
    """The hash under a key of its own for each column."""
    return keyed_by(key.digest, keyed(key.digest, key.key, what.encode()))


def _bound_to(table: str, column: str, row: str, head: bytes) -> bytes:
    return f"{table}|{column}|{row}|".encode() + head


def open_vault(connection: sa.Connection, key_file: Path, suite: Suite = INTL, connect: Connect | None = None) -> Vault:
    """The vault of this database; makes key file and data keys on first use, of the algorithms of `suite`. By `connect`
    it reads the keys again when it meets a cell of one that it does not know.

    Refuses when the key file is missing beside encrypted data or can be read by others, and when an algorithm in
    use, also one that older cells are under, does not work on this machine.
    """
    made = keyring.rows_of(connection)
    for each in SUITES.values():
        if each is suite or any(row.algorithm == each.cells.name for row in made):
            prove(each)
    master = keyring.master_of(key_file, may_make=not made)
    for purpose in () if made else (CELLS, INDEXES):
        keyring.add(connection, master, suite, purpose)
    return Vault(keyring.of(connection, master), key_file, suite, connect)
