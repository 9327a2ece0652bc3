"""Whether every row points at something that exists, and whether who leads whom ends somewhere."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from storage.imports.checks import Value
from storage.imports.examine import Examined, known_values
from storage.imports.format import FILES, FileSpec
from storage.imports.tables import column_of
from storage.unit import Unit

Known = Mapping[str, set[Value]]
_TITLES = {spec.name: spec.title for spec in FILES}


def check_references(examined: Examined, known: Known, leads: Mapping[Value, Value]) -> None:
    """Reject rows that refer to nothing or go round in a circle.

    `known[file]` says which keys a file has in the database or in this import (of no other are references looked at);
    `leads` is who stands above whom in
    the database now. A rejected row may have been what another row leaned on, so this repeats until nothing changes.
    """
    while _reject_dangling(examined, known) or _reject_circles(examined, leads):
        pass


def _reject_dangling(examined: Examined, known: Known) -> bool:
    spec, before = examined.spec, len(examined.good)
    pointing = [(column.name, column.refers) for column in spec.columns if column.refers in known]
    targets = {file: known[file] | (known_values(examined) if file == spec.name else set()) for _, file in pointing}
    for key, good in list(examined.good.items()):
        for name, file in pointing:
            if good.values[name] is not None and good.values[name] not in targets[file]:
                examined.drop(key, name, named(file, good.values[name]))
                break
    return len(examined.good) < before


def named(file: str, value: Value) -> str:
    """Why a row that points at nothing is refused."""
    return f"{_TITLES[file]}（{file}）中没有“{value}”"


def own_reference(spec: FileSpec) -> str | None:
    """The column by which rows of the file stand above each other."""
    return next((column.name for column in spec.columns if column.refers == spec.name), None)


def _reject_circles(examined: Examined, leads: Mapping[Value, Value]) -> bool:
    name = own_reference(examined.spec)
    if name is None:
        return False
    above = {**leads, **{key[0]: good.values[name] for key, good in examined.good.items()}}
    circles = [value for value in _circling(above) if (value,) in examined.good]
    for value in circles:
        examined.drop((value,), name, "上下级关系成环")
    return bool(circles)


def keys_kept(unit: Unit, spec: FileSpec) -> set[Any]:
    """Every key in the database of a file that others refer to (those have a key of one column)."""
    return set(unit.connection.scalars(sa.select(column_of(spec, spec.key[0]))).all())


def parents_kept(unit: Unit, spec: FileSpec, name: str) -> dict[Any, Any]:
    """Who stands above whom now, for a file whose rows refer to each other by column `name`."""
    statement = sa.select(column_of(spec, spec.key[0]).label("lower"), column_of(spec, name).label("upper"))
    return {row.lower: row.upper for row in unit.rows(statement)}


def _circling(above: Mapping[Value, Value]) -> list[Value]:
    """Everyone who is, through any number of steps, above themselves."""
    settled: set[Value] = set()
    circling: list[Value] = []
    for start in above:
        path: dict[Value, None] = {}
        current: Value = start
        while current is not None and current not in settled and current not in path:
            path[current] = None
            current = above.get(current)
        if current in path:
            steps = list(path)
            circling += steps[steps.index(current) :]
        settled |= path.keys()
    return circling
