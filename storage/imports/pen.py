"""Writes many rows without ever holding the writer for long: small units of work, sized by how long the last ones
took."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import date
from functools import partial
from typing import Any, TypeVar

from storage.database import Database
from storage.imports.layout import Cells
from storage.imports.rows import Rows
from storage.imports.tables import Key
from storage.unit import Unit

T = TypeVar("T")
TARGET = 0.015
"""Seconds that a unit should take with its commit; no more than 50 ms are allowed."""
FEWEST, MOST = 20, 5_000
IN_FLIGHT = 2  # one is written while the next is put together


class Pen:
    """Hands units to the database, two at a time; an error of one comes out with a later call or with `finish`."""

    def __init__(self, database: Database, rows: Rows, name: str) -> None:
        self._database, self._rows, self._name = database, rows, f"import.{name}"
        self._flying: deque[Future[None]] = deque()
        self._pace = 200.0

    def add(self, rows: Sequence[Cells]) -> None:
        self._each(rows, self._rows.add)

    def replace(self, keys: Sequence[Key]) -> None:
        self._each(keys, self._rows.replace)

    def close(self, keys: Sequence[Key], day: date) -> None:
        self._each(keys, partial(_closed, self._rows, day))

    def finish(self) -> None:
        """All of it is written."""
        while self._flying:
            self._flying.popleft().result()

    def _each(self, items: Sequence[T], act: Callable[[Unit, Sequence[T]], None]) -> None:
        start = 0
        while start < len(items):
            some = items[start : start + int(self._pace)]
            start += len(some)
            if len(self._flying) >= IN_FLIGHT:
                self._flying.popleft().result()
            self._submit(some, act)

    def _submit(self, some: Sequence[T], act: Callable[[Unit, Sequence[T]], None]) -> None:
        begun: list[float] = []
        machine = self._database.clocks.machine

        def run(unit: Unit) -> None:
            begun.append(machine())
            self._rows.hold(unit)
            act(unit, some)

        def ended(_: "Future[Any]") -> None:
            if begun:
                self._learn(len(some), machine() - begun[-1])

        future = self._database.job(run, self._name, bulk=True)
        future.add_done_callback(ended)
        self._flying.append(future)

    def _learn(self, count: int, seconds: float) -> None:
        """Faster or slower, by half at most at one time."""
        fitting = count * TARGET / max(seconds, 0.000_1)
        if count >= int(self._pace) or fitting < self._pace:
            self._pace = min(max(fitting, self._pace / 2, FEWEST), 2 * self._pace, MOST)


def _closed(rows: Rows, day: date, unit: Unit, keys: Sequence[Key]) -> None:
    rows.close(unit, keys, day)
