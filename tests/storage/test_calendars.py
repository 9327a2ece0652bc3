"""The calendar as rows: the published years are there, a unit's own days go before the bank's, drafts add work only."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.calendar import Calendar
from domain.ids import UnitId
from domain.working_hours import read_hours, write_hours
from storage import calendars, schema
from storage.calendars import BANK, SpecialDay, calendar_of, set_hours, special_days, write_days
from storage.database import Database
from storage.migrate import upgrade
from storage.unit import Unit
from tests.domain.calendar_2026 import DAYS
from tests.storage.deeds import NOW, Clocks, opened, records

UNITS = {"HO": None, "B1": "HO", "S1": "B1", "O1": "S1", "S2": "B1", "loop1": "loop2", "loop2": "loop1"}
SATURDAY, MONDAY = date(2026, 11, 21), date(2026, 11, 23)


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    with opened(migrated_url, tmp_path) as made:
        made.run(found_units)
        yield made


def found_units(unit: Unit) -> None:
    stamps = {"kind": "branch", "as_of": date(2026, 11, 22), "arrived_at": NOW}
    rows = [{"unit_id": name, "name": name, "parent_id": above, **stamps} for name, above in UNITS.items()]
    unit.execute(schema.rows_of(schema.org_unit).insert(), rows)


def told(database: Database, *days: SpecialDay) -> None:
    database.run(lambda unit: write_days(unit, [day.place for day in days], days, "test"))


def of(database: Database, name: str | None) -> Calendar:
    return database.read_now(lambda unit: calendar_of(unit, None if name is None else UnitId(name)))


def day(name: str, on: date, works: bool, ranges: str | None = None, confirmed: bool = True) -> SpecialDay:
    return SpecialDay(UnitId(name), on, works, ranges, "", confirmed)


def test_the_published_year_is_there(database: Database) -> None:
    calendar = of(database, None)
    every = [date.fromordinal(number) for number in range(date(2026, 1, 1).toordinal(), date(2027, 1, 1).toordinal())]
    assert [on for on in every if calendar.is_workday(on) != DAYS.get(on, on.weekday() < 5)] == []
    assert write_hours(calendar.hours) == "09:00-12:00|13:30-17:30"
    assert calendar.confirmed_through == date(2026, 12, 31)


def test_all_published_years_are_there_with_their_source(database: Database) -> None:
    column = schema.calendar_day.c
    rows = database.read_now(lambda unit: unit.rows(sa.select(column.day, column.source, column.confirmed)))
    assert {row.day.year for row in rows} == set(range(2004, 2027))
    assert all(row.confirmed and "chinesecalendar" in row.source for row in rows)
    days = {row.day for row in rows}
    assert {date(2004, 10, 1), date(2015, 9, 3), date(2020, 1, 31)} <= days


def test_migrating_again_leaves_what_people_changed(database_url: str, tmp_path: Path) -> None:
    upgrade(database_url)
    with opened(database_url, tmp_path) as database:
        told(database, day("", date(2026, 10, 8), works=False), day("", date(2027, 1, 4), works=False))
        before = database.read_now(lambda unit: unit.rows(sa.select(schema.calendar_day)))
    upgrade(database_url)
    with opened(database_url, tmp_path) as database:
        assert database.read_now(lambda unit: unit.rows(sa.select(schema.calendar_day))) == before


def test_a_year_that_is_missing_is_planted(migrated_url: str, tmp_path: Path) -> None:
    year = schema.calendar_day.c.day.between(date(2026, 1, 1), date(2026, 12, 31))
    with opened(migrated_url, tmp_path) as database:
        database.run(lambda unit: unit.execute(schema.calendar_day.delete().where(year)).rowcount)
        assert of(database, None).confirmed_through == date(2025, 12, 31)
    upgrade(migrated_url)
    with opened(migrated_url, tmp_path) as database:
        assert of(database, None).confirmed_through == date(2026, 12, 31)


# --- units ----------------------------------------------------------------------------------------------------------


def test_the_nearest_says_when(database: Database) -> None:
    told(database, day("B1", SATURDAY, works=True), day("S1", SATURDAY, works=False), day("HO", MONDAY, works=False))
    works = {name: of(database, name).is_workday(SATURDAY) for name in UNITS}
    assert works == {"HO": False, "B1": True, "S1": False, "O1": False, "S2": True, "loop1": False, "loop2": False}
    assert [name for name in UNITS if of(database, name).is_workday(MONDAY)] == ["loop1", "loop2"]
    for stranger in (None, "nobody"):
        calendar = of(database, stranger)
        assert (calendar.is_workday(SATURDAY), calendar.is_workday(MONDAY)) == (False, True)


def test_a_sub_branch_open_on_saturdays_has_more_time(database: Database) -> None:
    told(database, day("S1", SATURDAY, works=True, ranges="09:00-12:00"))
    friday = datetime(2026, 11, 20, 17, 0, tzinfo=NOW.tzinfo)
    assert of(database, "O1").after_hours(friday, 3600) == datetime(2026, 11, 21, 9, 30, tzinfo=NOW.tzinfo)
    assert of(database, "S2").after_hours(friday, 3600) == datetime(2026, 11, 23, 9, 30, tzinfo=NOW.tzinfo)
    assert of(database, "S1").hours_between(friday, NOW) == 3 * 3600 + 1800


def test_units_in_a_circle_end(database: Database) -> None:
    told(database, day("loop2", SATURDAY, works=True))
    assert of(database, "loop1").is_workday(SATURDAY)


def test_usual_hours_of_the_nearest(database: Database) -> None:
    for name, ranges in {"": "08:00-12:00|14:00-18:00", "B1": "10:00-16:00"}.items():
        database.run(lambda unit, n=name, r=ranges: set_hours(unit, UnitId(n), read_hours(r)))
    hours = {name: write_hours(of(database, name).hours) for name in (None, "HO", "B1", "O1")}
    bank = "08:00-12:00|14:00-18:00"
    assert hours == {None: bank, "HO": bank, "B1": "10:00-16:00", "O1": "10:00-16:00"}
    database.run(lambda unit: set_hours(unit, UnitId("B1"), read_hours("09:00-10:00")))
    assert write_hours(of(database, "B1").hours) == "09:00-10:00"
    assert records(database) == [("calendar.hours", "calendar:"), *[("calendar.hours", "calendar:B1")] * 2]


def test_what_is_shown_is_what_holds(database: Database) -> None:
    told(database, day("S1", SATURDAY, works=True), day("B1", SATURDAY, works=False), day("S1", date(2027, 1, 2), True))
    shown = database.read_now(lambda unit: special_days(unit, UnitId("O1"), 2026))
    assert [on.day for on in shown] == sorted(on.day for on in shown)
    assert [(on.unit_id, on.works) for on in shown if on.day == SATURDAY] == [("S1", True)]
    assert {on.unit_id for on in shown} == {BANK, "S1"}
    names = {on.day: on.name for on in shown}
    assert (names[date(2026, 10, 1)], names[date(2026, 10, 10)]) == ("国庆节", "国庆节调休")


# --- what is not sure -----------------------------------------------------------------------------------------------

DRAFT = (
    day("", date(2027, 2, 8), works=False, confirmed=False),
    day("", date(2027, 2, 13), works=True, confirmed=False),
)


def test_a_draft_adds_work_and_takes_none_away(database: Database) -> None:
    told(database, *DRAFT)
    calendar = of(database, None)
    assert [calendar.is_workday(on.day) for on in DRAFT] == [True, True]
    assert not calendar.confirmed(date(2027, 1, 1))


@pytest.mark.parametrize(
    ("days", "through"),
    [
        ([("", 2027, True)], 2027),
        ([("", 2027, True), ("", 2027, False)], 2026),
        ([("", 2028, True)], 2026),  # a gap
        ([("", 2027, True), ("", 2028, True)], 2028),
        ([("S1", 2027, True)], 2026),  # a unit's own days make no year of the bank
        ([("", 2027, True), ("S1", 2027, False)], 2026),
        ([("", 2027, True), ("S2", 2027, False)], 2027),  # no concern of this unit
    ],
)
def test_how_far_it_is_confirmed(database: Database, days: list[tuple[str, int, bool]], through: int) -> None:
    told(database, *(day(name, date(year, 5, 2 + sure), True, None, sure) for name, year, sure in days))
    assert of(database, "S1").confirmed_through == date(through, 12, 31)


def test_without_any_published_year_nothing_is_confirmed(migrated_url: str, tmp_path: Path) -> None:
    clocks = Clocks()
    clocks.now = NOW.replace(year=2031)
    with opened(migrated_url, tmp_path, clocks=clocks) as database:
        assert of(database, None).confirmed_through == date.min


def test_a_short_past_is_read_and_more_when_asked(database: Database) -> None:
    """Not all of it every time; a start before last year is known to nobody but who asks for it."""
    years = {on.year for on in of(database, None).days}
    assert years == {2025, 2026}
    old = database.read_now(lambda unit: calendars.calendar_of(unit, None, date(2020, 1, 1)))
    assert not old.is_workday(date(2020, 1, 31))
    assert old.confirmed_through == date(2026, 12, 31)
