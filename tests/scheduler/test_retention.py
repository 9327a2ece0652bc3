"""The night: what nobody needs to look at goes, the rest is reported; a new database begins with the next night."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.packs import default_pack, shipped_retention
from domain.ids import UserId
from domain.refusal import Refused
from handlers.context import House
from handlers.retention import applying, reporting
from scheduler.retention import Keeping
from storage import cron, schema
from storage.database import Database
from storage.retention import reports
from tests.policies import POLICY
from tests.storage.deeds import NOW, Clocks, opened
from tests.storage.test_retention import LONG_AGO, put


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def database(migrated_url: str, tmp_path: Path, clocks: Clocks) -> Iterator[Database]:
    with opened(migrated_url, tmp_path, clocks=clocks) as made:
        yield made


def there(database: Database, table: sa.Table) -> int:
    return int(database.read_now(lambda unit: unit.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()))


def test_the_night(database: Database, clocks: Clocks) -> None:
    keeping = Keeping(database, House(default_pack(), POLICY, 1, retention=shipped_retention()))
    database.run(lambda unit: put(unit, "web_session", LONG_AGO, "old"))
    database.run(lambda unit: put(unit, "visit", LONG_AGO, "old"))
    asyncio.run(keeping())
    assert database.read_now(reports.latest) is None, "a new database begins with the next night"
    clocks.now = NOW + timedelta(days=1)
    asyncio.run(keeping())
    kept = database.read_now(reports.latest)
    assert kept is not None
    assert kept.report.due == 1
    assert there(database, schema.web_session) == 0
    assert there(database, schema.visit) == 1
    made_at = kept.made_at
    clocks.now += timedelta(hours=2)
    asyncio.run(Keeping(database, House(default_pack(), POLICY, 1, retention=shipped_retention()))())
    again = database.read_now(reports.latest)
    assert again is not None
    assert again.made_at == made_at, "another replica finds it done"


def test_what_was_erased_by_hand_is_not_erased_again_by_the_clock(database: Database, clocks: Clocks) -> None:
    edition = shipped_retention()
    keeping = Keeping(database, House(default_pack(), POLICY, 1, retention=edition))
    database.run(lambda unit: put(unit, "visit", LONG_AGO, "old"))
    report = applying.make(database, edition, NOW.date(), "cli:tester")
    database.run(lambda unit: reports.agree(unit, report.digest, UserId("sec01")))
    assert applying.apply(database, edition, "cli:tester", None, lambda _kind, _gone: None) == (report, 1)
    database.run(lambda unit: put(unit, "visit", LONG_AGO, "came back"))
    with pytest.raises(Refused, match="已经删除（1 行）：再有到期的，请重新出一份报告"):
        applying.apply(database, edition, "cli:tester", report.digest, lambda _kind, _gone: None)
    clocks.now += timedelta(minutes=1)
    asyncio.run(keeping())
    assert there(database, schema.visit) == 1, "what came after it was looked at is of the next report"
    assert database.read_now(lambda unit: cron.marked(unit, reporting.DONE, reporting.done_slot(report)))
    again = applying.make(database, edition, NOW.date(), "cli:tester")
    assert applying.apply(database, edition, "cli:tester", again.digest, lambda _kind, _gone: None)[1] == 1
