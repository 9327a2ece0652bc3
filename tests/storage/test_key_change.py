"""A change of keys while people work: every cell of every table, nobody overwritten, the old key last."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.refusal import Refused
from storage import key_change, keyring, resealing, schema
from storage.ciphers import GM
from storage.database import Database
from storage.key_change import rotate
from storage.keyring import CELLS
from storage.opening import open_database
from storage.sealed import SealedTable, sealed_tables
from storage.unit import Unit
from storage.vault import VaultError
from tests.storage.deeds import Clocks, opened

ACTOR = "cli:tester"
TODO = schema.todo


def nobody(_table: str, _seen: int, _total: int) -> None:
    pass


def filled(unit: Unit, table: SealedTable, number: int, vault_name: Callable[[str], str] = str) -> None:
    """One row with something in every column, its cells sealed as the house does it."""
    row = {column.name: _value(column, number) for column in table.table.columns}
    name = "|".join(str(row[column]) for column in table.bound)
    sealed = {column: unit.vault.seal(table.name, column, name, f"words {number}") for column in table.columns}
    unit.execute(table.table.insert().values(row | sealed))


def _value(column: sa.Column[object], number: int) -> object:
    kinds: list[tuple[type, object]] = [
        (schema.base.Instant, Clocks().now),
        (sa.Boolean, True),
        (sa.Date, Clocks().now.date()),
        (sa.Float, float(number)),
        (sa.Integer, number),
        (sa.LargeBinary, number.to_bytes(16, "big")),
        (sa.Text, f"{column.name}-{number:05}"),
    ]
    return next(value for kind, value in kinds if isinstance(column.type, kind))


def words(unit: Unit, table: SealedTable) -> dict[str, list[str]]:
    rows = unit.rows(sa.select(table.table).order_by(*table.order))
    return {
        column: [unit.vault.open(table.name, column, table.row_name(row), getattr(row, column)) for row in rows]
        for column in table.columns
    }


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    with opened(migrated_url, tmp_path) as made:
        yield made


def keys(database: Database) -> dict[int, str]:
    return {kid: state for kid, purpose, _, state in key_change.states(database) if purpose == CELLS}


def test_every_cell_of_every_table_is_sealed_anew(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resealing, "ROWS", 2)
    tables = sealed_tables()
    assert {"customer", "inbox", "outbox", "case_event", "photo", "token"} <= {
        table.name.removesuffix("_row") for table in tables
    }
    for table in tables:
        for number in range(5):
            database.run(lambda unit, table=table, number=number: filled(unit, table, number))
    rotated = rotate(database, ACTOR, nobody)
    assert rotated.renewed == 5 * len(tables)
    assert keys(database) == {1: "retired", rotated.kid: "active"}
    for table in tables:
        assert database.read_now(lambda unit, table=table: words(unit, table)) == {
            column: [f"words {number}" for number in range(5)] for column in table.columns
        }
        cells = sa.select(*(table.table.c[name] for name in table.columns))
        rows = database.read_now(lambda unit, cells=cells: unit.rows(cells))
        assert {cell[:6] for row in rows for cell in row} == {b"\x01\x01" + rotated.kid.to_bytes(4, "big")}


def todo(unit: Unit, key: str, title: str) -> None:
    sealed = unit.vault.seal("todo", "title", key, title)
    row = {"id": key, "owner": "rm01", "title": sealed, "due_at": unit.now, "source": "s", "created_at": unit.now}
    unit.execute(TODO.insert().values(row))


def titles(database: Database) -> dict[str, str]:
    rows = database.read_now(lambda unit: unit.rows(sa.select(TODO.c.id, TODO.c.title)))
    return {row.id: database.vault.open("todo", "title", row.id, row.title) for row in rows}


def test_who_changes_a_row_meanwhile_wins(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the reading of the cells and their return, somebody writes another title, under the new key."""
    for number in range(4):
        database.run(lambda unit, n=number: todo(unit, f"t{n}", "before"))
    put_back, written = resealing._put_back, []

    def late(unit: Unit, table: SealedTable, changes: list[dict[str, object]]) -> int:
        if not written:
            written.append("t2")
            title = unit.vault.seal("todo", "title", "t2", "after")
            unit.execute(TODO.update().where(TODO.c.id == "t2").values(title=title))
        return put_back(unit, table, changes)

    monkeypatch.setattr(resealing, "_put_back", late)
    rotated = rotate(database, ACTOR, nobody)
    assert titles(database) == {"t0": "before", "t1": "before", "t2": "after", "t3": "before"}
    assert (rotated.renewed, rotated.last.is_clean) == (3, True)


def test_what_was_interrupted_goes_on(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resealing, "ROWS", 2)
    for number in range(7):
        database.run(lambda unit, n=number: todo(unit, f"t{n}", f"words {n}"))
    with monkeypatch.context() as dies:
        dies.setattr(resealing, "_renewed", _third_time_out(resealing._renewed))
        with pytest.raises(ZeroDivisionError):
            rotate(database, ACTOR, nobody)
    assert sorted(keys(database).values()) == ["active", "old"]
    assert titles(database) == {f"t{n}": f"words {n}" for n in range(7)}
    rotated = rotate(database, ACTOR, nobody)
    assert rotated.renewed == 3
    assert keys(database) == {1: "retired", rotated.kid: "active"}
    assert len(keys(database)) == 2


def _third_time_out(renewed: Callable[..., object]) -> Callable[..., object]:
    calls = []

    def counted(*given: object) -> object:
        calls.append(1)
        if len(calls) == 3:
            raise ZeroDivisionError
        return renewed(*given)

    return counted


def test_a_cell_that_does_not_open_keeps_its_key(database: Database) -> None:
    database.run(lambda unit: todo(unit, "t1", "words"))
    database.run(lambda unit: todo(unit, "t2", "moved"))
    moved = sa.select(TODO.c.title).where(TODO.c.id == "t2").scalar_subquery()
    database.run(lambda unit: unit.execute(TODO.update().where(TODO.c.id == "t1").values(title=moved)) and None)
    rotated = rotate(database, ACTOR, nobody)
    assert rotated.last.damaged == {"todo.title": 1}
    assert rotated.retired == ()
    assert keys(database)[1] == "old"
    database.run(lambda unit: unit.execute(TODO.delete().where(TODO.c.id == "t1")) and None)
    assert rotate(database, ACTOR, nobody).retired == (1,)


def test_everything_is_read_and_written_throughout(database: Database) -> None:
    """A reader and a writer that never rest."""
    for number in range(300):
        database.run(lambda unit, n=number: todo(unit, f"t{n:03}", "before"))
    over, errors, rounds = threading.Event(), [], []

    def busy() -> None:
        while not over.is_set():
            try:
                assert len(titles(database)) >= 300
                key = f"n{len(rounds):05}"
                database.run(lambda unit, key=key: todo(unit, key, "new"))
                rounds.append(key)
            except Exception as error:
                errors.append(error)
                return

    thread = threading.Thread(target=busy)
    thread.start()
    rotated = rotate(database, ACTOR, nobody)
    over.set()
    thread.join()
    assert errors == []
    assert rotated.last.is_clean
    assert set(titles(database).values()) <= {"before", "new"}
    assert len(titles(database)) == 300 + len(rounds)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_a_replica_learns_the_new_key_with_the_first_cell_it_meets(migrated_url: str, tmp_path: Path) -> None:
    """And what it wrote under the old one until then is still read by everybody."""
    with ExitStack() as stack:
        one, other = (stack.enter_context(opened(migrated_url, tmp_path)) for _ in range(2))
        one.run(lambda unit: todo(unit, "t1", "words"))
        assert titles(other) == {"t1": "words"}
        rotate(one, ACTOR, nobody)
        other.run(lambda unit: todo(unit, "t2", "late"))
        assert titles(one) == {"t1": "words", "t2": "late"}
        assert other.vault.ring.kid == 1
        assert titles(other) == {"t1": "words", "t2": "late"}
        assert other.vault.ring.kid == one.vault.ring.kid
        rotated = rotate(other, ACTOR, nobody)
        assert rotated.renewed == 2
        assert titles(one) == {"t1": "words", "t2": "late"}


def test_the_suite_is_changed_by_a_change_of_keys(migrated_url: str, tmp_path: Path) -> None:
    with opened(migrated_url, tmp_path) as before:
        before.run(lambda unit: todo(unit, "t1", "words"))
    after = open_database(migrated_url, tmp_path / "key", Clocks(), GM)
    after.start(None)
    try:
        assert titles(after) == {"t1": "words"}
        rotate(after, ACTOR, nobody)
        cell = after.read_now(lambda unit: unit.row(sa.select(TODO.c.title))).title
        assert cell[:2] == b"\x01\x02"
        assert titles(after) == {"t1": "words"}
    finally:
        after.stop()
    with opened(migrated_url, tmp_path) as again:
        assert titles(again) == {"t1": "words"}


def test_another_master_key_opens_the_same_data(migrated_url: str, tmp_path: Path) -> None:
    with opened(migrated_url, tmp_path) as database:
        database.run(lambda unit: todo(unit, "t1", "words"))
        count = key_change.change_master(database, ACTOR, tmp_path / "new" / "key")
        assert count == len(key_change.states(database)) == 2
        rotate(database, ACTOR, nobody)
        with pytest.raises(Refused, match="没有可换的"):
            key_change.change_master(database, ACTOR, tmp_path / "new" / "key")
    with pytest.raises(VaultError, match="指向新文件"), opened(migrated_url, tmp_path):
        pass
    with opened(migrated_url, tmp_path / "new") as database:
        assert titles(database) == {"t1": "words"}


def test_a_new_master_key_that_others_can_read_is_refused(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "new"
    file.write_text((tmp_path / "key").read_text())
    file.chmod(0o640)
    with pytest.raises(VaultError, match="chmod 600"):
        key_change.change_master(database, ACTOR, file)


def test_the_change_is_on_record(database: Database) -> None:
    rotated = rotate(database, ACTOR, nobody)
    bodies = database.read_now(lambda unit: [row.body for row in unit.rows(sa.select(schema.audit.c.body))])
    assert [body.split(b'"')[3] for body in bodies] == [b"key.made", b"key.retired"]
    assert f'"resource":"key:{rotated.kid}"'.encode() in bodies[0]
    assert all(ACTOR.encode() in body for body in bodies)
    assert keyring.RETIRED in keys(database).values()
