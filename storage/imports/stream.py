"""Rows out of bytes that come from another system: CSV and NDJSON, a line at a time, each line of bounded length."""

import json
from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import IO, Any

import orjson

from storage.imports.column import Column, Type
from storage.imports.reader import Row, csv_rows, even
from storage.imports.rejection import FileRefused, Rejection

LONGEST_LINE = 256 * 1024  # bytes; the longest cell has 4 000 characters
BROKEN = "不是一个完整的 JSON 对象"
_BOM = "\ufeff"
_PIECE, _LONGEST_NAME = 1 << 20, 64
_LISTS = frozenset({Type.LIST, Type.QUALIFICATIONS, Type.HOURS})
_EXACT = 10**15  # JSON's numbers are read as doubles: 15 digits are certain


class Unwritten(ValueError):
    """A value of JSON that no cell can be; the message is the reason for the user."""


def csv_stream(file: str, stream: IO[bytes]) -> Iterator[Row]:
    """The rows of a CSV text, the header first. FileRefused as the reader raises it."""
    return even(csv_rows(file, _decoded(file, stream)))


def ndjson_stream(file: str, stream: IO[bytes], columns: Mapping[str, Column]) -> Iterator[Row]:
    """The rows of objects, one a line. The fields of the first are the header, with those optional columns that it
    leaves out and others have; an optional column that a row leaves out is empty there.
    """
    names: tuple[str, ...] | None = None
    for number, line in enumerate(_decoded(file, stream), 1):
        if not line.strip():
            continue
        read = object_of(line)
        if names is None:
            names = _names(file, number, read)
            names += _named_later(stream, [c.name for c in columns.values() if c.optional and c.name not in names])
            yield Row(number, names)
        yield _row(number, read, names, columns)


def object_of(text: str | bytes) -> Mapping[str, Any] | str:
    """One JSON object, or the reason why this is none."""
    try:
        read = orjson.loads(text)
    except orjson.JSONDecodeError:
        return BROKEN
    if not isinstance(read, dict):
        return '不是 JSON 对象，应写成 {"列": "值", …}'
    colons = text.count(":") if isinstance(text, str) else text.count(b":")
    return read if colons <= len(read) else _told_once(text, read)  # a column takes a colon of its own


def _told_once(text: str | bytes, read: Mapping[str, Any]) -> Mapping[str, Any] | str:
    """The object, unless a column is there twice: of two values nobody says which is meant (RFC 8259, 4)."""
    try:
        json.loads(text, object_pairs_hook=_once)
    except KeyError:
        return "里有一列写了两次，各列只写一次"
    except RecursionError:
        return BROKEN
    return read


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(found := dict(pairs)) < len(pairs):
        raise KeyError
    return found


def cell_for(value: object, column: Column | None) -> str:
    """The same for one column, which takes a list or a yes and no only where its cells are such."""
    if isinstance(value, bool) and column is not None and column.type is not Type.FLAG:
        raise Unwritten("不是是或否的列，不能写 true 或 false")
    if isinstance(value, list) and column is not None and column.type not in _LISTS:
        raise Unwritten("只能有一个值，不能写成列表")
    return cell_of(value)


def cell_of(value: object) -> str:
    """What the same value would be in a CSV file; Unwritten with the reason otherwise."""
    match value:
        case None:
            return ""
        case bool():
            return "1" if value else "0"
        case str():
            return value.strip()
        case int():
            return str(value)
        case float() if isfinite(value) and abs(value) < _EXACT:
            return f"{value:.15g}" if "e" not in f"{value:.15g}" else f"{value:.12f}"
        case list() if all(isinstance(part, str) for part in value):
            return "|".join(part.strip() for part in value)
    raise Unwritten("应是文字、数字、true/false、null 或文字的列表；超过 15 位的数字请写成文字")


def _decoded(file: str, stream: IO[bytes]) -> Iterator[str]:
    for number, raw in enumerate(iter(lambda: stream.readline(LONGEST_LINE + 1), b""), 1):
        if len(raw) > LONGEST_LINE:
            raise FileRefused(Rejection(file, number, "", f"这一行超过 {LONGEST_LINE // 1024} KB"))
        try:
            line = raw.decode()
        except UnicodeDecodeError as error:
            raise FileRefused(Rejection(file, number, "", "不是 UTF-8 编码")) from error
        yield line.removeprefix(_BOM) if number == 1 else line


def _names(file: str, number: int, read: Mapping[str, Any] | str) -> tuple[str, ...]:
    if isinstance(read, str):
        raise FileRefused(Rejection(file, number, "", read))
    return tuple(read)


def _named_later(stream: IO[bytes], names: Sequence[str]) -> tuple[str, ...]:
    """Those of the names that what is left of the stream may have as fields: to look for some letters costs next to
    nothing, and a column that nobody fills changes nothing.
    """
    here, missing, before = stream.tell(), {name: f'"{name}"'.encode() for name in names}, b""
    while missing and (piece := stream.read(_PIECE)):
        missing = {name: sign for name, sign in missing.items() if sign not in before + piece}
        before = piece[-_LONGEST_NAME:]
    stream.seek(here)
    return tuple(name for name in names if name not in missing)


def _row(number: int, read: Mapping[str, Any] | str, names: tuple[str, ...], columns: Mapping[str, Column]) -> Row:
    if isinstance(read, str):
        return Row(number, ("",) * len(names), read)
    if fault := _other_fields(read, names, columns):
        return Row(number, ("",) * len(names), fault)
    cells = []
    for name in names:
        try:
            cells.append(cell_for(read.get(name), columns.get(name)))
        except Unwritten as unwritten:
            return Row(number, ("",) * len(names), str(unwritten), name)
    return Row(number, tuple(cells))


def _other_fields(read: Mapping[str, Any], names: tuple[str, ...], columns: Mapping[str, Column]) -> str:
    left = [name for name in names if name not in read and not (name in columns and columns[name].optional)]
    if left or read.keys() - set(names):
        return "每一行的字段要和第一行相同，只有可缺的列可以不写；没有值的写 null"
    return ""
