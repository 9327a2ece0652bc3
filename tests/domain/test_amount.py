"""Amounts are read exactly, refused with a reason, and shown without giving away more than they should."""

import re

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.amount import LARGEST, band, growth_word, in_wan, parse_amount, permille_text, wan_short, yuan
from domain.unreadable import Unreadable

WAN = 1_000_000
AMOUNTS = st.integers(0, LARGEST)


@pytest.mark.parametrize(
    ("text", "fen"),
    [
        ("五十万", 50_000_000),
        ("50w", 50_000_000),
        ("50W", 50_000_000),
        ("50 万", 50_000_000),
        ("５０万", 50_000_000),
        ("￥1,200.5万元", 1_200_500_000),
        ("1200", 120_000),
        ("1,200.50元", 120_050),
        ("三百二十万零五百", 320_050_000),
        ("1.2亿", 12_000_000_000),
        ("壹佰贰拾叁万肆仟伍佰陆拾柒元捌角玖分", 123_456_789),
        ("一百五", 15_000),
        ("五万三", 5_300_000),
        ("两千万", 2_000_000_000),
        ("两万半", 2_500_000),
        ("一万零五十", 1_005_000),
        ("1亿零5百", 10_000_050_000),
        ("十", 1_000),
        ("十五万", 15_000_000),
        ("50k", 5_000_000),
        ("3.2百万", 320_000_000),
        ("1.2万亿", 120_000_000_000_000),
        ("12000万", 12_000_000_000),
        ("三点五万", 3_500_000),
        ("5块5", 550),
        ("5毛", 50),
        ("3角5分", 35),
        ("伍拾元零伍分", 5_005),
        ("一百元整", 10_000),
        ("RMB 300", 30_000),
        ("人民币三百元。", 30_000),
        ("0", 0),
        ("0.01", 1),
        ("0.00005万", 50),
        ("10万亿", LARGEST),
    ],
)
def test_read(text: str, fen: int) -> None:
    assert parse_amount(text) == fen


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("-5", "负"),
        ("－5万", "负"),
        ("负五万", "负"),
        ("1.234", "两位小数"),
        ("0.000001万亿1", "没看懂"),
        ("10.01万亿", "太大"),
        ("1,2", "逗号"),
        ("1,2000", "逗号"),
        ("1,200,5", "逗号"),
        ("3万5万", "没看懂"),
        ("三百五万", "没看懂"),
        ("3百5千", "没看懂"),
        ("1.5万3千", "没看懂"),
        ("1.5元5角", "没看懂"),
        ("百万", "没看懂"),
        ("50多万", "没看懂"),
        ("50%", "没看懂"),
        ("1e5", "没看懂"),
        ("$50", "人民币"),
        ("50万美元", "人民币"),
        ("元", "没看懂"),
        ("没有", "没看懂"),
        ("", "请写"),
        ("9" * 41, "请写"),
        ("9" * 30, "没看懂"),
    ],
)
def test_refused(text: str, reason: str) -> None:
    answer = parse_amount(text)
    assert isinstance(answer, Unreadable)
    assert reason in answer.reason


@pytest.mark.parametrize(
    ("fen", "long", "short"),
    [
        (0, "0.00 元", "0元"),
        (320_000, "3,200.00 元", "3,200元"),
        (999_999, "9,999.99 元", "9,999.99元"),
        (WAN, "1.00 万", "1万"),
        (120_500_000, "120.50 万", "120.5万"),
        (1_234_500_000, "1,234.50 万", "1,234.5万"),
        (9_999_999_999, "1.00 亿", "1亿"),
        (12_000_000_000, "1.20 亿", "1.2亿"),
        (-120_500_000, "-120.50 万", "-120.5万"),
        (100_000, "1,000.00 元", "1,000元"),
        (100_000_000, "100.00 万", "100万"),
    ],
)
def test_shown(fen: int, long: str, short: str) -> None:
    assert in_wan(fen) == long
    assert wan_short(fen) == short


@pytest.mark.parametrize(
    ("wan", "expected"),
    [
        (0, "不足 1 万"), (1, "1–5 万"), (5, "5–20 万"), (20, "20–50 万"), (50, "50–100 万"), (100, "100–600 万"),
        (600, "600–1000 万"), (1000, "1000–5000 万"), (5000, "5000 万以上"),
    ],
)  # fmt: skip
def test_band_begins_at_its_lower_bound(wan: int, expected: str) -> None:
    assert band(wan * WAN) == expected
    assert band(wan * WAN - 1) == BANDS[max(0, BANDS.index(expected) - 1)]


BANDS = (
    "不足 1 万",
    "1–5 万",
    "5–20 万",
    "20–50 万",
    "50–100 万",
    "100–600 万",
    "600–1000 万",
    "1000–5000 万",
    "5000 万以上",
)


@given(AMOUNTS, AMOUNTS)
def test_band_is_one_of_nine_words_and_monotone(a: int, b: int) -> None:
    low, high = sorted((a, b))
    assert BANDS.index(band(low)) <= BANDS.index(band(high))


@given(AMOUNTS)
def test_what_yuan_shows_is_read_back(fen: int) -> None:
    assert parse_amount(yuan(fen)) == fen


@given(st.integers(0, LARGEST // 100 - 1), st.integers(0, 99))
def test_bank_capitals_are_read_as_another_library_writes_them(whole: int, cents: int) -> None:
    written = cn2an.an2cn(f"{whole}.{cents:02d}", "rmb")
    assert parse_amount(written) == whole * 100 + cents


@given(AMOUNTS)
def test_rounded_views_stay_close(fen: int) -> None:
    read = parse_amount(in_wan(fen))
    assert isinstance(read, int)
    assert abs(read - fen) <= max(5_000, fen // 200)
    assert parse_amount(wan_short(fen)) == read


@given(st.text(max_size=50) | st.text(alphabet="零一二三十百千万亿半元角分块0123456789.,wk¥-点两", max_size=20))
def test_any_text_is_an_amount_in_range_or_a_reason(text: str) -> None:
    answer = parse_amount(text)
    if isinstance(answer, Unreadable):
        assert re.search(r"[一-鿿]", answer.reason)
    else:
        assert 0 <= answer <= LARGEST


@pytest.mark.parametrize(("permille", "text"), [(32, "+3.2%"), (-5, "-0.5%"), (0, "+0.0%"), (-1000, "-100.0%")])
def test_permille(permille: int, text: str) -> None:
    assert permille_text(permille) == text


@pytest.mark.parametrize(
    ("permille", "word"),
    [(0, "小幅"), (49, "小幅"), (-49, "小幅"), (50, "明显"), (-199, "明显"), (200, "大幅"), (-9999, "大幅")],
)
def test_growth_in_words(permille: int, word: str) -> None:
    assert growth_word(permille) == word
