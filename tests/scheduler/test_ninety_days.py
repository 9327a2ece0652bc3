"""Thousands of deadlines in working time, over ninety working days with the National Day week inside: none is lost,
none rings twice, early or after it was taken back, whoever ticks, meddles or restarts.
"""

import random
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.commands.errands import perform
from handlers.verbs import VERBS, Rule
from storage.imports.progress import nobody
from tests.scheduler.business_days import A_DAY, START, WorkingTime
from tests.scheduler.timer_stage import ALOUD, DAY, KIND, Moments, Rang, Stage, dues, number_of, ring
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
        perform(stage.databases[0], stage.clocks, "import", given, nobody, nobody)
        yield stage


def jumps(rounds: int, chance: random.Random) -> Iterator[timedelta]:
    """How time goes on from START past END: by seconds, by days, sometimes by an outage."""
    while True:
        mean = (END - START) / rounds
        yield mean * (8 if chance.random() < 0.05 else chance.expovariate(1))


def play(stage: Stage, count: int, rounds: int) -> None:
    stage.begin(count, DAYS * DAY)
    for jump in jumps(rounds, stage.chance):
        stage.round(jump)
        stage.brink()
        if stage.clocks.now > END:
            break
    while due := stage.next_due():  # what was armed anew in the end
        assert stage.clocks.now < due < LAST
        stage.go_to(due)


def judge(stage: Stage, count: int) -> None:
    """The verdict, from the rows, the records of the rings and what was said."""
    rows, rang = stage.rows(), stage.rang()
    assert {row.state for row in rows} == {"fired", "cancelled"}
    fired = {row.id: row for row in rows if row.state == "fired"}
    assert Counter(ringing.timer for ringing in rang) == Counter(fired.keys())  # none lost, none twice
    assert [ringing for ringing in rang if ringing.now < fired[ringing.timer].due_at] == []  # none early
    loud = Counter((row.person, row.subject) for row in fired.values() if number_of(row.subject) % ALOUD == 0)
    assert stage.heard() == loud
    lives = lives_of(rows, rang, stage)
    assert len(lives) == count
    for subject, life in lives.items():
        life.judge(stage, subject)


@dataclass
class Life:
    """The timers of one subject in the order of their generations, when each was asked for, and when it rang."""

    rows: list[Any]
    asked: list[Moments]
    rang: dict[int, datetime]

    def judge(self, stage: Stage, subject: str) -> None:
        assert [row.generation for row in self.rows] == list(range(1, len(self.rows) + 1)), subject
        due_to_start = sorted(zip(dues(self.asked, TIME), [start for start, _ in self.asked], strict=True))
        assert sorted(row.due_at for row in self.rows) == [due for due, _ in due_to_start], subject
        armed = {due: stage.round_of(start) for due, start in due_to_start}
        ends = [armed[row.due_at] for row in self.rows[1:]]
        for row, replaced in zip(self.rows, [*ends, None], strict=True):
            self._judge(stage, row, armed[row.due_at], replaced)

    def _judge(self, stage: Stage, row: Any, armed: int, replaced: int | None) -> None:
        """It rings in time unless it was taken back, and in no round after that; within a round either may win."""
        taken_back = [stage.round_of(when) for when in stage.cancelled[row.subject]]
        taken_back = [number for number in [*taken_back, replaced] if number is not None and number >= armed]
        if row.state == "cancelled":
            assert taken_back, row
        else:
            rang = stage.round_of(self.rang[row.id])
            assert [number for number in taken_back if armed < number < rang] == [], row
            assert rang <= bisect_left(stage.marks, row.due_at), row  # the first round after it came due, at the latest


def lives_of(rows: list[Any], rang: list[Rang], stage: Stage) -> dict[str, Life]:
    lives = {row.subject: Life([], list(stage.armed[row.subject]), {}) for row in rows}
    for row in rows:
        lives[row.subject].rows.append(row)
    for ringing in rang:
        life = lives[ringing.subject]
        life.rang[ringing.timer] = ringing.now
        life.asked += [(ringing.now, ringing.again)] if ringing.again else []
    return lives


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
    assert stage.restarts > 5
    rows = stage.rows()
    record_property(
        "told", f"{len(rows)} timers in {stage.rounds} rounds, {len(stage.rang())} rang, {stage.restarts} restarts"
    )


def test_the_days_are_those_of_the_notice() -> None:
    """The week of National Day lies inside, and the working Sunday and Saturday around it."""
    days = {opens.date() for opens, _ in TIME.ranges[: 2 * DAYS]}
    assert len(days) == DAYS
    assert {date(2026, 9, 20), date(2026, 10, 10)} <= days
    assert not {date(2026, 10, day) for day in range(1, 8)} & days
    assert bisect_left(sorted(days), date(2026, 10, 1)) > 30
