"""A book that was handed over and is taken back is as before, but for what somebody touched in between."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.ids import TodoId, UserId
from domain.todo import Todo, complete
from storage import books, overrides, schema, timers, todos
from storage.database import Database
from storage.handovers import Item
from storage.unit import Unit
from tests.storage.deeds import NOW, opened

LEAVER, SUCCESSOR, THIRD = map(UserId, ("rm01", "rm02", "rm03"))
CUSTOMERS, FEED = schema.rows_of(schema.customer), schema.feed
SIZE = 500


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    with opened(migrated_url, tmp_path) as made:
        made.run(lambda unit: fill(unit, 6, "C"))
        yield made


def number(prefix: str, each: int) -> str:
    return f"{prefix}{each:04d}"


def fill(unit: Unit, size: int, prefix: str) -> None:
    """Customers of the leaver, each with a to-do and its reminder."""
    if unit.row(sa.select(FEED.c.name).where(FEED.c.name == "customers")) is None:
        day = NOW.date()
        values = {"name": "customers", "as_of": day, "arrived_at": NOW, "version": 1, "rows": size}
        unit.execute(FEED.insert().values(**values))
    for each in range(size):
        key = number(prefix, each)
        cells = {
            "name": unit.vault.seal("customer", "name", key, "示例"),
            "pinyin": unit.vault.seal("customer", "pinyin", key, "shili"),
            "name_index": b"x",
        }
        plain = {"gender": "未知", "unit_id": "S1", "marketing_consent": True, "as_of": NOW.date(), "arrived_at": NOW}
        unit.execute(CUSTOMERS.insert().values(customer_id=key, rm_userid=LEAVER, since=1, **cells, **plain))
        due = NOW + timedelta(days=each % 20 + 1)
        todos.add(unit, Todo(TodoId(f"t{key}"), LEAVER, None, "回访客户（上次电话）", due), f"v{key}")
        timers.arm(unit, subject=f"todo:t{key}", kind="todo.remind", person=LEAVER, due_at=due)


def rows(unit: Unit) -> dict[str, tuple[object, ...]]:
    """Everything that a handover moves, row by row; revisions only grow and are left out."""
    customer, todo, timer = schema.customer.c, schema.todo.c, schema.timer.c
    found = {row[0]: tuple(row) for row in unit.rows(sa.select(customer.customer_id, customer.rm_userid))}
    found |= {row[0]: tuple(row) for row in unit.rows(sa.select(todo.id, todo.owner, todo.state, todo.due_at))}
    armed = sa.select(timer.subject, timer.person, timer.due_at).where(timer.state == timers.ARMED)
    return found | {row[0]: tuple(row) for row in unit.rows(armed)}


def hand_over(unit: Unit, before: UserId, after: UserId, keys: list[str]) -> list[Item]:
    books.lock(unit)
    moved = books.give_customers(unit, keys, before, after, "handover:test")
    return moved + books.give_todos(unit, [f"t{key}" for key in keys], before, after)


def goes_on(unit: Unit, key: str) -> None:
    """The customer is given to a third person, and the to-do is done."""
    overrides.put(unit, overrides.MANAGER, [key], THIRD, "another handover")
    todo = todos.load(unit, TodoId(f"t{key}"))
    assert todo is not None
    done = complete(todo, todo.owner)
    assert isinstance(done, Todo)
    todos.change(unit, todo, done, "todo.done")
    timers.cancel(unit, subject=f"todo:t{key}", kind="todo.remind")


def test_there_and_back_again(database: Database) -> None:
    keys = [number("C", each) for each in range(6)]
    choice = st.sets(st.sampled_from(keys))

    @given(chosen=choice, touched=choice)
    @settings(max_examples=25)
    def holds(chosen: set[str], touched: set[str]) -> None:
        check(database, sorted(chosen), sorted(chosen & touched))

    holds()


def check(database: Database, chosen: list[str], touched: list[str]) -> None:
    """All in one unit, which is undone at its end, so that each example begins with the same book."""
    seen: list[dict[str, tuple[object, ...]]] = []

    def play(unit: Unit) -> None:
        seen.append(rows(unit))
        hand_over(unit, LEAVER, SUCCESSOR, chosen)
        seen.append(rows(unit))
        for key in touched:
            goes_on(unit, key)
        hand_over(unit, SUCCESSOR, LEAVER, chosen)
        seen.append(rows(unit))
        raise Undone

    with pytest.raises(Undone):
        database.run(play)
    before, between, after = seen
    moved = {name for name, row in before.items() if between[name] != row}
    assert moved == {name for key in chosen for name in (key, f"t{key}", f"todo:t{key}")}
    gone_on = {name for key in touched for name in (key, f"t{key}", f"todo:t{key}")}
    assert {name: row for name, row in after.items() if name not in gone_on} == {
        name: row for name, row in before.items() if name not in gone_on
    }
    assert all(after[key][1] == THIRD for key in touched)
    assert all(after[f"t{key}"][1:3] == (SUCCESSOR, "done") for key in touched)


class Undone(Exception):
    """The example is over."""


def test_a_book_of_five_hundred_goes_in_one_unit(
    database: Database, record_property: Callable[[str, object], None]
) -> None:
    keys = [number("B", each) for each in range(SIZE)]
    database.run(lambda unit: fill(unit, SIZE, "B"))
    began = time.perf_counter()
    moved = database.run(lambda unit: hand_over(unit, LEAVER, SUCCESSOR, keys))
    record_property(
        "told", f"500 customers and 500 to-dos handed over in {(time.perf_counter() - began) * 1000:.0f} ms"
    )
    assert len(moved) == 2 * SIZE
    back = database.run(lambda unit: hand_over(unit, SUCCESSOR, LEAVER, keys))
    assert len(back) == 2 * SIZE
    assert database.read_now(lambda unit: overrides.every(unit, overrides.MANAGER)) == []
