"""A moment as people say it (下周三, 明早九点, 月底前), always shown back with weekday, date and time."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, Literal

from domain.clock_words import CLOCK, Clock, is_sure, read_clock
from domain.day_words import ALONE, IN_SENTENCE, read_days
from domain.days import Days, Span
from domain.normalise import normalise
from domain.numerals import whole
from domain.unreadable import Unreadable

Direction = Literal["future", "past"]


@dataclass(frozen=True, slots=True)
class Moment:
    """Without a time of day `start` is midnight, and `end`, if any, the midnight of the last day that belongs to it."""

    start: datetime
    end: datetime | None
    has_time: bool
    shown: str


@dataclass(frozen=True, slots=True)
class Found:
    """A moment inside a sentence: where it stands in the text as given, and the text without it."""

    moment: Moment
    span: tuple[int, int]
    phrase: str
    rest: str


_NOTHING: Final = Unreadable("没看懂这个时间，请写成 下周三下午3点 或 12月1日 15:00")
_SOON: Final = r"(?:再?过)?(?<![\d.])(半|\d{1,3}|[一二两三四五六七八九十]{1,3})(个半小时|个?小时|个?钟头|分钟|刻钟)(以后|之后|后|以内|之内|内|以前|之前|前)"
_UNTIL: Final = r"(?:\s*(?:之前|以前|前(?![台往去期景面提])|之内|以内))?"
_AROUND: Final = re.compile(r"^(?:大约|大概|约|在|于)|(?:左右|吧|。)$")
_FOLLOW_UP: Final = re.compile(
    r"[\s,，]*(?:前|再|去|来|给|要|他|她|客户)*(?:回访|拜访|联系|跟进|电话|打|约|见|面|送|办|提醒|确认|沟通)"
)
_SECONDS: Final = {"小时": 3600, "钟头": 3600, "分钟": 60, "刻钟": 900}
_WEEKDAYS: Final = "一二三四五六日"
_NEAR: Final = {-2: "前天", -1: "昨天", 0: "今天", 1: "明天", 2: "后天"}
_WEEKS: Final = {-1: "上周", 0: "本周", 1: "下周"}


def _phrase(days: str) -> re.Pattern[str]:
    day_and_time = rf"(?P<day>{days})(?:[\s的]*(?P<clock>{CLOCK}))?"
    return re.compile(rf"(?:(?P<soon>{_SOON})|{day_and_time}|(?P<alone>{CLOCK})){_UNTIL}")


_INSIDE: Final = _phrase(IN_SENTENCE)
_WHOLE: Final = _phrase(ALONE)


def parse_moment(text: str, now: datetime, direction: Direction = "future") -> Moment | Unreadable:
    """Read a text that is nothing but a moment; `direction` decides which 周五 or 5号 is meant."""
    said = _AROUND.sub("", normalise(text)).strip()
    if said.startswith("每"):
        return Unreadable("这里只能写一个时间，不能写“每周”“每月”")
    match = _WHOLE.fullmatch(said) if len(said) <= 60 else None
    return _read(match, now, direction) if match else _NOTHING


def find_moment(text: str, now: datetime, direction: Direction = "future") -> Found | None:
    """The moment meant in a sentence: in the asked direction, not just 今天, best before 回访 and the like."""
    folded = "".join(_fold(char) for char in text)
    found = list(_agreeing(folded, now, direction))
    if not found:
        return None
    match, moment = max(found, key=lambda one: (_FOLLOW_UP.match(folded, one[0].end()) is not None, one[0].start()))
    start, end = match.span()
    rest = " ".join(f"{text[:start]} {text[end:]}".split())
    return Found(moment, (start, end), text[start:end], rest)


def _agreeing(text: str, now: datetime, direction: Direction) -> Iterator[tuple[re.Match[str], Moment]]:
    for match in _INSIDE.finditer(text):
        if text[: match.start()].endswith("每") or (match["alone"] and not is_sure(match["alone"])):
            continue
        moment = _read(match, now, direction)
        if not isinstance(moment, Unreadable) and (moment.start > now) == (direction == "future"):
            yield match, moment


def _read(match: re.Match[str], now: datetime, direction: Direction) -> Moment | Unreadable:
    if match["soon"]:
        return _soon(match["soon"], now)
    words = match["clock"] or match["alone"]
    clock = read_clock(words) if words else None
    days = read_days(match.string, now.date(), *match.span("day")) if match["day"] else _any_day(now.date())
    if isinstance(clock, Unreadable):
        return clock
    if isinstance(days, Unreadable):
        return days
    return _resolve(days, clock, now, direction)


def _soon(words: str, now: datetime) -> Moment | Unreadable:
    parts = re.fullmatch(_SOON, words)
    count = None if parts is None else 0.5 if parts[1] == "半" else whole(parts[1])
    if parts is None or count is None:
        return _NOTHING
    unit = parts[2].removeprefix("个")
    seconds = (count + (0.5 if unit.startswith("半") else 0)) * _SECONDS[unit.removeprefix("半")]
    sign = -1 if parts[3].endswith("前") else 1
    return _moment(now.replace(second=0, microsecond=0) + timedelta(seconds=sign * seconds), None, True, now)


def _any_day(today: date) -> Days:
    return Days(tuple((today + timedelta(days=n), None) for n in (-1, 0, 1)), today_counts=False)


def _resolve(days: Days, clock: Clock | None, now: datetime, direction: Direction) -> Moment | Unreadable:
    span = _choose(days, clock, now, direction)
    if isinstance(span, Unreadable):
        return span
    first, last = span
    if days.weekday is not None and first.weekday() != days.weekday:
        return Unreadable(f"{first.month}月{first.day}日是周{_WEEKDAYS[first.weekday()]}，请核对星期")
    if clock is None:
        return _moment(_at(first, 0, now), None if last is None else _at(last, 0, now), False, now)
    if last is not None:
        return Unreadable("请写清是哪一天，例如 下周三下午3点")
    end = None if clock.end is None else _at(first, clock.end, now)
    return _moment(_at(first, clock.minutes, now), end, True, now)


def _choose(days: Days, clock: Clock | None, now: datetime, direction: Direction) -> Span | Unreadable:
    if len(days.candidates) == 1:
        return days.candidates[0]
    agreeing = [span for span in days.candidates if _agrees(span[0], days, clock, now, direction)]
    over = clock is not None and _at(now.date(), clock.minutes, now) <= now
    if direction == "future" and days.today_counts and over and (now.date(), None) in days.candidates:
        return Unreadable("今天这个时间已经过去了，请改一个时间")
    if not agreeing:
        return _NOTHING
    return agreeing[0] if direction == "future" else agreeing[-1]


def _agrees(day: date, days: Days, clock: Clock | None, now: datetime, direction: Direction) -> bool:
    if clock is None and day == now.date():
        return days.today_counts
    later = _at(day, clock.minutes if clock else 0, now) > now
    return later == (direction == "future")


def _at(day: date, minutes: int, now: datetime) -> datetime:
    return datetime.combine(day, time(), now.tzinfo) + timedelta(minutes=minutes)


def _moment(start: datetime, end: datetime | None, has_time: bool, now: datetime) -> Moment:
    if end is not None and not has_time:
        return Moment(start, end, has_time, f"{_date(start, now)}–{_date(end, now, start)}")
    hours = f" {start:%H:%M}" if has_time else ""
    until = f"–{end:%H:%M}" if end else ""
    return Moment(start, end, has_time, f"{_day(start, now)}{hours}{until}")


def _day(moment: datetime, now: datetime) -> str:
    """今天 11月23日, 下周三 12月2日, 周三 2027年1月6日: with the year where the words alone would mean another one."""
    day, today = moment.date(), now.date()
    weeks = (day - today + timedelta(days=today.weekday() - day.weekday())).days // 7
    weekday = _WEEKDAYS[day.weekday()]
    near = _NEAR.get((day - today).days) or (f"{_WEEKS[weeks]}{weekday}" if weeks in _WEEKS else None)
    return f"{near} {day.month}月{day.day}日" if near else f"周{weekday} {_date(moment, now)}"


def _date(moment: datetime, now: datetime, since: datetime | None = None) -> str:
    first = since or moment
    plain = first.year == moment.year == now.year and first.date() >= now.date()
    return f"{moment.month}月{moment.day}日" if plain else f"{moment.year}年{moment.month}月{moment.day}日"


def _fold(char: str) -> str:
    """Full width to half width, one character for one, so that positions stay those of the original."""
    folded = unicodedata.normalize("NFKC", char)
    return folded if len(folded) == 1 else char
