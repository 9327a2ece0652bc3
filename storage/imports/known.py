"""What the rows of other files may point at: looked up a few at a time, or known as a whole once that is cheaper."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

import sqlalchemy as sa

from storage.database import Database
from storage.imports.checks import Value
from storage.imports.format import FILES
from storage.imports.keys import Keys
from storage.imports.tables import column_of
from storage.unit import Unit

LOOKED_UP = 20_000
"""From so many single look-ups on, all keys of the file are read."""
_AT_ONCE, _WINDOW = 500, 10_000
_KEYS: dict[str, sa.Column[Any]] = {spec.name: column_of(spec, spec.key[0]) for spec in FILES}


class Known:
    """The keys of the files that others refer to (those have a key of one column), as an import goes on."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._whole: dict[str, Keys] = {}
        self._brought: dict[str, Keys] = {}
        self._looked_up: Counter[str] = Counter()

    def bring(self, file: str, keys: Iterable[Value]) -> None:
        """Rows that a trial would have written."""
        self._brought.setdefault(file, Keys()).update(keys)

    def forget(self, file: str) -> None:
        """The file has a new version."""
        self._whole.pop(file, None)

    def missing(self, file: str, values: set[Value]) -> set[Value]:
        """Those of the values that the file does not have."""
        brought = self._brought.get(file, ())
        rest = {value for value in values if value not in brought}
        if rest and file not in self._whole:
            self._looked_up[file] += len(rest)
            if self._looked_up[file] <= LOOKED_UP:
                return rest - self._found(file, rest)
            self._whole[file] = self._read(file)
        return {value for value in rest if value not in self._whole[file]} if rest else rest

    def _found(self, file: str, values: set[Value]) -> set[Value]:
        every, found = list(values), set[Value]()
        for start in range(0, len(every), _AT_ONCE):
            some = sa.select(_KEYS[file]).where(_KEYS[file].in_(every[start : start + _AT_ONCE]))
            found |= set(self._database.read_now(partial(_scalars, statement=some)))
        return found

    def _read(self, file: str) -> Keys:
        keys = Keys()
        for window in self._windows(file):
            keys.update(window)
        return keys

    def _windows(self, file: str) -> Iterator[list[Any]]:
        key = _KEYS[file]
        window = self._database.read_now(partial(_scalars, statement=sa.select(key).order_by(key).limit(_WINDOW)))
        while window:
            yield window
            after = sa.select(key).where(key > window[-1]).order_by(key).limit(_WINDOW)
            window = self._database.read_now(partial(_scalars, statement=after))


def _scalars(unit: Unit, statement: sa.Select[Any]) -> list[Any]:
    return list(unit.connection.scalars(statement).all())
