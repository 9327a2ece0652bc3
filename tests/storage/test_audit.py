"""The audit trail: whatever is changed, left out, added or moved is found, at its first place."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import schema
from storage.audit import AuditRecord
from storage.audit_check import verify_chain
from storage.chain import GENESIS, link
from storage.database import Database
from storage.unit import Unit
from tests.chain import first_break
from tests.storage.deeds import NOW, opened

COUNT = 12
AUDIT = schema.audit.c
Change = Callable[[Unit], object]


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    with opened(migrated_url, tmp_path) as made:
        for number in range(COUNT):
            made.run(
                lambda unit, n=number: unit.audit("read", f"customer:{n}", {"n": n}, [f"C{n}", f"C{n + 1}", f"C{n}"])
            )
        yield made


def links(database: Database) -> list[tuple[int, bytes, bytes, bytes]]:
    chain = sa.select(AUDIT.seq, AUDIT.body, AUDIT.prev, AUDIT.hash).order_by(AUDIT.seq)
    return [(row.seq, row.body, row.prev, row.hash) for row in database.read_now(lambda unit: unit.rows(chain))]


def test_an_untouched_trail_is_whole(database: Database) -> None:
    assert first_break(links(database)) is None
    assert [link[0] for link in links(database)] == list(range(1, COUNT + 1))
    assert links(database)[0][2] == GENESIS


def test_an_empty_trail_is_whole(migrated_url: str, tmp_path: Path) -> None:
    with opened(migrated_url, tmp_path) as database:
        assert first_break(links(database)) is None


def test_whom_a_record_is_about_is_kept_beside_it(database: Database) -> None:
    columns = schema.audit_subject.c
    about = sa.select(columns.seq).where(columns.subject == "C3").order_by(columns.seq)
    assert database.read_now(lambda unit: list(unit.execute(about).scalars())) == [3, 4]
    assert all(b"C3" not in link[1] for link in links(database))


def _edit(unit: Unit) -> object:
    row = unit.row(sa.select(AUDIT.body).where(AUDIT.seq == 5))
    assert row is not None
    return unit.execute(
        schema.audit.update().where(AUDIT.seq == 5).values(body=row.body.replace(b"read", b"view"))
    ).rowcount


def _edit_and_hash(unit: Unit) -> object:
    """Whoever also computes the hash anew breaks the next link."""
    row = unit.row(sa.select(schema.audit).where(AUDIT.seq == 5))
    assert row is not None
    body = row.body.replace(b"read", b"view")
    values = {"body": body, "hash": link(row.prev, 5, body)}
    return unit.execute(schema.audit.update().where(AUDIT.seq == 5).values(values)).rowcount


def _delete(unit: Unit) -> object:
    return unit.execute(schema.audit.delete().where(AUDIT.seq == 5)).rowcount


def _delete_and_close(unit: Unit) -> object:
    """The gap closed by renumbering."""
    _delete(unit)
    for seq in range(6, COUNT + 1):
        unit.execute(schema.audit.update().where(AUDIT.seq == seq).values(seq=seq - 1))
    return None


def _swap(unit: Unit) -> object:
    for seq, to in ((5, 100), (6, 5), (100, 6)):
        unit.execute(schema.audit.update().where(AUDIT.seq == seq).values(seq=to))
    return None


def _add(unit: Unit) -> object:
    record = AuditRecord(NOW, "intruder", "read", "customer:9", {})
    body = record.canonical(COUNT + 1)
    values = {
        "chain": "main",
        "seq": COUNT + 1,
        "body": body,
        "prev": GENESIS,
        "hash": link(GENESIS, COUNT + 1, body),
        "actor": "intruder",
        "at": NOW,
    }
    return unit.execute(schema.audit.insert().values(values)).rowcount


def _first(unit: Unit) -> object:
    return unit.execute(schema.audit.delete().where(AUDIT.seq == 1)).rowcount


@pytest.mark.parametrize(
    ("change", "place"),
    [(_edit, 5), (_edit_and_hash, 6), (_delete, 5), (_delete_and_close, 5), (_swap, 5), (_add, COUNT + 1), (_first, 1)],
)
def test_a_change_is_found_where_it_begins(database: Database, change: Change, place: int) -> None:
    database.run(change)
    assert first_break(links(database)) == place
    assert verify_chain(database).broken == place


def test_a_shortened_trail_is_found_by_its_head(database: Database) -> None:
    database.run(lambda unit: unit.execute(schema.audit.delete().where(AUDIT.seq > 9)).rowcount)
    assert first_break(links(database)) is None
    assert verify_chain(database).broken == 10


def test_a_fork_is_refused_by_the_database(database: Database) -> None:
    link = links(database)[4]
    values = {"chain": "main", "seq": link[0], "body": b"{}", "prev": link[2], "hash": GENESIS}
    values |= {"actor": "x", "at": NOW}
    with pytest.raises(sa.exc.IntegrityError):
        database.run(lambda unit: unit.execute(schema.audit.insert().values(values)).rowcount)


def test_what_was_undone_is_not_on_record(database: Database) -> None:
    def fail(unit: Unit) -> None:
        unit.audit("never", "x")
        raise LookupError

    with pytest.raises(LookupError):
        database.run(fail)
    assert len(links(database)) == COUNT
    database.run(lambda unit: unit.audit("after", "y"))
    assert first_break(links(database)) is None
    assert len(links(database)) == COUNT + 1
