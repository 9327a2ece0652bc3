"""Lists that were asked for as a file; the number of a request is that of the one copy that comes of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from domain.export.watermark import new_copy
from domain.export.wish import Wish
from domain.ids import FileId, UserId
from storage import schema
from storage.unit import Unit

_COLUMNS = schema.export.c


class ExportState(StrEnum):
    """`over`: nothing comes of it, whoever wanted it so."""

    ASKED = "asked"
    WAITING = "waiting"
    AGREED = "agreed"
    MADE = "made"
    OVER = "over"


@dataclass(frozen=True)
class Export:
    """A request: `rows` is how many there were when it was asked for and, once it is made, how many it holds;
    `agreed_by` who had to agree and did.
    """

    export_id: str
    userid: UserId
    post: str | None
    wish: Wish
    rows: int
    state: ExportState
    asked_at: datetime
    confirmed_at: datetime | None = None
    agreed_by: tuple[UserId, ...] = ()
    file_id: FileId | None = None
    made_at: datetime | None = None

    @property
    def subject(self) -> str:
        return f"export:{self.export_id}"


def add(unit: Unit, userid: UserId, post: str | None, wish: Wish, rows: int) -> Export:
    """Nothing is made of it before it is confirmed."""
    made = Export(new_copy(), userid, post, wish, rows, ExportState.ASKED, unit.now)
    unit.execute(
        schema.export.insert().values(
            id=made.export_id,
            userid=userid,
            post=post,
            list=wish.list.value,
            wish=unit.vault.seal("export", "wish", made.export_id, wish.model_dump_json()),
            rows=rows,
            asked_at=unit.now,
        )
    )
    return made


def load(unit: Unit, export_id: str) -> Export | None:
    row = unit.row(sa.select(schema.export).where(_COLUMNS.id == export_id))
    return None if row is None else _export(unit, row)


def move(unit: Unit, before: Export, state: ExportState, **values: Any) -> bool:
    """On to another state; False when it is no longer where it was."""
    here = schema.export.update().where(_COLUMNS.id == before.export_id, _COLUMNS.state == before.state.value)
    return unit.changed(here.values(state=state.value, **values))


def confirmed_since(unit: Unit, userid: UserId, since: datetime) -> int:
    """How many a person has confirmed."""
    mine = sa.and_(_COLUMNS.userid == userid, _COLUMNS.confirmed_at > since)
    return int(unit.execute(sa.select(sa.func.count()).select_from(schema.export).where(mine)).scalar_one())


def rows_confirmed(unit: Unit, userid: UserId, since: datetime, before: datetime | None) -> int:
    """How many rows a person has confirmed, of what came to a file or still may."""
    span = [_COLUMNS.confirmed_at > since, *([_COLUMNS.confirmed_at < before] if before is not None else [])]
    alive = _COLUMNS.state.in_([each.value for each in (ExportState.WAITING, ExportState.AGREED, ExportState.MADE)])
    total = sa.func.coalesce(sa.func.sum(_COLUMNS.rows), 0)
    return int(unit.execute(sa.select(total).where(_COLUMNS.userid == userid, alive, *span)).scalar_one())


def _export(unit: Unit, row: Any) -> Export:
    return Export(
        export_id=row.id,
        userid=UserId(row.userid),
        post=row.post,
        wish=Wish.model_validate_json(unit.vault.open("export", "wish", row.id, row.wish)),
        rows=row.rows,
        state=ExportState(row.state),
        asked_at=row.asked_at,
        confirmed_at=row.confirmed_at,
        agreed_by=tuple(UserId(each) for each in row.agreed_by.split("|") if each),
        file_id=FileId(row.file_id) if row.file_id else None,
        made_at=row.made_at,
    )
