"""Times of day as people say them: 下午3点, 三点一刻, 15:30, 晚上八点半, 两点到四点."""

import re
from dataclasses import dataclass, replace
from typing import Final

from domain.numerals import whole
from domain.unreadable import Unreadable

_NUM: Final = r"(?:\d{1,2}|[零〇一二两三四五六七八九十]{1,3})"
_PERIODS: Final = {
    "凌晨": ((1, 0), None), "半夜": ((23, 0), None), "深夜": ((23, 0), None), "清晨": ((7, 0), None),
    "清早": ((7, 0), None), "早晨": ((8, 0), None), "早上": ((8, 0), None), "早": ((8, 0), None),
    "上午": ((9, 0), (12, 0)), "中午": ((12, 0), None), "正午": ((12, 0), None), "午后": ((14, 0), None),
    "下午": ((14, 0), (18, 0)), "傍晚": ((18, 0), None), "晚上": ((19, 0), (21, 0)), "夜里": ((22, 0), None),
    "夜晚": ((19, 0), (21, 0)), "晚": ((19, 0), (21, 0)), "夜": ((22, 0), None),
}  # fmt: skip
_MINUTE: Final = r"半|整|钟|[一三]刻|\d{2}分?|\d分|[二三四五]?十[一二三四五六七八九]?分?|零[一二三四五六七八九]分?|[一二三四五六七八九]分"
PERIOD: Final = "|".join(sorted(_PERIODS, key=len, reverse=True))
_ONE: Final = (
    rf"(?:{PERIOD})?\s*(?:\d{{1,2}}:\d{{2}}(?![\d:])|{_NUM}(?:点钟?|时)(?:过?(?:{_MINUTE}))?(?![万亿个%倍成点\d]))"
)
CLOCK: Final = rf"(?:{_ONE}(?:\s*(?:到|至|-|–|~)\s*{_ONE})?|(?:{PERIOD}))"
"""Where a time of day may stand in a sentence."""

_PARTS: Final = re.compile(
    rf"(?P<period>{PERIOD})?\s*(?:(?P<h>\d{{1,2}}):(?P<m>\d{{2}})|(?P<hour>{_NUM})(?:点钟?|时)过?(?P<minute>{_MINUTE})?)"
)
_SURE: Final = re.compile(rf"(?:{PERIOD})\s*[\d零〇一二两三四五六七八九十]|\d:\d|[点时](?:{_MINUTE})")
_FRACTIONS: Final = {"半": 30, "一刻": 15, "三刻": 45, "整": 0, "钟": 0, "": 0}


@dataclass(frozen=True, slots=True)
class Clock:
    """Minutes after the day's midnight; 1440 and more is the next day. `end` closes a span."""

    minutes: int
    end: int | None = None


def is_sure(text: str) -> bool:
    """Whether these words can only be a time of day: 三点 also counts points, 下午 also tells a story."""
    return _SURE.search(text) is not None


def read_clock(text: str) -> Clock | Unreadable:
    """Read what `CLOCK` found; an hour from 1 to 6 without 上午 or a leading zero is in the afternoon."""
    if text in _PERIODS:
        start, end = _PERIODS[text]
        return Clock(start[0] * 60 + start[1], end and end[0] * 60 + end[1])
    first, second = _both(text)
    if isinstance(first, Unreadable) or second is None:
        return first
    if isinstance(second, Unreadable):
        return second
    return replace(first, end=second.minutes if second.minutes > first.minutes else second.minutes + 1440)


def _both(text: str) -> tuple[Clock | Unreadable, Clock | Unreadable | None]:
    first, *others = _PARTS.finditer(text)
    period = first["period"] or ""
    second = _one(others[0], others[0]["period"] or period) if others else None
    return _one(first, period), second


def _one(match: re.Match[str], period: str) -> Clock | Unreadable:
    hour, minute = whole(match["h"] or match["hour"]), _minute(match)
    if hour is None or minute is None:
        return Unreadable("没看懂几点，请写成 15:30 或 下午3点")
    if hour > 24 or (hour == 24 and minute):
        return Unreadable(f"一天没有 {hour} 点，请写 0 到 24 点")
    if minute > 59:
        return Unreadable(f"一小时没有 {minute} 分，请写 0 到 59 分")
    written = match["h"] or match["hour"]
    within = _in_period(hour, period, written.startswith("0"))
    return Unreadable(f"{period}没有 {hour} 点，请改时段或钟点") if within is None else Clock(within * 60 + minute)


def _minute(match: re.Match[str]) -> int | None:
    if match["m"]:
        return int(match["m"])
    said = match["minute"] or ""
    return _FRACTIONS[said] if said in _FRACTIONS else whole(said.removesuffix("分").lstrip("零") or "零")


def _in_period(hour: int, period: str, literal: bool) -> int | None:
    """The hour on the 24-hour clock, None when the period has no such hour."""
    if not period:
        return hour + 12 if 1 <= hour <= 6 and not literal else hour
    if period in ("凌晨", "清晨", "清早", "早晨", "早上", "早", "上午"):
        return (0 if hour in (12, 24) and period == "凌晨" else hour) if hour <= 12 or hour == 24 else None
    if period in ("中午", "正午"):
        return hour + 12 if hour in (1, 2) else hour if 11 <= hour <= 14 else None
    if period in ("下午", "午后", "傍晚"):
        return hour + 12 if 1 <= hour < 12 else hour if 12 <= hour < 20 else None
    return _at_night(hour)


def _at_night(hour: int) -> int | None:
    """晚上八点 is 20:00; 晚上十二点 and the small hours belong to the next calendar day."""
    if hour in (12, 24, 0):
        return 24
    if hour < 5:
        return hour + 24
    return hour + 12 if hour < 12 else hour if hour >= 17 else None
