"""Mornings of many days: hours, late data, new silences, a day's most, and findings that follow their customers."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from domain.ids import UserId
from storage import schema, todos
from tests.scheduler.cases import LONG, MATURE, SILENT, SOON, Case, Held, Talk, met, write_cases
from tests.scheduler.conftest import Bank
from tests.storage.deeds import NOW


@pytest.mark.parametrize(
    ("moment", "runs"),
    [
        (NOW.replace(hour=8, minute=59, second=59), False),
        (NOW, True),
        (NOW.replace(hour=12), False),  # lunch
        (NOW.replace(hour=13, minute=30), True),
        (NOW.replace(hour=17, minute=29), True),
        (NOW.replace(hour=17, minute=30), False),
        (NOW - timedelta(days=1), False),  # a Sunday
        (NOW - timedelta(days=2), False),
    ],
)
async def test_only_in_working_hours(
    make_bank: Callable[[], Bank], tmp_path: Path, moment: datetime, runs: bool
) -> None:
    bank = make_bank()
    bank.load(write_cases(tmp_path / "cases", (Case("matures", held=SOON),)))
    bank.clocks.now = moment
    await bank.morning()()
    assert bool(bank.found()) == runs
    assert bank.told() == (Counter(rm01=1) if runs else Counter())


ONE_LONG = (Case("silent", talks=LONG), Case("matures in 18 days", held=(Held("2026-12-11"),)))


async def test_days_go_by(make_bank: Callable[[], Bank], tmp_path: Path) -> None:
    """Once an occasion, also after a jump over days; one digest a day with something new, none without."""
    bank = make_bank()
    bank.load(write_cases(tmp_path / "cases", ONE_LONG))
    morning = bank.morning()
    await morning()
    await morning()
    first = {(SILENT, "C001", "2026-10-01", "rm01")}
    assert bank.found() == first
    assert bank.told() == Counter(rm01=1)
    bank.clocks.now = NOW + timedelta(days=1)
    await bank.morning()()
    assert (bank.found(), bank.told()) == (first, Counter(rm01=1))  # nothing new, nothing due
    bank.clocks.now = NOW + timedelta(days=3)
    await bank.morning()()
    assert bank.told() == Counter(rm01=2)  # the first to-do is due that day; and the holding is 15 days away
    both = first | {(MATURE, "C002", "C002-1@2026-12-11", "rm01")}
    assert bank.found() == both
    bank.clocks.now = NOW + timedelta(days=28)
    await bank.morning()()
    assert (bank.found(), bank.told()) == (both, Counter(rm01=3))  # a month later one digest, no storm


async def test_late_data_is_waited_for(make_bank: Callable[[], Bank], tmp_path: Path) -> None:
    """Tuesday with the data of Sunday: silence is not judged, maturities are; once the data is there, it is."""
    bank = make_bank()
    quiet = Case("29 days on Sunday", talks=met("2026-10-24"))
    bank.load(write_cases(tmp_path / "cases", (quiet, Case("matures", held=SOON))))
    bank.clocks.now = NOW + timedelta(days=1)
    morning = bank.morning()
    await morning()
    assert {hit[0] for hit in bank.found()} == {MATURE}
    bank.clocks.now += timedelta(hours=2)
    bank.load(tmp_path / "cases", date(2026, 11, 23))
    await morning()
    assert {hit[0] for hit in bank.found()} == {MATURE, SILENT}
    assert bank.told() == Counter(rm01=1)  # what came late is told with the next morning's
    bank.clocks.now = NOW + timedelta(days=2)
    await morning()
    assert bank.told() == Counter(rm01=2)


@pytest.mark.parametrize(("as_of", "judged"), [(date(2026, 11, 20), True), (date(2026, 11, 19), False)])
async def test_fridays_data_do_for_monday(
    make_bank: Callable[[], Bank], tmp_path: Path, as_of: date, judged: bool
) -> None:
    bank = make_bank()
    bank.load(write_cases(tmp_path / "cases", (Case("silent", talks=LONG),)), as_of)
    await bank.morning()()
    assert bool(bank.found()) == judged


async def test_a_new_silence_is_a_new_finding(make_bank: Callable[[], Bank], tmp_path: Path) -> None:
    bank = make_bank()
    again = (*LONG, Talk("2026-11-24T10:00:00+08:00"))
    bank.load(write_cases(tmp_path / "a", (Case("silent", talks=LONG),)))
    await bank.morning()()
    for day, finds in ((date(2026, 12, 23), 1), (date(2026, 12, 24), 2), (date(2026, 12, 25), 2)):
        # The data of a day is judged the next morning; the 24th of December is thirty days after the talk.
        bank.clocks.now = NOW.replace(year=day.year, month=day.month, day=day.day) + timedelta(days=1)
        while bank.clocks.now.weekday() > 4:
            bank.clocks.now += timedelta(days=1)
        bank.load(write_cases(tmp_path / str(day), (Case("silent", talks=again),)), day)
        await bank.morning()()
        assert len(bank.found()) == finds, day
    assert {hit[2] for hit in bank.found()} == {"2026-10-01", "2026-11-24"}


async def test_a_day_brings_a_person_no_more_than_they_can_do(make_bank: Callable[[], Bank], tmp_path: Path) -> None:
    """Twenty, what matures first before the rest, which comes the next morning; others are not held up."""
    bank = make_bank()
    days = [Held(f"2026-12-{1 + number % 7:02}", f"{600_000 + number}.00") for number in range(25)]
    cases = tuple(Case(f"{number}", held=(held,)) for number, held in enumerate(days))
    bank.load(write_cases(tmp_path / "cases", (*cases, Case("another's", held=SOON, rm="rm02"))))
    await bank.morning()()
    mine = [str(hit[2]).partition("@")[2] for hit in bank.found() if hit[3] == "rm01"]
    assert sorted(mine) == sorted(held.matures_on for held in days)[:20]
    listed = bank.database.read_now(lambda unit: todos.pending_of(unit, UserId("rm01")))
    best = sorted(range(25), key=lambda number: (days[number].matures_on, -number))  # the larger amount first
    assert [todo.customer_id for todo in listed] == [f"C{number + 1:03}" for number in best[:20]]
    assert bank.told() == Counter(rm01=1, rm02=1)
    bank.clocks.now = NOW + timedelta(days=1)
    await bank.morning()()
    assert len(bank.found()) == 26


async def test_findings_follow_their_customers(make_bank: Callable[[], Bank], tmp_path: Path) -> None:
    """Handed over, left without an RM, closed, and at last somebody's: each to-do is where it can be done."""
    bank = make_bank()
    before = [Case(what, talks=LONG) for what in ("handed over", "left alone", "stays")]
    nobody = Case("nobody's", talks=LONG, rm="", unit="S2")
    closed = Case("closed", talks=LONG)
    bank.load(write_cases(tmp_path / "a", (*before, nobody, closed)))
    await bank.morning()()
    owners = {"C001": "rm01", "C002": "rm01", "C003": "rm01", "C004": None, "C005": "rm01"}
    assert {hit[1]: hit[3] for hit in bank.found()} == owners

    after = (replace(before[0], rm="rm02"), replace(before[1], rm="old01"), before[2], replace(nobody, rm="rm02"))
    bank.load(write_cases(tmp_path / "b", after), date(2026, 11, 23))
    bank.clocks.now = NOW + timedelta(days=1)
    await bank.morning()()
    owners |= {"C001": "rm02", "C002": "head01", "C004": "rm02", "C005": None}
    assert {hit[1]: hit[3] for hit in bank.found()} == owners
    todo = schema.todo.c
    work = Counter(bank.rows(todo.customer_id, todo.owner, todo.state))
    assert work == Counter({
        ("C001", "rm01", "cancelled"): 1, ("C001", "rm02", "open"): 1,
        ("C002", "rm01", "cancelled"): 1, ("C002", "head01", "open"): 1,
        ("C003", "rm01", "open"): 1, ("C004", "rm02", "open"): 1, ("C005", "rm01", "cancelled"): 1,
    })  # fmt: skip
    assert bank.told() == Counter(rm01=1, rm02=1, head01=1)  # who got something new is told; rm01 heard yesterday
    bank.clocks.now = NOW + timedelta(days=2)
    await bank.morning()()
    assert Counter(bank.rows(todo.customer_id, todo.owner, todo.state)) == work
