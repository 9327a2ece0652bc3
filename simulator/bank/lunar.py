"""Birthdays in the lunar calendar, for whole arrays of days at once."""

from functools import cache

import numpy as np
from lunar_python import LunarYear

from simulator.bank.cells import Ints

_JULIAN_1970 = 2_440_588


@cache
def _months() -> tuple[Ints, Ints]:
    """First day (days since 1970) and signed number (negative = leap) of every lunar month 1920–2050."""
    found = {
        int(month.getFirstJulianDay()) - _JULIAN_1970: int(month.getMonth())
        for year in range(1920, 2051)
        for month in LunarYear.fromYear(year).getMonthsInYear()
    }
    starts = sorted(found)
    return np.array(starts, dtype=np.int64), np.array([found[start] for start in starts], dtype=np.int64)


def lunar_birthdays(born: Ints) -> list[str]:
    """`MM-DD`, or `LMM-DD` in a leap month, for days since 1970."""
    starts, numbers = _months()
    at = np.searchsorted(starts, born, side="right") - 1
    pairs = zip(numbers[at].tolist(), (born - starts[at] + 1).tolist(), strict=True)
    return [f"{'L' if month < 0 else ''}{abs(month):02d}-{day:02d}" for month, day in pairs]
