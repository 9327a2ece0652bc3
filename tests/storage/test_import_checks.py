"""What a cell means, type by type, and which cells are refused."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.imports.calendar import CALENDAR
from storage.imports.checks import READERS, Unfit, Value, read_cell
from storage.imports.column import Column, Type
from storage.imports.format import FILES
from storage.imports.rejection import MaxBad, parse_max_bad


def column(kind: Type, **more: object) -> Column:
    return Column("x", kind, "", **more)  # type: ignore[arg-type]


WORDS = ("甲", "乙")
READ = [
    (column(Type.TEXT), "  王", "  王"),
    (column(Type.WORD, words=WORDS), "乙", "乙"),
    (column(Type.LIST, words=WORDS), "乙|甲| 乙", "乙|甲"),
    (column(Type.LIST, words=WORDS, empty=True), "", ""),
    (column(Type.DAY), "2024-02-29", date(2024, 2, 29)),
    (column(Type.DAY, empty=True), "", None),
    (column(Type.TIME), "2026-11-23T09:00:00+08:00", datetime(2026, 11, 23, 1, tzinfo=UTC)),
    (column(Type.TIME), "2026-11-23 09:00:00.5+0800", datetime(2026, 11, 23, 1, 0, 0, 500_000, tzinfo=UTC)),
    (column(Type.TIME), "2026-11-23T01:00Z", datetime(2026, 11, 23, 1, tzinfo=UTC)),
    (column(Type.AMOUNT), "0.10", 10),
    (column(Type.AMOUNT), "12", 1200),
    (column(Type.AMOUNT), "999999999999999.99", 99_999_999_999_999_999),
    (column(Type.AMOUNT, signed=True), "-0.5", -50),
    (column(Type.AMOUNT, signed=True), "+7.00", 700),
    (column(Type.NATURAL), "007", 7),
    (column(Type.DECIMAL), "1.02340", "1.0234"),
    (column(Type.DECIMAL), "100", "100"),
    (column(Type.DECIMAL), "-0.50", "-0.5"),
    (column(Type.FLAG), "1", True),
    (column(Type.FLAG), "0", False),
    (column(Type.LUNAR), "L12-30", "L12-30"),
    (column(Type.USERID), "Li.Qiang@x-1_2", "li.qiang@x-1_2"),
    (column(Type.NUMBER), "C-0001/2", "C-0001/2"),
    (column(Type.MOBILE), "+852 9000 0004", "+852 9000 0004"),
    (column(Type.QUALIFICATIONS), "基金从业:2027-06-30| CFP:2026-01-01", "基金从业:2027-06-30|CFP:2026-01-01"),
    (column(Type.HOURS), "09:00-12:00 | 13:30-17:30", "09:00-12:00|13:30-17:30"),
    (column(Type.TEXT), "王\u3000五", "王\u3000五"),
    (column(Type.TEXT, limit=200), "两行\n的摘要", "两行\n的摘要"),
]
REFUSED = [
    (column(Type.TEXT), "", "不能为空"),
    (column(Type.TEXT), "a\x00b", "控制字符"),
    (column(Type.TEXT), "A\r\nX", "含有换行或看不见的字符"),
    (column(Type.TEXT), "王\u202e五", "含有换行或看不见的字符"),
    (column(Type.TEXT), "王\u200b五", "含有换行或看不见的字符"),
    (column(Type.TIME), "0001-01-01T00:00:00+08:00", "的年份要在 1900 到 2199 之间"),
    (column(Type.TIME), "9999-12-31T23:59:59-12:00", "的年份要在 1900 到 2199 之间"),
    (column(Type.TEXT, limit=3), "四个字的", "最长 3 个字，现有 4 个"),
    (column(Type.WORD, words=WORDS), "丙", "甲、乙"),
    (column(Type.LIST), "甲|", "“甲|”里有一项是空的"),
    (column(Type.LIST, limit=3), "甲|四个字的", "一项最长 3 个字，现有 4 个"),
    (column(Type.DAY), "2025-02-29", "不是有效日期"),
    (column(Type.DAY), "20260101", "2026-11-23"),
    (column(Type.DAY), "2026-1-1", "2026-11-23"),
    (column(Type.DAY), "２０２６-01-01", "2026-11-23"),
    (column(Type.TIME), "2026-11-23T09:00:00", "缺少时区"),
    (column(Type.TIME), "2026-11-23T25:00:00+08:00", "不是有效时间"),
    (column(Type.TIME), "2026-11-23", "时间"),
    (column(Type.AMOUNT), "1.001", "两位小数"),
    (column(Type.AMOUNT), "1,000.00", "不带逗号"),
    (column(Type.AMOUNT), "1e5", "以元为单位"),
    (column(Type.AMOUNT), "１００", "以元为单位"),
    (column(Type.AMOUNT), "-1", "不能为负"),
    (column(Type.AMOUNT), "NaN", "以元为单位"),
    (column(Type.NATURAL), "-1", "非负整数"),
    (column(Type.NATURAL), "1.0", "非负整数"),
    (column(Type.DECIMAL), "3.85%", "小数"),
    (column(Type.FLAG), "Y", "1（是）或 0（否）"),
    (column(Type.LUNAR), "13-01", "LMM-DD"),
    (column(Type.LUNAR), "01-31", "LMM-DD"),
    (column(Type.LUNAR), "l06-01", "LMM-DD"),
    (column(Type.USERID), "张伟", "企业微信账号"),
    (column(Type.NUMBER), "王样", "不是编号"),
    (column(Type.NUMBER), "C 1", "不是编号"),
    (column(Type.MOBILE), "无", "电话号码"),
    (column(Type.QUALIFICATIONS), "基金从业", "代码:有效期"),
    (column(Type.QUALIFICATIONS), "基金从业:2026-02-30", "有效日期"),
    (column(Type.HOURS), "9:00-12:00", "“9:00-12:00”不是时段"),
]


@pytest.mark.parametrize(("kind", "cell", "value"), READ)
def test_cells_are_read(kind: Column, cell: str, value: Value) -> None:
    read = read_cell(cell, kind)
    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize(("kind", "cell", "reason"), REFUSED)
def test_cells_are_refused_with_a_reason(kind: Column, cell: str, reason: str) -> None:
    with pytest.raises(Unfit, match=reason.replace("|", r"\|")):
        read_cell(cell, kind)


def test_every_type_has_a_reader() -> None:
    assert set(READERS) == set(Type)
    assert {column.type for spec in (*FILES, CALENDAR) for column in spec.columns} == set(Type)


@given(st.integers(-(10**15), 10**15))
def test_amounts_are_exact(fen: int) -> None:
    assert read_cell(f"{Decimal(fen) / 100:.2f}", column(Type.AMOUNT, signed=True)) == fen


@given(st.text(), st.sampled_from([column for spec in FILES for column in spec.columns]))
def test_no_cell_breaks_the_reader(cell: str, kind: Column) -> None:
    try:
        value = read_cell(cell, kind)
    except Unfit:
        return
    assert cell or kind.empty
    assert value is not None or not cell


@pytest.mark.parametrize(
    ("written", "bad", "total", "allowed"),
    [("0", 0, 0, True), ("0", 1, 9, False), ("3", 3, 3, True), ("3", 4, 99, False), ("0.5%", 1, 200, True),
     ("0.5%", 1, 199, False), ("100%", 9, 9, True), (" 2 ", 2, 2, True)],
)  # fmt: skip
def test_tolerance(written: str, bad: int, total: int, allowed: bool) -> None:
    assert parse_max_bad(written).allows(bad, total) is allowed


@pytest.mark.parametrize("written", ["", "x", "-1", "1.5", "101%", "NaN", "Infinity", "五", "%"])
def test_a_tolerance_that_says_nothing_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="整数"):
        parse_max_bad(written)


def test_nothing_is_tolerated_unless_said() -> None:
    assert not MaxBad().allows(1, 10**6)
