"""The published holidays and make-up working days as the calendar starts with them."""

from collections.abc import Iterator
from importlib.metadata import version
from typing import Any

import sqlalchemy as sa
from chinese_calendar.constants import Holiday, holidays, workdays

from storage import schema

_DAY = schema.calendar_day.c
_NAMES = {holiday.value: holiday.chinese for holiday in Holiday}


def plant(connection: sa.Connection) -> None:
    """Write down, as confirmed, the years of which the table knows nothing yet."""
    known = {day.year for day in connection.execute(sa.select(_DAY.day).where(_DAY.unit_id == "")).scalars()}
    rows = [row for row in _published() if row["day"].year not in known]
    if rows:
        connection.execute(schema.calendar_day.insert(), rows)


def _published() -> Iterator[dict[str, Any]]:
    source = f"国务院办公厅放假通知（chinesecalendar {version('chinesecalendar')}）"
    for works, days in ((False, holidays), (True, workdays)):
        for day, name in days.items():
            told = _NAMES[name] + ("调休" if works else "")
            yield {"unit_id": "", "day": day, "workday": works, "name": told, "source": source, "confirmed": True}
