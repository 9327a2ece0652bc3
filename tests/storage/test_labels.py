"""Labels for many at once say what the definitions say of one."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.packs import default_pack
from domain.labels.deciding import appetite_of, decide
from domain.labels.due import ahead
from domain.labels.hysteresis import months_after, tier_after
from domain.labels.measures import measure
from domain.labels.rules import Event, rules_on
from domain.labels.standing import Day
from domain.tier import Tier
from storage import schema
from storage.database import Database
from storage.label_inputs import Task
from storage.label_windows import Window, Windows, ahead_of, measures_of
from storage.unit import Unit
from tests.storage.deeds import opened
from tests.storage.label_book import INVESTS, random_history, store

RULES = rules_on(default_pack().labels, date(2026, 11, 23)).model_copy(update={"invests": (INVESTS,)})
WHOLE_YEAR = date(2025, 11, 1)


class Undone(Exception):
    """Ends a unit of work whose rows are not wanted any more."""


@pytest.fixture
def database(migrated_url: str, tmp_path: Path) -> Iterator[Database]:
    with opened(migrated_url, tmp_path) as made:
        yield made


def is_near(event: Event, day: date, reach: int) -> bool:
    """By walking to the days around it."""
    around = [day + timedelta(days=ahead) for ahead in range(-reach, reach + 1)]
    return any(each == event.day or f"{each:%m-%d}" == event.every for each in around)


@given(seed=st.integers(0, 2**32), last=st.dates(date(2026, 6, 1), date(2027, 3, 31)), wait=st.integers(1, 4))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_many_at_once_as_one_by_one(database: Database, seed: int, last: date, wait: int) -> None:
    chance = random.Random(seed)
    when = last - timedelta(days=chance.randrange(-2, 400))
    event = Event(name="开门红", day=when) if chance.random() < 0.5 else Event(name="开门红", every=f"{when:%m-%d}")
    rules = RULES.model_copy(update={"events": (event,)})
    book = {f"C{n:02}": random_history(chance, last) for n in range(25)}
    day = last + timedelta(days=wait)

    def compare(unit: Unit) -> None:
        store(unit, book)
        for row in Windows(Task(day, last, rules), 0, everybody=True).rows(unit, Window("", "Z")):
            history = book[row.customer_id]
            near = [replace(t, eventful=is_near(event, t.day, rules.event_days)) for t in history.trades]
            active = [*history.active, *(trade.day for trade in near)]
            whole = replace(history, trades=near, active=active)
            assert ahead_of(row) == ahead(whole, Day(day, last, [rules])), row.customer_id
            wanted = measure(whole, last)
            assert measures_of(row) == wanted, row.customer_id
            decision = decide(wanted, Tier.MASS, rules)  # nobody stands yet: the window has no tier to judge by
            assert (row.new_stage, row.new_segments) == (decision.stage.stage, decision.segments_text)
            tests = sorted((r for r in history.risk if r.assessed_on <= last), key=lambda r: r.assessed_on)
            assert row.new_appetite == appetite_of(tests[-1] if tests else None, day)
        raise Undone

    with pytest.raises(Undone):
        database.run(compare)


@given(seed=st.integers(0, 2**32), last=st.dates(date(2026, 6, 1), date(2027, 3, 31)), behind=st.integers(1, 150))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_tiers_of_missed_months_at_once_as_month_by_month(
    database: Database, seed: int, last: date, behind: int
) -> None:
    chance = random.Random(seed)
    book = {f"C{n:02}": random_history(chance, last) for n in range(25)}
    stood = {who: chance.choice(tuple(Tier)) for who in book}
    day = last + timedelta(days=1)
    months = months_after(day - timedelta(days=behind), day)
    task = Task(day, last, RULES, tuple((month, RULES) for month in months))

    def compare(unit: Unit) -> None:
        store(unit, book)
        unit.execute(schema.label.insert(), [_stands(who, tier, day) for who, tier in stood.items()])
        for row in Windows(task, 1, everybody=True).rows(unit, Window("", "Z")):
            points = [point for point in book[row.customer_id].aum if point.day <= last]
            wanted = tier_after(stood[row.customer_id], points, months, [RULES])
            assert tuple(Tier)[row.new_rank] == wanted, (row.customer_id, months, points)
        raise Undone

    with pytest.raises(Undone):
        database.run(compare)


def _stands(who: str, tier: Tier, day: date) -> dict[str, Any]:
    words = {"tier": tier.value, "stage": "成长客户", "segments": "无明显特征", "appetite": "未测评"}
    told = {f"{name}_since": day for name in words} | {f"{name}_why": "[]" for name in words}
    return {"customer_id": who, "run": 1, "computed_tier": tier.value, "provisional": False, **words, **told}
