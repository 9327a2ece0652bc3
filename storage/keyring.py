"""The data keys of a database: wrapped by the master key in the key file, unwrapped into a ring of ciphers.

States of a key: `active` seals; `old` still opens what a rotation has not reached; `retired` is used by no cell.
A master key wraps with the algorithm of the key it wraps, so a database of the Chinese suite uses no other.
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from storage import key_file, schema
from storage.ciphers import ALGORITHMS, Algorithm, Sealer, Suite, keyed
from storage.vault_error import VaultError

FORMAT, NONCE_BYTES = 1, 12
CELLS, INDEXES = "cells", "indexes"
ACTIVE, OLD, RETIRED = "active", "old", "retired"
_HMAC = "hmac-"
_KEY = schema.data_key.c
_MISFIT = "密钥文件与本数据库不匹配：请放回建库时的密钥文件；换过主密钥的，请让 RMBOT_CRYPTO__KEY_FILE 指向新文件"


@dataclass(frozen=True)
class CellKey:
    """A key for cells; `head` begins every cell sealed under it."""

    head: bytes
    sealer: Sealer = field(repr=False)


@dataclass(frozen=True)
class IndexKey:
    """A key for blind indexes and the hash it is used with."""

    digest: str
    key: bytes = field(repr=False)


@dataclass(frozen=True)
class Ring:
    """All keys of a database; `kid` seals, the first of `indexes` is written, all of them are looked for."""

    kid: int
    cells: Mapping[int, CellKey]
    indexes: tuple[IndexKey, ...]


def of(connection: sa.Connection, master: bytes) -> Ring:
    """The ring as the database has it now. Raises VaultError when the master key is another database's."""
    rows = rows_of(connection)
    keys = {row.kid: _unwrap(master, row) for row in rows}
    cells = {row.kid: cell_key(row.kid, ALGORITHMS[row.algorithm], keys[row.kid]) for row in _for(rows, CELLS)}
    newest_first = sorted(_for(rows, INDEXES), key=lambda row: -row.kid)
    kept = [row for row in newest_first if row.state != RETIRED]
    indexes = tuple(IndexKey(row.algorithm.removeprefix(_HMAC), keys[row.kid]) for row in kept)
    return Ring(max(row.kid for row in _for(rows, CELLS) if row.state == ACTIVE), cells, indexes)


def cell_key(kid: int, algorithm: Algorithm, key: bytes) -> CellKey:
    head = bytes((FORMAT, algorithm.number)) + kid.to_bytes(4, "big")
    return CellKey(head, algorithm.make(key))


def rows_of(connection: sa.Connection) -> list[Any]:
    """Every key that was ever made, the oldest first."""
    return list(connection.execute(sa.select(schema.data_key).order_by(_KEY.kid)).all())


def add(connection: sa.Connection, master: bytes, suite: Suite, purpose: str) -> int:
    """A new active key under the next number; whatever was active becomes old."""
    at_purpose = (_KEY.purpose == purpose) & (_KEY.state == ACTIVE)
    connection.execute(schema.data_key.update().where(at_purpose).values(state=OLD))
    kid = (connection.execute(sa.select(sa.func.max(_KEY.kid))).scalar() or 0) + 1
    key_bytes = suite.cells.key_bytes if purpose == CELLS else key_file.KEY_BYTES
    named = {"kid": kid, "purpose": purpose, "state": ACTIVE}
    algorithm = suite.cells.name if purpose == CELLS else f"{_HMAC}{suite.digest}"
    wrapped = _wrap(master, kid, purpose, algorithm, os.urandom(key_bytes))
    connection.execute(schema.data_key.insert().values(**named, algorithm=algorithm, wrapped=wrapped))
    return kid


def rewrap(connection: sa.Connection, before: bytes, after: bytes) -> int:
    """Wrap every data key under another master key; how many there are. Cells are not touched."""
    rows = rows_of(connection)
    for row in rows:
        wrapped = _wrap(after, row.kid, row.purpose, row.algorithm, _unwrap(before, row))
        connection.execute(schema.data_key.update().where(_KEY.kid == row.kid).values(wrapped=wrapped))
    return len(rows)


def set_state(connection: sa.Connection, kids: Iterable[int], state: str) -> None:
    connection.execute(schema.data_key.update().where(_KEY.kid.in_(list(kids))).values(state=state))


def master_of(file: Path, *, may_make: bool) -> bytes:
    """The master key; made on first use, never beside data that another one protects."""
    if not may_make and not file.exists():
        raise VaultError(f"找不到密钥文件 {file.name}，而数据库里已有加密数据：请放回原密钥文件，否则无法启动")
    return key_file.read_or_make(file)


def _for(rows: Iterable[Any], purpose: str) -> list[Any]:
    return [row for row in rows if row.purpose == purpose]


def _wrapper(master: bytes, algorithm: str) -> Sealer:
    """AES takes the master key as it is; SM4 has keys of half the length, derived with SM3."""
    if algorithm in ("aes-256-gcm", "hmac-sha256"):
        return ALGORITHMS["aes-256-gcm"].make(master)
    sm4 = ALGORITHMS["sm4-gcm"]
    return sm4.make(keyed("sm3", master, b"rmbot|wrap|sm4-gcm")[: sm4.key_bytes])


def _wrap(master: bytes, kid: int, purpose: str, algorithm: str, key: bytes) -> bytes:
    nonce = os.urandom(NONCE_BYTES)
    return nonce + _wrapper(master, algorithm).encrypt(nonce, key, _bound_to(kid, purpose, algorithm))


def _unwrap(master: bytes, row: Any) -> bytes:
    bound = _bound_to(row.kid, row.purpose, row.algorithm)
    try:
        return _wrapper(master, row.algorithm).decrypt(row.wrapped[:NONCE_BYTES], row.wrapped[NONCE_BYTES:], bound)
    except (InvalidTag, ValueError) as error:
        raise VaultError(_MISFIT) from error


def _bound_to(kid: int, purpose: str, algorithm: str) -> bytes:
    return f"data_key|{purpose}|{kid}|{algorithm}".encode()
