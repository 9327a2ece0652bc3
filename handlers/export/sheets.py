"""A list as a file: an Excel workbook or CSV, each copy marked for the eye, in its text and in its properties.

The workbook is put together in memory: the library's way of writing row by row keeps them in a temporary file, where
they would lie in plain (docs/decisions/export.md). A file has at most as many rows as the policy lets one hold.
"""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from io import BytesIO, StringIO
from typing import Self

from xlsxwriter import Workbook

from domain.export.guard import guarded
from domain.export.lists import Column
from domain.export.watermark import mark_of, woven
from domain.export.wish import Format

BOM = "\ufeff"
MEDIA_TYPES = {
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    Format.CSV: "text/csv",
}
_WIDTHS = (8, 40)  # characters, at least and at most
_WORKBOOK = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False,
}  # fmt: skip


@dataclass(frozen=True)
class Sheet:
    """`notice` is the line that says whose copy this is, and its number; it stands above the list and in the margin."""

    title: str
    notice: str
    copy: str
    at: datetime
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[str]] = ()

    def with_rows(self, rows: Iterable[Sequence[str]]) -> Self:
        return replace(self, rows=rows)

    def lines(self) -> Iterable[list[str]]:
        """Notice, heads and rows as they are written: no formulas, and marked wherever no table is joined by it."""
        mark = mark_of(self.copy)
        yield [woven(self.notice, mark)]
        yield [column.title for column in self.columns]
        for row in self.rows:
            yield [_written(text, column, mark) for text, column in zip(row, self.columns, strict=True)]


def _written(text: str, column: Column, mark: str) -> str:
    return guarded(text) if column.key else woven(guarded(text), mark)


def written(sheet: Sheet, form: Format) -> bytes:
    """The whole file."""
    return _WRITERS[form](sheet)


def _csv(sheet: Sheet) -> bytes:
    """UTF-8 with the mark by which Excel knows it; the notice is a comment line."""
    text = StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    notice, *rest = sheet.lines()
    writer.writerow([f"# {notice[0]}"])
    writer.writerows(rest)
    return (BOM + text.getvalue()).encode()


def _xlsx(sheet: Sheet) -> bytes:
    whole = BytesIO()
    with Workbook(whole, _WORKBOOK) as book:
        text, bold = book.add_format({"num_format": "@"}), book.add_format({"bold": True})
        page = book.add_worksheet(sheet.title)
        lines = list(sheet.lines())
        for number, line in enumerate(lines):
            for place, each in enumerate(line):
                page.write_string(number, place, each, bold if number == 1 else text)
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, _width(column.title, (line[place] for line in lines[1:])))
        page.freeze_panes(2, 0)
        page.autofilter(1, 0, max(1, len(lines) - 1), len(sheet.columns) - 1)
        in_margin = sheet.notice.replace("&", "&&")
        page.set_header(f"&L{in_margin}", {"align_with_margins": True})
        page.set_footer(f"&L{in_margin}&R&P / &N")
        book.set_properties({"title": sheet.title, "comments": sheet.notice, "created": sheet.at.replace(tzinfo=None)})
        book.set_custom_property("副本号", sheet.copy)
    return whole.getvalue()


def _width(title: str, cells: Iterable[str]) -> int:
    """Chinese characters are two wide; the signs of a mark are nothing."""
    widest = max(sum(1 + (sign > "\u2fff") for sign in text if sign.isprintable()) for text in (title, *cells))
    least, most = _WIDTHS
    return min(max(widest + 2, least), most)


_WRITERS: Mapping[Format, Callable[[Sheet], bytes]] = {Format.XLSX: _xlsx, Format.CSV: _csv}
