"""One feed file against its specification: header, cells and keys; references and cycles come after (references.py)."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from storage.imports.checks import Unfit, Value, read_cell
from storage.imports.column import Column
from storage.imports.format import FileSpec
from storage.imports.mapping import FileMap
from storage.imports.reader import Row
from storage.imports.rejection import FileRefused, Rejection
from storage.imports.tables import Key, Values, key_of
from storage.imports.translate import translated

Fault = tuple[str, str]
PLAIN = FileMap()


@dataclass(frozen=True)
class Good:
    """A row that fits its columns, with the cells it was read from."""

    row: Row
    values: Values


@dataclass
class Examined:
    """What became of a file so far; `good` shrinks and `rejections` grows as later checks look at it."""

    spec: FileSpec
    file: str
    header: tuple[str, ...]
    rows: int = 0
    good: dict[Key, Good] = field(default_factory=dict)
    rejections: list[Rejection] = field(default_factory=list)
    seen: set[Key] = field(default_factory=set)

    def reject(self, row: Row, name: str, reason: str) -> None:
        self.rejections.append(Rejection(self.file, row.line, name, reason, row.cells))

    def drop(self, key: Key, name: str, reason: str) -> None:
        """Take back a row that a later check found wanting."""
        self.reject(self.good.pop(key).row, name, reason)


def examine(
    path: Path, spec: FileSpec, file: FileMap = PLAIN, along: Callable[[Iterator[Row]], Iterator[Row]] = iter
) -> Examined:
    """Read the file; rows that do not fit are in `rejections`. FileRefused when the file itself is not acceptable."""
    return examine_rows(path.name, translated(path, spec, file), spec, along)


def examine_rows(
    file: str, rows: Iterator[Row], spec: FileSpec, along: Callable[[Iterator[Row]], Iterator[Row]] = iter
) -> Examined:
    """The same for rows from anywhere, the header first."""
    header = next(rows, None)
    if header is None:
        raise FileRefused(Rejection(file, 1, "", "文件是空的，第一行应为列名"))
    _check_header(file, header, spec)
    examined = Examined(spec, file, header.cells)
    columns = _columns(header, spec)
    for row in along(rows):
        _take(examined, row, columns)
    return examined


def _check_header(file: str, header: Row, spec: FileSpec) -> None:
    known = [column.name for column in spec.columns]
    required = [column.name for column in spec.columns if not column.optional]
    names = header.cells
    faults = chain(
        ((name, f"不认识的列，{spec.name} 的列为 {'、'.join(known)}") for name in names if name not in known),
        ((name, "缺少必填列") for name in required if name not in names),
    )
    if (fault := next(faults, None)) is not None:
        raise FileRefused(Rejection(file, header.line, *fault))


def _columns(header: Row, spec: FileSpec) -> list[tuple[int, Column]]:
    """Each column of the specification with its place in the file, -1 for one that is absent."""
    places = {name: place for place, name in enumerate(header.cells)}
    return [(places.get(column.name, -1), column) for column in spec.columns]


def _take(examined: Examined, row: Row, columns: list[tuple[int, Column]]) -> None:
    examined.rows += 1
    if row.fault:
        examined.reject(row, "", row.fault)
        return
    values, faults = _read(row, columns)
    key = key_of(examined.spec, values)
    repeated = key in examined.seen
    if None not in key:
        examined.seen.add(key)
    if repeated and not faults:
        faults = [(examined.spec.key[0], _repetition(examined, key))]
    if faults:
        examined.reject(row, faults[0][0], _reason(faults))
    else:
        examined.good[key] = Good(row, values)


def _read(row: Row, columns: list[tuple[int, Column]]) -> tuple[Values, list[Fault]]:
    values: Values = {}
    faults: list[Fault] = []
    for place, column in columns:
        try:
            cell = row.cells[place] if place >= 0 else ""
            values[column.name] = read_cell(cell, column)
            if column.spelling:
                values[column.spelling] = cell
        except Unfit as unfit:
            values[column.name] = None
            faults.append((column.name, str(unfit)))
    return values, faults


def _repetition(examined: Examined, key: Key) -> str:
    first = examined.good.get(key)
    where = f"第 {first.row.line} 行" if first else "前面的行"
    return f"与{where}的主键（{'、'.join(examined.spec.key)}）重复"


def _reason(faults: Sequence[Fault]) -> str:
    """The first fault, and the others with their field, so that a row is put right in one go."""
    others = [f"{name}：{reason}" for name, reason in faults[1:]]
    return "；另有 ".join([faults[0][1], *others])


def known_values(examined: Examined) -> set[Value]:
    """The single keys of the rows that are still good."""
    return {key[0] for key in examined.good}
