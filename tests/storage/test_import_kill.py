"""An import killed at any moment shows whole files and nothing else; doing it again completes it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from simulator.bank.sample import write_sample
from storage import schema
from storage.database import Database
from storage.imports.load import run_import
from storage.imports.report import ImportReport
from storage.imports.tables import TABLES, VIEWS
from storage.opening import open_database
from tests.fork_server import Forked

DAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CHILD = "tests.storage.test_import_kill:load"
DEADLINE = 60


class Clocks:
    def business(self) -> datetime:
        return NOW

    def machine(self) -> float:
        return time.monotonic()


@contextmanager
def opened(url: str, folder: str) -> Iterator[Database]:
    database = open_database(url, Path(folder) / "key", Clocks())
    database.start(None)
    try:
        yield database
    finally:
        database.stop()


def load(url: str, folder: str) -> ImportReport:
    with opened(url, folder) as database:
        return run_import(database, Path(folder), as_of=DAY, now=NOW, clock=time.monotonic)


def counts(url: str) -> tuple[dict[str, int], dict[str, int]]:
    """Rows in each feed table, and the rows that the feed's ledger says are there."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        kept = {
            name: connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()
            for name, table in VIEWS.items()
        }
        told = {row.name: row.rows for row in connection.execute(sa.select(schema.feed)).all()}
    engine.dispose()
    return kept, told


def wait_for(url: str, file: str, child: Forked) -> None:
    """Until the file is loaded, so that the kill falls into the ones after it."""
    until = time.monotonic() + DEADLINE
    while file not in counts(url)[1]:
        assert child.poll() is None, "the import ended before it could be killed"
        assert time.monotonic() < until, f"{file} was not loaded in {DEADLINE} s"
        time.sleep(0.01)


@pytest.mark.parametrize("file", ["staff", "holdings"])
def test_a_killed_import_leaves_whole_files(migrated_url: str, tmp_path: Path, file: str) -> None:
    folder = tmp_path / "sample"
    written = write_sample(folder, customers=300, seed=3, as_of=DAY, preset="rm_book").rows
    with Forked(CHILD, migrated_url, str(folder)) as child:
        wait_for(migrated_url, file, child)
        child.kill()
    kept, told = counts(migrated_url)
    assert kept == {name: told.get(name, 0) for name in kept}
    assert {name for name, rows in kept.items() if rows} != set(TABLES)
    assert load(migrated_url, str(folder)).ok
    assert {f"{name}.csv": rows for name, rows in counts(migrated_url)[0].items()} == {
        name: rows for name, rows in written.items() if name.endswith(".csv")
    }


def held(url: str, name: str) -> list[tuple[int, int | None, int]]:
    """How many rows of a feed lie there, by the versions that brought and replaced them."""
    table = TABLES[name]
    versions = sa.select(table.c.since, table.c.until, sa.func.count().label("rows")).group_by(
        table.c.since, table.c.until
    )
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = sorted((tuple(row) for row in connection.execute(versions)), key=str)
    engine.dispose()
    return found


def seen(url: str, name: str) -> list[str]:
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        found = sorted(map(str, connection.execute(sa.select(VIEWS[name])).all()))
    engine.dispose()
    return found


def rewritten(folder: Path) -> int:
    """Every amount a little more, one row gone: a snapshot in which everything changed."""
    lines = (folder / "holdings.csv").read_text("utf-8").splitlines()
    names = lines[0].split(",")
    place = names.index("amount")
    rows = [line.split(",") for line in lines[2:]]
    for row in rows:
        row[place] = f"{float(row[place]) + 1:.2f}"
    (folder / "holdings.csv").write_text("\n".join([lines[0], *(",".join(row) for row in rows)]) + "\n", "utf-8")
    return len(rows)


def leave(folder: Path, *names: str) -> None:
    for path in folder.glob("*.csv"):
        if path.stem not in names:
            path.unlink()


def test_a_killed_snapshot_is_seen_by_nobody_and_cleared_away(migrated_url: str, tmp_path: Path) -> None:
    """Killed while the rows of the second version are written: some lie there, none is seen."""
    folder = tmp_path / "sample"
    write_sample(folder, customers=1_500, seed=3, as_of=DAY, preset="rm_book")
    leave(folder, "org_units", "staff", "customers", "products", "holdings")
    assert load(migrated_url, str(folder)).ok
    before, rows = seen(migrated_url, "holdings"), rewritten(folder)
    leave(folder, "holdings")
    with Forked(CHILD, migrated_url, str(folder)) as child:
        until = time.monotonic() + DEADLINE
        while not any(since == 2 for since, _, _ in held(migrated_url, "holdings")):
            assert child.poll() is None, "the import ended before it could be killed"
            assert time.monotonic() < until
            time.sleep(0.005)
        child.kill()
    assert {since for since, _, _ in held(migrated_url, "holdings")} == {1, 2}
    assert seen(migrated_url, "holdings") == before
    report = load(migrated_url, str(folder))
    assert report.ok, report.lines()
    [file] = report.files
    assert (file.updated, file.closed, file.inserted) == (rows, 1, 0)
    assert held(migrated_url, "holdings") == [(2, None, rows + 1)]
    assert len(seen(migrated_url, "holdings")) == rows + 1
