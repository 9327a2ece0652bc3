"""A database with the small bank in it."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.database import Database
from storage.imports.load import run_import
from tests.storage.deeds import NOW, opened
from tests.storage.import_bank import write_bank


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    with opened(migrated_url, tmp_path) as made:
        report = run_import(made, write_bank(tmp_path / "bank"), as_of=NOW.date(), now=NOW, clock=time.monotonic)
        assert report.ok, report.lines()
        yield made
