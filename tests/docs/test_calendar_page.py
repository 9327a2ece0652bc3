"""docs/calendar.md says what the calendar's file may hold."""

from pathlib import Path

from storage.imports.calendar import CALENDAR, MOST_ROWS
from tools.import_page import table

PAGE = (Path(__file__).parents[2] / "docs" / "calendar.md").read_text("utf-8")


def test_the_columns_are_those_of_the_file() -> None:
    assert table(CALENDAR) in PAGE


def test_the_limit_is_that_of_the_program() -> None:
    assert f"最多 {MOST_ROWS} 行" in PAGE
