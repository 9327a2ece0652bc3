"""Days as people say them: 下周三, 三天后, 月底前, 12月1日, 腊月初八, 国庆节."""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Final

from domain.days import Days, add_months, dated, month_length, only, outside, some
from domain.festivals import NAMES, after_festival, festival, lunar_day
from domain.numerals import western, whole
from domain.unreadable import Unreadable

_Reader = Callable[[re.Match[str], date], "Days | Unreadable"]
_CN: Final = "零〇一二两三四五六七八九十廿"
_NUM: Final = rf"(?:\d{{1,2}}|[{_CN}]{{1,3}})"
_NOT_IN_NUMBER: Final = rf"(?<![\d{_CN}.点])"
_TIMES: Final = r"(?:上{1,4}|下{1,4}|本|这|当)"
_WEEK: Final = r"(?:周|星期|礼拜)"
_YEAR: Final = r"(?:(\d{4}|\d{2}|[零〇一二三四五六七八九]{4}|今|明|后|去|前)年)"
_MONTH_DAY: Final = rf"{_NOT_IN_NUMBER}{_YEAR}?\s*({_NUM})月份?({_NUM})(?:日|号|(?=$|\s))"
_SHIFTS: Final = {"大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3}
_YEAR_WORDS: Final = {"前": -2, "去": -1, "今": 0, "明": 1, "后": 2}
_LUNAR_MONTHS: Final = {"正": 1, "冬": 11, "腊": 12}


def _relative_day(match: re.Match[str], today: date) -> Days:
    return only(today + timedelta(days=_SHIFTS[match[1] or match[2]]))


def _weekday(match: re.Match[str], today: date) -> Days:
    number = 6 if match[2] in "日天7" else (whole(match[2]) or 1) - 1
    monday = today - timedelta(days=today.weekday())
    if match[1]:
        return only(monday + timedelta(days=number + 7 * _steps(match[1])))
    days = [monday + timedelta(days=number + 7 * week) for week in (-2, -1, 0, 1, 2)]
    return Days(tuple((day, None) for day in days), today_counts=False)


def _week(match: re.Match[str], today: date) -> Days:
    monday = today + timedelta(days=7 * _steps(match[1]) - today.weekday())
    return Days(((monday, monday + timedelta(days=6)),))


def _weekend(match: re.Match[str], today: date) -> Days:
    saturday = today + timedelta(days=5 - today.weekday())
    weeks = [_steps(match[1])] if match[1] else [-1, 0, 1]
    starts = [saturday + timedelta(days=7 * week) for week in weeks]
    return Days(tuple((start, start + timedelta(days=1)) for start in starts))


def _after_days(match: re.Match[str], today: date) -> Days | Unreadable:
    count = 0.5 if match[1] == "半" else whole(match[1])
    if count is None or count > (30 if "年" in match[2] else 400):
        return Unreadable("时间太远了，请写一个日期，例如 2027年3月1日")
    back = match["side"] in ("前", "以前", "之前")
    return only(_shifted(today, -count if back else count, match[2], "半" in match[2] + (match["more"] or "")))


def _shifted(today: date, count: float, unit: str, and_half: bool) -> date:
    sign = -1 if count < 0 else 1
    if "年" in unit:
        return add_months(today, int(count * 12) + (6 * sign if and_half else 0))
    if "月" in unit:
        later = add_months(today, int(count))
        return later + timedelta(days=15 * sign) if and_half or abs(count) == 0.5 else later
    return today + timedelta(days=int(count * (1 if unit in ("天", "日") else 7)))


def _full_date(match: re.Match[str], today: date) -> Days | Unreadable:
    return dated([int(match[1])], int(match[2]), int(match[3]))


def _month_day(match: re.Match[str], today: date) -> Days | Unreadable:
    month, day = whole(match[2]), whole(match[3])
    return dated(_years(match[1], today), month or 0, day or 0)


def _short_date(match: re.Match[str], today: date) -> Days | Unreadable:
    return dated(_years(None, today), int(match[1]), int(match[2]))


def _day_of_month(match: re.Match[str], today: date) -> Days | Unreadable:
    day = whole(match[2]) or 0
    if not 1 <= day <= 31:
        return Unreadable(f"一个月没有 {match[2]} 号，请写 1 到 31 号")
    months = [_steps(match[1])] if match[1] else range(-2, 3)
    firsts = [add_months(today.replace(day=1), n) for n in months]
    days = [first.replace(day=day) for first in firsts if day <= month_length(first)]
    return some(days, f"{firsts[0].month} 月没有 {day} 号，请改一个日期")


def _date_range(match: re.Match[str], today: date) -> Days | Unreadable:
    first = dated(_years(match[1], today), whole(match[2]) or 0, whole(match[3]) or 0)
    second = dated(_years(match[4], today), whole(match[5]) or 0, whole(match[6]) or 0)
    if isinstance(first, Unreadable) or isinstance(second, Unreadable):
        return first if isinstance(first, Unreadable) else second
    lasts = [day for day, _ in second.candidates]
    spans = [(start, min(later)) for start, _ in first.candidates if (later := [d for d in lasts if d > start])]
    return Days(tuple(spans)) if spans else Unreadable("结束日期早于开始日期，请改一下")


def _part_of_month(match: re.Match[str], today: date) -> Days | Unreadable:
    if match[3]:
        if not 1 <= (month := whole(match[3]) or 0) <= 12:
            return Unreadable(f"一年没有 {match[3]} 月，请写 1 到 12 月")
        years = _years(match[2], today)
        return outside(years) or some(_part(date(year, month, 1), match[4]) for year in years)
    this = today.replace(day=1)
    return some(_part(add_months(this, n), match[4]) for n in ([_steps(match[1])] if match[1] else range(-1, 3)))


def _whole_month(match: re.Match[str], today: date) -> Days | Unreadable:
    this = only(add_months(today.replace(day=1), _steps(match[1] or "")))
    firsts = this if match[1] else dated(_years(match[2], today), whole(match[3]) or 0, 1)
    if isinstance(firsts, Unreadable):
        return firsts
    return Days(tuple((first, first.replace(day=month_length(first))) for first, _ in firsts.candidates))


def _part_of_year(match: re.Match[str], today: date) -> Days | Unreadable:
    month, day = {"初": (1, 1), "中": (6, 30), "底": (12, 31), "末": (12, 31)}[match[2]]
    return outside(_years(match[1], today)) or some(date(year, month, day) for year in _years(match[1], today))


def _end_of_quarter(match: re.Match[str], today: date) -> Days:
    first = today.replace(day=1) if not match[1] else add_months(today.replace(day=1), 3 * _steps(match[1]))
    last = add_months(first, (3 - first.month) % 3)
    return only(last.replace(day=month_length(last)))


def _lunar_date(match: re.Match[str], today: date) -> Days | Unreadable:
    month = _LUNAR_MONTHS.get(match[2]) or whole(match[2]) or 0
    day = whole(match[3].removeprefix("初")) or 0
    years = range(today.year - 1, today.year + 2)
    days = (lunar_day(year, -month if match[1] else month, day) for year in years)
    return some(days, "没有这个农历日子，请写成 农历八月十五 或公历日期")


def _festival(match: re.Match[str], today: date) -> Days | Unreadable:
    read = after_festival if match[3] in ("后", "以后", "之后") else festival
    years = _years(match[1], today) if match[1] else [today.year - 1, today.year, today.year + 1]
    if beyond := outside(years):
        return beyond
    days = [read(match[2], year) for year in years]
    eve = timedelta(days=1 if match[3] in ("前", "以前", "之前") else 0)
    return some(day and day - eve for day in days)


def _steps(word: str) -> int:
    return word.count("下") - word.count("上")


def _years(word: str | None, today: date) -> list[int]:
    """The year said, or those near today among which the direction chooses; eight reach the next 29 February."""
    if not word:
        return list(range(today.year - 8, today.year + 9))
    if word in _YEAR_WORDS:
        return [today.year + _YEAR_WORDS[word]]
    number = int(western(word))
    return [number + 2000 if number < 100 else number]


def _part(first: date, part: str) -> date:
    return first.replace(day={"初": 1, "中": 15, "上": 1, "下": 21}.get(part[0], month_length(first)))


_AMOUNT_OF_DAYS: Final = (
    rf"{_NOT_IN_NUMBER}(半|\d{{1,3}}|[{_CN}]{{1,4}})(个半月|个月|个星期|个礼拜|星期|礼拜|周|天|日|年)(?P<more>半)?"
)
_BEFORE: Final = r"以前|之前|前(?![台往去期景面提])"
_RELATIVE: Final[tuple[tuple[str, _Reader], ...]] = (
    (r"(?<![以之目当今])(大前|大后|前|昨|今|明|后)[天日]|(?<![说声文])(昨|今|明)(?=[早晚夜晨])", _relative_day),
    (rf"(?:({_TIMES})(?:一?个)?|(?<![每几半个\d{_CN}])){_WEEK}([一二三四五六日天1-7])(?![次年期个])", _weekday),
)
_WRITTEN: Final[tuple[tuple[str, _Reader], ...]] = (
    (r"(?<![\d.])(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", _full_date),
    (_MONTH_DAY, _month_day),
)
_LOOSE: Final[tuple[tuple[str, _Reader], ...]] = (
    (rf"({_TIMES})(?:一?个)?{_WEEK}(?![一二三四五六日天末1-7])", _week),
    (rf"(?:({_TIMES})(?:一?个)?)?{_WEEK}末", _weekend),
    (rf"(?:再?过)?{_AMOUNT_OF_DAYS}(?P<side>以后|之后|后|以内|之内|内|{_BEFORE})", _after_days),
    (rf"再?过{_AMOUNT_OF_DAYS}(?P<side>)", _after_days),
    (rf"(?:农历|阴历)(闰)?(正|冬|腊|{_NUM})月(初?{_NUM})[日号]?", _lunar_date),
    (rf"(闰)?(正|冬|腊)月(初?{_NUM})", _lunar_date),
    (rf"(闰)?({_NUM})月(初{_NUM})", _lunar_date),
    (
        rf"(?:({_TIMES})个?月|{_YEAR}?({_NUM})月份?|(?<![个每\d{_CN}])月)(初|中旬|上旬|下旬|中(?!国)|底|末)",
        _part_of_month,
    ),
    (
        rf"(?:({_TIMES})个?月的?|{_NOT_IN_NUMBER})({_NUM})[号日](?![楼栋线门院室馆店柜铺口均年利收游常内元])",
        _day_of_month,
    ),
    (rf"{_YEAR}?({'|'.join(NAMES)})节?(以后|之后|后|{_BEFORE})?", _festival),
    (rf"(?:{_YEAR}年?|(?<![{_CN}\d每])年)(初|中|底|末)", _part_of_year),
    (rf"(?:({_TIMES})个?)?季度?[末底]", _end_of_quarter),
    (rf"(?:({_TIMES})个?月|{_NOT_IN_NUMBER}{_YEAR}?({_NUM})月份?)(?![\d{_CN}])", _whole_month),
)
_SHORT: Final[tuple[tuple[str, _Reader], ...]] = ((r"(?<![\d.])(\d{1,2})[-/.](\d{1,2})(?![\d.])", _short_date),)


def _plain(rules: Iterable[tuple[str, _Reader]]) -> str:
    """The same patterns as one alternative, without their groups."""
    return "|".join(re.sub(r"\(\?P<\w+>|\((?!\?)", "(?:", pattern) for pattern, _ in rules)


def _labelled(match: re.Match[str], today: date) -> Days | Unreadable:
    """下周三 12月2日: the two must agree, so a slip is noticed instead of saved."""
    said, written = read_days(match[1], today), read_days(match[2], today)
    if isinstance(said, Unreadable) or isinstance(written, Unreadable):
        return written
    if len(said.candidates) > 1:
        return Days(written.candidates, weekday=said.candidates[0][0].weekday())
    both = tuple(span for span in written.candidates if span in said.candidates)
    day = said.candidates[0][0]
    return Days(both) if both else Unreadable(f"{match[1]}是 {day.month}月{day.day}日，和 {match[2]} 对不上")


_BESIDE_A_LABEL: Final = _plain((*_WRITTEN, *_SHORT)).replace(_NOT_IN_NUMBER, "")
_RULES: Final[tuple[tuple[str, _Reader], ...]] = (
    (rf"({_plain(_RELATIVE)})\s*\(?({_BESIDE_A_LABEL})\)?", _labelled),
    (rf"{_MONTH_DAY}\s*[–~到至-]\s*{_MONTH_DAY}", _date_range),
    *_RELATIVE,
    *_WRITTEN,
    *_LOOSE,
)
_COMPILED: Final = tuple((re.compile(pattern), reader) for pattern, reader in (*_RULES, *_SHORT))

IN_SENTENCE: Final = _plain(_RULES)
"""Where a day may stand inside other words."""

ALONE: Final = _plain((*_RULES, *_SHORT))
"""The same and 12-1 or 12/1, which elsewhere are a fraction or a score."""


def read_days(text: str, today: date, start: int = 0, end: int | None = None) -> Days | Unreadable:
    """Read the day words at `text[start:end]`; what stands around them is looked at but not read."""
    stop = len(text) if end is None else end
    for pattern, reader in _COMPILED:
        match = pattern.match(text, start)
        if match and match.end() == stop:
            return reader(match, today)
    return Unreadable("没看懂是哪一天，请写成 12月1日 或 下周三")
