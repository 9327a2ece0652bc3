"""Key files: 32 random bytes in base64, made whole and for their owner alone, refused when others can read them."""

import base64
import contextlib
import os
import stat
import tempfile
from pathlib import Path

from storage.vault_error import VaultError

KEY_BYTES = 32
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


def read(file: Path) -> bytes:
    """The key in a file that is there. Raises VaultError when others can read it or it is damaged."""
    if file.stat().st_mode & _OTHERS:
        raise VaultError(f"密钥文件 {file.name} 能被其他用户读取：请执行 chmod 600 后再启动")
    try:
        key = base64.b64decode(file.read_bytes().strip(), validate=True)
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise VaultError(f"密钥文件 {file.name} 已损坏：应为 32 字节的 base64，请放回备份")
    return key


def read_or_make(file: Path) -> bytes:
    """The same, after making the file when there is none."""
    return read(file) if file.exists() else _make(file)


def _make(file: Path) -> bytes:
    """Mode 0600 from the start, and whole when it appears: of two processes one makes the key, the other reads it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    try:
        with os.fdopen(handle, "w") as written:
            written.write(base64.b64encode(os.urandom(KEY_BYTES)).decode() + "\n")
            written.flush()
            os.fsync(written.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(name, file)
    finally:
        os.unlink(name)
    sync_folder(file.parent)
    return read(file)


def sync_folder(folder: Path) -> None:
    """Make the folder's entries durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
