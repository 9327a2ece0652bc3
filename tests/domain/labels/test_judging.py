"""Tier and stage against a model that knows neither pack nor rule language, and mistakes that it must notice."""

import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from bot.packs import default_pack
from domain.ids import CustomerId
from domain.labels import hysteresis, measures
from domain.labels.label import Kind
from domain.labels.measures import History, measure
from domain.labels.rules import LabelRules
from domain.labels.standing import Day, Evidence, judge
from tests.domain.labels import label_model
from tests.storage.label_book import random_history

RULES = default_pack().labels[0]
MANY = 1_200


def book(count: int = MANY) -> list[tuple[History, date, date]]:
    """Histories with a day to judge them on, a few around the begin of a month."""
    chance = random.Random(4)
    made = []
    for _ in range(count):
        last = date(2026, 1, 28) + timedelta(days=chance.randrange(300))
        made.append((random_history(chance, last), last + timedelta(days=chance.choice((1, 1, 1, 3))), last))
    return made


def said(history: History, day: date, last: date, rules: LabelRules) -> tuple[str, bool, str]:
    evidence = Evidence(CustomerId("C"), measure(history, last), points=history.aum)
    stands = judge(evidence, Day(day, last, (rules,)))
    return stands.tier, stands.provisional, stands.labels[Kind.STAGE].value


def wanted(history: History, day: date, last: date) -> tuple[str, bool, str]:
    tier, provisional = label_model.tier(history.aum, day, last)
    return tier, provisional, label_model.stage(history, day, last, tier)


Judged = list[tuple[tuple[History, date, date], tuple[str, bool, str]]]


@pytest.fixture(scope="module")
def judged() -> Judged:
    """The histories with what the model says of them."""
    return [(each, wanted(*each)) for each in book()]


def test_tier_and_stage_as_the_model_has_them(judged: Judged) -> None:
    for each, model in judged:
        assert said(*each, RULES) == model, each
    assert len({tier for _, (tier, _, _) in judged}) == 4
    assert len({stage for _, (_, _, stage) in judged}) == 6


def worded(before: str, after: str) -> Callable[[Any], LabelRules]:
    def mutate(_: Any) -> LabelRules:
        raw = RULES.model_dump_json()
        assert before in raw
        return LabelRules.model_validate_json(raw.replace(before, after))

    return mutate


def patched(module: Any, name: str, value: Any) -> Callable[[Any], LabelRules]:
    def mutate(monkeypatch: pytest.MonkeyPatch) -> LabelRules:
        monkeypatch.setattr(module, name, value, raising=False)  # a builtin is not there yet
        return RULES

    return mutate


def reordered(_: Any) -> LabelRules:
    first, second = (next(n for n, r in enumerate(RULES.stages) if r.stage == s) for s in ("休眠客户", "成熟客户"))
    stages = list(RULES.stages)
    stages[first : second + 1] = reversed(stages[first : second + 1])
    return RULES.model_copy(update={"stages": tuple(stages)})


MUTANTS = {
    "new through 89 days": worded("开户时间 <= 90天", "开户时间 < 90天"),
    "new through 91 days": worded("开户时间 <= 90天", "开户时间 <= 91天"),
    "first money does not make new": worded("首次入金时间 <= 90天", "首次入金时间 < 0天"),
    "lost from 181 days on": worded("沉默时间 >= 180天", "沉默时间 > 180天"),
    "lost with exactly 1000 yuan": worded("资产 < 1000元", "资产 <= 1000元"),
    "fall of more than nine tenths": worded("九十天跌幅 >= 90%", "九十天跌幅 > 90%"),
    "a peak of more than 5万": worded("一年最高资产 >= 5万元", "一年最高资产 > 5万元"),
    "dormant from 91 days on": worded("沉默时间 >= 90天", "沉默时间 > 90天"),
    "the wealthy as everybody": worded("沉默时间 >= 60天", "沉默时间 >= 90天"),
    "affluent is wealthy": worded("(高净值, 超高净值)", "(富裕, 高净值, 超高净值)"),
    "nobody is spared": worded(" 且 非 (未到期持仓 >= 1 且 九十天增幅 >= 0%)", ""),
    "spared while it shrinks": worded("九十天增幅 >= 0%", "九十天增幅 >= -50%"),
    "mature with two kinds": worded("产品类 >= 3", "产品类 >= 2"),
    "mature after more than a year": worded("开户时间 >= 365天", "开户时间 > 366天"),
    "mature first": reordered,
    "closed accounts are no matter": patched(measures, "_all_closed", lambda accounts, last: False),
    "one closed account is enough": patched(measures, "all", any),
    "a quarter of 91 days": patched(measures, "QUARTER", 91),
    "a year of 364 days": patched(measures, "YEAR", 364),
    "two months of grace": worded('"grace_months":3', '"grace_months":2'),
    "four months of grace": worded('"grace_months":3', '"grace_months":4'),
    "kept at 81 %": worded('"keep_percent":80', '"keep_percent":81'),
    "a higher floor": worded('"yuan":6000000', '"yuan":6000001'),
    "falls at once": patched(hysteresis, "max", min),
    "no fall ever": patched(hysteresis, "min", max),
}


@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_mistake_does_not_pass(mutant: str, judged: Judged, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = MUTANTS[mutant](monkeypatch)
    assert any(said(*each, rules) != model for each, model in judged), mutant
