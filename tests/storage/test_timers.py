"""Timers: armed once per subject and kind, fired once by whoever comes first, in business time."""

from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import cases, inbox, schema, timers
from storage.database import Database
from storage.engine import postgres
from storage.timers import DueTimer
from storage.unit import Unit
from tests.storage.deeds import NOW, PATIENCE, Clocks, eventually, opened, received


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def database(migrated_url: str, tmp_path: Path, clocks: Clocks) -> Iterator[Database]:
    with opened(migrated_url, tmp_path, clocks=clocks) as made:
        yield made


def arm(unit: Unit, subject: str = "todo:1", kind: str = "remind", minutes: int = 5) -> None:
    timers.arm(unit, subject=subject, kind=kind, person="rm01", due_at=NOW + timedelta(minutes=minutes))


def due(database: Database) -> list[tuple[str, str, int]]:
    return [(timer.subject, timer.kind, timer.generation) for timer in database.read_now(timers.due)]


def test_a_timer_is_due_when_business_time_says_so(database: Database, clocks: Clocks) -> None:
    database.run(arm)
    clocks.push(days=1)
    assert due(database) == []
    clocks.now = NOW + timedelta(minutes=5)
    assert due(database) == [("todo:1", "remind", 1)]


def test_arming_again_replaces(database: Database, clocks: Clocks) -> None:
    database.run(arm)
    database.run(lambda unit: arm(unit, minutes=9))
    database.run(lambda unit: arm(unit, kind="lapse"))
    clocks.now = NOW + timedelta(minutes=6)
    assert due(database) == [("todo:1", "lapse", 1)]
    clocks.now = NOW + timedelta(minutes=9)
    assert sorted(due(database)) == [("todo:1", "lapse", 1), ("todo:1", "remind", 2)]


def test_a_timer_moved_after_it_was_seen_waits_for_its_new_moment(database: Database, clocks: Clocks) -> None:
    database.run(arm)
    clocks.now = NOW + timedelta(minutes=6)
    (seen,) = database.read_now(timers.due)
    database.run(lambda unit: arm(unit, minutes=9))
    assert not database.run(lambda unit: timers.fire(unit, seen))
    clocks.now = NOW + timedelta(minutes=9)
    (again,) = database.read_now(timers.due)
    assert (again.generation, database.run(lambda unit: timers.fire(unit, again))) == (2, True)
    database.run(lambda unit: arm(unit, minutes=12))
    clocks.now = NOW + timedelta(minutes=12)
    assert due(database) == [("todo:1", "remind", 3)]


def test_a_cancelled_timer_never_fires(database: Database, clocks: Clocks) -> None:
    database.run(arm)
    clocks.now = NOW + timedelta(minutes=6)
    (timer,) = database.read_now(timers.due)
    database.run(lambda unit: timers.cancel(unit, subject="todo:1", kind="remind"))
    assert due(database) == []
    assert not database.run(lambda unit: timers.fire(unit, timer))


def test_many_who_want_to_fire_fire_once(migrated_url: str, tmp_path: Path, clocks: Clocks, backend: str) -> None:
    with ExitStack() as stack:
        count = 2 if backend == "postgresql" else 1
        replicas = [stack.enter_context(opened(migrated_url, tmp_path, clocks=clocks)) for _ in range(count)]
        for number in range(40):
            replicas[0].run(lambda unit, n=number: arm(unit, f"todo:{n}"))
        clocks.now = NOW + timedelta(hours=1)
        waiting = replicas[-1].read_now(timers.due)
        assert len(waiting) == 40
        fires = [
            replicas[(number + copy) % count].job(lambda unit, timer=timer: timers.fire(unit, timer))
            for number, timer in enumerate(waiting)
            for copy in range(4)
        ]
        wait(fires, 30)
        assert [future.result() for future in fires].count(True) == 40
        assert due(replicas[0]) == []


def test_the_oldest_come_first_and_not_all_at_once(database: Database, clocks: Clocks) -> None:
    for minutes in (3, 1, 2):
        database.run(lambda unit, m=minutes: arm(unit, f"todo:{m}", minutes=m))
    clocks.now = NOW + timedelta(minutes=9)
    first = database.read_now(lambda unit: timers.due(unit, 2))
    assert [timer.subject for timer in first] == ["todo:1", "todo:2"]


def test_however_many_arm_at_once_one_is_armed(migrated_url: str, tmp_path: Path, clocks: Clocks, backend: str) -> None:
    """A click and a tick about the same case, on two replicas."""
    with ExitStack() as stack:
        count = 2 if backend == "postgresql" else 1
        replicas = [stack.enter_context(opened(migrated_url, tmp_path, clocks=clocks)) for _ in range(count)]
        futures = [
            replicas[number % count].job(lambda unit, n=number: arm(unit, f"todo:{n % 5}", minutes=n % 7))
            for number in range(200)
        ]
        wait(futures, 30)
        assert [future.exception() for future in futures] == [None] * 200
        clocks.now = NOW + timedelta(hours=1)
        assert sorted(due(replicas[0])) == [(f"todo:{number}", "remind", 40) for number in range(5)]


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_timer_and_a_click_on_its_case_do_not_wait_for_each_other(migrated_url: str, database: Database) -> None:
    """Whoever moves a case has it first and its timer second; a timer that has itself first would be the other half
    of a deadlock."""
    database.run(_case_with_a_timer)
    (timer,) = database.read_now(lambda unit: timers.due(replace(unit, now=NOW + timedelta(minutes=6))))
    engine = postgres(migrated_url, pool=2)
    with engine.begin() as clicking:
        clicked = Unit(clicking, database.vault, NOW)
        cases.hold(clicked, "case:C1/a3")
        runs: list[bool] = []
        firing = database.job(lambda unit: _fires(unit, timer, runs))
        eventually(lambda: _somebody_waits(database))
        timers.cancel(clicked, subject="case:C1", kind="case.fire.ack")
    firing.result(PATIENCE)
    assert runs == [False]  # and not once more after a deadlock
    engine.dispose()


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_timer_waits_for_what_its_person_just_said(migrated_url: str, database: Database) -> None:
    """Words into a form put its patience off: the timer that saw it before does not end the form behind their back,
    nor does it have its row while it waits."""
    database.run(lambda unit: arm(unit, "talk:1"))
    database.run(lambda unit: inbox.insert(unit.connection, unit.vault, [received("words", "rm01")]))
    (timer,) = database.read_now(lambda unit: timers.due(replace(unit, now=NOW + timedelta(minutes=6))))
    engine = postgres(migrated_url, pool=2)
    with engine.begin() as group:
        assert [row.person for row in inbox.claim(group, database.vault, 8)] == ["rm01"]
        runs: list[bool] = []
        firing = database.job(lambda unit: _fires(unit, timer, runs))
        eventually(lambda: _somebody_waits(database))
        arm(Unit(group, database.vault, NOW), "talk:1", minutes=30)
    firing.result(PATIENCE)
    engine.dispose()
    assert runs == [False]


def _fires(unit: Unit, timer: DueTimer, runs: list[bool]) -> None:
    runs.append(True)
    runs[-1] = timers.fire(unit, timer)
    cases.hold(unit, timer.subject)


def _case_with_a_timer(unit: Unit) -> None:
    case = {"id": "C1", "process": "p", "version": 1, "state": "s", "closed": False, "confidential": False}
    unit.execute(schema.case_file.insert(), {**case, "revision": 1, "opened_at": NOW, "moved_at": NOW, "body": b""})
    arm(unit, "case:C1", "case.fire.ack")


def _somebody_waits(database: Database) -> bool:
    waiting = sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    return bool(database.read_now(lambda unit: unit.execute(waiting).scalar_one()))
