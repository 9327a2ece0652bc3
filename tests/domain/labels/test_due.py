"""Until the day on which to look again, no label changes by itself."""

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.packs import default_pack
from domain.customer import AumPoint
from domain.labels.deciding import decide
from domain.labels.due import ahead, due_on
from domain.labels.hysteresis import months_after, tier_after
from domain.labels.measures import Held, History, Trade, measure
from domain.labels.rules import LabelRules, rules_on
from domain.labels.standing import Day
from domain.tier import Tier
from tests.storage.label_book import random_history

ONE = timedelta(days=1)
RULES = rules_on(default_pack().labels, date(2026, 11, 23))
MOVED = RULES.model_copy(update={
    "stages": (
        RULES.stages[0].model_copy(update={"when": "沉默时间 介于 3天 和 9天 或 首次入金时间 属于 (20天, 45天)"}),
        RULES.stages[1].model_copy(update={"when": "加权剩余期限 != 100天 且 开户时间 > 50天"}),
        RULES.stages[-1],
    )
})  # fmt: skip
ANY_DAY = RULES.model_copy(update={
    "stages": (RULES.stages[0].model_copy(update={"when": "沉默时间 >= 加权剩余期限"}), RULES.stages[-1])
})  # fmt: skip


def known(history: History, last: date) -> History:
    """Nothing of what is new after that day; an end that is known beforehand stays."""
    return replace(
        history,
        opened_on=history.opened_on if history.opened_on and history.opened_on <= last else None,
        closed_on=history.closed_on if history.closed_on and history.closed_on <= last else None,
        aum=[point for point in history.aum if point.day <= last],
        accounts=[account for account in history.accounts if account.opened_on is None or account.opened_on <= last],
        trades=[trade for trade in history.trades if trade.day <= last],
        holdings=[held for held in history.holdings if held.opened_on is None or held.opened_on <= last],
        active=[day for day in history.active if day <= last],
    )


@given(
    seed=st.integers(0, 2**32),
    last=st.dates(date(2026, 6, 1), date(2027, 3, 31)),
    behind=st.integers(0, 3),
    stood=st.sampled_from(Tier),
    rules=st.sampled_from([RULES, MOVED, ANY_DAY]),
)
@settings(max_examples=300, deadline=None)
def test_nothing_changes_before_the_day(seed: int, last: date, behind: int, stood: Tier, rules: LabelRules) -> None:
    history = known(random_history(random.Random(seed), last), last)
    begun = Day(last + (1 + behind) * ONE, last, [rules])
    due = due_on(ahead(history, begun), stood, begun, provisional=False)
    labels = decide(measure(history, last), stood, rules)
    until = min(due or date.max, begun.day + 500 * ONE)
    day = begun.day
    while (day := day + ONE) < until:
        tier = tier_after(stood, history.aum, months_after(begun.day, day), [rules])
        for late in range(behind + 1):
            now = max(day - (1 + late) * ONE, last)
            assert (tier, decide(measure(history, now), stood, rules)) == (stood, labels), (day, now)


LAST = date(2026, 10, 30)
CALM = History(opened_on=date(2020, 1, 1), aum=[AumPoint(date(2025, 1, 1), 100_000_00)], active=[date(2026, 10, 20)])
LATER = History(opened_on=date(2020, 1, 1), active=[date(2026, 10, 29)])


@pytest.mark.parametrize(
    ("history", "tier", "provisional", "due"),
    [
        (CALM, Tier.MASS, False, date(2026, 12, 20)),  # silent for 60 days by the end of the day before
        (replace(CALM, opened_on=None, active=[]), Tier.MASS, False, None),
        (replace(CALM, opened_on=date(2026, 8, 10)), Tier.MASS, False, date(2026, 11, 9)),  # opened 90 days ago
        (replace(CALM, active=[], opened_on=date(2026, 1, 1)), Tier.MASS, False, date(2027, 1, 2)),  # for a year
        (CALM, Tier.AFFLUENT, False, date(2026, 11, 1)),  # the month may take the tier away
        (replace(CALM, aum=[AumPoint(date(2025, 1, 1), 500_000_00)]), Tier.MASS, False, date(2026, 11, 1)),
        (replace(CALM, aum=[AumPoint(date(2025, 1, 1), 400_000_00)]), Tier.AFFLUENT, False, date(2026, 12, 20)),
        (CALM, Tier.MASS, True, date(2026, 11, 1)),  # by the few days there are: anew every day
        (replace(CALM, aum=[]), Tier.MASS, True, date(2026, 12, 20)),  # until there is a level
        (replace(LATER, aum=[AumPoint(date(2026, 8, 5), 1)]), Tier.MASS, False, date(2026, 11, 3)),  # 90 days' growth
        (replace(LATER, holdings=[Held("fund", 1, date(2025, 11, 3))]), Tier.MASS, False, date(2026, 11, 4)),
        (replace(LATER, holdings=[Held("fund", 1, None, date(2026, 11, 20))]), Tier.MASS, False, date(2026, 11, 21)),
        (replace(LATER, holdings=[Held("fund", 1, None, date(2027, 5, 3))]), Tier.MASS, False, date(2026, 11, 6)),
        (replace(LATER, trades=[Trade(date(2025, 11, 5), 1)]), Tier.MASS, False, date(2026, 11, 6)),
    ],
)  # fmt: skip
def test_when(history: History, tier: Tier, provisional: bool, due: date | None) -> None:
    day = Day(LAST + ONE, LAST, [RULES])
    assert due_on(ahead(history, day), tier, day, provisional=provisional) == due
