"""Reports at rest: which was the last, and who agreed to act on it."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from domain.ids import UserId
from domain.retention.report import Report
from storage import schema
from storage.unit import Unit

_COLUMNS = schema.retention_report.c


@dataclass(frozen=True)
class Kept:
    """A report, when it was made, who agreed to it after somebody else had asked, and how many rows are gone by it;
    None while it was not carried out to its end.
    """

    report: Report
    made_at: datetime
    agreed_by: UserId | None
    erased: int | None = None


def keep(unit: Unit, report: Report) -> None:
    """The same numbers again are the same report, made anew."""
    key = report.digest
    values = {"day": report.day, "version": report.version, "body": report.body(), "made_at": unit.now}
    anew = {"made_at": unit.now, "erased_rows": None}
    if not unit.changed(schema.retention_report.update().where(_COLUMNS.id == key).values(anew)):
        unit.execute(schema.retention_report.insert().values(id=key, **values))
    detail = {"day": report.day.isoformat(), "rules": report.version, "due": report.due, "held": report.held}
    unit.audit("retention.reported", f"retention:{key}", detail)


def latest(unit: Unit) -> Kept | None:
    row = unit.row(sa.select(schema.retention_report).order_by(_COLUMNS.made_at.desc(), _COLUMNS.id).limit(1))
    return None if row is None else _kept(row)


def last_agreed(unit: Unit, since: datetime) -> Kept | None:
    """The one that people agreed to last, whatever was reported after it."""
    agreed = sa.select(schema.retention_report).where(_COLUMNS.agreed_at >= since)
    row = unit.row(agreed.order_by(_COLUMNS.agreed_at.desc(), _COLUMNS.id).limit(1))
    return None if row is None else _kept(row)


def agree(unit: Unit, digest: str, by: UserId) -> bool:
    """A second person agreed; False for a report that is not there."""
    here = schema.retention_report.update().where(_COLUMNS.id == digest)
    return unit.changed(here.values(agreed_by=by, agreed_at=unit.now))


def carried_out(unit: Unit, digest: str, rows: int) -> None:
    """All of it is gone, whoever gave the word."""
    unit.execute(schema.retention_report.update().where(_COLUMNS.id == digest).values(erased_rows=rows))


def _kept(row: sa.Row[tuple[object, ...]]) -> Kept:
    return Kept(Report.of(row.body), row.made_at, UserId(row.agreed_by) if row.agreed_by else None, row.erased_rows)
