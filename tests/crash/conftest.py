"""The bank and the databases of the chats, with one branch more, for stories in which the bot dies all the time."""

from pathlib import Path

import pytest

from simulator.bank import write_sample
from tests.chats.conftest import AS_OF, CUSTOMERS, bank_url, filling
from tests.crash.branch import add_branch

__all__ = ["bank_url", "filling"]

pytest.register_assert_rewrite("tests.crash.verdict", "tests.crash.people", "tests.crash.complaint")


@pytest.fixture(scope="session")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bank")
    write_sample(folder, customers=CUSTOMERS, seed=7, as_of=AS_OF, preset="rm_book")
    for name in ("transactions.csv", "touchpoints.csv"):
        (folder / name).unlink()
    add_branch(folder)
    return folder
