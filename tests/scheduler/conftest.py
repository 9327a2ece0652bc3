"""A bank in a database and the morning that runs on it, without WeCom: what is found, whose it is, who is told."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.packs import default_pack
from handlers.context import House
from scheduler.care import Morning
from storage import schema
from storage.database import Database
from storage.imports.load import run_import
from storage.opening import open_database
from tests.policies import POLICY
from tests.storage.deeds import Clocks

AS_OF = date(2026, 11, 22)


@pytest.fixture(scope="session")
def care_house() -> House:
    return House(pack=default_pack(), policy=POLICY, agent_id=1)


class Bank:
    """One database with its clocks; `replicas` further ones may be opened on it."""

    def __init__(self, url: str, folder: Path, house: House) -> None:
        self.url, self.folder, self.house = url, folder, house
        self.clocks = Clocks()
        self.database = self.open()
        self._more: list[Database] = []

    def open(self) -> Database:
        database = open_database(self.url, self.folder / "key", self.clocks)
        database.start(None)
        return database

    def replica(self) -> Database:
        self._more.append(self.open())
        return self._more[-1]

    def load(self, files: Path, as_of: date = AS_OF) -> None:
        report = run_import(self.database, files, as_of=as_of, now=self.clocks.now, clock=time.monotonic)
        assert report.ok, report.lines()

    def morning(self) -> Morning:
        return Morning(self.database, self.house)

    def rows(
        self, *columns: sa.ColumnElement[object], where: sa.ColumnElement[bool] | None = None
    ) -> list[tuple[object, ...]]:
        asked = sa.select(*columns) if where is None else sa.select(*columns).where(where)
        return [tuple(row) for row in self.database.read_now(lambda unit: unit.rows(asked))]

    def found(self) -> set[tuple[object, ...]]:
        finding = schema.finding.c
        return set(self.rows(finding.rule, finding.customer_id, finding.episode, finding.owner))

    def told(self) -> Counter[object]:
        """How many digests wait for each person."""
        out = schema.outbox.c
        return Counter(row[0] for row in self.rows(out.recipient, where=out.lane == "digest"))

    def close(self) -> None:
        for database in (*self._more, self.database):
            database.stop()


@pytest.fixture
def make_bank(migrated_url: str, tmp_path: Path, care_house: House) -> Iterator[Callable[[], Bank]]:
    made: list[Bank] = []

    def make() -> Bank:
        made.append(Bank(migrated_url, tmp_path, care_house))
        return made[-1]

    yield make
    for bank in made:
        bank.close()
