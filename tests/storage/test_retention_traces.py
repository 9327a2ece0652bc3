"""Nothing of what was erased is left in the database's own bytes; an erasing killed half-way is gone on with."""

import os
import signal
from datetime import timedelta
from pathlib import Path

import orjson
import sqlalchemy as sa

from bot.packs import shipped_retention
from domain.retention.kinds import Kind
from handlers.retention import applying
from storage import schema
from storage.audit_check import verify_chain
from storage.database import Database
from storage.sealed import sealed_tables
from storage.unit import Unit
from tests.fork_server import Forked
from tests.storage.deeds import NOW, Clocks, opened
from tests.storage.test_retention import GONE, HELD, HERE, LONG_AGO, hold, put

VISITS, DEADLINE = 600, 60.0
TODAY = NOW.date()


def fill(unit: Unit, visits: int) -> None:
    for customer, end in ((GONE, LONG_AGO.date()), (HELD, LONG_AGO.date()), (HERE, None)):
        put(unit, "customer", LONG_AGO, customer, customer_id=customer, closed_as_of=end)
    hold(unit, customer=HELD)
    for number in range(visits):
        put(unit, "visit", LONG_AGO, f"v{number}", id=f"v{number}", customer_id=HERE)
    put(unit, "visit", LONG_AGO, "held", id="held", customer_id=HELD)
    put(unit, "interaction", LONG_AGO, "i1", customer_id=HERE)
    put(unit, "photo", LONG_AGO, "p1", owner="v1")


def cells(database: Database) -> set[bytes]:
    """Every sealed cell of the house, without what all of one key begin with."""
    found: set[bytes] = set()
    for each in sealed_tables():
        columns = [each.table.c[name] for name in each.columns]
        rows = database.read_now(lambda unit, chosen=columns: unit.rows(sa.select(*chosen)))
        found |= {bytes(cell)[-24:] for row in rows for cell in row if cell is not None}
    return found


def test_the_erased_is_in_no_byte(migrated_url: str, tmp_path: Path) -> None:
    with opened(migrated_url, tmp_path) as database:
        database.run(lambda unit: fill(unit, 40))
        before = cells(database)
        report = applying.make(database, shipped_retention(), TODAY, "cli:tester")
        applying.apply(database, shipped_retention(), "cli:tester", report.digest, lambda kind, gone: None)
        erased = before - cells(database)
        assert len(erased) > 80
        assert verify_chain(database).broken is None
    if migrated_url.startswith("sqlite"):
        file = Path(sa.make_url(migrated_url).database or "")
        held = b"".join(each.read_bytes() for each in file.parent.glob(f"{file.name}*"))
        assert [cell for cell in erased if cell in held] == []
        assert any(cell in held for cell in before - erased), "the look finds what is there"


def erase(url: str, folder: str, hours: str = "0", dies_after: str = "") -> None:
    """One pass; where it says so, the process dies once as many visits are gone."""
    clocks = Clocks()
    clocks.now += timedelta(hours=int(hours))

    def tell(kind: Kind, gone: int) -> None:
        if dies_after and kind is Kind.VISITS and gone >= int(dies_after):
            os.kill(os.getpid(), signal.SIGKILL)

    with opened(url, Path(folder), clocks=clocks) as database:
        report = applying.make(database, shipped_retention(), TODAY, "cli:child")
        applying.apply(database, shipped_retention(), "cli:child", report.digest, tell)


def left(url: str) -> tuple[int, int]:
    """Visits that are there, and visits that are on record as erased."""
    engine = sa.create_engine(url)
    with engine.connect() as connection:
        there = connection.execute(sa.select(sa.func.count()).select_from(schema.visit)).scalar_one()
        bodies = [orjson.loads(row.body) for row in connection.execute(sa.select(schema.audit.c.body)).all()]
    engine.dispose()
    told = [body["detail"] for body in bodies if body["action"] == "retention.erased"]
    return int(there), sum(detail["rows"] for detail in told if detail["table"] == "visit")


def test_a_killed_erasing_goes_on(migrated_url: str, tmp_path: Path) -> None:
    with opened(migrated_url, tmp_path) as database:
        database.run(lambda unit: fill(unit, VISITS))
    with Forked("tests.storage.test_retention_traces:erase", migrated_url, str(tmp_path), "0", "100") as child:
        assert child.wait(DEADLINE) == -signal.SIGKILL
    there, told = left(migrated_url)
    assert there + told == VISITS + 1
    assert 100 <= told < VISITS
    erase(migrated_url, str(tmp_path), "1")
    assert left(migrated_url) == (1, VISITS)
    with opened(migrated_url, tmp_path) as database:
        assert verify_chain(database).broken is None
