"""Many cells of one column read at once: where all look as nearly all do, in a few steps; else each by itself."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime

from storage.imports.checks import Value, reader_of
from storage.imports.column import Column, Type

Cells = Sequence[str]
Convert = Callable[[Cells], Sequence[Value]]
_MOMENT = r"(?:19|2[01])\d\d-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?[+-]\d\d:\d\d"


def column_reader(column: Column) -> Convert:
    """The same values as `read_cell` gives one by one; Unfit as soon as one of the cells is."""
    read, plain = reader_of(column), _plain(column)

    def filled(cells: Cells) -> Sequence[Value]:
        values = plain(cells) if max(map(len, cells), default=0) <= column.limit else None
        return list(map(read, cells)) if values is None else values

    def any_cells(cells: Cells) -> Sequence[Value]:
        if all(cells):
            return filled(cells)
        empty, values = read(""), iter(filled([cell for cell in cells if cell]))
        return [next(values) if cell else empty for cell in cells]

    return any_cells


def _plain(column: Column) -> Callable[[Cells], Sequence[Value] | None]:
    """How plain cells of the type are read; None from it where one is not plain."""
    if column.type is Type.TEXT:
        return lambda cells: cells if _is_plain_text("".join(cells)) else None
    form = _FORMS.get(column.type)
    if form is None:
        return lambda cells: None
    sign = "-?" if column.signed else ""
    fits, convert = re.compile(sign + form[0], re.ASCII).fullmatch, form[1]
    return lambda cells: convert(cells) if all(map(fits, cells)) else None


def _is_plain_text(joined: str) -> bool:
    return ".." not in joined and joined.isprintable()


def _as_written(cells: Cells) -> Cells:
    return cells


def _fen(cells: Cells) -> Sequence[Value]:
    return list(map(int, "\n".join(cells).replace(".", "").split("\n"))) if cells else ()


def _moments(cells: Cells) -> Sequence[Value] | None:
    try:
        return list(map(datetime.fromisoformat, cells))
    except ValueError:  # which one it was, and why, is for the reader of single cells to say
        return None


_FORMS: dict[Type, tuple[str, Callable[[Cells], Sequence[Value] | None]]] = {
    Type.AMOUNT: (r"\d{1,15}\.\d\d", _fen),
    Type.NATURAL: (r"\d{1,9}", lambda cells: list(map(int, cells))),
    Type.TIME: (_MOMENT, _moments),
    Type.NUMBER: (r"(?!.*\.\.)[!-~]+", _as_written),
    Type.MOBILE: (r"\+?[\d -]{5,24}", _as_written),
}
