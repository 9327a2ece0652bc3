"""Making the labels of a day: window by window, only what changed, visible all at once with the last step.

The windows are read outside any unit of work and written in short ones under a run that nobody sees yet; so a reader
never meets half a night's labels, and what breaks off is done again.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import islice
from typing import Any

from domain.ids import CustomerId
from domain.labels.hysteresis import months_after
from domain.labels.rules import LabelRules, rules_on
from domain.labels.standing import Day, Evidence, Standing, judge
from domain.refusal import Refused
from storage import book_counts, label_counts, labels
from storage.calendars import calendar_of
from storage.care_candidates import window_end
from storage.database import Database
from storage.feeds import feed_days
from storage.label_inputs import Task
from storage.label_windows import Windows
from storage.labels import Claim, Run
from storage.unit import Unit

CUSTOMERS_AT_ONCE = 5_000
ROWS_PER_UNIT = 250
"""Some 20 ms of writer time."""
READERS = 2
FEEDS = {"aum_daily": "每日 AUM", "holdings": "持仓", "transactions": "交易", "interactions": "联系记录"}
"""What labels are made from; without all of them a day's labels would blame the customer for a late file."""

TAKEN = "另一个进程正在重算标签，请等它做完；已有的标签照常可用"
NO_RULES = "包里没有标签规则（labels），没有可算的"
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Ready:
    """What a run of `day` stands on: the last day whose data has arrived, or which feeds are late."""

    day: date
    data_day: date
    late: tuple[str, ...] = ()


@dataclass(frozen=True)
class Made:
    """What came of a run."""

    run: Run
    customers: int


def readiness(unit: Unit, day: date) -> Ready:
    """Data through the last working day before `day` must be there; what has come since is used too."""
    wanted = calendar_of(unit, None).workday_before(day)
    days = feed_days(unit)
    late = tuple(word for name, word in FEEDS.items() if days.get(name, date.min) < wanted)
    arrived = min(days.get(name, date.min) for name in FEEDS)
    return Ready(day, min(arrived, day - timedelta(days=1)), late)


def due(unit: Unit, day: date) -> bool:
    """Whether the labels of `day` are still to be made."""
    head = labels.head(unit)
    return head is None or head.day < day


def make(database: Database, ready: Ready, versions: Sequence[LabelRules], tell: Tell) -> Made:
    """All labels of the day; raises Refused while another process makes them. Blocks: not for the event loop."""
    if not versions:
        raise Refused(NO_RULES, reason="no label rules")
    head = database.read_now(labels.head)
    rules_from = rules_on(versions, ready.day).effective_from
    begin = partial(labels.claim, day=ready.day, data_day=ready.data_day, rules_from=rules_from)
    claim = database.run(begin, "labels.claim")
    if claim is None:
        raise Refused(TAKEN, reason="labels under way")
    day = Day(ready.day, ready.data_day, versions)
    making = _Making(database, claim, day, Windows(task_of(day, head), claim.published), tell)
    customers = making.all()
    counted = database.read_now(partial(label_counts.gather, claim=claim))
    books = database.read_now(partial(book_counts.gather, claim=claim))
    publish = partial(_publish, claim=claim, changed=making.changed, counted=counted, books=books)
    if not database.run(publish, "labels.publish"):
        raise Refused(TAKEN, reason="labels taken over")
    return Made(Run(claim.run.run, ready.day, ready.data_day, making.changed), customers)


def _publish(
    unit: Unit, claim: Claim, changed: int, counted: list[dict[str, Any]], books: list[dict[str, Any]]
) -> bool:
    """The labels, how many have which and who keeps how many become visible together."""
    if not labels.publish(unit, claim, changed):
        return False
    label_counts.write(unit, claim, counted)
    book_counts.write(unit, claim, books)
    return True


def task_of(day: Day, head: Run | None) -> Task:
    """The question of a run; the months are those that have begun since the run in force."""
    months = months_after(head.day, day.day) if head else []
    return Task(day.day, day.last, day.rules, tuple((month, rules_on(day.versions, month)) for month in months))


def bounds(database: Database) -> Iterator[tuple[str, str]]:
    """All customers, window by window."""
    after = ""
    while (until := database.read_now(partial(window_end, after=after, size=CUSTOMERS_AT_ONCE))) is not None:
        yield after, until
        after = until


@dataclass
class _Making:
    """A run under way; windows are worked on side by side, for the database works while Python does not."""

    database: Database
    claim: Claim
    day: Day
    windows: Windows
    tell: Tell
    changed: int = 0
    done: int = 0  # windows

    def all(self) -> int:
        """How many customers there are."""
        self._lock = threading.Lock()
        total = self.database.read_now(labels.population)
        with ThreadPoolExecutor(READERS, "labels") as pool:
            rest = bounds(self.database)
            while wave := list(islice(rest, READERS)):
                self._ours(partial(labels.hold, claim=self.claim))
                list(pool.map(self._window, wave))
                done = min(self.done * CUSTOMERS_AT_ONCE, total)
                self.tell(f"标签：已算 {done:,} / {total:,} 位客户，{self.changed:,} 位有变化")
        return total

    def _window(self, bound: tuple[str, str]) -> None:
        after, until = bound
        if self.claim.again:
            self._ours(partial(labels.clean, claim=self.claim, after=after, until=until))
        evidence = self.database.read_now(lambda unit: self.windows.evidence(unit, after, until))
        changes = list(self._changes(evidence))
        for start in range(0, len(changes), ROWS_PER_UNIT):
            part = changes[start : start + ROWS_PER_UNIT]
            self._ours(partial(labels.write, claim=self.claim, rows=part))
        with self._lock:
            self.changed += len(changes)
            self.done += 1

    def _changes(
        self, evidence: Sequence[tuple[int | None, Evidence]]
    ) -> Iterator[tuple[CustomerId, int | None, Standing]]:
        for stood, each in evidence:
            found = judge(each, self.day)
            if found != each.before:
                yield each.customer_id, stood, found

    def _ours(self, step: Callable[[Unit], bool]) -> None:
        if not self.database.run(step, "labels"):
            raise Refused(TAKEN, reason="labels taken over")


@dataclass(frozen=True)
class Compared:
    """A past run made once more from the data as it is now: how many customers, and who would be labelled otherwise."""

    run: Run
    customers: int
    differing: tuple[CustomerId, ...]


def compare(database: Database, day: date, versions: Sequence[LabelRules], tell: Tell) -> Compared:
    """Make the labels that held on `day` again, by the rules in force then, and change nothing. Raises Refused."""
    run = database.read_now(partial(labels.run_of, day=day))
    if run is None:
        raise Refused(f"{day} 还没有标签：第一次重算在这之后", reason="no run yet")
    before = database.read_now(partial(labels.run_numbered, run=run.run - 1))
    made_of = Day(run.day, run.data_day, versions)
    windows = Windows(task_of(made_of, before), run.run - 1, everybody=True)
    differing: list[CustomerId] = []
    count = 0
    for after, until in bounds(database):
        stood = database.read_now(partial(labels.standings, run=run.run, after=after, until=until))
        evidence = database.read_now(partial(windows.evidence, after=after, until=until))
        known = [each for _, each in evidence if each.customer_id in stood]
        differing += [each.customer_id for each in known if judge(each, made_of) != stood[each.customer_id]]
        count += len(known)
        tell(f"标签：已核对 {count:,} 位客户，{len(differing):,} 位不同")
    return Compared(run, count, tuple(differing))


def late_text(ready: Ready) -> str:
    """Why the labels of an earlier day stay."""
    return f"{'、'.join(ready.late)}的数据还没有到齐，沿用上一次的标签"
