"""Labels over the days: as a model has them, the same when made again later, whole after any accident."""

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.packs import default_pack
from domain.ids import CustomerId
from domain.labels.label import Kind
from domain.labels.measures import History
from domain.refusal import Refused
from handlers import label_making
from handlers.label_past import labels_of_past
from handlers.label_round import Ready, compare, make
from storage import label_runs, labels, schema
from storage.database import Database
from storage.imports.progress import nobody
from tests.domain.labels import label_model
from tests.storage.deeds import opened
from tests.storage.label_book import INVESTS, random_history, store

BEGIN = date(2026, 8, 20)
DAYS = (date(2026, 8, 20), date(2026, 8, 31), date(2026, 9, 1), date(2026, 9, 2), date(2026, 10, 9), date(2026, 11, 1),
        date(2027, 1, 4), date(2027, 1, 5))  # fmt: skip
VERSIONS = tuple(each.model_copy(update={"invests": (INVESTS,)}) for each in default_pack().labels)
Labels = dict[CustomerId, tuple[str, str, bool]]


def history(chance: random.Random) -> History:
    """Levels that go on through all the days; no trades, for those the other tests hold against the definition."""
    made = random_history(chance, DAYS[-1])
    return replace(made, trades=())


BOOK = {f"C{number:02}": history(random.Random(number)) for number in range(40)}


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    with opened(migrated_url, tmp_path) as made:
        made.run(lambda unit: store(unit, BOOK))
        yield made


@pytest.fixture(autouse=True)
def small_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(label_making, "CUSTOMERS_AT_ONCE", 7)
    monkeypatch.setattr(label_making, "ROWS_PER_UNIT", 3)


def run(database: Database, day: date) -> None:
    make(database, Ready(day, day - timedelta(days=1)), VERSIONS, nobody)


def shown(database: Database) -> Labels:
    """Tier, stage, and whether the tier is provisional, as everybody reads them."""
    standing = database.read_now(lambda unit: {who: labels.standing_of(unit, CustomerId(who)) for who in BOOK})
    return {
        CustomerId(who): (s.tier.value, s.labels[Kind.STAGE].value, s.provisional) for who, s in standing.items() if s
    }


def model(day: date) -> Labels:
    last = day - timedelta(days=1)
    found = {}
    for who, each in BOOK.items():
        tier, provisional = label_model.tier(each.aum, day, last)
        found[CustomerId(who)] = (tier, label_model.stage(each, day, last, tier), provisional)
    return found


def test_every_day_as_the_model_has_it_and_again_later(database: Database) -> None:
    for day in DAYS:
        run(database, day)
        assert shown(database) == model(day), day
    assert len({tier for day in DAYS for tier, _, _ in model(day).values()}) == 4
    for day in DAYS:
        again = compare(database, day, VERSIONS, nobody)
        assert (again.run.day, again.customers, again.differing) == (day, len(BOOK), ())
    rows, runs = schema.label, len(DAYS)
    (count,) = database.read_now(lambda unit: unit.rows(sa.select(sa.func.count()).select_from(rows)))[0]
    assert count < len(BOOK) * runs / 2, "only what changed is written"


def test_the_last_day_does_not_depend_on_the_runs_before(database: Database) -> None:
    run(database, DAYS[-1])
    assert shown(database) == model(DAYS[-1])


def test_a_day_before_the_first_labels_is_made_from_the_data_and_kept_nowhere(database: Database) -> None:
    run(database, DAYS[-1])
    after = shown(database)
    for day in (date(2026, 8, 31), date(2026, 10, 9), date(2026, 11, 1)):
        past = labels_of_past(database, day, VERSIONS, nobody)
        assert (past.data_day, past.customers) == (day - timedelta(days=1), len(BOOK))
        assert past.counts[Kind.TIER] == Counter(tier for tier, _, _ in model(day).values()), day
        assert past.counts[Kind.STAGE] == Counter(stage for _, stage, _ in model(day).values()), day
    assert shown(database) == after
    with pytest.raises(Refused, match="还没有标签规则，最早的一版从2025年1月1日起"):
        labels_of_past(database, date(2024, 12, 31), VERSIONS, nobody)


def test_each_label_knows_since_when_and_what_was_before(database: Database) -> None:
    seen: dict[str, list[tuple[str, date]]] = {who: [] for who in BOOK}
    for day in DAYS:
        run(database, day)
        for who, (tier, _, _) in shown(database).items():
            if not seen[who] or seen[who][-1][0] != tier:
                seen[who].append((tier, day))
    had = database.read_now(lambda unit: {who: labels.history_of(unit, CustomerId(who)) for who in BOOK})
    told = {who: [(label.value, label.since) for label in reversed(kinds[Kind.TIER])] for who, kinds in had.items()}
    assert told == seen
    assert max(len(each) for each in told.values()) > 2
    assert all(label.why for kinds in had.values() for each in kinds.values() for label in each)


@pytest.mark.parametrize("step", ["write", "clean", "publish"])
def test_what_breaks_off_is_seen_by_nobody_and_made_again(
    database: Database, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(database, DAYS[0])
    before = shown(database)
    place = label_runs if step == "publish" else labels
    lasting, real = [6], getattr(place, step)

    def breaks(*args: object, **given: object) -> object:
        lasting[0] -= 1
        if lasting[0] <= 0 or step == "publish":
            raise RuntimeError("the process ends here")
        return real(*args, **given)

    monkeypatch.setattr(place, step, breaks)
    if step == "clean":
        monkeypatch.setattr(labels, "write", _once(labels.write))
    for _ in range(2):
        with pytest.raises(RuntimeError):
            run(database, DAYS[5])
        assert shown(database) == before
        database.run(lambda unit: unit.execute(schema.label_run.update().values(lease_until=0)))
    monkeypatch.undo()
    monkeypatch.setattr(label_making, "CUSTOMERS_AT_ONCE", 11)
    run(database, DAYS[5])
    assert shown(database) == model(DAYS[5])
    assert compare(database, DAYS[5], VERSIONS, nobody).differing == ()


def _once(write: Callable[..., bool]) -> Callable[..., bool]:
    def writes(*args: object, **given: object) -> bool:
        write(*args, **given)
        raise RuntimeError("the process ends here")

    return writes


def test_two_at_once_are_one(database: Database) -> None:
    claim = database.run(lambda unit: label_runs.claim(unit, DAYS[0], BEGIN, BEGIN))
    assert claim is not None
    with pytest.raises(Refused, match="另一个进程"):
        run(database, DAYS[0])
    database.run(lambda unit: unit.execute(schema.label_run.update().values(lease_until=0)))
    run(database, DAYS[0])
    assert not database.run(lambda unit: labels.write(unit, claim, [])), "whose run was taken over writes no more"
    assert not database.run(lambda unit: label_runs.publish(unit, claim, 0))
    assert shown(database) == model(DAYS[0])


def test_a_new_version_of_the_rules_leaves_the_past_alone(database: Database) -> None:
    run(database, DAYS[0])
    stricter = VERSIONS[0].model_copy(update={"effective_from": DAYS[2], "stages": VERSIONS[0].stages[-1:]})
    for day in DAYS[1:3]:
        make(database, Ready(day, day - timedelta(days=1)), (*VERSIONS, stricter), nobody)
        assert compare(database, DAYS[0], (*VERSIONS, stricter), nobody).differing == ()
    assert {stage for _, stage, _ in shown(database).values()} == {"成长客户"}
