"""The working calendar as rows: what holds for a unit is its own, else its nearest superior's, else the bank's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

import sqlalchemy as sa

from domain.calendar import Calendar, Day, believed
from domain.ids import UnitId
from domain.working_hours import USUAL, Hours, read_hours, write_hours
from storage import schema
from storage.statement import Statement
from storage.unit import Unit

BANK = UnitId("")
_TOP = 99  # how far the bank is from any unit; a feed's tree is never so deep, and a cycle in it ends here
_DAY, _HOURS, _ORG = schema.calendar_day.c, schema.calendar_hours.c, schema.org_unit.c


def _line() -> sa.CTE:
    """The unit, what is above it, and the bank, with their distance."""
    columns = (_ORG.unit_id, _ORG.parent_id)
    here = sa.select(*columns, sa.literal(0).label("distance")).where(_ORG.unit_id == sa.bindparam("here"))
    above = here.cte("above", recursive=True)
    parent = sa.select(*columns, above.c.distance + 1).where(_ORG.unit_id == above.c.parent_id)
    above = above.union_all(parent.where(above.c.distance < _TOP - 1))
    bank = sa.select(sa.literal("").label("unit_id"), sa.literal(_TOP).label("distance"))
    return sa.select(above.c.unit_id, above.c.distance).union_all(bank).cte("line")


_LINE = _line()


def _told(*columns: Any) -> sa.Select[Any]:
    """What is written down for the unit and for those above it, the farthest first."""
    days = sa.select(*columns).join_from(schema.calendar_day, _LINE, _DAY.unit_id == _LINE.c.unit_id)
    return days.order_by(_LINE.c.distance.desc())


_SINCE = Statement(
    _told(_DAY.unit_id, _DAY.day, _DAY.workday, _DAY.ranges, _DAY.confirmed).where(_DAY.day >= sa.bindparam("since"))
)
_OWN = sa.select(_HOURS.unit_id).union(sa.select(_DAY.unit_id).where(_DAY.day == sa.bindparam("today")))
_BETWEEN = _told(schema.calendar_day).where(_DAY.day.between(sa.bindparam("since"), sa.bindparam("until")))
_USUAL = Statement(
    sa.select(_HOURS.ranges)
    .join_from(schema.calendar_hours, _LINE, _HOURS.unit_id == _LINE.c.unit_id)
    .order_by(_LINE.c.distance)
    .limit(1)
)
_STRIKE = schema.calendar_day.delete().where(_DAY.unit_id == sa.bindparam("of"), _DAY.day == sa.bindparam("on"))

Place = tuple[UnitId, date]


@dataclass(frozen=True)
class SpecialDay:
    """A day as it is written down, and for whom."""

    unit_id: UnitId
    day: date
    works: bool
    ranges: str | None = None
    name: str = ""
    confirmed: bool = False

    @property
    def place(self) -> Place:
        return self.unit_id, self.day


def calendar_of(unit: Unit, unit_id: UnitId | None, since: date | None = None) -> Calendar:
    """When people of that unit work; of the whole bank for None or an unknown one. Exact from `since` on (the start of
    last year, if nothing is said): a unit of work has no time to read all of the past.
    """
    since = since or date(unit.now.year - 1, 1, 1)
    rows: Sequence[Any] = unit.rows(_SINCE, {"here": unit_id, "since": since})
    usual = unit.row(_USUAL, {"here": unit_id})
    return Calendar(
        hours=read_hours(usual.ranges) if usual else USUAL,
        days=believed((on, Day(works, read_hours(own) if own else None, sure)) for _, on, works, own, sure in rows),
        confirmed_through=_confirmed_through(rows, since.year),
    )


def places(unit: Unit) -> list[UnitId]:
    """The bank, and every unit with hours or with a today of its own; the others work when the nearest of these above
    them does.
    """
    return sorted({BANK, *(UnitId(row.unit_id) for row in unit.rows(_OWN, {"today": unit.now.date()}))})


def special_days(unit: Unit, unit_id: UnitId | None, year: int) -> list[SpecialDay]:
    """What is written down of a year and holds for that unit, in order."""
    rows = unit.rows(_BETWEEN, {"here": unit_id, "since": date(year, 1, 1), "until": date(year, 12, 31)})
    nearest = {row.day: _special(row) for row in rows}
    return [day for _, day in sorted(nearest.items())]


def days_between(unit: Unit, units: Sequence[UnitId], first: int, last: int) -> dict[Place, SpecialDay]:
    """What is written down for exactly these units, from one year to another."""
    near = sa.select(schema.calendar_day).where(_DAY.day.between(date(first, 1, 1), date(last, 12, 31)))
    found = map(_special, unit.rows(near.where(_DAY.unit_id.in_(units))))
    return {day.place: day for day in found}


def write_days(unit: Unit, without: Sequence[Place], days: Sequence[SpecialDay], source: str) -> None:
    """Strike out what stands at some places, then write some days down."""
    if without:
        unit.execute(_STRIKE, [{"of": of, "on": on} for of, on in without])
    if days:
        unit.execute(schema.calendar_day.insert(), [_row(day, source) for day in days])


def set_hours(unit: Unit, unit_id: UnitId, hours: Hours) -> None:
    """The usual hours of the bank, or of a unit and what is below it."""
    mine = _HOURS.unit_id == unit_id
    before = unit.execute(sa.select(_HOURS.ranges).where(mine)).scalar()
    unit.execute(schema.calendar_hours.delete().where(mine))
    unit.execute(schema.calendar_hours.insert().values(unit_id=unit_id, ranges=write_hours(hours)))
    unit.audit("calendar.hours", f"calendar:{unit_id}", {"before": before, "after": write_hours(hours)})


def _confirmed_through(rows: Sequence[Any], year: int) -> date:
    """The end of the last year in an unbroken run of which the bank's days are there and nothing is a draft."""
    there = {day.year for unit_id, day, *_ in rows if unit_id == BANK}
    there -= {day.year for _, day, _, _, sure in rows if not sure}
    last = next(before for before in count(year - 1) if before + 1 not in there)
    return date(last, 12, 31) if last in there else date.min


def _special(row: sa.Row[Any]) -> SpecialDay:
    return SpecialDay(UnitId(row.unit_id), row.day, row.workday, row.ranges, row.name, row.confirmed)


def _row(day: SpecialDay, source: str) -> dict[str, Any]:
    return {
        "unit_id": day.unit_id, "day": day.day, "workday": day.works, "ranges": day.ranges, "name": day.name,
        "source": source, "confirmed": day.confirmed,
    }  # fmt: skip
