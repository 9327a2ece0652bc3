"""The night signs the audit chain once, by whichever replica comes first; a new database waits for its first night."""

from collections.abc import Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import orjson
import pytest
import sqlalchemy as sa

from bot.packs import default_pack, shipped_policy
from handlers.context import House
from scheduler.nightly import Nightly
from storage import schema
from storage.database import Database
from storage.notary import Notary
from tests.storage.deeds import NOW, Clocks, opened


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def replicas(backend: str, migrated_url: str, tmp_path: Path, clocks: Clocks) -> Iterator[list[Database]]:
    count = 2 if backend == "postgresql" else 1
    with ExitStack() as stack:
        yield [stack.enter_context(opened(migrated_url, tmp_path, clocks=clocks)) for _ in range(count)]


def signed(database: Database) -> list[int]:
    rows = database.read_now(lambda unit: unit.rows(sa.select(schema.audit.c.body).order_by(schema.audit.c.seq)))
    bodies = [orjson.loads(row.body) for row in rows]
    return [body["detail"]["seq"] for body in bodies if body["action"] == "audit.checkpoint"]


async def test_each_night_is_signed_once(replicas: list[Database], clocks: Clocks, tmp_path: Path) -> None:
    notary, house = Notary(tmp_path / "audit.key", tmp_path / "points"), House(default_pack(), shipped_policy(), 1)
    nights = [Nightly(database, house, notary, "") for database in replicas]

    async def all_ask() -> None:
        for night in nights:
            await night()

    replicas[0].run(lambda unit: unit.audit("deed", "one"))
    await all_ask()
    assert signed(replicas[0]) == []
    clocks.now = NOW.replace(day=24, hour=1, minute=59)
    await all_ask()
    assert signed(replicas[0]) == []
    clocks.now += timedelta(minutes=1)
    await all_ask()
    await all_ask()
    assert signed(replicas[0]) == [1]
    clocks.now += timedelta(days=1)
    await all_ask()
    assert signed(replicas[0]) == [1]  # nothing was written since
    replicas[-1].run(lambda unit: unit.audit("deed", "two"))
    clocks.now += timedelta(days=5)  # after downtime: one, not five
    await all_ask()
    assert signed(replicas[0]) == [1, 3]
    lines = [orjson.loads(line)["seq"] for line in notary.checkpoints.read_bytes().splitlines()]
    assert lines == [1, 3]
