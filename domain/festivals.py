"""Named days of the year, solar and lunar, as calendar dates."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

from lunar_python import Lunar, Solar

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199

_SOLAR: Final = {
    "元旦": (1, 1), "妇女节": (3, 8), "劳动节": (5, 1), "五一": (5, 1), "儿童节": (6, 1), "教师节": (9, 10),
    "国庆": (10, 1), "圣诞": (12, 25), "平安夜": (12, 24),
}  # fmt: skip
_LUNAR: Final = {
    "春节": (1, 1), "大年初一": (1, 1), "过年": (1, 1), "元宵": (1, 15), "端午": (5, 5), "七夕": (7, 7),
    "中秋": (8, 15), "重阳": (9, 9), "腊八": (12, 8),
}  # fmt: skip
_REST: Final = {"春节": 7, "过年": 7, "国庆": 7, "劳动节": 5, "五一": 5}

NAMES: Final = tuple(sorted([*_SOLAR, *_LUNAR, "清明", "除夕"], key=len, reverse=True))


def festival(name: str, year: int) -> date | None:
    """The day in a Gregorian year; 除夕 is the eve of the 春节 that falls in that year."""
    if name in _SOLAR:
        return date(year, *_SOLAR[name])
    if name == "清明":
        return _qingming(year)
    if name == "除夕":
        spring = lunar_day(year, 1, 1)
        return spring and spring - timedelta(days=1)
    return lunar_day(year, *_LUNAR[name])


def after_festival(name: str, year: int) -> date | None:
    """The first day after it: after the usual week off for the long holidays, the next day for the others."""
    day = festival(name, year)
    return day and day + timedelta(days=_REST.get(name, 1))


@lru_cache(maxsize=4096)
def lunar_day(year: int, month: int, day: int) -> date | None:
    """A lunar date as a calendar date; a missing 30th is the 29th, a missing leap month (< 0) the plain month."""
    if not (1 <= abs(month) <= 12 and 1 <= day <= 30):
        return None
    for m, d in ((month, day), (month, min(day, 29)), (abs(month), day), (abs(month), min(day, 29))):
        try:
            solar = Lunar.fromYmd(year, m, d).getSolar()
        except Exception:  # the library raises nothing more exact for a day that does not exist
            continue
        return date(solar.getYear(), solar.getMonth(), solar.getDay())
    return None


@lru_cache(maxsize=256)
def _qingming(year: int) -> date:
    term = Solar.fromYmd(year, 4, 4).getLunar().getJieQiTable()["清明"]
    return date(term.getYear(), term.getMonth(), term.getDay())
