"""The databases of the places: the bank of the storage tests, read in once."""

from pathlib import Path

import pytest

from tests.bot import api_place, web_place
from tests.databases import Copied
from tests.storage.banked import bank_of


@pytest.fixture
def api_url(copied: Copied, tmp_path: Path) -> str:
    return copied(bank_of(api_place.DAY), tmp_path / api_place.KEY)


@pytest.fixture
def web_url(copied: Copied, tmp_path: Path) -> str:
    return copied(bank_of(web_place.DAY), tmp_path / web_place.KEY)
