"""Rows of a foreign file turned into rows of the import format, line by line, as mapping.yaml says."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from storage.imports.column import Column
from storage.imports.format import FileSpec
from storage.imports.mapping import FileMap, Join, Rule
from storage.imports.reader import Form, Row, rows_of
from storage.imports.rejection import FileRefused, Rejection
from storage.imports.shape import negated, renamed, shape_of

Cells = Sequence[str]
Make = Callable[[Cells], str]
_KEY_JOINER = "-"


def translated(path: Path, spec: FileSpec, file: FileMap) -> Iterator[Row]:
    """The rows of `path` with our header first; a column that is neither used nor ignored stays and is refused
    later.
    """
    rows = rows_of(path, form_of(file))
    header = next(rows, None)
    if header is None:
        return
    if twice := [name for name, times in Counter(header.cells).items() if times > 1]:
        raise FileRefused(Rejection(path.name, header.line, twice[0], "列名重复"))
    if not file.translates:
        yield header
        yield from rows
        return
    translation = Translation(path, spec, file, header)
    yield header._replace(cells=translation.header)
    for row in rows:
        yield row if row.fault else row._replace(cells=translation.cells(row.cells))


def form_of(file: FileMap) -> Form:
    """How the text file is to be read."""
    return Form(file.encoding or "utf-8", file.separator or ",")


class Translation:
    """The columns of one foreign file, compiled to functions from its cells to ours."""

    def __init__(self, path: Path, spec: FileSpec, file: FileMap, header: Row) -> None:
        self._path, self._file, self._line = path, file, header.line
        self._places = {name: place for place, name in enumerate(header.cells)}
        used = frozenset[str]().union(*(rule.uses for rule in file.columns.values()))
        plain = [
            name for name in header.cells if name not in file.ignore and name not in file.columns and name not in used
        ]
        rules = dict(file.columns) | {name: Rule(source=name) for name in plain}
        columns = {column.name: column for column in spec.columns}
        self.header = tuple(rules)
        self._makes = [self._make(rule, columns.get(name)) for name, rule in rules.items()]

    def cells(self, cells: Cells) -> tuple[str, ...]:
        """Our cells, made from one row of theirs."""
        return tuple(make(cells) for make in self._makes)

    def _make(self, rule: Rule, column: Column | None) -> Make:
        origin, sign = self._origin(rule), rule.negative_when
        shape, rename = shape_of(column, self._file), renamed(column, rule)
        place = self._place(sign.column) if sign else 0

        def make(cells: Cells) -> str:
            value = rename(shape(origin(cells)))
            return negated(value) if sign and cells[place] in sign.words else value

        return make

    def _origin(self, rule: Rule) -> Make:
        if rule.constant is not None:
            constant = rule.constant
            return lambda cells: constant
        if rule.key:
            places = [self._place(name) for name in rule.key]
            return lambda cells: _KEY_JOINER.join(cells[place] for place in places)
        if rule.join:
            return self._joined(rule.join)
        return self._taken(rule.source or "")

    def _taken(self, name: str) -> Make:
        place, nulls = self._place(name), self._nulls
        return lambda cells: "" if cells[place] in nulls else cells[place]

    def _joined(self, join: Join) -> Make:
        table, place = self._lookup(join), self._place(join.by)
        return lambda cells: table.get(cells[place], "")

    @property
    def _nulls(self) -> frozenset[str]:
        return frozenset(self._file.nulls or ())

    def _lookup(self, join: Join) -> dict[str, str]:
        path = self._path.parent / join.file
        if not path.is_file():
            raise FileRefused(Rejection(self._path.name, 0, "", f"mapping.yaml 要合并的 {join.file} 不存在"))
        rows = rows_of(path, form_of(self._file))
        header = next(rows, Row(1, ())).cells
        if missing := [name for name in (join.on, join.take) if name not in header]:
            raise FileRefused(Rejection(join.file, 1, missing[0], "mapping.yaml 要用的列不存在"))
        on, take, nulls = header.index(join.on), header.index(join.take), self._nulls
        pairs = ((row.cells[on], row.cells[take]) for row in rows if not row.fault)
        return {key: value for key, value in pairs if value not in nulls}

    def _place(self, name: str) -> int:
        if name not in self._places:
            raise FileRefused(Rejection(self._path.name, self._line, name, "mapping.yaml 要用的列不存在"))
        return self._places[name]
