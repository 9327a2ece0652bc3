"""One run at work: customers are read window by window outside any unit of work and written in short ones.

What is written stands under a run that nobody sees yet, so a reader never meets half a night's labels, and what breaks
off is done again.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from typing import TypeVar

from domain.ids import CustomerId
from domain.labels.due import due_on
from domain.labels.standing import Day, Standing, judge
from domain.refusal import Refused
from storage import label_due, label_runs, labels
from storage.care_candidates import window_end
from storage.database import Database
from storage.label_runs import Claim
from storage.label_windows import Seen, Window, Windows
from storage.unit import Unit

CUSTOMERS_AT_ONCE = 5_000
ROWS_PER_UNIT = 250
"""Some 20 ms of writer time, as are so many days to look again."""
DUES_PER_UNIT = 2_000
READERS = 2

TAKEN = "另一个进程正在重算标签，请等它做完；已有的标签照常可用"
T = TypeVar("T")
Tell = Callable[[str], None]
Change = tuple[CustomerId, int | None, Standing]


def bounds(database: Database) -> Iterator[tuple[str, str]]:
    """All customers, window by window."""
    after = ""
    while (until := database.read_now(partial(window_end, after=after, size=CUSTOMERS_AT_ONCE))) is not None:
        yield after, until
        after = until


@dataclass
class Making:
    """A run under way; windows are worked on side by side, for the database works while Python does not."""

    database: Database
    claim: Claim
    day: Day
    windows: Windows
    tell: Tell
    changed: int = 0
    judged: int = 0

    def all(self, listed: Sequence[CustomerId] | None) -> int:
        """How many customers there are; those of the list are judged, or everybody."""
        self._lock = threading.Lock()
        total = self.database.read_now(labels.population)
        if self.claim.again:
            self._clean()
        wanted = total if listed is None else len(listed)
        with ThreadPoolExecutor(READERS, "labels") as pool:
            rest = self._windows(listed)
            while wave := list(islice(rest, READERS)):
                self._ours(partial(label_runs.hold, claim=self.claim))
                list(pool.map(self._window, wave))
                self.tell(f"标签：已算 {self.judged:,} / {wanted:,} 位客户，{self.changed:,} 位有变化")
        return total

    def _clean(self) -> None:
        """Take back what a run that broke off has left."""
        for after, until in bounds(self.database):
            self._ours(partial(labels.clean, claim=self.claim, after=after, until=until))

    def _windows(self, listed: Sequence[CustomerId] | None) -> Iterator[Window]:
        if listed is None:
            return (Window(after, until) for after, until in bounds(self.database))
        starts = range(0, len(listed), CUSTOMERS_AT_ONCE)
        return (Window(listed=listed[start : start + CUSTOMERS_AT_ONCE]) for start in starts)

    def _window(self, window: Window) -> None:
        seen = self.database.read_now(partial(self.windows.look, window=window))
        changes: list[Change] = []
        dues = [(each.customer_id, self._judged(each, changes)) for each in seen]
        for part in _parts(changes, ROWS_PER_UNIT):
            self._ours(partial(labels.write, claim=self.claim, rows=part))
        for some in _parts(dues, DUES_PER_UNIT):
            self._ours(partial(_remember, claim=self.claim, dues=some))
        with self._lock:
            self.changed += len(changes)
            self.judged += len(seen)

    def _judged(self, seen: Seen, changes: list[Change]) -> date | None:
        """When to look again; who stands otherwise than before is among the changes."""
        if seen.evidence is None:
            assert seen.tier is not None, "who has none yet is always judged"
            return due_on(seen.ahead, seen.tier, self.day, provisional=False)
        found = judge(seen.evidence, self.day)
        if found != seen.evidence.before:
            changes.append((seen.customer_id, seen.stood, found))
        return due_on(seen.ahead, found.computed, self.day, provisional=found.provisional)

    def _ours(self, step: Callable[[Unit], bool]) -> None:
        if not self.database.run(step, "labels"):
            raise Refused(TAKEN, reason="labels taken over")


def _remember(unit: Unit, claim: Claim, dues: label_due.Dues) -> bool:
    if not label_runs.hold(unit, claim):
        return False
    label_due.write(unit, claim.run.run, dues)
    return True


def _parts(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    return (items[start : start + size] for start in range(0, len(items), size))
