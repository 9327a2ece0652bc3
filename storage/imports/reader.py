"""A feed file as a stream of rows, each with the physical line it starts on (the header is line 1)."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import NamedTuple

from python_calamine import CalamineError, CalamineWorkbook

from storage.imports.rejection import FileRefused, Rejection

Cell = int | float | str | bool | time | date | datetime | timedelta
# Excel keeps 15 digits of a number; an identifier typed as a number has already lost the rest.
_EXACT = 10**15
_LOST = "是超过 15 位的数字，Excel 已经丢掉了末几位：请把这一列设为文本，从源系统重新填"
_REASONS = {
    "unexpected end of data": "引号没有成对",
    "expected after": "引号后面应当是分隔符；内容里的引号要写成两个",
    "field limit": "有一格超过 128 KB，多半是引号没有成对",
}


class Row(NamedTuple):
    """The cells of one row, trimmed, and the physical line it starts on; `fault` says why the row is no row, `field`
    where."""

    line: int
    cells: tuple[str, ...]
    fault: str = ""
    field: str = ""


@dataclass(frozen=True)
class Form:
    """How a text file is written."""

    encoding: str = "utf-8"
    separator: str = ","


PLAIN = Form()


def rows_of(path: Path, form: Form = PLAIN) -> Iterator[Row]:
    """Every non-empty row of the file, the header first; FileRefused when the file cannot be read."""
    if path.suffix.lower() == ".xlsx":
        return even(_sheet(path))
    return even(csv_rows(path.name, _lines(path, form.encoding), form.separator))


def even(rows: Iterator[Row]) -> Iterator[Row]:
    """The rows that are not empty; one that is not as wide as the header has a fault."""
    width = -1
    for row in rows:
        if not any(row.cells):
            continue
        width = len(row.cells) if width < 0 else width
        yield row if len(row.cells) == width else row._replace(fault=f"应有 {width} 个单元格，现有 {len(row.cells)} 个")


def csv_rows(file: str, lines: Iterator[str], separator: str = ",") -> Iterator[Row]:
    """The rows of a text in lines; FileRefused, naming `file`, where the quoting is broken."""
    reader = csv.reader(lines, delimiter=separator, strict=True)
    start = 1
    try:
        for cells in reader:
            yield Row(start, tuple(map(str.strip, cells)))
            start = reader.line_num + 1
    except csv.Error as error:
        raise FileRefused(Rejection(file, start, "", f"无法分列：{_reason(error)}")) from error


def _reason(error: csv.Error) -> str:
    return next((said for sign, said in _REASONS.items() if sign in str(error)), "引号或换行有误")


def _lines(path: Path, encoding: str) -> Iterator[str]:
    """The lines of a text, ended by LF alone: a line number is what an editor shows."""
    try:
        with path.open(encoding="utf-8-sig" if encoding == "utf-8" else encoding, newline="\n") as stream:
            yield from stream
    except UnicodeDecodeError as error:
        reason = f"不是 {encoding.upper()} 编码，请另存为 UTF-8 的 CSV，或在 mapping.yaml 中写明编码"
        raise FileRefused(Rejection(path.name, _undecodable(path, encoding), "", reason)) from error


def _undecodable(path: Path, encoding: str) -> int:
    """The first line that is not of that encoding."""
    with path.open("rb") as stream:
        for number, raw in enumerate(stream, 1):
            try:
                raw.decode(encoding)
            except UnicodeDecodeError:
                return number
    return 0


def _sheet(path: Path) -> Iterator[Row]:
    try:
        sheet = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0)
        rows = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError) as error:
        raise FileRefused(Rejection(path.name, 0, "", "不是可以打开的 .xlsx 文件，请重新另存")) from error
    header = _trimmed(rows[0]) if rows else ()
    for line, row in enumerate(rows, 1):
        cells = _trimmed(row)
        whole = Row(line, cells + ("",) * (len(header) - len(cells)))
        lost = next((place for place, cell in enumerate(row) if _lost_digits(cell)), None)
        yield whole if lost is None else whole._replace(fault=_LOST, field="".join(header[lost : lost + 1]))


def _trimmed(row: list[Cell]) -> tuple[str, ...]:
    """The cells as text, without the empty ones that a wider row elsewhere in the sheet leaves at the end."""
    cells = [_written(cell) for cell in row]
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


def _lost_digits(cell: Cell) -> bool:
    return isinstance(cell, int | float) and abs(cell) >= _EXACT


def _written(cell: Cell) -> str:
    """The text that the same cell would have in a CSV file."""
    match cell:
        case bool():
            return "1" if cell else "0"
        case float():
            return f"{cell:.0f}" if cell.is_integer() else f"{cell:.15g}"
        case datetime() if cell.time() == time.min:
            return cell.date().isoformat()
        case datetime() | date() | time():
            return cell.isoformat()
        case _:
            return str(cell).strip()
