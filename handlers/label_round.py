"""Making the labels of a day: of whom they may change, visible all at once with the last step.

Who is judged is found first (storage.label_due): whose inputs changed or whose day has come; to judge everybody gives
the same labels.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

from domain.ids import CustomerId
from domain.labels.hysteresis import months_after
from domain.labels.rules import LabelRules, fingerprint, rules_on
from domain.labels.standing import Day, judge
from domain.refusal import Refused
from handlers.label_making import TAKEN, Making, Tell, bounds
from storage import label_counts, label_due, label_runs, labels
from storage.calendars import calendar_of
from storage.database import Database
from storage.feeds import feed_days
from storage.label_counts import Counted
from storage.label_inputs import Task
from storage.label_runs import Claim, Run
from storage.label_windows import Window, Windows
from storage.unit import Unit

MOST_PERCENT = 40
"""Of all customers, beyond which they are judged window by window instead of by a list."""
MARKS_PER_UNIT = 2_000
FEEDS = {"aum_daily": "每日 AUM", "holdings": "持仓", "transactions": "交易", "interactions": "联系记录"}
"""What labels are made from; without all of them a day's labels would blame the customer for a late file."""

NO_RULES = "包里没有标签规则（labels），没有可算的"


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
    judged: int


def readiness(unit: Unit, day: date) -> Ready:
    """Data through the last working day before `day` must be there; what has come since is used too."""
    wanted = calendar_of(unit, None).workday_before(day)
    days = feed_days(unit)
    late = tuple(word for name, word in FEEDS.items() if days.get(name, date.min) < wanted)
    arrived = min(days.get(name, date.min) for name in FEEDS)
    return Ready(day, min(arrived, day - timedelta(days=1)), late)


def due(unit: Unit, day: date) -> bool:
    """Whether the labels of `day` are still to be made."""
    head = label_runs.head(unit)
    return head is None or head.day < day


def make(
    database: Database, ready: Ready, versions: Sequence[LabelRules], tell: Tell, *, everybody: bool = False
) -> Made:
    """All labels of the day; raises Refused while another process makes them. Blocks: not for the event loop.

    Only whose inputs changed or whose day has come are judged, unless `everybody` is to be.
    """
    if not versions:
        raise Refused(NO_RULES, reason="no label rules")
    head = database.read_now(label_runs.head)
    claim = database.run(partial(_claim, ready=ready, versions=versions), "labels.claim")
    if claim is None:
        raise Refused(TAKEN, reason="labels under way")
    day = Day(ready.day, ready.data_day, versions)
    making = Making(database, claim, day, Windows(task_of(day, head), claim.published), tell)
    customers = making.all(None if everybody else _whom(database, claim, head))
    counted = database.read_now(partial(label_counts.gather, claim=claim))
    publish = partial(_publish, claim=claim, changed=making.changed, counted=counted)
    if not database.run(publish, "labels.publish"):
        raise Refused(TAKEN, reason="labels taken over")
    while database.run(partial(label_due.forget, run=claim.run.run, most=MARKS_PER_UNIT), "labels"):
        pass
    return Made(replace(claim.run, changed=making.changed), customers, making.judged)


def _claim(unit: Unit, ready: Ready, versions: Sequence[LabelRules]) -> Claim | None:
    rules_from, rules = rules_on(versions, ready.day).effective_from, fingerprint(versions, ready.day)
    return label_runs.claim(unit, ready.day, ready.data_day, rules_from, rules, label_due.remembered(unit))


def _whom(database: Database, claim: Claim, head: Run | None) -> list[CustomerId] | None:
    """Who has to be judged; None is everybody: the first time, by other rules, or when so many are that a list would
    be the longer way.
    """
    now = claim.run
    if head is None or head.rules != now.rules or now.day < head.day or now.data_day < head.data_day:
        return None
    most = database.read_now(labels.population) * MOST_PERCENT // 100
    return database.read_now(partial(label_due.candidates, claim=claim, before=head, most=most))


def _publish(unit: Unit, claim: Claim, changed: int, counted: Counted) -> bool:
    """The labels, how many have which and who keeps how many become visible together."""
    if not label_runs.publish(unit, claim, changed):
        return False
    label_counts.write(unit, claim, counted)
    return True


def task_of(day: Day, head: Run | None) -> Task:
    """The question of a run; the months are those that have begun since the run in force."""
    months = months_after(head.day, day.day) if head else []
    return Task(day.day, day.last, day.rules, tuple((month, rules_on(day.versions, month)) for month in months))


@dataclass(frozen=True)
class Compared:
    """A past run made once more from the data as it is now: how many customers, and who would be labelled otherwise."""

    run: Run
    customers: int
    differing: tuple[CustomerId, ...]


def compare(database: Database, day: date, versions: Sequence[LabelRules], tell: Tell) -> Compared:
    """Make the labels that held on `day` again, by the rules in force then, and change nothing. Raises Refused."""
    run = database.read_now(partial(label_runs.run_of, day=day))
    if run is None:
        raise Refused(f"{day} 还没有标签：第一次重算在这之后", reason="no run yet")
    before = database.read_now(partial(label_runs.run_numbered, run=run.run - 1))
    made_of = Day(run.day, run.data_day, versions)
    windows = Windows(task_of(made_of, before), run.run - 1, everybody=True)
    differing: list[CustomerId] = []
    count = 0
    for after, until in bounds(database):
        stood = database.read_now(partial(labels.standings, run=run.run, after=after, until=until))
        seen = database.read_now(partial(windows.look, window=Window(after, until)))
        known = [each.evidence for each in seen if each.evidence is not None and each.customer_id in stood]
        differing += [each.customer_id for each in known if judge(each, made_of) != stood[each.customer_id]]
        count += len(known)
        tell(f"标签：已核对 {count:,} 位客户，{len(differing):,} 位不同")
    return Compared(run, count, tuple(differing))


def late_text(ready: Ready) -> str:
    """Why the labels of an earlier day stay."""
    return f"{'、'.join(ready.late)}的数据还没有到齐，沿用上一次的标签"
