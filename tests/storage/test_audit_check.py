"""The walk along the audit chain: whole chains pass, and any one change is found at its number."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import audit_check, audit_walk, schema
from storage.audit_check import Verdict, verify_chain
from storage.chain import link
from storage.database import Database
from storage.unit import Unit
from tests.storage.deeds import opened

LENGTH = 7


@pytest.fixture
def database(migrated_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    """A chain of seven, read three at a time."""
    monkeypatch.setattr(audit_walk, "CHUNK", 3)
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
    "a body that is no bytes any more": ("UPDATE audit SET body = '' WHERE seq = 6", Verdict(LENGTH, 6)),
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
    "the head names a hash that there is none": ("UPDATE audit_head SET algorithm = 'none'", Verdict(LENGTH, 8)),
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


BESIDE = [
    "INSERT INTO audit_subject (chain, seq, subject) VALUES ('main', 7, 'C002')",
    "DELETE FROM audit_subject WHERE seq = 6",
    "UPDATE audit_subject SET subject = 'C009' WHERE seq = 5",
    "UPDATE audit SET at = at / 10 WHERE seq = 4",
    "UPDATE audit SET actor = 'nobody' WHERE seq = 3",
]
OF_ANOTHER_KIND = [
    "UPDATE audit SET actor = CAST(actor AS BLOB) WHERE seq = 2",
    "UPDATE audit_subject SET subject = CAST(subject AS BLOB) WHERE seq = 1",
]
"""Cells that read the same and are not found; only SQLite takes them."""


def test_what_records_are_found_by_is_held_against_what_was_hashed(database: Database, backend: str) -> None:
    """Each change is one record nearer to the beginning, so each is the first one to be found."""
    statements = BESIDE + (OF_ANOTHER_KIND if backend == "sqlite" else [])
    for seq, statement in zip(range(LENGTH, 0, -1), statements, strict=False):
        spoil(database, statement)
        assert verify_chain(database) == Verdict(LENGTH, seq), statement


@pytest.fixture
def long_chain(database: Database, monkeypatch: pytest.MonkeyPatch) -> Database:
    """Of twelve records, the eighth of which changes the hash; two processes walk it, six records each."""
    monkeypatch.setattr(audit_check, "LEAST", 6)
    database.run(lambda unit: unit.audit("audit.hash", "audit:chain", {"from": "sha256", "to": "sm3"}))
    for number in range(8, 12):
        database.run(lambda unit, number=number: unit.audit("test.deed", f"deed:{number}", {}, ("C002", "C001")))
    return database


def _edit_and_hash(unit: Unit, seq: int) -> None:
    """The last record of a span, whole by itself: only the next one tells."""
    column = schema.audit.c
    row = unit.row(sa.select(column.body, column.prev).where(column.seq == seq))
    assert row is not None
    body = row.body.replace(b"deed:", b"need:")
    values = {"body": body, "hash": link(row.prev, seq, body)}
    unit.execute(schema.audit.update().where(column.seq == seq).values(values))


def test_a_long_chain_is_walked_in_spans_side_by_side(long_chain: Database) -> None:
    """Each change is nearer to the beginning than those before it, so each is the first one to be found."""
    assert verify_chain(long_chain, processes=2) == Verdict(12, None)
    spoil(long_chain, "UPDATE audit_head SET algorithm = 'none'")
    assert verify_chain(long_chain, processes=2) == Verdict(12, 13)
    spoil(long_chain, "UPDATE audit_subject SET subject = 'C009' WHERE seq = 11 AND subject = 'C001'")
    assert verify_chain(long_chain, processes=2) == Verdict(12, 11)
    long_chain.run(lambda unit: _edit_and_hash(unit, 6))
    assert verify_chain(long_chain, processes=2) == Verdict(12, 7)
    spoil(long_chain, "UPDATE audit SET actor = 'somebody' WHERE seq = 3")
    assert verify_chain(long_chain, processes=2) == Verdict(12, 3)
