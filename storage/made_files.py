"""Files made for one person: wanted, made by whoever holds the lease, kept sealed in parts, read a few times, deleted.

The parts lie in the database, so that any replica can serve what another one made. Those of an attempt that died are
nobody's: a file names the attempt it came from.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from domain.ids import CustomerId, FileId, UserId
from storage import schema
from storage.columns import Instant
from storage.statement import Statement
from storage.unit import Unit
from storage.vault import Vault

PART_BYTES = 64 * 1024
LEASE_SECONDS = 10.0  # of machine time; each step of a making renews it
MOST_ATTEMPTS = 5  # failures or deaths: what takes its process down each time is not made for ever
_FILE, _PART = schema.made_file.c, schema.made_part.c
_WANTED = Statement(
    sa.select(_FILE.id).where(_FILE.state == "wanted", _FILE.lease_until < sa.bindparam("moment")).limit(1)
)
_OVER = Statement(
    sa.select(_FILE.id).where(_FILE.state == "ready", _FILE.expires_at <= sa.bindparam("today", type_=Instant)).limit(1)
)


class FileState(StrEnum):
    """`void`: never made, or taken back; `gone`: it was there and is deleted."""

    WANTED = "wanted"
    READY = "ready"
    GONE = "gone"
    VOID = "void"


@dataclass(frozen=True)
class MadeFile:
    """A file for `owner`, who wanted it in a post. `described` says how much it holds, never of whom; `token` is that
    of the attempt that makes it or made it.
    """

    file_id: FileId
    kind: str
    subject: str
    owner: UserId
    post: str | None
    state: FileState
    attempts: int = 0
    token: str = ""
    name: str = ""
    media_type: str = ""
    described: str = ""
    size: int = 0
    expires_at: datetime | None = None
    allowed: int = 0
    downloads: int = 0

    @property
    def left(self) -> int:
        """How often it may still be downloaded."""
        return max(0, self.allowed - self.downloads)

    def ready(self, now: datetime) -> bool:
        return self.state is FileState.READY and self.expires_at is not None and self.expires_at > now


@dataclass(frozen=True)
class Content:
    """What was made, for how long and how often it may be had, and which customers it names."""

    name: str
    media_type: str
    described: str
    data: bytes
    lasts: timedelta
    allowed: int
    customers: tuple[CustomerId, ...] = ()


def want(unit: Unit, kind: str, subject: str, owner: UserId, post: str | None) -> FileId:
    """Ask for a file; whichever replica comes first makes it."""
    file_id = FileId(secrets.token_urlsafe(16))
    row = {"id": file_id, "kind": kind, "subject": subject, "owner": owner, "post": post, "asked_at": unit.now}
    unit.execute(schema.made_file.insert().values(**row))
    return file_id


def any_wanted(unit: Unit) -> bool:
    return unit.row(_WANTED, {"moment": unit.machine_now}) is not None


def claim(unit: Unit) -> MadeFile | None:
    """Take one that nobody makes; what an attempt before left behind goes."""
    row = unit.row(_WANTED, {"moment": unit.machine_now})
    if row is None:
        return None
    token = secrets.token_hex(8)
    free = schema.made_file.update().where(
        _FILE.id == row.id, _FILE.state == FileState.WANTED, _FILE.lease_until < unit.machine_now
    )
    leased = {"lease_token": token, "lease_until": unit.machine_now + LEASE_SECONDS, "attempts": _FILE.attempts + 1}
    if not unit.changed(free.values(**leased)):
        return None
    unit.execute(schema.made_part.delete().where(_PART.file_id == row.id))
    return load(unit, FileId(row.id))


def sealed_parts(vault: Vault, file: MadeFile, data: bytes) -> Iterator[bytes]:
    """The content in sealed parts; takes some milliseconds, so not inside a unit of work."""
    for number, start in enumerate(range(0, len(data), PART_BYTES)):
        yield vault.seal_bytes("made_part", "content", _bound_to(file, number), data[start : start + PART_BYTES])


def hold(unit: Unit, file: MadeFile) -> bool:
    """Still at it; False when somebody else makes the file by now."""
    return unit.changed(_ours(file).values(lease_until=unit.machine_now + LEASE_SECONDS))


def free_leases(connection: sa.Connection) -> None:
    """What a dead process was making is made at once, where no other process can be making it."""
    connection.execute(schema.made_file.update().where(_FILE.state == FileState.WANTED).values(lease_until=0.0))


def add_part(unit: Unit, file: MadeFile, number: int, sealed: bytes) -> bool:
    """Keep one part; False when somebody else makes the file by now."""
    if not hold(unit, file):
        return False
    row = {"file_id": file.file_id, "attempt": file.token, "number": number, "content": sealed}
    unit.execute(schema.made_part.insert().values(**row))
    return True


def publish(unit: Unit, file: MadeFile, content: Content) -> bool:
    """From this commit on it can be had; False when somebody else makes or made it."""
    values = {
        "state": FileState.READY.value,
        "name": content.name,
        "media_type": content.media_type,
        "described": content.described,
        "customers": unit.vault.seal("made_file", "customers", file.file_id, "|".join(content.customers)),
        "size": len(content.data),
        "sha256": sha256(content.data).hexdigest(),
        "expires_at": unit.now + content.lasts,
        "allowed": content.allowed,
    }
    return unit.changed(_ours(file).values(**values))


def give_up(unit: Unit, file: MadeFile) -> bool:
    """It will not be made; False when that is not ours to say any more."""
    if not unit.changed(_ours(file).values(state=FileState.VOID.value)):
        return False
    unit.execute(schema.made_part.delete().where(_PART.file_id == file.file_id))
    return True


def load(unit: Unit, file_id: FileId) -> MadeFile | None:
    row = unit.row(sa.select(schema.made_file).where(_FILE.id == file_id))
    return None if row is None else _file(row)


def take(unit: Unit, file: MadeFile) -> bool:
    """Count a download; False when there are none left, or another one was counted meanwhile."""
    here = sa.and_(_FILE.id == file.file_id, _FILE.state == FileState.READY, _FILE.expires_at > unit.now)
    counted = schema.made_file.update().where(here, _FILE.downloads == file.downloads, _FILE.downloads < _FILE.allowed)
    return unit.changed(counted.values(downloads=_FILE.downloads + 1))


def customers(unit: Unit, file: MadeFile) -> list[CustomerId]:
    """Whom a file names, as long as it is there."""
    row = unit.row(sa.select(_FILE.customers).where(_FILE.id == file.file_id))
    told = unit.vault.open_optional("made_file", "customers", file.file_id, row.customers) if row else None
    return [CustomerId(each) for each in (told or "").split("|") if each]


def content(unit: Unit, file: MadeFile) -> bytes:
    """What it holds."""
    here = sa.and_(_PART.file_id == file.file_id, _PART.attempt == file.token)
    rows = unit.rows(sa.select(_PART.number, _PART.content).where(here).order_by(_PART.number))
    return b"".join(
        unit.vault.open_bytes("made_part", "content", _bound_to(file, row.number), row.content) for row in rows
    )


def any_over(unit: Unit) -> bool:
    return unit.row(_OVER, {"today": unit.now}) is not None


def sweep(unit: Unit) -> None:
    """What is over is deleted; that it was there stays known."""
    row = unit.row(_OVER, {"today": unit.now})
    if row is not None:
        _delete(unit, [row.id], FileState.GONE)


def drop(unit: Unit, owner: UserId) -> int:
    """Somebody left or changed posts: what was or is being made for them is deleted; how many files that were."""
    alive = _FILE.state.in_((FileState.WANTED.value, FileState.READY.value))
    mine = [row.id for row in unit.rows(sa.select(_FILE.id).where(_FILE.owner == owner, alive))]
    if mine:
        _delete(unit, mine, FileState.VOID)
    return len(mine)


def _delete(unit: Unit, file_ids: Sequence[str], state: FileState) -> None:
    unit.execute(schema.made_file.update().where(_FILE.id.in_(file_ids)).values(state=state.value, customers=None))
    unit.execute(schema.made_part.delete().where(_PART.file_id.in_(file_ids)))


def _ours(file: MadeFile) -> sa.Update:
    return schema.made_file.update().where(
        _FILE.id == file.file_id, _FILE.state == FileState.WANTED, _FILE.lease_token == file.token
    )


def _bound_to(file: MadeFile, number: int) -> str:
    return f"{file.file_id}|{file.token}|{number}"


def _file(row: Any) -> MadeFile:
    return MadeFile(
        file_id=FileId(row.id),
        kind=row.kind,
        subject=row.subject,
        owner=UserId(row.owner),
        post=row.post,
        state=FileState(row.state),
        attempts=row.attempts,
        token=row.lease_token or "",
        name=row.name or "",
        media_type=row.media_type or "",
        described=row.described or "",
        size=row.size or 0,
        expires_at=row.expires_at,
        allowed=row.allowed,
        downloads=row.downloads,
    )
