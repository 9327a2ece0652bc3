"""A group that is lost through no fault of its units: acknowledgements first, then one by one, and nobody dies of
it.
"""

import os
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import wait
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import schema
from storage.database import Database
from storage.engine import DatabaseBusy
from storage.inbox import InboxRow
from storage.migrate import upgrade
from storage.opening import open_database
from storage.statement import Statement
from storage.unit import Unit
from tests.databases import migrate
from tests.storage.deeds import (
    Clocks,
    Deeds,
    assert_whole,
    eventually,
    marks,
    opened,
    received,
    records,
    settled,
    states,
)


@pytest.fixture
def sqlite(migrated_sqlite: bytes, tmp_path: Path, record_property: Callable[[str, object], None]) -> str:
    record_property("database", "sqlite")
    (tmp_path / "rmbot.db").write_bytes(migrated_sqlite)
    return f"sqlite:///{tmp_path / 'rmbot.db'}"


@pytest.fixture
def postgresql(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Iterator[str]:
    record_property("database", "postgresql")
    databases = request.getfixturevalue("postgres_databases")
    url = databases.copy(migrate)
    yield url
    databases.drop(url)


class Stormy(Deeds):
    """Calls `storm` the first times that the row `x` is handled."""

    def __init__(self, storm: Callable[[Unit], None], times: int = 1) -> None:
        super().__init__()
        self._storm, self.left = storm, times

    def handle(self, unit: Unit, row: InboxRow) -> None:
        super().handle(unit, row)
        if row.dedup_key == "x" and self.left:
            self.left -= 1
            self._storm(unit)


def feed(database: Database, deeds: Deeds, count: int = 12) -> None:
    """Rows of different persons in one group or two, `x` among them."""
    deeds.open.clear()
    keys = [f"n{number:02}" for number in range(count)]
    futures = [database.receive(received(key, key)) for key in ("first", *keys[:5], "x", *keys[5:])]
    deeds.open.set()
    for future in futures:
        future.result(30)
    settled(database, count + 2)
    assert {state for state, _ in states(database).values()} == {"done"}
    assert len(marks(database)) == count + 2
    assert_whole(database)


# --- PostgreSQL ---------------------------------------------------------------------------------------------------


def _terminated(unit: Unit) -> None:
    unit.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))


def _terminated_below_sqlalchemy(unit: Unit) -> None:
    unit.execute(Statement(sa.text("SELECT pg_terminate_backend(pg_backend_pid())")))


def _line_cut(unit: Unit) -> None:
    """Between two statements, so that nobody is there to say why."""
    driver = unit.connection.connection.driver_connection
    assert driver is not None
    with socket.socket(fileno=os.dup(driver.fileno())) as line:
        line.shutdown(socket.SHUT_RDWR)
    unit.execute(sa.text("SELECT 1"))


def _timed_out_below_sqlalchemy(unit: Unit) -> None:
    unit.execute(Statement(sa.text("SET LOCAL statement_timeout = 1")))
    unit.execute(Statement(sa.text("SELECT pg_sleep(1)")))


def _timed_out(unit: Unit) -> None:
    unit.execute(sa.text("SET LOCAL statement_timeout = 1"))
    unit.execute(sa.text("SELECT pg_sleep(1)"))


def _swallowed(unit: Unit) -> None:
    """A unit that hides an error leaves a transaction in which nothing works any more."""
    with pytest.raises(sa.exc.DBAPIError):
        unit.execute(sa.text("SELECT 1/0"))


@pytest.mark.parametrize(
    ("storm", "times"),
    [
        (_terminated, 6),
        (_terminated_below_sqlalchemy, 6),
        (_line_cut, 6),
        (_timed_out, 2),
        (_timed_out_below_sqlalchemy, 2),
        (_swallowed, 2),
    ],
)
def test_postgresql_takes_a_transaction_away(
    postgresql: str, tmp_path: Path, storm: Callable[[Unit], None], times: int
) -> None:
    """A server that goes away is nobody's fault, however often; a statement too slow or an error hidden is, in the
    end.
    """
    deeds = Stormy(storm, times)
    with opened(postgresql, tmp_path, deeds) as database:
        feed(database, deeds)
        assert deeds.left == 0


def test_every_connection_is_cut_while_rows_are_handled(postgresql: str, tmp_path: Path) -> None:
    """As when the server restarts: what was acknowledged is handled once, whatever was cut."""
    server = sa.create_engine(postgresql, isolation_level="AUTOCOMMIT", poolclass=sa.pool.NullPool)
    others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
    kept = []
    with opened(postgresql, tmp_path, Deeds()) as database:
        for number in range(120):
            kept.append((f"k{number}", database.receive(received(f"k{number}", f"p{number % 9}", "slow"))))
            if number % 30 == 29:
                wait([future for _, future in kept[-15:]], 30)
                with server.connect() as operator:
                    operator.execute(sa.text(f"{others} AND datname = current_database()"))
        acknowledged = {key for key, future in kept if future.exception(30) is None}

        eventually(lambda: {state for state, _ in states(database).values()} == {"done"})
        assert acknowledged <= states(database).keys()
        assert len(acknowledged) > 30
        assert {key for _, key in marks(database)} == states(database).keys()
        assert_whole(database)


def test_units_that_deadlock_are_done_again(postgresql: str, tmp_path: Path) -> None:
    """Two units take the same two rows in opposite order, again and again."""
    seeded = [{"job": "row", "slot": "1"}, {"job": "row", "slot": "2"}]

    class Crossed(Deeds):
        def handle(self, unit: Unit, row: InboxRow) -> None:
            super().handle(unit, row)
            order = ("1", "2") if row.person == "ahead" else ("2", "1")
            for slot in order:
                unit.execute(sa.select(schema.cron_run).where(schema.cron_run.c.slot == slot).with_for_update()).all()
                time.sleep(0.05)

    with opened(postgresql, tmp_path) as seed:
        seed.run(lambda unit: unit.execute(schema.cron_run.insert(), seeded).rowcount)
    with opened(postgresql, tmp_path, Crossed()) as one, opened(postgresql, tmp_path, Crossed()) as two:
        for number in range(4):
            one.receive(received(f"a{number}", "ahead"))
            two.receive(received(f"b{number}", "back")).result(30)
        settled(one, 8)
        assert {state for state, _ in states(one).values()} == {"done"}
        assert_whole(one)


def test_a_job_is_done_again_only_when_nothing_of_it_was_kept(postgresql: str, tmp_path: Path) -> None:
    runs: list[int] = []

    def cut_once(unit: Unit) -> str:
        runs.append(1)
        unit.execute(schema.cron_run.insert().values(job="job", slot=str(len(runs))))
        if len(runs) == 1:
            _terminated(unit)
        return "done"

    with opened(postgresql, tmp_path) as database:
        assert database.run(cut_once) == "done"
        slots = database.read_now(lambda unit: unit.execute(sa.select(schema.cron_run.c.slot)).scalars().all())
        assert (len(runs), list(slots)) == (2, ["2"])


def test_notes_leave_the_other_commits_durable(postgresql: str, tmp_path: Path) -> None:
    """A note does not wait for the disk; everything else does, on whatever connection it runs."""
    with opened(postgresql, tmp_path, Deeds()) as database:
        for number in range(30):
            database.receive(received(f"k{number}", f"p{number}")).result(30)
        settled(database, 30)
        futures = [
            database.job(lambda unit: (time.sleep(0.02), unit.execute(sa.text("SHOW synchronous_commit")).scalar())[1])
            for _ in range(9)
        ]
        assert {future.result(30) for future in futures} == {"on"}


# --- SQLite -------------------------------------------------------------------------------------------------------


def _pages(unit: Unit, limit: int | None) -> None:
    """Leave room for `limit` more pages; None takes the limit away."""
    count = int(unit.execute(sa.text("PRAGMA page_count")).scalar_one())
    unit.connection.exec_driver_sql(f"PRAGMA max_page_count = {2_000_000_000 if limit is None else count + limit}")


def _fill(unit: Unit) -> None:
    """Write more than there is room for: SQLite rolls the whole transaction back."""
    unit.execute(schema.cron_run.insert(), [{"job": "x" * 3_000, "slot": str(number)} for number in range(2_000)])


def test_a_full_disk_refuses_callbacks_and_kills_nobody(sqlite: str, tmp_path: Path) -> None:
    deeds = Deeds()
    with opened(sqlite, tmp_path, deeds) as database:
        database.receive(received("before")).result(30)
        settled(database, 1)
        database.run(lambda unit: _pages(unit, 6))
        futures = {f"k{n:03}": database.receive(received(f"k{n:03}", f"p{n}", pad="x" * 500)) for n in range(300)}
        outcome = {key: future.exception(60) for key, future in futures.items()}
        kept = {key for key, error in outcome.items() if error is None}
        assert len(kept) < 300
        with pytest.raises(sa.exc.OperationalError):
            database.run(_fill)
        time.sleep(0.5)  # suspects run and fail meanwhile; it must not count
        database.run(lambda unit: _pages(unit, None))
        eventually(lambda: {state for state, _ in states(database).values()} == {"done"})
        assert states(database).keys() == kept | {"before"}
        for key in futures:
            database.receive(received(key, pad="x" * 500)).result(30)
        settled(database, 301)
        assert {state for state, _ in states(database).values()} == {"done"}
        assert_whole(database)


def test_a_unit_that_fills_the_disk_takes_no_neighbour_along(sqlite: str, tmp_path: Path) -> None:
    """The group is rolled back silently; its neighbours are kept once, and acknowledged before anything is tried
    again.
    """
    deeds = Stormy(lambda unit: (_pages(unit, 6), _fill(unit))[1], 6)
    with opened(sqlite, tmp_path, deeds) as database:
        deeds.open.clear()
        keys = ["first", "n0", "x", "n1", "n2"]
        futures = [database.receive(received(key, key)) for key in keys]
        deeds.open.set()
        for future in futures:
            future.result(30)
        eventually(lambda: deeds.left == 0)
        database.run(lambda unit: _pages(unit, None))
        settled(database, 5)
        assert {state for state, _ in states(database).values()} == {"done"}
        assert marks(database) == sorted(("handled", key) for key in keys)
        assert_whole(database)


def test_a_failed_commit_is_redone_one_by_one(sqlite: str, tmp_path: Path) -> None:
    """A deferred constraint fails COMMIT itself: only the guilty unit dies."""
    with opened(sqlite, tmp_path) as database:
        for statement in (
            "CREATE TABLE parent (id INTEGER PRIMARY KEY)",
            "CREATE TABLE child (id INTEGER REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED)",
        ):
            database.run(lambda unit, text=statement: unit.execute(sa.text(text)).rowcount)

    class Orphan(Deeds):
        def handle(self, unit: Unit, row: InboxRow) -> None:
            super().handle(unit, row)
            if row.dedup_key == "x":
                unit.execute(sa.text("INSERT INTO child VALUES (1)"))

    deeds = Orphan()
    with opened(sqlite, tmp_path, deeds) as database:
        deeds.open.clear()
        keys = ["first", "n0", "x", "n1", "n2"]
        futures = [database.receive(received(key, key)) for key in keys]
        job = database.job(lambda unit: unit.execute(sa.text("INSERT INTO child VALUES (2)")).rowcount)
        kept = database.job(lambda unit: unit.audit("job", "kept"))
        deeds.open.set()
        for future in futures:
            future.result(30)
        assert isinstance(job.exception(30), sa.exc.IntegrityError)
        assert kept.result(30) is None
        settled(database, 5)
        assert {key for key, (state, _) in states(database).items() if state == "dead"} == {"x"}
        assert [entry for entry in records(database) if entry[0] == "job"] == [("job", "kept")]
        assert_whole(database)


def test_a_lock_from_outside_is_waited_out(sqlite: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.engine.BUSY_MILLISECONDS", 30)
    outside = sa.create_engine(sqlite, isolation_level="AUTOCOMMIT")
    deeds = Deeds()
    with opened(sqlite, tmp_path, deeds) as database, outside.connect() as operator:
        deeds.open.clear()
        early = [database.receive(received(f"k{number}", f"p{number}")) for number in range(5)]
        eventually(lambda: not early[0].done())
        deeds.open.set()
        for future in early:
            future.result(30)
        operator.exec_driver_sql("BEGIN IMMEDIATE")
        refused = [database.receive(received(f"r{number}", f"p{number}")) for number in range(5)]
        job = database.job(lambda unit: unit.audit("job", "refused"))
        assert all(isinstance(future.exception(30), sa.exc.OperationalError) for future in (*refused, job))
        operator.exec_driver_sql("COMMIT")
        for number in range(5):
            database.receive(received(f"r{number}", f"p{number}")).result(30)
        level = database.run(lambda unit: unit.execute(sa.text("PRAGMA synchronous")).scalar_one())
        assert level == 2  # a note that could not be begun leaves commits durable
        settled(database, 10)
        assert {state for state, _ in states(database).values()} == {"done"}
        assert_whole(database)
    outside.dispose()


def test_commits_are_durable_after_a_lost_group(sqlite: str, tmp_path: Path) -> None:
    """The notes' lighter commits never become those of callbacks, whatever went wrong between."""
    levels: list[int] = []

    def level(unit: Unit) -> None:
        levels.append(int(unit.execute(sa.text("PRAGMA synchronous")).scalar_one()))

    deeds = Stormy(lambda unit: (_pages(unit, 6), _fill(unit))[1])
    with opened(sqlite, tmp_path, deeds) as database:
        database.run(level)
        database.receive(received("x")).result(30)
        database.run(level)
        database.run(lambda unit: _pages(unit, None))
        settled(database, 1)
        database.run(level)
    assert levels == [2, 2, 2]


def test_only_one_process_may_open_the_embedded_database(sqlite: str, tmp_path: Path) -> None:
    with opened(sqlite, tmp_path) as database:
        with pytest.raises(DatabaseBusy, match="另一个进程"):
            open_database(sqlite, tmp_path / "key", Clocks())
        with pytest.raises(DatabaseBusy):
            upgrade(sqlite)
        assert database.run(lambda unit: 1) == 1
    upgrade(sqlite)
    with opened(sqlite, tmp_path):
        pass


def test_a_name_let_go_of_is_free_before_its_connection_ends(postgresql: str, tmp_path: Path) -> None:
    """A server notes the end of a connection when it comes to it; until then nobody else could have the name."""
    free: list[bool] = []
    with opened(postgresql, tmp_path) as here, opened(postgresql, tmp_path) as there:

        def ends(*_connection: object) -> None:
            with there.claim("feed:customers") as is_ours:
                free.append(is_ours)

        with here.claim("feed:customers") as is_ours:
            assert is_ours
            with there.claim("feed:customers") as too:
                assert not too
            sa.event.listen(sa.pool.Pool, "invalidate", ends, once=True)
    assert free == [True]
