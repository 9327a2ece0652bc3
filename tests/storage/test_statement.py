"""A statement run on the driver does what it does through SQLAlchemy: the same rows, errors and transactions."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from storage import schema
from storage.database import Database
from storage.statement import Statement
from storage.unit import Unit
from tests.storage.deeds import NOW, opened

VISIT, FEED = schema.visit.c, schema.feed.c
LOGGED: dict[str, Any] = {
    "id": "v1", "customer_id": "C1", "userid": "rm01", "kind": "phone", "reached": True, "at": NOW,
    "notes": b"\x00\xff", "place": None, "todo_id": None, "interaction_id": "i1", "state": "saved", "undone_at": None,
}  # fmt: skip
ADD, ALL = schema.visit.insert(), sa.select(schema.visit).order_by(VISIT.id)


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    with opened(migrated_url, tmp_path) as made:
        yield made


def visit(number: int, **changes: Any) -> dict[str, Any]:
    return {**LOGGED, "id": f"v{number}", **changes}


def test_what_goes_in_comes_out_as_through_sqlalchemy(database: Database) -> None:
    moved = datetime(2026, 1, 2, 3, 4, 5, 678_901, tzinfo=UTC)
    database.run(lambda unit: unit.execute(Statement(ADD), LOGGED))
    database.run(lambda unit: unit.execute(ADD, visit(2, at=moved, undone_at=moved, reached=False)))
    for read in (ALL, Statement(ALL)):
        first, second = database.read_now(lambda unit, read=read: unit.rows(read))  # type: ignore[misc]
        assert {name: getattr(first, name) for name in LOGGED} == LOGGED
        assert (second.at, second.undone_at, second.reached) == (moved, moved, False)
        assert tuple(first)[:2] == ("v1", "C1")


def test_days_and_whole_numbers(database: Database) -> None:
    row = {"name": "staff", "as_of": date(2026, 2, 28), "arrived_at": NOW, "version": 3, "rows": 7, "source": "core"}
    database.run(lambda unit: unit.execute(Statement(schema.feed.insert()), row))
    (found,) = database.read_now(lambda unit: unit.rows(Statement(sa.select(schema.feed))))
    assert tuple(found) == tuple(row.values())


def test_many_rows_and_a_constant_list(database: Database) -> None:
    kept = sa.select(VISIT.id).where(VISIT.id.in_(["v1", "v3"]), VISIT.userid == sa.bindparam("who")).order_by(VISIT.id)
    database.run(lambda unit: Statement(ADD).run_many(unit.connection, [visit(number) for number in range(5)]))
    found = database.read_now(lambda unit: unit.rows(Statement(kept), {"who": "rm01"}))
    assert [row.id for row in found] == ["v1", "v3"]
    assert database.read_now(lambda unit: unit.rows(Statement(kept), {"who": "rm02"})) == []


def test_each_set_of_names_is_a_statement_of_its_own(database: Database) -> None:
    change = Statement(schema.visit.update().where(VISIT.id == sa.bindparam("which"), VISIT.at == sa.bindparam("when")))
    database.run(lambda unit: unit.execute(ADD, LOGGED))
    assert database.run(lambda unit: unit.changed(change, {"which": "v1", "when": NOW, "kind": "meeting"}))
    assert database.run(lambda unit: unit.changed(change, {"which": "v1", "when": NOW, "state": "undone"}))
    assert not database.run(lambda unit: unit.changed(change, {"which": "v1", "when": NOW + timedelta(1), "kind": "x"}))
    (row,) = database.read_now(lambda unit: unit.rows(ALL))
    assert (row.kind, row.state) == ("meeting", "undone")


def test_a_parameter_that_is_missing_is_an_error(database: Database) -> None:
    one = Statement(sa.select(VISIT.id).where(VISIT.id == sa.bindparam("which")))
    with pytest.raises(sa.exc.InvalidRequestError):
        database.read_now(lambda unit: unit.rows(one, {"who": "v1"}))


def test_a_broken_rule_is_told_as_sqlalchemy_tells_it_and_without_the_values(database: Database) -> None:
    database.run(lambda unit: unit.execute(Statement(ADD), LOGGED))
    with pytest.raises(sa.exc.IntegrityError) as caught:
        database.run(lambda unit: unit.execute(Statement(ADD), visit(1, userid="nobody-may-read-this")))
    assert "nobody-may-read-this" not in str(caught.value)
    assert len(database.read_now(lambda unit: unit.rows(ALL))) == 1


def test_it_begins_the_transaction_it_needs(database: Database) -> None:
    """What is read later in one look is as old as what was read first; nothing is kept without a commit."""

    def look(unit: Unit) -> list[int]:
        counted = [len(unit.rows(Statement(ALL)))]
        assert unit.connection.in_transaction()
        return counted

    assert database.read_now(look) == [0]
    with database.reader() as connection:
        Statement(ALL).rows(connection)
        if connection.dialect.name == "sqlite":  # PostgreSQL reads what was committed before each statement
            database.run(lambda unit: unit.execute(ADD, LOGGED))
            assert Statement(ALL).rows(connection) == []
        connection.rollback()
        assert not connection.in_transaction()
