"""Mornings by the working calendar: holidays, worked Saturdays, and units whose days and hours are their own."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from domain.ids import UnitId
from domain.working_hours import read_hours
from domain.zone import SHANGHAI
from storage import schema
from storage.calendars import SpecialDay, set_hours, write_days
from tests.scheduler.cases import MATURE, SILENT, Case, Held, met, write_cases
from tests.scheduler.conftest import Bank

S2 = UnitId("S2")


def at(written: str) -> datetime:
    return datetime.fromisoformat(f"2026-{written}").replace(tzinfo=SHANGHAI)


def matures(day: date, **more: str) -> Case:
    return Case(f"matures on {day}", held=(Held(day.isoformat()),), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("moment", "runs"),
    [
        ("02-14 09:00", True),  # a worked Saturday
        ("02-17 09:00", False),
        ("02-24 09:00", True),
        ("06-19 10:00", False),  # a Friday
        ("09-20 09:00", True),  # a worked Sunday
        ("10-01 10:00", False),
        ("10-07 10:00", False),
        ("10-08 08:59:59", False),
        ("10-08 09:00", True),
        ("10-10 12:00", False),  # a worked Saturday, and its lunch
        ("10-10 13:30", True),
        ("10-11 10:00", False),
    ],
)
async def test_days_of_the_published_calendar(
    make_bank: Callable[[], Bank], tmp_path: Path, moment: str, runs: bool
) -> None:
    bank = make_bank()
    now = bank.clocks.now = at(moment)
    case = matures(now.date() + timedelta(days=9))
    bank.load(write_cases(tmp_path / "cases", (case,)), now.date() - timedelta(days=1))
    await bank.morning()()
    assert bool(bank.found()) == runs
    assert bank.told() == (Counter(rm01=1) if runs else Counter())


async def test_over_national_day(make_bank: Callable[[], Bank], tmp_path: Path) -> None:
    """What comes into reach on the holiday is told on the first working morning, and is due by working days; the data
    of the last working day will do for silence, those of the day before will not.
    """
    bank = make_bank()
    bank.clocks.now = at("09-30 09:00")
    silent = Case("30 days on the last working day", talks=met("2026-08-31"))
    files = write_cases(tmp_path / "cases", (matures(date(2026, 10, 18)), silent))
    bank.load(files, date(2026, 9, 29))
    morning = bank.morning()
    for day in range(8):
        bank.clocks.now = at("09-30 09:00") + timedelta(days=day)
        await morning()
        assert bank.told() == Counter(), day
    bank.clocks.now = at("10-08 09:00")
    await morning()
    assert {hit[0] for hit in bank.found()} == {MATURE}
    bank.clocks.now = at("10-08 10:00")
    bank.load(files, date(2026, 9, 30))
    await morning()
    assert {hit[0] for hit in bank.found()} == {MATURE, SILENT}
    assert bank.told() == Counter(rm01=1)
    due = {row[0] for row in bank.rows(schema.finding.c.due_on)}
    assert due == {date(2026, 10, 12)}  # the 9th, Saturday the 10th, Monday


async def test_a_unit_works_by_its_own_days_and_hours(make_bank: Callable[[], Bank], tmp_path: Path) -> None:
    """An outlet below a sub-branch that is closed on Monday, opens at ten, and works on Saturday."""
    bank = make_bank()
    own = [SpecialDay(S2, date(2026, 11, day), works, confirmed=True) for day, works in ((23, False), (28, True))]
    bank.database.run(lambda unit: set_hours(unit, S2, read_hours("10:00-16:00")))
    bank.database.run(lambda unit: write_days(unit, (), own, "test"))
    there, reach = {"rm": "rm03", "unit": "W2"}, date(2026, 12, 13)
    soon = date(2026, 12, 1)
    cases = (matures(soon), matures(soon, **there), matures(reach), matures(reach, **there))
    bank.load(write_cases(tmp_path / "cases", cases))
    morning = bank.morning()

    async def comes(moment: str) -> tuple[set[object], Counter[object]]:
        bank.clocks.now = at(moment)
        await morning()
        return {hit[1] for hit in bank.found()}, bank.told()

    assert await comes("11-23 10:00") == ({"C001"}, Counter(rm01=1))
    assert await comes("11-24 09:00") == ({"C001", "C002"}, Counter(rm01=1))
    assert await comes("11-24 09:59") == ({"C001", "C002"}, Counter(rm01=1))
    assert await comes("11-24 10:00") == ({"C001", "C002"}, Counter(rm01=1, rm03=1))
    assert await comes("11-28 09:00") == ({"C001", "C002"}, Counter(rm01=1, rm03=1))
    assert await comes("11-28 10:00") == ({"C001", "C002", "C004"}, Counter(rm01=1, rm03=2))
    assert await comes("11-30 09:00") == ({"C001", "C002", "C003", "C004"}, Counter(rm01=2, rm03=2))
    assert await comes("11-30 10:00") == ({"C001", "C002", "C003", "C004"}, Counter(rm01=2, rm03=3))
    due = dict(bank.rows(schema.finding.c.customer_id, schema.finding.c.due_on))  # type: ignore[arg-type]
    assert due == {
        "C001": date(2026, 11, 26), "C002": date(2026, 11, 27), "C003": date(2026, 12, 3), "C004": date(2026, 12, 2),
    }  # fmt: skip


async def test_a_day_off_that_is_declared_holds_at_once(make_bank: Callable[[], Bank], tmp_path: Path) -> None:
    bank = make_bank()
    bank.load(write_cases(tmp_path / "cases", (matures(date(2026, 12, 1)),)))
    bank.clocks.now = at("11-23 08:59")
    morning = bank.morning()
    await morning()
    off = SpecialDay(UnitId(""), date(2026, 11, 23), works=False, confirmed=True)
    bank.database.run(lambda unit: write_days(unit, (), [off], "test"))
    bank.clocks.now = at("11-23 10:00")
    await morning()
    assert (bank.found(), bank.told()) == (set(), Counter())
    bank.clocks.now = at("11-24 09:00")
    await morning()
    assert bank.told() == Counter(rm01=1)
