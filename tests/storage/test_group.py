"""Units of work: what fails is undone alone, what is lost is done again, order and futures hold."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future, wait
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from domain.ids import UserId
from domain.refusal import Refused
from storage import inbox, made_files, schema
from storage.database import Closed, Database, Overloaded
from storage.group import Group, GroupLost, job_work
from storage.opening import open_database
from storage.unit import Unit
from tests.storage.deeds import (
    PATIENCE,
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
def deeds() -> Deeds:
    return Deeds()


@pytest.fixture
def database(migrated_url: str, tmp_path: Path, deeds: Deeds) -> Iterator[Database]:
    with opened(migrated_url, tmp_path, deeds) as made:
        yield made


def hand_in(database: Database, deeds: Deeds, *pairs: tuple[str, str]) -> None:
    """Rows of different persons, handed in while the work is held up, so that they share groups."""
    deeds.open.clear()
    futures = [database.receive(received(key, f"person-{key}", deed)) for key, deed in pairs]
    deeds.open.set()
    for future in futures:
        future.result(30)


@pytest.mark.parametrize(
    ("deed", "state", "error", "left"),
    [
        ("do", "done", None, ["handled"]),
        ("refuse", "done", None, ["refused"]),
        ("conflict", "dead", "IntegrityError", ["poisoned"]),
        ("crash", "dead", "RuntimeError", ["poisoned"]),
        ("speechless", "dead", "RuntimeError", []),
    ],
)
def test_a_unit_that_fails_is_undone_alone(
    database: Database, deeds: Deeds, deed: str, state: str, error: str | None, left: list[str]
) -> None:
    hand_in(database, deeds, ("a", "do"), ("x", deed), ("b", "do"))
    settled(database, 3)
    assert states(database)["x"] == (state, error)
    assert marks(database) == sorted([("handled", "a"), ("handled", "b"), *((word, "x") for word in left)])
    assert_whole(database)


def test_part_of_a_unit_that_is_refused_leaves_nothing_and_the_unit_goes_on(database: Database) -> None:
    def refused(unit: Unit) -> None:
        with unit.undone_if_refused():
            made_files.want(unit, "export", "export:1", UserId("rm01"), "客户经理")
            unit.audit("test.within", "x")
            unit.outgoing = True
            raise Refused("不行")

    def work(unit: Unit) -> None:
        unit.audit("test.before", "x")
        with pytest.raises(Refused):
            refused(unit)
        assert not unit.outgoing
        with unit.undone_if_refused():
            made_files.want(unit, "export", "export:2", UserId("rm01"), "客户经理")

    database.run(work)
    kept = database.run(lambda unit: unit.rows(sa.select(schema.made_file.c.subject)))
    told = database.run(lambda unit: unit.rows(sa.select(schema.audit.c.body)))
    assert [row.subject for row in kept] == ["export:2"]
    assert ["test.before" in str(told), "test.within" in str(told)] == [True, False]


def test_a_unit_that_always_loses_its_transaction_dies_alone(database: Database, deeds: Deeds) -> None:
    neighbours = [f"n{number:02}" for number in range(20)]
    hand_in(database, deeds, ("a", "do"), ("x", "lose"), *((key, "do") for key in neighbours))
    settled(database, 22)
    assert {key for key, (state, _) in states(database).items() if state == "dead"} == {"x"}
    assert marks(database) == sorted([*(("handled", key) for key in ("a", *neighbours)), ("poisoned", "x")])
    assert_whole(database)


def test_the_same_callback_is_kept_once(database: Database) -> None:
    twice = [received("k1"), received("k1", cipher="re-encrypted"), received("k2", cipher="cipher-k1")]
    for item in twice:
        database.receive(item).result(30)
    settled(database, 1)
    assert marks(database) == [("handled", "k1")]


def test_a_persons_rows_are_handled_in_order(database: Database) -> None:
    people = [f"p{number}" for number in range(7)]
    futures = [
        database.receive(received(f"{person}-{number:03}", person, "slow")) for number in range(25) for person in people
    ]
    wait(futures, 30)
    settled(database, 25 * 7)
    handled = [key for _, key in records(database)]
    for person in people:
        mine = [key for key in handled if key.startswith(f"{person}-")]
        assert mine == sorted(mine)
        assert len(mine) == 25
    assert_whole(database)


def test_a_cell_that_does_not_open_is_a_dead_letter(migrated_url: str, tmp_path: Path) -> None:
    with opened(migrated_url, tmp_path) as closed:
        closed.receive(received("a", "p1")).result(30)
        closed.receive(received("b", "p2")).result(30)
        spoiled = schema.inbox.update().where(schema.inbox.c.dedup_key == "a").values(body=b"\x01" * 40)
        closed.run(lambda unit: unit.execute(spoiled).rowcount)
    with opened(migrated_url, tmp_path, Deeds()) as database:
        settled(database, 2)
        assert states(database) == {"a": ("dead", "VaultError"), "b": ("done", None)}


# --- jobs ---------------------------------------------------------------------------------------------------------


def _mark(unit: Unit, word: str) -> str:
    unit.execute(schema.cron_run.insert().values(job="job", slot=word))
    unit.audit("job", word)
    return word


def _slots(database: Database) -> list[str]:
    column = schema.cron_run.c.slot
    return sorted(database.read_now(lambda unit: unit.execute(sa.select(column)).scalars().all()))


def test_a_job_returns_its_value_after_the_commit(database: Database) -> None:
    assert database.run(lambda unit: _mark(unit, "one")) == "one"
    assert _slots(database) == ["one"]


def test_a_failing_job_tells_its_caller_and_keeps_nothing(database: Database) -> None:
    def fail(unit: Unit) -> None:
        _mark(unit, "half")
        raise LookupError("mine")

    with pytest.raises(LookupError):
        database.run(fail)
    assert database.run(lambda unit: _mark(unit, "next")) == "next"
    assert _slots(database) == ["next"]
    assert records(database) == [("job", "next")]


def test_a_job_is_done_once_though_its_group_is_lost(database: Database) -> None:
    """Jobs side by side: one takes the transaction down, the others are kept once each."""
    gate = threading.Event()
    blocked = database.job(lambda unit: gate.wait(30))

    def take_down(unit: Unit) -> None:
        _mark(unit, "taken")
        unit.connection.exec_driver_sql("ROLLBACK" if unit.connection.dialect.name == "sqlite" else "SELECT 1/0")
        raise RuntimeError("gone")

    futures: list[Future[Any]] = [database.job(lambda unit, n=n: _mark(unit, f"job-{n}")) for n in range(5)]
    victim = database.job(take_down)
    futures += [database.job(lambda unit, n=n: _mark(unit, f"job-{n}")) for n in range(5, 10)]
    gate.set()
    assert blocked.result(30)
    assert victim.exception(30) is not None
    assert [future.result(30) for future in futures] == [f"job-{n}" for n in range(10)]
    assert _slots(database) == [f"job-{n}" for n in range(10)]
    assert sorted(records(database)) == [("job", f"job-{n}") for n in range(10)]


def test_what_is_queued_is_finished_before_the_end(migrated_url: str, tmp_path: Path) -> None:
    gate = threading.Event()
    with opened(migrated_url, tmp_path) as database:
        blocked = [database.job(lambda unit: gate.wait(30)) for _ in range(3)]
        queued = [database.job(lambda unit, n=n: _mark(unit, str(n))) for n in range(20)]
        kept = [database.receive(received(f"k{n}", f"p{n}")) for n in range(20)]
        gate.set()
    assert [future.done() for future in (*blocked, *queued, *kept)] == [True] * 43
    with opened(migrated_url, tmp_path) as again:
        assert len(_slots(again)) == 20
        assert len(states(again)) == 20


def test_a_closed_database_leaves_nobody_waiting(migrated_url: str, tmp_path: Path) -> None:
    with opened(migrated_url, tmp_path, Deeds()) as database:
        pass
    late = database.job(lambda unit: _mark(unit, "late"))
    assert isinstance(late.exception(1), Closed)
    with pytest.raises(Overloaded):
        database.receive(received("late"))


def test_a_database_that_never_worked_leaves_nobody_waiting(migrated_url: str, tmp_path: Path) -> None:
    database = open_database(migrated_url, tmp_path / "key", Clocks())
    waiting = [database.job(lambda unit: None), database.receive(received("early"))]
    database.stop()
    assert [type(future.exception(1)) for future in waiting] == [Closed, Closed]


def test_stopping_under_fire_leaves_nobody_waiting(migrated_url: str, tmp_path: Path) -> None:
    futures: list[Future[Any]] = []
    refused = 0
    with opened(migrated_url, tmp_path, Deeds()) as database:
        stopped = threading.Event()

        def fire() -> None:
            nonlocal refused
            number = 0
            while not stopped.is_set() and number < 3_000:
                number += 1
                futures.append(database.job(lambda unit: None))
                try:
                    futures.append(database.receive(received(f"{threading.get_ident()}-{number}")))
                except Overloaded:
                    refused += 1

        threads = [threading.Thread(target=fire) for _ in range(2)]
        for thread in threads:
            thread.start()
        eventually(lambda: len(futures) > 200)
    stopped.set()
    for thread in threads:
        thread.join()
    done, open_ = wait(futures, 10)
    assert not open_
    assert len(done) > 200


def test_a_waiter_that_goes_away_takes_nothing_along(database: Database, deeds: Deeds) -> None:
    deeds.open.clear()
    future = database.receive(received("a"))
    assert not future.cancel()
    deeds.open.set()
    settled(database, 1)
    assert future.result(30) is None


def test_more_than_may_be_promised_is_refused(
    migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full backlog is refused while callbacks come in, and taken again when it was worked off."""
    monkeypatch.setattr(inbox, "BACKLOG_LIMIT", 5)
    monkeypatch.setattr("storage.postgres_inbox.BACKLOG_EVERY", 0.0)
    with opened(migrated_url, tmp_path) as closed:
        for number in range(5):
            closed.receive(received(f"k{number}", f"p{number}")).result(30)
    deeds = Deeds()
    deeds.open.clear()
    with opened(migrated_url, tmp_path, deeds) as database:

        def full() -> bool:
            try:
                database.receive(received("more")).add_done_callback(lambda future: None)
            except Overloaded:
                return True
            return False

        eventually(full)
        deeds.open.set()
        eventually(lambda: all(state == "done" for state, _ in states(database).values()))
        eventually(lambda: not full())
        eventually(lambda: states(database).get("more") == ("done", None))


def test_the_queue_in_memory_is_bounded(
    migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, backend: str
) -> None:
    monkeypatch.setattr("storage.sqlite.QUEUE_LIMIT", 10)
    monkeypatch.setattr("storage.postgres.QUEUE_LIMIT", 10)
    with opened(migrated_url, tmp_path) as database:
        engine = sa.create_engine(migrated_url)
        with engine.connect() as other:
            other.exec_driver_sql("BEGIN IMMEDIATE" if backend == "sqlite" else "LOCK TABLE inbox IN EXCLUSIVE MODE")
            futures: list[Future[Any]] = []

            def flood() -> None:
                while len(futures) < 400:
                    futures.append(database.receive(received(f"k{len(futures)}")))

            with pytest.raises(Overloaded):
                flood()
            other.rollback()
        engine.dispose()
        for future in futures:
            future.result(30)
        assert len(states(database)) == len(futures)


def test_readers_cannot_write(database: Database) -> None:
    with pytest.raises(sa.exc.DBAPIError):
        database.read_now(lambda unit: _mark(unit, "never"))
    assert _slots(database) == []
    assert database.run(lambda unit: _mark(unit, "writers can")) == "writers can"


def test_a_reader_sees_what_a_future_promised(database: Database) -> None:
    for number in range(50):
        database.run(lambda unit, n=number: _mark(unit, f"{n:02}"))
        assert len(_slots(database)) == number + 1


def test_the_sender_is_woken_by_what_is_to_be_sent_only(database: Database) -> None:
    woken: list[bool] = []
    database.on_outgoing = lambda: woken.append(True)
    database.run(lambda unit: _mark(unit, "silent"))
    assert woken == []

    def speak(unit: Unit) -> None:
        unit.outgoing = True

    database.run(speak)
    eventually(lambda: woken == [True])


def test_a_lost_transaction_is_not_mistaken_for_a_failed_unit(migrated_url: str, tmp_path: Path) -> None:
    with opened(migrated_url, tmp_path) as database, database.reader() as connection:
        group = Group(connection, database.vault, Clocks())

        def lose(unit: Unit) -> None:
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("ROLLBACK")
                raise ValueError
            unit.execute(sa.text("SELECT pg_terminate_backend(pg_backend_pid())"))

        with pytest.raises(GroupLost):
            group.perform(job_work("lose", lose))


def test_who_hands_in_a_callback_waits_for_one_of_a_great_many_units_at_most(database: Database) -> None:
    begun, go_on, kept = threading.Event(), threading.Event(), threading.Event()

    def first(_unit: Unit) -> None:
        begun.set()
        assert go_on.wait(PATIENCE)

    bulk = [database.job(first, bulk=True)]
    assert begun.wait(PATIENCE)
    bulk += [database.job(lambda _unit: kept.wait(5), bulk=True) for _ in range(5)]
    callback = database.receive(received("a"))
    callback.add_done_callback(lambda _: kept.set())
    go_on.set()
    callback.result(PATIENCE)
    assert [future.result(PATIENCE) for future in bulk] == [None, *[True] * 5]


def test_a_unit_of_a_great_many_gets_its_turn_though_others_always_wait(database: Database) -> None:
    others: list[Future[None]] = []

    def one_more(_unit: Unit) -> None:
        assert isinstance(database.clocks, Clocks)
        database.clocks.push(seconds=1)
        if len(others) < 50 and not bulk.done():
            others.append(database.job(one_more))

    held = threading.Event()
    others.append(database.job(lambda _unit: held.wait(PATIENCE) and None))
    bulk = database.job(lambda _unit: None, bulk=True)
    others.append(database.job(one_more))
    held.set()
    bulk.result(PATIENCE)
    assert len(others) < 50
    for other in others:
        other.result(PATIENCE)


def test_units_of_a_great_many_that_were_handed_in_before_the_end_are_done(database: Database) -> None:
    begun, go_on = threading.Event(), threading.Event()
    holding = [database.job(lambda _unit: begun.set() or go_on.wait(PATIENCE), bulk=True) for _ in range(4)]
    assert begun.wait(PATIENCE)
    ending = threading.Thread(target=database.stop)
    ending.start()
    go_on.set()
    ending.join(PATIENCE)
    for future in holding:
        assert future.result(PATIENCE)
    with pytest.raises(Closed):
        database.run(lambda _unit: None, bulk=True)
