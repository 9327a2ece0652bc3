"""The working calendar as rows: what holds for a unit is its own, else its nearest superior's, else the bank's."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from domain.calendar import Calendar, Day
from domain.ids import UnitId
from domain.working_hours import USUAL, read_hours
from storage import schema
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
_DAYS = (
    sa.select(_DAY.unit_id, _DAY.day, _DAY.workday, _DAY.ranges, _DAY.confirmed)
    .join_from(schema.calendar_day, _LINE, _DAY.unit_id == _LINE.c.unit_id)
    .where(_DAY.day >= sa.bindparam("since"))
    .order_by(_LINE.c.distance.desc())
)
_USUAL = (
    sa.select(_HOURS.ranges)
    .join_from(schema.calendar_hours, _LINE, _HOURS.unit_id == _LINE.c.unit_id)
    .order_by(_LINE.c.distance)
    .limit(1)
)


def calendar_of(unit: Unit, unit_id: UnitId | None, since: date | None = None) -> Calendar:
    """When people of that unit work; of the whole bank for None or an unknown one. Exact from `since` on (the start of
    last year, if nothing is said): a unit of work has no time to read all of the past.
    """
    since = since or date(unit.now.year - 1, 1, 1)
    rows: Sequence[Any] = unit.rows(_DAYS, {"here": unit_id, "since": since})
    usual = unit.execute(_USUAL, {"here": unit_id}).scalar()
    return Calendar(
        hours=read_hours(usual) if usual else USUAL,
        days={day: Day(works, read_hours(own) if own else None, sure) for _, day, works, own, sure in rows},
        confirmed_through=_confirmed_through(rows, since.year),
    )


def _confirmed_through(rows: Sequence[Any], year: int) -> date:
    """The end of the last year in an unbroken run of which the bank's days are there and all confirmed."""
    told: dict[int, bool] = {}
    for unit_id, day, _, _, sure in rows:
        if unit_id == BANK:
            told[day.year] = sure and told.get(day.year, True)
    while told.get(year):
        year += 1
    return date(year - 1, 12, 31)
