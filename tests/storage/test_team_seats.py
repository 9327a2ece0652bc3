"""A seat in a service team goes to a successor, stays there while the feed repeats itself, and comes back."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.handover import TeamSeat
from domain.ids import CustomerId, UserId
from domain.scope import Relation, Scope, ScopeKind
from storage import schema, team_seats
from storage.circles import CIRCLES, around, relation_to, served_by
from storage.database import Database
from storage.imports.load import run_import
from storage.unit import Unit
from tests.storage.deeds import NOW, opened
from tests.storage.import_bank import BANK, write_bank

C001, C002 = CustomerId("C001"), CustomerId("C002")
LEAVER, NEXT, LAST = map(UserId, ("rm02", "rm03", "rm04"))
SEAT = TeamSeat(C001, "协办", LEAVER)


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    with opened(migrated_url, tmp_path) as made:
        feeds(made, tmp_path / "bank")
        yield made


def feeds(database: Database, folder: Path, **changed: str) -> None:
    found = run_import(database, write_bank(folder, **changed), as_of=NOW.date(), now=NOW, clock=time.monotonic)
    assert found.ok, found.lines()


def gives(database: Database, before: UserId, after: UserId) -> int:
    return len(database.run(lambda unit: team_seats.give(unit, [SEAT, TeamSeat(C002, "投顾", LEAVER)], before, after)))


def serves(database: Database, person: UserId) -> Relation | None:
    scope = Scope(ScopeKind.OWN_BOOK, person)
    return database.read_now(lambda unit: relation_to(unit, scope, C001))


def members(database: Database) -> list[UserId]:
    return database.read_now(lambda unit: served_by(unit, C001, ["协办"]))


def test_it_goes_from_hand_to_hand_and_back(database: Database) -> None:
    assert (serves(database, LEAVER), serves(database, NEXT)) == (Relation.SERVICE_TEAM, None)
    assert gives(database, LEAVER, NEXT) == 1, "a seat whose time is over is nobody's to give"
    assert (serves(database, LEAVER), serves(database, NEXT)) == (None, Relation.SERVICE_TEAM)
    assert gives(database, LEAVER, LAST) == 0, "it is no longer the leaver's"
    assert gives(database, NEXT, LAST) == 1
    assert members(database) == [LAST]
    assert gives(database, LAST, NEXT) == 1
    assert gives(database, NEXT, LEAVER) == 1
    assert members(database) == [LEAVER]
    assert database.read_now(lambda unit: unit.rows(sa.select(schema.team_seat))) == [], "back at what the feed says"


def test_the_feed_that_repeats_itself_does_not_undo_it_and_one_that_says_otherwise_does(
    database: Database, tmp_path: Path
) -> None:
    gives(database, LEAVER, NEXT)
    team = BANK["service_team"]
    feeds(database, tmp_path / "again", service_team=team.replace("2026-01-01,", "2026-01-01,2027-12-31"))
    assert members(database) == [NEXT]
    feeds(database, tmp_path / "other", service_team=team.replace("C001,rm02", "C001,rm01"))
    assert members(database) == [UserId("rm01")]
    feeds(database, tmp_path / "back", service_team=team)
    assert members(database) == [LEAVER], "what the house said of it is over"


def test_who_is_served_is_found_by_an_index(database: Database) -> None:
    circle = next(each for each in CIRCLES[ScopeKind.OWN_BOOK] if each.relation is Relation.SERVICE_TEAM)
    statement = str(circle.of(sa.select(schema.customer.c.customer_id)))
    assert "team_seat" in statement

    def plan(unit: Unit) -> str:
        lite = unit.connection.dialect.name == "sqlite"
        if not lite:  # so few rows would be read whole, whatever there is
            unit.connection.execute(sa.text("SET LOCAL enable_seqscan = off"))
        asked = sa.text(("EXPLAIN QUERY PLAN " if lite else "EXPLAIN ") + statement)
        given = around(Scope(ScopeKind.OWN_BOOK, LEAVER), unit.now)
        return "\n".join(str(row) for row in unit.connection.execute(asked, given))

    found = database.read_now(plan)
    for table, index in (("service_team_row", "ix_service_team_userid"), ("team_seat", "ix_team_seat_userid")):
        assert index in found
        assert f"SCAN {table}" not in found
        assert f"Seq Scan on {table}" not in found
