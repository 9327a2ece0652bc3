"""Databases with the small bank in them: read in once, then copied."""

import time
from collections.abc import Iterator
from datetime import date
from functools import cache, partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from storage.database import Database
from storage.imports.load import run_import
from tests.databases import Copied, Fill, migrate
from tests.storage.deeds import NOW, opened
from tests.storage.import_bank import write_bank

TODAY = NOW.date()


@pytest.fixture
def database(copied: Copied, tmp_path: Path) -> Iterator[Database]:
    with opened(copied(bank_of(TODAY), tmp_path / "key"), tmp_path) as made:
        yield made


@cache
def bank_of(as_of: date) -> Fill:
    """The whole bank as it was on a day; the same function each time, so that it is read in once."""
    return partial(stock, as_of=as_of)


def stock(url: str, key: Path, *, as_of: date = TODAY, **files: str) -> None:
    """Read the bank in, with the given files written differently."""
    with TemporaryDirectory() as folder:
        stock_from(write_bank(Path(folder), **files), url, key, as_of=as_of)


def stock_from(bank: Path, url: str, key: Path, *, as_of: date) -> None:
    """Read in what lies in a folder."""
    migrate(url, key)
    with opened(url, key.parent, key=key.name) as database:
        report = run_import(database, bank, as_of=as_of, now=NOW, clock=time.monotonic)
        assert report.ok, report.lines()
