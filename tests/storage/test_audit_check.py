"""The walk along the audit chain: whole chains pass, and any one change is found at its number."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from storage import audit_check
from storage.audit_check import Verdict, verify_chain
from storage.database import Database
from tests.storage.deeds import opened

LENGTH = 7


@pytest.fixture
def database(migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A chain of seven, read three at a time."""
    monkeypatch.setattr(audit_check, "CHUNK", 3)
    with opened(migrated_url, tmp_path) as made:
        for number in range(LENGTH):
            made.run(lambda unit, number=number: unit.audit("test.deed", f"deed:{number}", {"n": number}, ("C001",)))
        yield made


def spoil(database: Database, statement: str) -> None:
    database.run(lambda unit: unit.connection.exec_driver_sql(statement) and None)


def test_a_whole_chain(database: Database) -> None:
    assert verify_chain(database) == Verdict(LENGTH, None)


def test_an_empty_chain(migrated_url: str, tmp_path: Path) -> None:
    with opened(migrated_url, tmp_path) as made:
        assert verify_chain(made) == Verdict(0, None)


SPOILT = {
    "a body changed": ("UPDATE audit SET body = prev WHERE seq = 4", Verdict(LENGTH, 4)),
    "a hash changed": ("UPDATE audit SET hash = body WHERE seq = 7", Verdict(LENGTH, 7)),
    "one removed": ("DELETE FROM audit WHERE seq = 3", Verdict(LENGTH, 3)),
    "the first removed": ("DELETE FROM audit WHERE seq = 1", Verdict(LENGTH, 1)),
    "the end cut off": ("DELETE FROM audit WHERE seq > 5", Verdict(LENGTH, 6)),
    "all removed": ("DELETE FROM audit", Verdict(LENGTH, 1)),
    "two exchanged": ("UPDATE audit SET seq = 12 - seq + 100 WHERE seq IN (5, 6)", Verdict(107, 5)),
    "the head removed": ("DELETE FROM audit_head", Verdict(LENGTH, 1)),
    "the head set back": (
        "UPDATE audit_head SET seq = 5, hash = (SELECT hash FROM audit WHERE seq = 5)",
        Verdict(LENGTH, 6),
    ),
    "the head's hash changed": (
        "UPDATE audit_head SET hash = (SELECT hash FROM audit WHERE seq = 1)",
        Verdict(LENGTH, 8),
    ),
}


@pytest.mark.parametrize("what", SPOILT)
def test_every_change_is_found(database: Database, what: str) -> None:
    statement, verdict = SPOILT[what]
    spoil(database, statement)
    assert verify_chain(database) == verdict
