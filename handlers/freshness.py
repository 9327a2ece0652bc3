"""数据到位情况: which feed is of which day, and which of them are late, the late ones first."""

from collections.abc import Iterable
from datetime import date

from domain.daytext import day_text
from domain.freshness import Standing, late, standing
from storage.calendars import calendar_of
from storage.feeds import feed_days
from storage.lateness import LOOKING_BACK
from storage.unit import Unit

ALL_THERE = "都按时到了"
ADVICE = "请向科技部门催要；到了之后用 rmbot import 导入，关怀提醒会等它"


def standings(unit: Unit, today: date) -> tuple[Standing, ...]:
    return standing(feed_days(unit), calendar_of(unit, None, today - LOOKING_BACK), today)


def short(unit: Unit, today: date) -> str:
    """In a few words."""
    found = late(standings(unit, today))
    return f"迟到 {len(found)} 项：{'、'.join(each.expected.title for each in found)}" if found else ALL_THERE


def late_lines(found: Iterable[Standing]) -> list[str]:
    """One line for each that is late."""
    return [
        f"{each.expected.title}（{each.expected.feed}）的数据只到 {each.as_of}，应当到 {each.wanted} 了"
        for each in late(found)
    ]


def all_lines(found: Iterable[Standing], today: date) -> list[str]:
    """How every feed stands, for who administers: what is late first, then what is of which day and what never came."""
    every = tuple(found)
    behind = [
        f"· {each.expected.title}：只到{day_text(each.as_of, today)}，应到{day_text(each.wanted, today)}"
        for each in late(every)
        if each.as_of
    ]
    days = sorted({each.as_of for each in every if each.as_of and not each.is_late}, reverse=True)
    timely = [
        f"· 到{day_text(day, today)}：{_titles(each for each in every if each.as_of == day and not each.is_late)}"
        for day in days
    ]
    never = [f"没有导入过：{_titles(each for each in every if each.as_of is None)}"]
    return [
        *([f"迟到 {len(behind)} 项：", *behind] if behind else []),
        *(["按时：" if behind else f"{ALL_THERE}：", *timely] if timely else []),
        *(never if any(each.as_of is None for each in every) else []),
    ]


def _titles(some: Iterable[Standing]) -> str:
    return "、".join(each.expected.title for each in some)
