"""Whether every row points at something that exists, and whether who leads whom ends somewhere."""

from collections.abc import Mapping

from storage.imports.checks import Value
from storage.imports.examine import Examined, known_values
from storage.imports.format import FILES, FileSpec

Known = Mapping[str, set[Value]]
_TITLES = {spec.name: spec.title for spec in FILES}


def check_references(examined: Examined, known: Known, leads: Mapping[Value, Value]) -> None:
    """Reject rows that refer to nothing or go round in a circle.

    `known[file]` says which keys a file has in the database or in this import; `leads` is who stands above whom in
    the database now. A rejected row may have been what another row leaned on, so this repeats until nothing changes.
    """
    while _reject_dangling(examined, known) or _reject_circles(examined, leads):
        pass


def _reject_dangling(examined: Examined, known: Known) -> bool:
    spec, before = examined.spec, len(examined.good)
    pointing = [(column.name, column.refers) for column in spec.columns if column.refers]
    targets = {file: known[file] | (known_values(examined) if file == spec.name else set()) for _, file in pointing}
    for key, good in list(examined.good.items()):
        for name, file in pointing:
            if good.values[name] is not None and good.values[name] not in targets[file]:
                examined.drop(key, name, f"{_TITLES[file]}（{file}）中没有“{good.values[name]}”")
                break
    return len(examined.good) < before


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
