"""The calendar's file: special days of the bank and of single units, taken whole or not at all.

What comes in unconfirmed is a draft: the next file on the same year of the same unit replaces it. A confirmed day
changes only by a file that is itself confirmed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from domain.festivals import FIRST_YEAR, LAST_YEAR, festival
from domain.ids import UnitId
from domain.refusal import Refused
from storage.calendars import BANK, Place, SpecialDay, days_between, write_days
from storage.imports.column import Column, Type, day, flag
from storage.imports.examine import Examined, examine
from storage.imports.format import ORG_UNITS, FileSpec, Kind
from storage.imports.references import check_references, keys_kept
from storage.imports.rejection import FileRefused, Rejection
from storage.unit import Unit

CALENDAR = FileSpec(
    "calendar",
    "工作日历",
    Kind.APPEND,
    ("unit_id", "day"),
    (
        day("day", "日期"),
        flag("workday", "上班 1，休息 0"),
        Column("name", Type.TEXT, "节日，或上班、休息的原因", empty=True, limit=100, default=""),
        Column(
            "unit_id", Type.TEXT, "机构号，对它和它的下级有效；空为全行", True, True, refers="org_units", default=""
        ),
        Column("ranges", Type.HOURS, "当天的工作时段；空为平常的时段", True, True, limit=120),
    ),
)
MOST_ROWS = 2_000
"""They are written in one unit of work, which nobody should have to wait for."""
SHOWN = 20
# A year is not published without these (《全国年节及纪念日放假办法》 article 2): a file without one of them is a part.
_STATUTORY = ("元旦", "春节", "清明", "劳动节", "端午", "中秋", "国庆")

Told = Mapping[Place, SpecialDay]


@dataclass(frozen=True)
class Written:
    """What a file changed, and which years of which units it speaks of."""

    days: int
    dropped: int
    years: tuple[int, ...]
    units: tuple[UnitId, ...]


def read_calendar(path: Path, units: set[Any]) -> Examined:
    """The file, checked as far as it can be without the days already known. Raises Refused."""
    if not path.is_file():
        raise Refused(f"没有文件 {path}：请检查路径")
    try:
        examined = examine(path, CALENDAR)
    except FileRefused as refused:
        raise Refused(f"{refused.rejection}；未作改动") from refused
    if not 0 < examined.rows <= MOST_ROWS:
        reason = f"有 {examined.rows} 行，一个文件要有 1 到 {MOST_ROWS} 行；机构多的请分成几个文件"
        raise Refused(f"{Rejection(path.name, 0, '', reason)}；未作改动")
    check_references(examined, {ORG_UNITS.name: units | {BANK}}, {})
    for key, good in list(examined.good.items()):
        if good.values["ranges"] and not good.values["workday"]:
            examined.drop(key, "ranges", "休息日没有工作时段，请留空")
        elif not FIRST_YEAR <= _day(good.values, False).day.year <= LAST_YEAR:
            examined.drop(key, "day", f"年份请写 {FIRST_YEAR} 到 {LAST_YEAR} 之间")
    _refuse(examined)
    return examined


def known_units(unit: Unit) -> set[Any]:
    return keys_kept(unit, ORG_UNITS)


def write_calendar(unit: Unit, examined: Examined, confirm: bool) -> Written:
    """Write the days down, in one unit of work. Raises Refused."""
    told = {day.place: day for day in (_day(good.values, confirm) for good in examined.good.values())}
    there = _there(unit, told)
    sure = {place: day for place, day in there.items() if day.confirmed}
    changed = [place for place, day in told.items() if replace(day, confirmed=True) != sure.get(place)]
    _check(examined, told, sure, changed, confirm)
    dropped = there.keys() - sure.keys() - told.keys()
    struck = [*dropped, *(place for place in changed if place in there)]
    write_days(unit, struck, [told[place] for place in changed], examined.file)
    years, units = {on.year for _, on in told}, {of for of, _ in told}
    written = Written(len(changed), len(dropped), tuple(sorted(years)), tuple(sorted(units)))
    unit.audit("calendar.imported", "calendar", {**asdict(written), "file": examined.file, "confirmed": confirm})
    return written


def _there(unit: Unit, told: Told) -> Told:
    """What is known of the years and units that are spoken of."""
    spoken_of = {(of, on.year) for of, on in told}
    years = sorted(year for _, year in spoken_of)
    known = days_between(unit, sorted({of for of, _ in told}), years[0], years[-1])
    return {(of, on): day for (of, on), day in known.items() if (of, on.year) in spoken_of}


def _day(values: Mapping[str, Any], confirmed: bool) -> SpecialDay:
    of, on = UnitId(values["unit_id"]), values["day"]
    return SpecialDay(of, on, values["workday"], values["ranges"], values["name"], confirmed)


def _check(examined: Examined, told: Told, sure: Told, changed: Iterable[Place], confirm: bool) -> None:
    for place in () if confirm else changed:
        if place in sure:
            examined.drop(place, "day", "这一天已经确认过，内容不同；确要改动，请加 --confirm")
    for year in sorted({on.year for of, on in told if of == BANK and confirm}):
        if missing := _missing({**sure, **told}, year):
            reason = f"{year} 年还不能确认：{'、'.join(missing)} 应当休息，请补全这一年的放假安排"
            examined.rejections.append(Rejection(examined.file, 0, "day", reason))
    _refuse(examined)


def _missing(known: Told, year: int) -> list[str]:
    """Festivals on which, for all that is known, people would work: the year is not there as a whole."""
    days = {name: on for name in _STATUTORY if (on := festival(name, year))}
    written = {name: known.get((BANK, on)) for name, on in days.items()}
    works = {name: day.works if day else days[name].weekday() < 5 for name, day in written.items()}
    return [f"{name} {on}" for name, on in days.items() if works[name]]


def _refuse(examined: Examined) -> None:
    if not examined.rejections:
        return
    told = sorted(examined.rejections, key=lambda each: each.line)
    more = [f"……另有 {len(told) - SHOWN} 处"] if len(told) > SHOWN else []
    raise Refused("\n".join([*map(str, told[:SHOWN]), *more, f"{examined.file} 已拒绝，未作改动"]))
