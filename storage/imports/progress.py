"""How far an import is, told while it runs: rows done of those found, how fast, how much longer."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
SECONDS_BETWEEN = 0.5
LOOK_EVERY = 256  # items; a look at the clock costs more than a row of some files
FIRST_GUESS = 100  # from the hundredth part on the rest is guessed; the small files in front say little of it


def nobody(_text: str) -> None:
    """Who does not listen."""


class Progress:
    """Counts the rows of a file; tells when a file begins and now and then in between.

    `found` holds the rows of each file as its lines say; a file that cannot be counted beforehand has none.
    """

    def __init__(self, tell: Callable[[str], None], clock: Callable[[], float], found: Mapping[str, int]) -> None:
        self._tell, self._clock, self._found = tell, clock, dict(found)
        self._began = self._told = clock()
        self._before = self._here = 0.0
        self._file = ""

    def begin(self, file: str) -> None:
        self._file = file
        self._say()

    def along(self, items: Iterable[T]) -> Iterator[T]:
        """The same items, counted as they pass."""
        for number, item in enumerate(items, 1):
            yield item
            self._here += 1
            if number % LOOK_EVERY == 0 and self._clock() - self._told >= SECONDS_BETWEEN:
                self._say()

    def end(self, rows: int) -> None:
        """The file is done; from now on it counts as what it really had."""
        self._found[self._file] = rows
        self._before, self._here = self._before + rows, 0.0

    def _say(self) -> None:
        self._told = self._clock()
        self._tell(f"{self._file}：{self._words(self._before + self._here, self._told - self._began)}")

    def _words(self, done: float, seconds: float) -> str:
        total = sum(self._found.values())
        said = f"共 {int(done):,} / {total:,} 行"
        if not done or done * FIRST_GUESS < total or seconds <= 0:
            return said
        left = max(0.0, total - done) * seconds / done
        return f"{said}，每秒 {done / seconds:,.0f} 行，约剩 {_duration(left)}"


def rows_in(path: Path) -> int:
    """How many rows a text file seems to have, its header left out; 0 where lines say nothing."""
    if path.suffix.lower() == ".xlsx":
        return 0
    with path.open("rb") as stream:
        return max(0, sum(block.count(b"\n") for block in iter(lambda: stream.read(1 << 20), b"")) - 1)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(int(seconds + 0.999), 60)
    return f"{minutes} 分 {rest} 秒" if minutes else f"{rest} 秒"
