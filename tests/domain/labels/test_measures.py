"""What measures mean where a reader could take them otherwise: who has left, and how often money was turned over."""

from datetime import date, timedelta

import pytest

from bot.packs import default_pack
from domain.customer import AumPoint, RiskAssessment
from domain.daytext import day_text
from domain.ids import Fen
from domain.labels.deciding import appetite_of, decide
from domain.labels.measures import Account, History, Trade, measure
from domain.labels.saying import appetite_because
from domain.sharing import Datum, Field
from domain.tier import Tier

RULES = default_pack().labels[0]
LAST = date(2026, 11, 25)
OPEN, GONE = Account(date(2020, 1, 1)), Account(date(2020, 1, 1), LAST)


@pytest.mark.parametrize(
    ("accounts", "stage"),
    [
        ((), "成长客户"),
        ((OPEN, GONE), "成长客户"),
        ((GONE, GONE), "流失客户"),
        ((Account(None, LAST + timedelta(days=1)),), "成长客户"),
        ((GONE, Account(LAST + timedelta(days=1))), "流失客户"),
    ],
)
def test_who_has_closed_every_account_has_left(accounts: tuple[Account, ...], stage: str) -> None:
    """Whatever else: talked to yesterday, and with money as the feed of assets still has it."""
    level = [AumPoint(date(2025, 1, 1), Fen(1_000_000_00))]
    history = History(date(2020, 1, 1), aum=level, active=[LAST], accounts=accounts)
    assert decide(measure(history, LAST), Tier.AFFLUENT, RULES).stage.stage == stage


@pytest.mark.parametrize(
    ("levels", "segment"),
    [
        ([(500, 100_000)], "无明显特征"),
        ([(500, 100_000), (10, 10)], "无明显特征"),  # the money is gone, the trades were not many
        ([(500, 0), (200, 100_000)], "高频交易者"),
        ([(100, 50_000)], "高频交易者"),  # the begin of the year was not seen: against what there is
    ],
)
def test_turnover_is_against_what_was_there_over_the_year(levels: list[tuple[int, int]], segment: str) -> None:
    """Traded 300 000 yuan: six times the mean of both ends, or not."""
    points = [AumPoint(LAST - timedelta(days=ago), Fen(yuan * 100)) for ago, yuan in levels]
    trades = [Trade(LAST - timedelta(days=9), Fen(100_000_00))] * 3
    history = History(date(2020, 1, 1), aum=points, trades=trades, active=[LAST])
    assert decide(measure(history, LAST), Tier.MASS, RULES).segments_text == segment


def test_a_test_that_names_no_end_is_still_valid() -> None:
    risk = RiskAssessment("C3", date(2026, 3, 1), date.max)
    assert appetite_of(risk, LAST) == "平衡型"
    told = appetite_because(risk, LAST)
    assert told == (f"{day_text(risk.assessed_on, LAST)}测评为 ", Datum(Field.RISK, "C3 平衡型"), "，没有到期日")
