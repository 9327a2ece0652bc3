"""What people call a moment, on ordinary days and on the awkward ones."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.moment import Direction, Moment, find_moment, parse_moment
from domain.unreadable import Unreadable

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


MONDAY_NOON = at("2026-11-23T12:00")
SUNDAY = at("2026-11-29T10:00")
NEW_YEARS_EVE = at("2026-12-31T23:50")
LEAP_FEBRUARY = at("2028-02-28T09:00")
JANUARY_31 = at("2027-01-31T08:00")

DAYS = [
    (MONDAY_NOON, "今天", "2026-11-23"),
    (MONDAY_NOON, "今日", "2026-11-23"),
    (MONDAY_NOON, "明天", "2026-11-24"),
    (MONDAY_NOON, "后天", "2026-11-25"),
    (MONDAY_NOON, "大后天", "2026-11-26"),
    (MONDAY_NOON, "昨天", "2026-11-22"),
    (MONDAY_NOON, "前天", "2026-11-21"),
    (MONDAY_NOON, "大前天", "2026-11-20"),
    (MONDAY_NOON, "周五", "2026-11-27"),
    (MONDAY_NOON, "星期五", "2026-11-27"),
    (MONDAY_NOON, "礼拜五", "2026-11-27"),
    (MONDAY_NOON, "周一", "2026-11-30"),
    (MONDAY_NOON, "周日", "2026-11-29"),
    (MONDAY_NOON, "星期天", "2026-11-29"),
    (MONDAY_NOON, "本周五", "2026-11-27"),
    (MONDAY_NOON, "这周五", "2026-11-27"),
    (MONDAY_NOON, "这个星期五", "2026-11-27"),
    (MONDAY_NOON, "下周三", "2026-12-02"),
    (MONDAY_NOON, "下个星期三", "2026-12-02"),
    (MONDAY_NOON, "下下周一", "2026-12-07"),
    (MONDAY_NOON, "上周五", "2026-11-20"),
    (MONDAY_NOON, "周五前", "2026-11-27"),
    (MONDAY_NOON, "三天后", "2026-11-26"),
    (MONDAY_NOON, "3天后", "2026-11-26"),
    (MONDAY_NOON, "过两天", "2026-11-25"),
    (MONDAY_NOON, "三天内", "2026-11-26"),
    (MONDAY_NOON, "三天前", "2026-11-20"),
    (MONDAY_NOON, "两周后", "2026-12-07"),
    (MONDAY_NOON, "两个星期之后", "2026-12-07"),
    (MONDAY_NOON, "半个月后", "2026-12-08"),
    (MONDAY_NOON, "一个月后", "2026-12-23"),
    (MONDAY_NOON, "一个半月后", "2027-01-07"),
    (MONDAY_NOON, "半年后", "2027-05-23"),
    (MONDAY_NOON, "一年后", "2027-11-23"),
    (MONDAY_NOON, "月底", "2026-11-30"),
    (MONDAY_NOON, "月底前", "2026-11-30"),
    (MONDAY_NOON, "本月底", "2026-11-30"),
    (MONDAY_NOON, "下月初", "2026-12-01"),
    (MONDAY_NOON, "下个月底", "2026-12-31"),
    (MONDAY_NOON, "下个月5号", "2026-12-05"),
    (MONDAY_NOON, "月中", "2026-12-15"),
    (MONDAY_NOON, "12月中旬", "2026-12-15"),
    (MONDAY_NOON, "年底", "2026-12-31"),
    (MONDAY_NOON, "明年年底", "2027-12-31"),
    (MONDAY_NOON, "季末", "2026-12-31"),
    (MONDAY_NOON, "下季度末", "2027-03-31"),
    (MONDAY_NOON, "12月1日", "2026-12-01"),
    (MONDAY_NOON, "十二月一号", "2026-12-01"),
    (MONDAY_NOON, "12-1", "2026-12-01"),
    (MONDAY_NOON, "12/1", "2026-12-01"),
    (MONDAY_NOON, "2026-12-01", "2026-12-01"),
    (MONDAY_NOON, "2026/12/1", "2026-12-01"),
    (MONDAY_NOON, "２０２６年１２月１日", "2026-12-01"),
    (MONDAY_NOON, "二〇二七年一月六日", "2027-01-06"),
    (MONDAY_NOON, "26年12月1日", "2026-12-01"),
    (MONDAY_NOON, "明年3月5日", "2027-03-05"),
    (MONDAY_NOON, "11月20日", "2027-11-20"),
    (MONDAY_NOON, "11月23日", "2026-11-23"),
    (MONDAY_NOON, "2月29日", "2028-02-29"),
    (MONDAY_NOON, "5号", "2026-12-05"),
    (MONDAY_NOON, "二十五号", "2026-11-25"),
    (MONDAY_NOON, "31号", "2026-12-31"),
    (MONDAY_NOON, "国庆节", "2027-10-01"),
    (MONDAY_NOON, "元旦", "2027-01-01"),
    (MONDAY_NOON, "春节", "2027-02-06"),
    (MONDAY_NOON, "春节前", "2027-02-05"),
    (MONDAY_NOON, "除夕", "2027-02-05"),
    (MONDAY_NOON, "春节后", "2027-02-13"),
    (MONDAY_NOON, "中秋", "2027-09-15"),
    (MONDAY_NOON, "端午节", "2027-06-09"),
    (MONDAY_NOON, "清明", "2027-04-05"),
    (MONDAY_NOON, "腊月初八", "2027-01-15"),
    (MONDAY_NOON, "腊月三十", "2027-02-05"),
    (MONDAY_NOON, "农历八月十五", "2027-09-15"),
    (MONDAY_NOON, "下周三 12月2日", "2026-12-02"),
    (MONDAY_NOON, "周三12月23日", "2026-12-23"),
    (MONDAY_NOON, "大概下周三吧", "2026-12-02"),
    (SUNDAY, "周日", "2026-12-06"),
    (SUNDAY, "下周三", "2026-12-02"),
    (SUNDAY, "周一", "2026-11-30"),
    (SUNDAY, "本周五", "2026-11-27"),
    (SUNDAY, "月底", "2026-11-30"),
    (NEW_YEARS_EVE, "明天", "2027-01-01"),
    (NEW_YEARS_EVE, "年底", "2026-12-31"),
    (NEW_YEARS_EVE, "月底", "2026-12-31"),
    (NEW_YEARS_EVE, "1号", "2027-01-01"),
    (NEW_YEARS_EVE, "下周一", "2027-01-04"),
    (NEW_YEARS_EVE, "12月1日", "2027-12-01"),
    (NEW_YEARS_EVE, "两个月后", "2027-02-28"),
    (LEAP_FEBRUARY, "明天", "2028-02-29"),
    (LEAP_FEBRUARY, "月底", "2028-02-29"),
    (LEAP_FEBRUARY, "2月29日", "2028-02-29"),
    (LEAP_FEBRUARY, "30号", "2028-03-30"),
    (JANUARY_31, "一个月后", "2027-02-28"),
    (JANUARY_31, "下月初", "2027-02-01"),
]

TIMES = [
    (MONDAY_NOON, "下周三下午3点", "2026-12-02T15:00"),
    (MONDAY_NOON, "下周三的15:00", "2026-12-02T15:00"),
    (MONDAY_NOON, "昨天下午三点", "2026-11-22T15:00"),
    (MONDAY_NOON, "明早九点", "2026-11-24T09:00"),
    (MONDAY_NOON, "今晚八点半", "2026-11-23T20:30"),
    (MONDAY_NOON, "2026年12月1日14:30", "2026-12-01T14:30"),
    (MONDAY_NOON, "下午3点", "2026-11-23T15:00"),
    (MONDAY_NOON, "15:30", "2026-11-23T15:30"),
    (MONDAY_NOON, "15点30分", "2026-11-23T15:30"),
    (MONDAY_NOON, "三点一刻", "2026-11-23T15:15"),
    (MONDAY_NOON, "三点三刻", "2026-11-23T15:45"),
    (MONDAY_NOON, "三点半", "2026-11-23T15:30"),
    (MONDAY_NOON, "三点零五分", "2026-11-23T15:05"),
    (MONDAY_NOON, "三点四十五", "2026-11-23T15:45"),
    (MONDAY_NOON, "上午十点", "2026-11-24T10:00"),
    (MONDAY_NOON, "九点", "2026-11-24T09:00"),
    (MONDAY_NOON, "中午", "2026-11-24T12:00"),
    (MONDAY_NOON, "中午一点", "2026-11-23T13:00"),
    (MONDAY_NOON, "傍晚", "2026-11-23T18:00"),
    (MONDAY_NOON, "晚上十二点", "2026-11-24T00:00"),
    (MONDAY_NOON, "凌晨两点", "2026-11-24T02:00"),
    (MONDAY_NOON, "03:30", "2026-11-24T03:30"),
    (MONDAY_NOON, "今天9点", "2026-11-23T09:00"),
    (MONDAY_NOON, "周一下午四点", "2026-11-23T16:00"),
    (MONDAY_NOON, "周一上午十点", "2026-11-30T10:00"),
    (MONDAY_NOON, "半小时后", "2026-11-23T12:30"),
    (MONDAY_NOON, "两小时后", "2026-11-23T14:00"),
    (MONDAY_NOON, "一个半小时后", "2026-11-23T13:30"),
    (MONDAY_NOON, "10分钟后", "2026-11-23T12:10"),
    (MONDAY_NOON, "两个小时前", "2026-11-23T10:00"),
    (MONDAY_NOON, "三天后下午三点", "2026-11-26T15:00"),
    (NEW_YEARS_EVE, "明早九点", "2027-01-01T09:00"),
    (NEW_YEARS_EVE, "半小时后", "2027-01-01T00:20"),
    (NEW_YEARS_EVE, "九点半", "2027-01-01T09:30"),
    (NEW_YEARS_EVE, "23:55", "2026-12-31T23:55"),
    (SUNDAY, "周日下午三点", "2026-11-29T15:00"),
]

SPANS = [
    (MONDAY_NOON, "下周", "2026-11-30", "2026-12-06", False),
    (MONDAY_NOON, "周末", "2026-11-28", "2026-11-29", False),
    (MONDAY_NOON, "下周末", "2026-12-05", "2026-12-06", False),
    (SUNDAY, "周末", "2026-12-05", "2026-12-06", False),
    (SUNDAY, "下周", "2026-11-30", "2026-12-06", False),
    (MONDAY_NOON, "下个月", "2026-12-01", "2026-12-31", False),
    (MONDAY_NOON, "2月份", "2027-02-01", "2027-02-28", False),
    (MONDAY_NOON, "12月28日到1月3日", "2026-12-28", "2027-01-03", False),
    (MONDAY_NOON, "上周五下午", "2026-11-20T14:00", "2026-11-20T18:00", True),
    (MONDAY_NOON, "周一上午", "2026-11-30T09:00", "2026-11-30T12:00", True),
    (MONDAY_NOON, "明晚", "2026-11-24T19:00", "2026-11-24T21:00", True),
    (MONDAY_NOON, "下午3点到5点", "2026-11-23T15:00", "2026-11-23T17:00", True),
    (MONDAY_NOON, "明天14:00-16:00", "2026-11-24T14:00", "2026-11-24T16:00", True),
    (MONDAY_NOON, "明天晚上10点到12点", "2026-11-24T22:00", "2026-11-25T00:00", True),
]


def moment(text: str, now: datetime, direction: Direction = "future") -> Moment:
    answer = parse_moment(text, now, direction)
    assert isinstance(answer, Moment), answer
    return answer


@pytest.mark.parametrize(("now", "text", "day"), DAYS)
def test_days(now: datetime, text: str, day: str) -> None:
    read = moment(text, now)
    assert (read.start, read.end, read.has_time) == (at(day), None, False)


@pytest.mark.parametrize(("now", "text", "when"), TIMES)
def test_times(now: datetime, text: str, when: str) -> None:
    read = moment(text, now)
    assert (read.start, read.end, read.has_time) == (at(when), None, True)


@pytest.mark.parametrize(("now", "text", "start", "end", "has_time"), SPANS)
def test_spans(now: datetime, text: str, start: str, end: str, has_time: bool) -> None:
    read = moment(text, now)
    assert (read.start, read.end, read.has_time) == (at(start), at(end), has_time)


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("周五", "2026-11-20"),
        ("周一", "2026-11-16"),
        ("周一上午十点", "2026-11-23T10:00"),
        ("5号", "2026-11-05"),
        ("31号", "2026-10-31"),
        ("12月1日", "2025-12-01"),
        ("十点", "2026-11-23T10:00"),
        ("下午三点", "2026-11-22T15:00"),
        ("今天", "2026-11-23"),
        ("国庆", "2026-10-01"),
        ("中秋", "2026-09-25"),
        ("月初", "2026-11-01"),
    ],
)
def test_looking_back(text: str, when: str) -> None:
    assert moment(text, MONDAY_NOON, "past").start == at(when)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2月30日", "2 月没有 30 日"),
        ("2027年2月29日", "2027 年 2 月没有 29 日"),
        ("13月5日", "13 月"),
        ("25点", "25 点"),
        ("3:75", "75 分"),
        ("上午15点", "上午没有 15 点"),
        ("45号", "45 号"),
        ("本月31号", "31 号"),
        ("下周三12月3日", "对不上"),
        ("周四12月23日", "是周三"),
        ("11月23日9点", "已经过去"),
        ("下周下午3点", "哪一天"),
        ("每周一", "每周"),
        ("2500年1月1日", "年份"),
        ("999天后", "太远"),
        ("随便", "没看懂"),
        ("", "没看懂"),
        ("天" * 100, "没看懂"),
    ],
)
def test_refused_with_a_reason(text: str, reason: str) -> None:
    answer = parse_moment(text, MONDAY_NOON)
    assert isinstance(answer, Unreadable)
    assert reason in answer.reason


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("下周三下午3点", "下周三 12月2日 15:00"),
        ("今天", "今天 11月23日"),
        ("上周五下午", "上周五 11月20日 14:00–18:00"),
        ("下下周一", "周一 12月7日"),
        ("元旦", "周五 2027年1月1日"),
        ("下周", "11月30日–12月6日"),
    ],
)
def test_shown_with_weekday_date_and_time(text: str, shown: str) -> None:
    assert moment(text, MONDAY_NOON).shown == shown


@pytest.mark.parametrize(
    ("text", "direction", "phrase", "when", "rest"),
    [
        ("聊了理财续期 下周三回访", "future", "下周三", "2026-12-02", "聊了理财续期 回访"),
        ("昨天下午三点聊了续期 下周三回访", "future", "下周三", "2026-12-02", "昨天下午三点聊了续期 回访"),
        ("昨天下午三点聊了续期 下周三回访", "past", "昨天下午三点", "2026-11-22T15:00", "聊了续期 下周三回访"),
        ("12月8日产品到期 下周三回访", "future", "下周三", "2026-12-02", "12月8日产品到期 回访"),
        ("下周三下午３点回访,产品12月8日到期", "future", "下周三下午３点", "2026-12-02T15:00", "回访,产品12月8日到期"),
        ("没接 3天后再打", "future", "3天后", "2026-11-26", "没接 再打"),
        ("周五前台见", "future", "周五", "2026-11-27", "前台见"),
        ("月底前办好", "future", "月底前", "2026-11-30", "办好"),
    ],
)
def test_found_in_a_sentence(text: str, direction: Direction, phrase: str, when: str, rest: str) -> None:
    found = find_moment(text, MONDAY_NOON, direction)
    assert found is not None
    assert (found.phrase, found.moment.start, found.rest) == (phrase, at(when), rest)


@pytest.mark.parametrize(
    "text",
    [
        "今天聊了一点理财", "讲了三点建议", "聊了半小时", "5号楼见面", "每周一联系", "资产占1/3", "下午聊得不错",
        "涨了三点五万", "当前天气不错", "30日均资产上升", "2.5万", "", "2月30日回访",
    ],
)  # fmt: skip
def test_nothing_to_find(text: str) -> None:
    assert find_moment(text, MONDAY_NOON) is None


NOWS = st.datetimes(datetime(2020, 1, 1), datetime(2035, 12, 31), timezones=st.just(SHANGHAI))  # noqa: DTZ001
WORDS = (
    "今明后昨前大天周星期礼拜下上本一二三五六日末月年底初中号点半刻晚早午:-/0123456789 两个小时分钟到过春节国庆农历腊闰"
)
PHRASES = st.sampled_from([row[1] for row in DAYS + TIMES] + [row[1] for row in SPANS])


@given(PHRASES, NOWS)
def test_what_is_shown_means_the_same_moment(text: str, now: datetime) -> None:
    read = parse_moment(text, now)
    if isinstance(read, Moment):
        assert parse_moment(read.shown, now) == read


@given(st.integers(-800, 800), st.integers(0, 1439), NOWS)
def test_any_minute_shown_is_read_back(days: int, minute: int, now: datetime) -> None:
    when = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=days, minutes=minute)
    read = moment(f"{when:%Y-%m-%d %H:%M}", now)
    assert read.start == when
    assert parse_moment(read.shown, now) == read


SAYS_SO = re.compile("今|昨|前|上|本|这|[2２][0０]|二〇|26年")


@given(PHRASES, NOWS)
def test_a_moment_to_come_is_not_over_unless_the_words_say_so(text: str, now: datetime) -> None:
    read = parse_moment(text, now)
    if isinstance(read, Moment) and not SAYS_SO.search(text):
        assert read.start >= now.replace(hour=0, minute=0, second=0, microsecond=0)
        assert not read.has_time or read.start >= now.replace(second=0, microsecond=0)


@given(st.text(max_size=60) | st.text(alphabet=WORDS, max_size=25), NOWS, st.sampled_from(["future", "past"]))
def test_any_text_gives_a_moment_or_a_reason(text: str, now: datetime, direction: Direction) -> None:
    answer = parse_moment(text, now, direction)
    if isinstance(answer, Unreadable):
        assert re.search(r"[一-鿿]", answer.reason)
    else:
        assert answer.start.tzinfo is not None
        assert answer.end is None or answer.end > answer.start


@given(st.text(alphabet=WORDS + "聊回访，", max_size=60) | st.text(max_size=60), NOWS)
def test_the_span_found_lies_in_the_text(text: str, now: datetime) -> None:
    found = find_moment(text, now)
    if found is not None:
        start, end = found.span
        assert 0 <= start < end <= len(text)
        assert text[start:end] == found.phrase
        assert found.moment.start > now
