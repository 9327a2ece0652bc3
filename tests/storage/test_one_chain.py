"""Replicas as processes of their own, all writing at once: one chain, no number missing, none twice."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import schema
from storage.audit_check import Verdict, verify_chain
from tests.fork_server import Forked
from tests.storage.deeds import opened

PROCESSES, EACH = 3, 60


def write(url: str, folder: str, name: str) -> None:
    """One replica: its records at once, when it is told to begin."""
    with opened(url, Path(folder)) as database:
        sys.stdin.readline()
        futures = [
            database.job(lambda unit, n=n: unit.audit("deed", f"{name}:{n}", {}, [f"C{n % 5}", f"C{n % 3}"]))
            for n in range(EACH)
        ]
        for future in futures:
            future.result(60)


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
def test_replicas_write_one_chain(migrated_url: str, tmp_path: Path) -> None:
    with opened(migrated_url, tmp_path):
        pass  # the keys are there before anybody starts
    writers = [
        Forked("tests.storage.test_one_chain:write", migrated_url, str(tmp_path), f"p{number}", stdin=subprocess.PIPE)
        for number in range(PROCESSES)
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(b"go\n")
        writer.stdin.close()
    assert [writer.wait(60) for writer in writers] == [0] * PROCESSES
    with opened(migrated_url, tmp_path) as database:
        assert verify_chain(database) == Verdict(PROCESSES * EACH, None)
        bodies = database.read_now(lambda unit: unit.rows(sa.select(schema.audit.c.body)))
        written = {row.body.split(b'"resource":"')[1].split(b'"')[0].decode() for row in bodies}
        assert written == {f"p{number}:{n}" for number in range(PROCESSES) for n in range(EACH)}


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("UPDATE audit SET actor = 'somebody' WHERE seq = 2", 2),
        ("UPDATE audit SET at = at + 1 WHERE seq = 3", 3),
        ("DELETE FROM audit_subject WHERE seq = 3 AND subject = 'C1'", 3),
        ("UPDATE audit_subject SET subject = 'C9' WHERE seq = 1 AND subject = 'C0'", 1),
        ("INSERT INTO audit_subject (chain, seq, subject) VALUES ('main', 4, 'C7')", 4),
    ],
)
def test_nobody_is_hidden_from_those_who_look_somebody_up(
    migrated_url: str, tmp_path: Path, statement: str, broken: int
) -> None:
    """What a record is found by lies beside the hashed bytes, and is held against them."""
    with opened(migrated_url, tmp_path) as database:
        for number in range(4):
            about = ["C1", "C0", "C1"] if number < 3 else []
            database.run(lambda unit, n=number, about=about: unit.audit("deed", str(n), {}, about))
        assert verify_chain(database) == Verdict(4, None)
        database.run(lambda unit: unit.connection.exec_driver_sql(statement) and None)
        assert verify_chain(database) == Verdict(4, broken)
