"""Timers: armed once per subject and kind, fired once by whoever comes first, in business time."""

from collections.abc import Iterator
from concurrent.futures import wait
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest

from storage import timers
from storage.database import Database
from storage.unit import Unit
from tests.storage.deeds import NOW, Clocks, opened


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
    assert not database.run(lambda unit: timers.fire(unit, seen.id))
    clocks.now = NOW + timedelta(minutes=9)
    (again,) = database.read_now(timers.due)
    assert (again.generation, database.run(lambda unit: timers.fire(unit, again.id))) == (2, True)
    database.run(lambda unit: arm(unit, minutes=12))
    clocks.now = NOW + timedelta(minutes=12)
    assert due(database) == [("todo:1", "remind", 3)]


def test_a_cancelled_timer_never_fires(database: Database, clocks: Clocks) -> None:
    database.run(arm)
    clocks.now = NOW + timedelta(minutes=6)
    (timer,) = database.read_now(timers.due)
    database.run(lambda unit: timers.cancel(unit, subject="todo:1", kind="remind"))
    assert due(database) == []
    assert not database.run(lambda unit: timers.fire(unit, timer.id))


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
            replicas[(number + copy) % count].job(lambda unit, timer=timer: timers.fire(unit, timer.id))
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
