"""Lunar days that a year lacks are moved the way the bank's rules say."""

from datetime import date

import pytest

from domain.festivals import lunar_day


@pytest.mark.parametrize(
    ("year", "month", "day", "expected"),
    [
        (2026, 8, 15, date(2026, 9, 25)),
        (2026, 10, 15, date(2026, 11, 23)),
        (2026, 12, 30, date(2027, 2, 5)),
        (2025, -6, 1, date(2025, 7, 25)),
        (2025, -6, 30, date(2025, 8, 22)),
        (2026, -6, 1, date(2026, 7, 14)),
        (2026, 13, 1, None),
        (2026, 1, 31, None),
        (2026, 0, 0, None),
    ],
)
def test_lunar_day(year: int, month: int, day: int, expected: date | None) -> None:
    assert lunar_day(year, month, day) == expected
