"""Two replicas on PostgreSQL race the same clicks and timers: every race has one effect, and who lost hears so."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.clock import HouseClock
from storage.imports.load import run_import
from storage.opening import open_database
from tests.races.bank import AS_OF, Cell, write_bank
from tests.races.day import a_day
from tests.races.racing import Races
from tests.races.replicas import Replicas, two_replicas
from tests.races.verdict import judge

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CELLS = tuple(Cell(number) for number in range(10))
A_DAY = 200  # races, and some more where who withdrew has timers left
Tell = Callable[[str, object], None]

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)


def race(url: str, folder: Path, days: int, tell: Tell) -> None:
    """That many days, each a week after the other; then the verdict, and what it took."""
    fill(url, folder, 2 * days + 1)
    with two_replicas(url, folder / "key", MONDAY) as replicas:
        races, began = Races(replicas), time.monotonic()
        for day in range(days):
            replicas.clocks.now = MONDAY + timedelta(weeks=day)
            a_day(races, CELLS)
        seconds, count = time.monotonic() - began, sum(races.run.values())
        files = replicas.look(lambda unit: judge(unit, replicas.houses[0].processes, replicas.clicks))
        lines = [f"{times:6}  {name}" for name, times in races.run.most_common()]
        lines += [f"{count} races on {files} cases in {seconds:.0f} s, {count / seconds:.1f} a second"]
        deadlocks = replicas.deadlocks()
        lines += [f"deadlocks as the server counted them: {deadlocks}; done again: {_weather(replicas)}"]
    tell("told", "\n".join(lines))
    assert count >= days * A_DAY
    assert deadlocks == 0


def _weather(replicas: Replicas) -> str:
    return ", ".join(f"{what} × {times}" for what, times in replicas.told_of_weather().items()) or "nothing"


def fill(url: str, folder: Path, customers: int) -> None:
    write_bank(folder / "bank", CELLS, customers)
    database = open_database(url, folder / "key", HouseClock())
    database.start(None)
    report = run_import(database, folder / "bank", as_of=AS_OF, now=MONDAY, clock=time.monotonic)
    database.stop()
    assert report.ok, report


@pytest.mark.timeout(300)
def test_one_effect_each(migrated_url: str, tmp_path: Path, record_property: Tell) -> None:
    race(migrated_url, tmp_path, 1, record_property)


@pytest.mark.full
@pytest.mark.timeout(7200)
def test_ten_thousand_races(migrated_url: str, tmp_path: Path, record_property: Tell) -> None:
    race(migrated_url, tmp_path, 10_000 // A_DAY, record_property)
