"""Thousands of deadlines in working time, over ninety working days with the National Day week inside: none is lost, none
rings twice or early, whoever ticks, meddles or restarts.
"""

import random
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from bot.commands.errands import perform
from handlers.verbs import VERBS, Rule
from tests.scheduler.business_days import A_DAY, START, WorkingTime
from tests.scheduler.timer_stage import ALOUD, DAY, KIND, Stage, dues, ring
from tests.storage.import_bank import write_bank

DAYS = 90
TIME = WorkingTime(3 * DAYS)
END = TIME.moment(DAYS * A_DAY)
LAST = TIME.moment(2 * DAYS * A_DAY)  # what was armed anew on the last day is due by then


@pytest.fixture
def stage(
    migrated_url: str, tmp_path: Path, backend: str, monkeypatch: pytest.MonkeyPatch, seed: int
) -> Iterator[Stage]:
    monkeypatch.setitem(VERBS, KIND, Rule(ring))  # type: ignore[arg-type]
    made = Stage(migrated_url, tmp_path, 2 if backend == "postgresql" else 1, random.Random(seed))
    with made.open() as stage:
        write_bank(tmp_path / "feed")
        given = {"folder": str(tmp_path / "feed"), "as_of": "2026-08-17", "max_bad": "0", "dry_run": False}
        perform(stage.databases[0], stage.clocks, "import", given, lambda _: None)
        yield stage


def jumps(rounds: int, chance: random.Random) -> Iterator[timedelta]:
    """From START past END: some rounds are seconds, some an outage of days."""
    while True:
        mean = (END - START) / rounds
        yield mean * (8 if chance.random() < 0.05 else chance.expovariate(1))


def play(stage: Stage, count: int, rounds: int) -> None:
    stage.begin(count, DAYS * DAY)
    for jump in jumps(rounds, stage.chance):
        stage.round(jump)
        if stage.clocks.now > END:
            break
    while any(row.state == "armed" for row in stage.rows()):  # what a ring set again
        assert stage.clocks.now < LAST
        stage.clocks.now += timedelta(days=3)
        stage.settle()


def judge(stage: Stage, count: int) -> None:
    """The verdict, from the rows, the records of the rings and what was said."""
    rows, rang = stage.rows(), stage.rang()
    for ringing in rang:
        if "again" in ringing:
            stage.armed[ringing["subject"]].append((datetime.fromisoformat(ringing["now"]), ringing["again"]))
    of_subject = defaultdict(list)
    for row in rows:
        of_subject[row.subject].append(row)
    assert len(of_subject) == count
    for subject, mine in of_subject.items():
        assert sorted(row.due_at for row in mine) == sorted(dues(stage.armed[subject], TIME)), subject
        assert [row.generation for row in mine] == list(range(1, len(mine) + 1))
        assert mine[-1].state == "fired" or stage.cancelled[subject], subject  # others gave way to the next one
    fired = {row.id: row for row in rows if row.state == "fired"}
    assert Counter(ringing["timer"] for ringing in rang) == Counter(fired.keys())
    early = [ringing for ringing in rang if datetime.fromisoformat(ringing["now"]) < fired[ringing["timer"]].due_at]
    assert early == []
    assert {row.state for row in rows} == {"fired", "cancelled"}
    loud = Counter((row.person, row.subject) for row in fired.values() if int(row.subject.split(":")[1]) % ALOUD == 0)
    assert stage.heard() == loud


@pytest.mark.parametrize("seed", [1])
def test_six_hundred_deadlines(stage: Stage) -> None:
    play(stage, 600, rounds=30)
    judge(stage, 600)
    assert stage.restarts > 0


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", [20261001])
def test_ten_thousand_deadlines(stage: Stage, record_property: Callable[[str, object], None]) -> None:
    play(stage, 10_000, rounds=200)
    judge(stage, 10_000)
    assert stage.restarts >= 10
    rows = stage.rows()
    record_property("told", f"{len(rows)} timers, {len(stage.rang())} rang, {stage.restarts} restarts")


def test_the_days_are_those_of_the_notice() -> None:
    """The week of National Day lies inside, and the working Sunday and Saturday around it."""
    days = {opens.date() for opens, _ in TIME.ranges[: 2 * DAYS]}
    assert len(days) == DAYS
    assert {date(2026, 9, 20), date(2026, 10, 10)} <= days
    assert not {date(2026, 10, day) for day in range(1, 8)} & days
    assert bisect_left(sorted(days), date(2026, 10, 1)) > 30
