"""What one person sends keeps its order, also when it becomes durable in one commit."""

from pathlib import Path

import pytest

from bot.clock import HouseClock
from storage import inbox
from storage.inbox import Received
from storage.opening import open_database


@pytest.fixture
def numbered(migrated_url: str, tmp_path: Path):  # type: ignore[no-untyped-def]
    database = open_database(migrated_url, tmp_path / "key", HouseClock())
    database.start(None)
    yield database
    database.stop()


def received(key: str) -> Received:
    return Received(key, f"cipher-{key}", "rm01", "said", "{}", HouseClock().business())


def test_one_commit_keeps_the_order_of_arrival(numbered) -> None:  # type: ignore[no-untyped-def]
    keys = ["msg:9", "event:f", "msg:1", "event:0", "msg:5"]
    numbered.run(lambda unit: inbox.insert(unit.connection, unit.vault, [received(key) for key in keys]))
    rows = numbered.read_now(lambda unit: inbox.oldest(unit.connection, unit.vault, 10))
    assert [row.dedup_key for row in rows] == keys


def test_a_double_in_one_commit_is_kept_once_where_it_came_first(numbered) -> None:  # type: ignore[no-untyped-def]
    keys = ["b", "a", "b", "c", "a"]
    numbered.run(lambda unit: inbox.insert(unit.connection, unit.vault, [received(key) for key in keys]))
    rows = numbered.read_now(lambda unit: inbox.oldest(unit.connection, unit.vault, 10))
    assert [row.dedup_key for row in rows] == ["b", "a", "c"]
