"""Files as rows: physical lines, encodings, quoting and Excel's own idea of a cell."""

from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from storage.imports.reader import PLAIN, Form, Row, rows_of
from storage.imports.rejection import FileRefused


def read(folder: Path, content: bytes, form: Form = PLAIN) -> list[Row]:
    path = folder / "some.csv"
    path.write_bytes(content)
    return list(rows_of(path, form))


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"a,b\n1,2\n", [(1, ("a", "b")), (2, ("1", "2"))]),
        (b"\xef\xbb\xbfa,b\r\n1,2\r\n", [(1, ("a", "b")), (2, ("1", "2"))]),
        (b"a\n\n\n4\n", [(1, ("a",)), (4, ("4",))]),
        (b'a,b\n"x\ny\n",2\n5,6', [(1, ("a", "b")), (2, ("x\ny", "2")), (5, ("5", "6"))]),
        (b'"a ""q""", b \n', [(1, ('a "q"', "b"))]),
        (b"a,b\n,,\n1\n", [(1, ("a", "b")), (3, ("1",))]),
        (b"", []),
    ],
)
def test_rows_know_their_physical_line(tmp_path: Path, content: bytes, rows: list[tuple[int, tuple[str, ...]]]) -> None:
    assert [(row.line, row.cells) for row in read(tmp_path, content)] == rows


@pytest.mark.parametrize(
    ("content", "line", "reason"),
    [
        ("姓名\n".encode("gb18030"), 1, "UTF-8"),
        ("name\nx\n姓名\n".encode("gb18030"), 3, "UTF-8"),
        ("a,b\n".encode("utf-16"), 1, "UTF-8"),
        (b'a,b\n1,2\n3,"open\n5,6\n', 3, "引号"),
        (b'a,b\n"1"x,2\n', 2, "引号"),
    ],
)
def test_unreadable_files_name_the_line(tmp_path: Path, content: bytes, line: int, reason: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, content)
    assert (refused.value.rejection.file, refused.value.rejection.line) == ("some.csv", line)
    assert reason in refused.value.rejection.reason


def test_a_named_encoding_and_separator_are_read(tmp_path: Path) -> None:
    rows = read(tmp_path, "姓名\t号\n张样\t1\n".encode("gb18030"), Form("gb18030", "\t"))
    assert [row.cells for row in rows] == [("姓名", "号"), ("张样", "1")]


def test_a_workbook_reads_like_the_same_csv(tmp_path: Path) -> None:
    path = tmp_path / "some.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        day, moment = book.add_format({"num_format": "yyyy-mm-dd"}), book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_row(0, 0, ["id", "amount", "day", "at", "flag", "empty"])
        sheet.write_row(1, 0, ["001", 0.1 + 0.2])
        sheet.write_datetime(1, 2, date(2026, 11, 23), day)
        sheet.write_datetime(1, 3, datetime(2026, 11, 23, 9, 30), moment)  # noqa: DTZ001 - Excel knows no zone
        sheet.write_boolean(1, 4, True)
        sheet.write_row(3, 0, [" x ", 1200])
        sheet.write(3, 7, "beyond")
    assert [(row.line, row.cells) for row in rows_of(path)] == [
        (1, ("id", "amount", "day", "at", "flag", "empty")),
        (2, ("001", "0.3", "2026-11-23", "2026-11-23T09:30:00", "1", "")),
        (4, ("x", "1200", "", "", "", "", "", "beyond")),
    ]


def test_a_workbook_that_is_none_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "some.xlsx"
    path.write_text("a,b\n")
    with pytest.raises(FileRefused, match="xlsx"):
        list(rows_of(path))


def test_a_number_that_a_workbook_has_cut_off_is_refused(tmp_path: Path) -> None:
    """Excel keeps fifteen digits: the identity number of eighteen is another one by now."""
    path = tmp_path / "some.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["id", "amount"])
        sheet.write_row(1, 0, [999_999_999_999_999, 1.5])
        sheet.write_row(2, 0, [110_101_900_101_010_022, 1.5])
        sheet.write_row(3, 0, ["110101900101010022", 2])
    _, exact, lost, text = rows_of(path)
    assert (exact.cells, text.cells) == (("999999999999999", "1.5"), ("110101900101010022", "2"))
    assert (exact.fault, text.fault, lost.line, lost.field) == ("", "", 3, "id")
    assert "超过 15 位" in lost.fault
