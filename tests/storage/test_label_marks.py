"""What is written beside the feeds' versions marks in the same commit whose labels are to be looked at again."""

from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from domain.ids import ApprovalId, CustomerId, UserId, VisitId
from domain.tier import Tier
from domain.tier_override import TierOverride
from domain.visit import Interaction, LoggedVisit, Visit
from storage import schema, tier_overrides, visits
from storage.database import Database
from storage.imports.delivery import Delivery
from storage.imports.one_row import close_row, put_row
from storage.imports.ownership import SPECS, read_grant
from storage.imports.reader import rows_of
from storage.label_due import EVERYBODY
from tests.storage.import_bank import write_bank
from tests.storage.test_import_load import NEXT, NOW, database
from tests.storage.test_import_stream import load

__all__ = ["database"]


def marked(database: Database) -> set[str]:
    """Whom the marks name; then there are none."""
    with_one = sa.select(schema.label_mark.c.customer_id)
    found = {row.customer_id for row in database.read_now(lambda unit: unit.rows(with_one))}
    database.run(lambda unit: unit.execute(schema.label_mark.delete()).rowcount)
    return found


@pytest.fixture
def bank(database: Database, tmp_path: Path) -> Path:
    load(database, write_bank(tmp_path / "feed"))
    assert marked(database) == set()  # an import is seen by its versions
    return tmp_path / "feed"


def put(database: Database, bank: Path, feed: str, key: str, **changed: str) -> None:
    header, *rows = rows_of(bank / f"{feed}.csv")
    row = next(row for row in rows if row.cells[0] == key)
    cells = dict(zip(header.cells, row.cells, strict=True)) | changed
    report = database.run(lambda unit: put_row(unit, delivery(feed), cells))
    assert not report.refused, report.rejections


def delivery(feed: str) -> Delivery:
    return Delivery(SPECS[feed], read_grant([feed]), NEXT, NOW, "核心系统")


@pytest.mark.parametrize(
    ("feed", "key", "changed", "whose"),
    [
        ("customers", "C001", {"occupation": "医生"}, {"C001"}),
        ("holdings", "H1", {"amount": "1.00"}, {"C001"}),
        ("holdings", "H1", {"customer_id": "C002"}, {"C001", "C002"}),
        ("interactions", "I2", {"interaction_id": "I9"}, {"C002"}),
        ("products", "P1", {"kind": "fund"}, {EVERYBODY}),
        ("accounts", "A1", {"closed_on": "2026-11-20"}, {"C001"}),
        ("loans", "L1", {"balance": "1.00"}, set()),
    ],
)
def test_a_row_written_by_itself(
    database: Database, bank: Path, feed: str, key: str, changed: dict[str, str], whose: set[str]
) -> None:
    put(database, bank, feed, key)
    assert marked(database) == set()  # nothing of it is new
    put(database, bank, feed, key, **changed)
    assert marked(database) == whose


@pytest.mark.parametrize(
    ("feed", "key", "whose"),
    [("customers", "C002", {"C002"}), ("holdings", "H2", {"C002"}), ("products", "P3", {EVERYBODY})],
)
def test_a_row_ended_by_itself(database: Database, bank: Path, feed: str, key: str, whose: set[str]) -> None:
    assert database.run(lambda unit: close_row(unit, delivery(feed), key))
    assert marked(database) == whose


def test_a_visit_and_one_taken_back(database: Database) -> None:
    who, by = CustomerId("C001"), UserId("rm01")
    logged = LoggedVisit(VisitId("v1"), Visit(who, "电话", True, NOW), by, NOW)
    database.run(lambda unit: visits.add(unit, logged, Interaction(who, NOW, "电话", "out", "拜访", by, "样例", True)))
    assert marked(database) == {"C001"}
    assert database.run(lambda unit: visits.undo(unit, VisitId("v1")))
    assert marked(database) == {"C001"}
    assert not database.run(lambda unit: visits.undo(unit, VisitId("v1")))
    assert marked(database) == set()


def test_a_tier_set_by_hand(database: Database) -> None:
    agreed = TierOverride(tier=Tier.AFFLUENT, days=30, until_day=date(2026, 12, 23))
    database.run(lambda unit: tier_overrides.put(unit, ApprovalId("a1"), CustomerId("C002"), agreed))
    assert marked(database) == {"C002"}
