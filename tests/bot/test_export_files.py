"""The file itself, read back by other programs, and what is left of it after people have handled it."""

import csv
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO, StringIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from bot.clock import SHANGHAI
from bot.commands.fragments import copies_of
from domain.export.lists import COLUMNS
from domain.export.watermark import SIGNS, bare
from domain.export.wish import Format, ListKind
from domain.refusal import Refused
from handlers.export.sheets import Sheet, written
from tests.bot.rmbot_process import Rmbot

COPY = "K7Q2M9XD"
COLUMN = COLUMNS[ListKind.TODOS]  # 到期, 客户号, 姓名, 事项, 状态
NOTICE = f"仅供李明（rm01）用于“服务” · 副本号 {COPY}"
ROWS = [
    ("不限时间", "C00000001", "王秀兰", "=1+1", "未到期"),
    ("2026-11-23 09:00", "＝C2", "@张,“伟”", "第一行\n第二行;分号", "已逾期"),
    ("", "", "", "", ""),
]
text = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=15)


def made(form: Format, rows: Sequence[Sequence[str]] = ROWS) -> bytes:
    at = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
    return written(Sheet("待办清单", NOTICE, COPY, at, COLUMN, rows), form)


def table(data: bytes, form: Format) -> list[list[str]]:
    """Heads and rows as another program reads them, without the marks."""
    if form is Format.CSV:
        lines = list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))
    else:
        sheet = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0)
        lines = [[str(cell) for cell in line] for line in sheet.to_python()]
    return [[bare(cell) for cell in line] for line in lines[1:]]


@pytest.mark.parametrize("form", Format)
def test_cells_come_back_as_text_and_formulas_are_none(form: Format) -> None:
    heads, *rows = table(made(form), form)
    assert heads == ["到期", "客户号", "姓名", "事项", "状态"]
    assert rows[0] == ["不限时间", "C00000001", "王秀兰", "'=1+1", "未到期"]
    assert rows[1] == ["2026-11-23 09:00", "'＝C2", "'@张,“伟”", "第一行\n第二行;分号", "已逾期"]


def test_an_excel_file_holds_no_formula_and_no_link() -> None:
    linked = [("=1", "http://example.test", "王秀兰", "mailto:a@example.test", "@x")]
    with ZipFile(BytesIO(made(Format.XLSX, linked))) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
        assert not [name for name in parts.namelist() if "rels" in name and "sheet" in name]
        assert COPY in parts.read("docProps/custom.xml").decode()
        assert COPY in parts.read("docProps/core.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert sheet.count('t="s"') == sheet.count("<v>"), "every cell is a string"
    assert COPY in sheet, "in the margin of every printed page"


@given(st.lists(st.tuples(text, text, text, text, text), min_size=1, max_size=6), st.sampled_from(Format))
def test_whatever_customers_are_called_the_table_keeps_its_shape(
    rows: list[tuple[str, str, str, str, str]], form: Format
) -> None:
    found = table(made(form, [("2026", "C1", "王", "回访", "未到期"), *rows]), form)
    assert [len(line) for line in found] == [5] * (len(rows) + 2)
    for line, row in zip(found[2:], rows, strict=True):
        assert [cell.removeprefix("'") for cell in line] == [bare(cell).removeprefix("'") for cell in row]


def test_keys_carry_no_mark() -> None:
    lines = list(csv.reader(StringIO(made(Format.CSV).decode("utf-8-sig"), newline="")))
    marked = [any(sign in cell for sign in SIGNS) for cell in lines[2]]
    assert marked == [False, False, True, True, True]


@pytest.mark.parametrize("form", Format)
@pytest.mark.parametrize("encoding", ["", "utf-8", "utf-16", "gb18030"])
def test_a_file_or_some_of_its_text_is_traced(form: Format, encoding: str, tmp_path: Path) -> None:
    data = made(form)
    if encoding:  # a row as somebody pasted it somewhere
        name = next(cell for line in _lines(data, form)[2:] for cell in line if bare(cell) == "王秀兰")
        data = f"请看这位：{name}，尽快".encode(encoding)
    (tmp_path / "leaked").write_bytes(data)
    assert copies_of(str(tmp_path / "leaked")) == [COPY]


def _lines(data: bytes, form: Format) -> list[list[str]]:
    if form is Format.CSV:
        return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))
    return [[str(cell) for cell in line] for line in
            CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()]  # fmt: skip


def test_what_is_pasted_is_traced_from_standard_input(tmp_path: Path) -> None:
    """A copy of another house: named, and said not to be ours."""
    rmbot = Rmbot(tmp_path)
    assert rmbot.does("migrate").code == 0
    name = next(cell for cell in _lines(made(Format.CSV), Format.CSV)[2] if bare(cell) == "王秀兰")
    said = rmbot("--state", str(tmp_path), "export", "trace", "-", given=f"请看：{name}".encode())
    assert (said.code, COPY in said.out, "没有查到是谁的副本" in said.err) == (1, True, True)


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"C00000001 199****0001", "没有副本号"), (b"", "没有副本号"), (b"PK\x05\x06" + bytes(18), "没有副本号"),
     (None, "读不了")],
)  # fmt: skip
def test_what_names_nobody_says_what_to_do(content: bytes | None, says: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "leaked").write_bytes(content)
    with pytest.raises(Refused, match=says):
        copies_of(str(tmp_path / "leaked"))
