"""The bank and the databases of the chats, for stories in which the bot dies all the time."""

import pytest

from tests.chats.conftest import bank, bank_url, filled_postgres, filled_sqlite

__all__ = ["bank", "bank_url", "filled_postgres", "filled_sqlite"]

pytest.register_assert_rewrite("tests.crash.verdict", "tests.crash.people")
