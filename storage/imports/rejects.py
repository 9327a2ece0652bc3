"""The rows of a file that were not taken: all of them into its rejected file, the first of them into the report."""

import csv
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from storage.imports.rejection import Rejection

SHOWN = 1_000
"""So many are kept in memory; a file of millions may be bad from end to end."""


class Rejects:
    """Counts every rejection and keeps the first ones, in the order of their lines."""

    def __init__(self) -> None:
        self.count = 0
        self.first: list[Rejection] = []
        self._waiting: list[Rejection] = []

    def add(self, rejection: Rejection) -> None:
        self.count += 1
        self._waiting.append(rejection)

    def flush(self) -> None:
        """What came since is complete up to some line."""
        self._waiting.sort(key=lambda rejection: rejection.line)
        self.first += self._waiting[: max(0, SHOWN - len(self.first))]
        self._keep(self._waiting)
        self._waiting = []

    def _keep(self, rejections: Sequence[Rejection]) -> None:
        """Where else they go."""


class RejectedFile(Rejects):
    """`rejected/<name>.csv` beside the files, with exactly the rows of this import that were not taken (none = no
    file). Where the folder does not let us, that is told and no error: what was loaded is loaded."""

    def __init__(self, folder: Path, name: str) -> None:
        super().__init__()
        self._path = folder / "rejected" / f"{name}.csv"
        self.header: Sequence[str] = ()
        self.unwritten = False
        self._stream: IO[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.flush()
        if self._stream is not None:
            self._stream.close()
        elif not self.count:
            self._attempt(lambda: self._path.unlink(missing_ok=True))

    def _keep(self, rejections: Sequence[Rejection]) -> None:
        if rejections:
            self._attempt(lambda: self._write(rejections))

    def _attempt(self, act: Callable[[], None]) -> None:
        try:
            act()
        except OSError:
            self.unwritten = True

    def _write(self, rejections: Sequence[Rejection]) -> None:
        if self._stream is None:
            self._path.parent.mkdir(exist_ok=True)
            self._stream = self._path.open("w", encoding="utf-8", newline="")
            csv.writer(self._stream).writerow(["line", "field", "reason", *self.header])
        writer = csv.writer(self._stream)
        writer.writerows([each.line, each.field, each.reason, *each.cells] for each in rejections)
