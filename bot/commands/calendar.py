"""The working calendar on the command line: shown, imported, its usual hours set."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.commands.desk import Desk
from domain.calendar import Calendar
from domain.ids import UnitId
from domain.refusal import Refused
from domain.working_hours import Hours, minutes_of, read_hours, write_hours
from handlers.case.firing import reckon_all
from storage.calendars import BANK, SpecialDay, calendar_of, set_hours, special_days
from storage.imports.calendar import known_units, read_calendar, write_calendar
from storage.unit import Unit

T = TypeVar("T")
_WEEKDAYS = "一二三四五六日"


def show(desk: Desk, year: int, unit: str) -> None:
    """A year as it holds for the bank or a unit: hours, numbers, and every special day."""
    where = _known(desk, unit)
    calendar, days = desk.database.read_now(partial(_year, unit_id=where, year=year))
    first, last = date(year, 1, 1), date(year, 12, 31)
    working = sum(calendar.is_workday(first + timedelta(days=number)) for number in range((last - first).days + 1))
    sure = "已确认" if calendar.confirmed(last) else "未确认（节假日暂不计入，时限按较早的一个算）"
    desk.say(f"{year} 年工作日历，{_name(where)}：{sure}")
    desk.say(f"平常的时段 {_spoken(calendar.hours)}")
    desk.say(f"工作日 {working} 天，休息日 {(last - first).days + 1 - working} 天；其中特别的 {len(days)} 天")
    for day in days:
        desk.say(_line(day))


def import_file(desk: Desk, file: str, confirm: bool) -> None:
    """Take a file of special days, all of it or nothing."""
    examined = read_calendar(Path(file), desk.database.read_now(known_units))
    work = partial(write_calendar, examined=examined, confirm=confirm)
    written = desk.change(partial(_changed, work=work), "calendar.import")
    scope = "、".join(_name(unit_id) for unit_id in written.units[:3]) + ("等" if len(written.units) > 3 else "")
    years = "、".join(map(str, written.years))
    dropped = f"，作废以前未确认的 {written.dropped} 天" if written.dropped else ""
    desk.say(f"{examined.file} 读 {examined.rows} 行：写入 {written.days} 天{dropped}（{years} 年，{scope}）")
    if not confirm:
        desk.say("未确认的休息日暂不计入，时限按较早的一个算；核对后加 --confirm 再导入一次")


def set_usual_hours(desk: Desk, ranges: str, unit: str) -> None:
    """From now on people work in these ranges on every day without ranges of its own."""
    where, hours = _known(desk, unit), read_hours(ranges)
    work = partial(set_hours, unit_id=where, hours=hours)
    desk.change(partial(_changed, work=work), "calendar.hours")
    desk.say(f"{_name(where)}平常的时段改为 {_spoken(hours)}，对以后计算的时限有效")


def outlook(desk: Desk) -> None:
    """How far the calendar is confirmed, and today (for doctor)."""
    through = desk.database.read_now(partial(calendar_of, unit_id=None)).confirmed_through
    desk.say(f"{through.isoformat()} {desk.clock.business().date().isoformat()}")


def _changed(unit: Unit, work: Callable[[Unit], T]) -> T:
    """A change of the calendar, and of what is still to come by it."""
    done = work(unit)
    reckon_all(unit)
    return done


def _year(unit: Unit, unit_id: UnitId, year: int) -> tuple[Calendar, list[SpecialDay]]:
    return calendar_of(unit, unit_id, date(year, 1, 1)), special_days(unit, unit_id, year)


def _known(desk: Desk, unit: str) -> UnitId:
    """The unit that was named; the bank when none was. Raises Refused."""
    if unit and unit not in desk.database.read_now(known_units):
        raise Refused(f"没有机构号为 {unit} 的机构：请核对 org_units 里的机构号")
    return UnitId(unit)


def _name(unit_id: UnitId) -> str:
    return f"机构 {unit_id}" if unit_id else "全行"


def _spoken(hours: Hours) -> str:
    return f"{write_hours(hours)}（一天 {minutes_of(hours) / 60:g} 小时）"


def _line(day: SpecialDay) -> str:
    """2026-10-10 周六 班 国庆节调休."""
    word = ("班" if day.works else "休") + (f" {day.ranges}" if day.ranges else "")
    notes = [day.name, "" if day.confirmed else "（未确认）"]
    notes += ["" if day.unit_id == BANK else f"（{_name(day.unit_id)}）"]
    return f"{day.day} 周{_WEEKDAYS[day.day.weekday()]} {word} {''.join(notes)}".rstrip()
