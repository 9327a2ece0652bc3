"""数据到位情况: which feed is of which day, and which of them are late."""

from collections.abc import Iterable
from datetime import date

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


def all_lines(found: Iterable[Standing]) -> list[str]:
    """Every feed with its day, for who administers."""
    return [f"{each.expected.title}：{_state(each)}" for each in found]


def _state(each: Standing) -> str:
    if each.as_of is None:
        return "从未导入"
    return f"到 {each.as_of}" + (f"，迟到（应到 {each.wanted}）" if each.is_late else "")
