"""Photos of visits and of cases: fetched from WeCom soon after they were sent, kept sealed, or known to be lost."""

from collections.abc import Iterable
from dataclasses import dataclass
from dataclasses import replace as replaced
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from domain.ids import CustomerId, UserId
from storage import outbox, schema
from storage.statement import Statement
from storage.unit import Unit

WAITING, KEPT, LOST = "waiting", "kept", "lost"
LATEST = 30
_KEY = "photo:"
_COLUMNS = schema.photo.c


def add(unit: Unit, owner: str, sender: UserId, media_ids: Iterable[str]) -> tuple[str, ...]:
    """Photos of a visit or of an event of a case, to be fetched soon; their references."""
    photo_ids = []
    for number, media_id in enumerate(media_ids):
        photo_id = f"{owner}-{number}"
        values = {"id": photo_id, "owner": owner, "sender": sender, "sent_at": unit.now}
        unit.execute(schema.photo.insert().values(**values, media_id=_sealed(unit, photo_id, media_id)))
        _fetch(unit, owner, photo_id, media_id)
        photo_ids.append(photo_id)
    return tuple(photo_ids)


def keep(unit: Unit, photo_id: str, content: bytes, content_type: str) -> None:
    sealed = unit.vault.seal_bytes("photo", "content", photo_id, content)
    digest = sha256(content).hexdigest()
    kept = {"content": sealed, "content_type": content_type, "sha256": digest, "state": KEPT}
    unit.execute(schema.photo.update().where(_COLUMNS.id == photo_id).values(**kept))
    unit.audit("photo.kept", f"photo:{photo_id}", {"sha256": digest, "bytes": len(content)})


def lose(unit: Unit, msg_key: str) -> tuple[UserId, str] | None:
    """A fetch died: WeCom has the photo no longer, or will never hand it out. Who sent it and its owner; None where
    nobody misses it."""
    photo_id = msg_key.removeprefix(_KEY).partition(":")[0]
    here = schema.photo.update().where(_COLUMNS.id == photo_id, _COLUMNS.state == WAITING)
    if not unit.changed(here.values(state=LOST)):
        return None
    unit.audit("photo.lost", f"photo:{photo_id}")
    row = unit.row(sa.select(_COLUMNS.sender, _COLUMNS.owner).where(_COLUMNS.id == photo_id, _wanted()))
    return None if row is None else (UserId(row.sender), row.owner)


def lost_of(unit: Unit, sender: UserId, since: datetime) -> list[tuple[str, str]]:
    """The lost photos that this person may send once more, each with its owner, the oldest first."""
    lost = sa.select(_COLUMNS.id, _COLUMNS.owner).where(_COLUMNS.state == LOST, _COLUMNS.sender == sender)
    recent = lost.where(_COLUMNS.sent_at >= since, _wanted()).order_by(_COLUMNS.sent_at, _COLUMNS.id)
    return [(row.id, row.owner) for row in unit.rows(recent)]


def replace(unit: Unit, owner: str, photo_id: str, media_id: str, key: str) -> None:
    """Another picture in the place of a lost one; `key` names this try."""
    again = {"media_id": _sealed(unit, photo_id, media_id), "state": WAITING}
    unit.execute(schema.photo.update().where(_COLUMNS.id == photo_id).values(**again))
    unit.audit("photo.replaced", f"photo:{photo_id}")
    _fetch(unit, owner, photo_id, media_id, f":{key}")


@dataclass(frozen=True)
class Photo:
    """A photo as it is looked at; `content` only once it was opened."""

    photo_id: str
    sender: UserId
    sent_at: datetime
    state: str
    content_type: str = ""
    content: bytes = b""


_SHOWN = (_COLUMNS.id, _COLUMNS.sender, _COLUMNS.sent_at, _COLUMNS.state)
_THESE = Statement(
    sa.select(*_SHOWN)
    .where(_COLUMNS.id.in_(sa.bindparam("photos", expanding=True)))
    .order_by(_COLUMNS.sent_at, _COLUMNS.id)
)
_OF_VISITS = Statement(
    sa.select(*_SHOWN)
    .join_from(schema.visit, schema.photo, _COLUMNS.owner == schema.visit.c.id)
    .where(schema.visit.c.customer_id == sa.bindparam("customer"), schema.visit.c.undone_at.is_(None))
    .order_by(_COLUMNS.sent_at.desc(), _COLUMNS.id)
    .limit(LATEST)
)


def these(unit: Unit, photo_ids: Iterable[str]) -> list[Photo]:
    """These photos, the oldest first, not yet opened."""
    return [_photo(row) for row in unit.rows(_THESE, {"photos": list(photo_ids)})]


def of_visits(unit: Unit, customer_id: CustomerId) -> list[Photo]:
    """The latest photos of visits to a customer that were not taken back, the newest first, not yet opened."""
    return [_photo(row) for row in unit.rows(_OF_VISITS, {"customer": customer_id})]


def opened(unit: Unit, photo: Photo) -> Photo | None:
    """The same with its content; None where it is not there."""
    row = unit.row(sa.select(_COLUMNS.content, _COLUMNS.content_type).where(_COLUMNS.id == photo.photo_id))
    if photo.state != KEPT or row is None or row.content is None:
        return None
    content = unit.vault.open_bytes("photo", "content", photo.photo_id, row.content)
    return replaced(photo, content=content, content_type=row.content_type or "")


def _photo(row: sa.Row[Any]) -> Photo:
    return Photo(row.id, UserId(row.sender), row.sent_at, row.state)


def _wanted() -> sa.ColumnElement[bool]:
    """Not of a visit that was taken back."""
    visit = schema.visit.c
    return ~sa.exists().where(visit.id == _COLUMNS.owner, visit.undone_at.is_not(None))


def _sealed(unit: Unit, photo_id: str, media_id: str) -> bytes:
    return unit.vault.seal("photo", "media_id", photo_id, media_id)


def _fetch(unit: Unit, owner: str, photo_id: str, media_id: str, again: str = "") -> None:
    """WeCom keeps a photo for three days (page 90254): fetch it soon, outside the unit of work. Those of one owner
    are fetched one after the other, so that each that is lost knows of those before."""
    outbox.put(
        unit,
        msg_key=f"{_KEY}{photo_id}{again}",
        lane=outbox.Lane.DIGEST,
        kind=outbox.OutKind.FETCH,
        recipient=f"{_KEY}{owner}",
        body={"photo": photo_id, "media_id": media_id},
        task_id=None,
    )
