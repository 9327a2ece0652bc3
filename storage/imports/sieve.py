"""Rows of one kind on their way: what fits its columns goes through, everything else is rejected with the reason."""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice

from domain.conflict import USUAL, PostRules
from domain.staff import posts_of
from storage.imports.batch import Batch, Columns, Good, batch_of, rows_in
from storage.imports.cells import column_reader
from storage.imports.checks import Unfit, Value, reader_of
from storage.imports.column import Column
from storage.imports.format import FileSpec
from storage.imports.keys import Keys
from storage.imports.reader import Row
from storage.imports.rejection import FileRefused, Rejection
from storage.imports.rejects import Rejects
from storage.imports.tables import Key, Values, key_of

AT_ONCE = 1_000
Fault = tuple[str, str]
_FEW = 30
"""Of so many rows with a fault among them each is judged by itself; of more, one half and then the other."""
_NO_FAULTS: list[Fault] = []


class Sieve:
    """For one file; FileRefused when its header is not acceptable. `rows` counts, `seen` has the keys of all rows but
    those of which nobody can tell whose they are: they are counted in `nameless`.
    """

    def __init__(
        self,
        spec: FileSpec,
        file: str,
        header: Row,
        rejects: Rejects,
        keys: Callable[[Columns], Sequence[Key]] | None = None,
        expected: int = 0,
        post_rules: PostRules = USUAL,
    ) -> None:
        _check_header(file, header, spec)
        self.spec, self.file, self.header = spec, file, header.cells
        self.rows, self.nameless, self.seen = 0, 0, Keys(expected)
        self._keys = keys or (lambda columns: [key_of(spec, values) for values in rows_in(columns)])
        self._rejects, self._post_rules = rejects, post_rules if spec.name == "staff" else None
        places = {name: place for place, name in enumerate(header.cells)}
        self._present = [_Reading(c, places[c.name]) for c in spec.columns if c.name in places]
        self._names = [reading.name for reading in self._present]
        self._cells = [(reading.read, reading.place) for reading in self._present]
        self._spelt = [reading for reading in self._present if reading.spelling]
        self._absent = {name: value for c in spec.columns if c.name not in places for name, value in _nothing(c)}

    def through(self, rows: Iterator[Row]) -> Iterator[Batch]:
        """The rows that fit, each key once, up to a thousand at a time."""
        while some := list(islice(rows, AT_ONCE)):
            self.rows += len(some)
            yield from (batch for batch in self._fitting(some) if batch)

    def _fitting(self, rows: list[Row]) -> Iterator[Batch]:
        columns = self._columns(rows)
        if columns is not None:
            yield self._each_once(Batch(rows, self._keys(columns), columns))
        elif len(rows) <= _FEW:
            yield batch_of([good for row in rows if (good := self._good(row)) is not None])
        else:
            yield from self._fitting(rows[: len(rows) // 2])
            yield from self._fitting(rows[len(rows) // 2 :])

    def _columns(self, rows: list[Row]) -> Columns | None:
        """All values, where all rows fit."""
        if self._post_rules or any(row.fault for row in rows):
            return None
        cells = list(zip(*(row.cells for row in rows), strict=True))
        try:
            read = {reading.name: reading.read_all(cells[reading.place]) for reading in self._present}
        except Unfit:
            return None
        spelt = {reading.spelling: cells[reading.place] for reading in self._spelt}
        return {**read, **spelt, **{name: [value] * len(rows) for name, value in self._absent.items()}}

    def _each_once(self, batch: Batch) -> Batch:
        known = self.seen.add_all(batch.keys, [row.line for row in batch.rows])
        for place, first in known:
            self.reject(batch.rows[place], *self._twice(first))
        again = {place for place, _ in known}
        return batch.only([place not in again for place in range(len(batch))]) if again else batch

    def _good(self, row: Row) -> Good | None:
        if row.fault:
            self.nameless += 1
            self.reject(row, row.field, row.fault)
            return None
        values, faults = self._read(row)
        key = self._key(values) if not faults or all(values[name] is not None for name in self.spec.key) else ()
        self.nameless += not key
        first = self.seen.add(key, row.line) if key else None
        if first is not None and not faults:
            faults = [self._twice(first)]
        if faults:
            self.reject(row, faults[0][0], _reason(faults))
            return None
        return Good(row, key, values)

    def _key(self, values: Values) -> Key:
        return self._keys({name: [value] for name, value in values.items()})[0]

    def _twice(self, first: int) -> Fault:
        return self.spec.key[0], f"与第 {first} 行的主键（{'、'.join(self.spec.key)}）重复"

    def reject(self, row: Row, name: str, reason: str) -> None:
        self._rejects.add(Rejection(self.file, row.line, name, reason, row.cells))

    def _read(self, row: Row) -> tuple[Values, list[Fault]]:
        cells, faults = row.cells, _NO_FAULTS
        try:
            values: Values = dict(zip(self._names, [read(cells[place]) for read, place in self._cells], strict=True))
        except Unfit:
            values, faults = self._with_faults(row)
        for reading in self._spelt:
            values[reading.spelling] = cells[reading.place]
        if self._post_rules and (problem := self._post_rules.problem(posts_of(str(values.get("posts") or "")))):
            faults = [*faults, ("posts", problem)]
        return (values | self._absent if self._absent else values), faults

    def _with_faults(self, row: Row) -> tuple[Values, list[Fault]]:
        values: Values = {}
        faults: list[Fault] = []
        for reading in self._present:
            try:
                values[reading.name] = reading.read(row.cells[reading.place])
            except Unfit as unfit:
                values[reading.name] = None
                faults.append((reading.name, str(unfit)))
        return values, faults


class _Reading:
    """One column that is there, and how its cells become values."""

    __slots__ = ("name", "place", "read", "read_all", "spelling")

    def __init__(self, column: Column, place: int) -> None:
        self.name, self.place, self.spelling = column.name, place, column.spelling
        self.read, self.read_all = reader_of(column), column_reader(column)


def _nothing(column: Column) -> Iterator[tuple[str, Value]]:
    """What an absent column says."""
    yield column.name, reader_of(column)("")
    if column.spelling:
        yield column.spelling, ""


def _check_header(file: str, header: Row, spec: FileSpec) -> None:
    known = [column.name for column in spec.columns]
    required = [column.name for column in spec.columns if not column.optional]
    names = header.cells
    if len(names) == 1 and (sign := next((sign for sign in ";\t|" if sign in names[0]), "")):
        shown = sign.replace("\t", "\\t")
        reason = f'列之间是“{shown}”而不是逗号：请另存为逗号分隔，或在 mapping.yaml 里写 separator: "{shown}"'
        raise FileRefused(Rejection(file, header.line, "", reason))
    faults = chain(
        ((name, f"不认识的列，{spec.name} 的列为 {'、'.join(known)}") for name in names if name not in known),
        ((name, "缺少必填列") for name in required if name not in names),
    )
    if (fault := next(faults, None)) is not None:
        raise FileRefused(Rejection(file, header.line, *fault))


def _reason(faults: Sequence[Fault]) -> str:
    """The first fault, and the others with their field, so that a row is put right in one go."""
    others = [f"{name}：{reason}" for name, reason in faults[1:]]
    return "；另有 ".join([faults[0][1], *others])
