"""The synthetic bank, written by code that shares nothing with the import, goes in whole."""

import csv
import time
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from simulator.bank.sample import write_sample
from storage.imports.load import run_import
from storage.imports.tables import TABLES
from storage.opening import open_database

DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


class Clocks:
    def business(self) -> datetime:
        return NOW

    def machine(self) -> float:
        return time.monotonic()


def test_the_synthetic_bank_is_loaded_whole(migrated_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "sample"
    written = write_sample(folder, customers=200, seed=7, as_of=DAY, preset="rm_book").rows
    database = open_database(migrated_url, tmp_path / "keys" / "key", Clocks())
    database.start(None)
    report = run_import(database, folder, as_of=DAY, now=NOW, clock=time.monotonic)
    assert report.ok, report.lines()
    with database.reader() as connection:
        kept = {
            f"{name}.csv": connection.scalar(sa.select(sa.func.count()).select_from(table))
            for name, table in TABLES.items()
        }
        total = connection.scalar(sa.select(sa.func.sum(TABLES["transactions"].c.amount)))
    database.stop()
    assert kept == {name: rows for name, rows in written.items() if name.endswith(".csv")}
    with (folder / "transactions.csv").open(encoding="utf-8", newline="") as stream:
        assert total == sum(int(row["amount"].replace(".", "")) for row in csv.DictReader(stream))
