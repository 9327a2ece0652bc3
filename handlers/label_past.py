"""The labels of a day before the first run, made from the data as it is now and kept nowhere."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

from domain.daytext import whole_day
from domain.labels.label import Kind
from domain.labels.rules import LabelRules
from domain.labels.standing import Day, Standing, judge
from domain.refusal import Refused
from handlers.label_making import Tell, bounds
from handlers.label_round import task_of
from storage.database import Database
from storage.label_counts import Counts
from storage.label_windows import Window, Windows

_NO_RUN = 0


@dataclass(frozen=True)
class Past:
    """How many had which label on a day, by the rules in force on it; `data_day` is the last one looked at."""

    day: date
    data_day: date
    customers: int
    counts: Counts


def labels_of_past(database: Database, day: date, versions: Sequence[LabelRules], tell: Tell) -> Past:
    """Every customer judged by their whole history up to the evening before `day`. Raises Refused; blocks."""
    made_of = day_before(day, versions)
    windows = Windows(task_of(made_of, None), _NO_RUN, everybody=True)
    counts: Counts = {kind: Counter() for kind in Kind}
    customers = 0
    for after, until in bounds(database):
        seen = database.read_now(partial(windows.look, window=Window(after, until)))
        _count(counts, (judge(each.evidence, made_of) for each in seen if each.evidence is not None))
        customers += len(seen)
        tell(f"标签：已算 {customers:,} 位客户")
    return Past(day, made_of.last, customers, counts)


def day_before(day: date, versions: Sequence[LabelRules]) -> Day:
    """What a past day is judged by: the data of the evening before it. Refused where no rule held yet."""
    first = min((each.effective_from for each in versions), default=None)
    if first is None or day < first:
        held = f"，最早的一版从{whole_day(first)}起" if first else ""
        raise Refused(f"{whole_day(day)}还没有标签规则{held}。", reason="no label rules then")
    return Day(day, day - timedelta(days=1), versions)


def _count(counts: Counts, standings: Iterable[Standing]) -> None:
    for each in standings:
        for kind, label in each.labels.items():
            counts[kind].update(label.value.split("、"))
