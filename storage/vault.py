"""Seals and opens the cells that must not be read from a stolen database (design decision 13).

A sealed cell is `0x01 | algorithm | key id (4) | nonce (12) | ciphertext | tag (16)`; table, column and row are
authenticated with it, so a cell moved elsewhere does not open. A blind index is the first 16 bytes of an HMAC-SHA256
under a key of its own column: it allows equality and nothing else.
"""

import base64
import contextlib
import hmac
import os
import stat
import tempfile
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage import schema

FORMAT = 1
AES_256_GCM = 1
CELLS, INDEXES = "cells", "indexes"
NONCE_BYTES, INDEX_BYTES, KEY_BYTES = 12, 16, 32


class VaultError(Exception):
    """A key or a cell that cannot be trusted; the message is Chinese and says what to do."""


@dataclass
class Vault:
    """Data keys in use; made by `open_vault`, shared by all threads (it holds no changing state)."""

    kid: int
    index_key: bytes
    ciphers: dict[int, AESGCM] = field(repr=False)

    def seal(self, table: str, column: str, row: str, plain: str) -> bytes:
        head = bytes((FORMAT, AES_256_GCM)) + self.kid.to_bytes(4, "big")
        nonce = os.urandom(NONCE_BYTES)
        return head + nonce + self.ciphers[self.kid].encrypt(nonce, plain.encode(), _bound_to(table, column, row, head))

    def open(self, table: str, column: str, row: str, cell: bytes) -> str:
        return self.open_bytes(table, column, row, cell).decode()

    def seal_optional(self, table: str, column: str, row: str, plain: str | None) -> bytes | None:
        return None if plain is None else self.seal(table, column, row, plain)

    def open_optional(self, table: str, column: str, row: str, cell: bytes | None) -> str | None:
        return None if cell is None else self.open(table, column, row, cell)

    def seal_bytes(self, table: str, column: str, row: str, plain: bytes) -> bytes:
        head = bytes((FORMAT, AES_256_GCM)) + self.kid.to_bytes(4, "big")
        nonce = os.urandom(NONCE_BYTES)
        return head + nonce + self.ciphers[self.kid].encrypt(nonce, plain, _bound_to(table, column, row, head))

    def open_bytes(self, table: str, column: str, row: str, cell: bytes) -> bytes:
        head, nonce, rest = cell[:6], cell[6:18], cell[18:]
        cipher = self.ciphers.get(int.from_bytes(head[2:6], "big"))
        if cipher is None or head[:2] != bytes((FORMAT, AES_256_GCM)):
            raise VaultError(f"{table}.{column} 的密文所用密钥不存在，请检查密钥文件是否为本库的密钥")
        try:
            return cipher.decrypt(nonce, rest, _bound_to(table, column, row, head))
        except (InvalidTag, ValueError) as error:
            raise VaultError(f"{table}.{column} 的密文无法解开：内容被改动或被移到了别的行") from error

    def index(self, column: str, value: str) -> bytes:
        """Blind index of an already normalised value; `column` keeps equal values of two columns apart."""
        key = hmac.digest(self.index_key, column.encode(), sha256)
        return hmac.digest(key, value.encode(), sha256)[:INDEX_BYTES]


def _bound_to(table: str, column: str, row: str, head: bytes) -> bytes:
    return f"{table}|{column}|{row}|".encode() + head


def open_vault(connection: sa.Connection, key_file: Path) -> Vault:
    """The vault of this database; makes key file and data keys on first use.

    Refuses when the key file is missing beside encrypted data or can be read by others.
    """
    rows = connection.execute(sa.select(schema.data_key)).all()
    master = AESGCM(_read_or_make_master(key_file, may_make=not rows))
    if not rows:
        for purpose in (CELLS, INDEXES):
            connection.execute(schema.data_key.insert().values(_new_key(master, purpose)))
        rows = connection.execute(sa.select(schema.data_key)).all()
    keys = {(row.purpose, row.kid): _unwrap(master, row) for row in rows}
    ciphers = {kid: AESGCM(key) for (purpose, kid), key in keys.items() if purpose == CELLS}
    index_key = next(key for (purpose, _), key in keys.items() if purpose == INDEXES)
    return Vault(kid=max(ciphers), index_key=index_key, ciphers=ciphers)


def _new_key(master: AESGCM, purpose: str) -> dict[str, object]:
    kid = {CELLS: 1, INDEXES: 2}[purpose]
    nonce = os.urandom(NONCE_BYTES)
    wrapped = nonce + master.encrypt(nonce, os.urandom(KEY_BYTES), f"data_key|{purpose}|{kid}".encode())
    return {"kid": kid, "purpose": purpose, "algorithm": "aes-256-gcm", "wrapped": wrapped, "state": "active"}


def _unwrap(master: AESGCM, row: sa.Row[tuple[object, ...]]) -> bytes:
    wrapped = row.wrapped
    try:
        return master.decrypt(
            wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], f"data_key|{row.purpose}|{row.kid}".encode()
        )
    except InvalidTag as error:
        raise VaultError("密钥文件与本数据库不匹配：请放回建库时的密钥文件（RMBOT_CRYPTO__KEY_FILE）") from error


def _read_or_make_master(key_file: Path, *, may_make: bool) -> bytes:
    if not key_file.exists():
        if not may_make:
            raise VaultError(f"找不到密钥文件 {key_file.name}，而数据库里已有加密数据：请放回原密钥文件，否则无法启动")
        return _make_master(key_file)
    if key_file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise VaultError(f"密钥文件 {key_file.name} 能被其他用户读取：请执行 chmod 600 后再启动")
    try:
        master = base64.b64decode(key_file.read_bytes().strip(), validate=True)
    except ValueError:
        master = b""
    if len(master) != KEY_BYTES:
        raise VaultError(f"密钥文件 {key_file.name} 已损坏：应为 32 字节的 base64，请放回备份")
    return master


def _make_master(key_file: Path) -> bytes:
    """Mode 0600 from the start, and whole when it appears: of two processes one makes the key, the other reads it."""
    key_file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{key_file.name}.", dir=key_file.parent)
    try:
        with os.fdopen(handle, "w") as file:
            file.write(base64.b64encode(os.urandom(KEY_BYTES)).decode() + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(name, key_file)
    finally:
        os.unlink(name)
    _sync_folder(key_file.parent)
    return _read_or_make_master(key_file, may_make=False)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
