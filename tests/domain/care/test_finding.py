"""What a rule finds in one case: its boundaries, its words, its occasion and when it may speak again."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.care.finding import Earlier, Finding, Maturity, Silence, is_new, maturing, silent
from domain.care.rules import MaturityRule, SilenceRule
from domain.customer import Holding, Product
from domain.ids import CustomerId, ProductId
from domain.pack import load_pack
from domain.policy import Relation
from domain.sharing import Audience, redact
from domain.tier import Tier
from tests.domain.calendar_2026 import CALENDAR
from tests.policies import seen_by

CARE = load_pack((Path(__file__).parents[3] / "deploy" / "packs" / "default.yaml").read_text("utf-8")).care
assert CARE is not None
SILENCE, MATURITY, FLOOR = CARE.rules
assert isinstance(SILENCE, SilenceRule)
assert isinstance(MATURITY, MaturityRule)
MONDAY = date(2026, 11, 23)
CUSTOMER = CustomerId("C0001")
OWN, IN_SCOPE = seen_by(Relation.OWN_BOOK), seen_by(Relation.IN_SCOPE)


def silence(days: int, tier: Tier = Tier.HIGH, late: int = 1, met: bool = True) -> Finding | None:
    data_day = MONDAY - timedelta(days=late)
    return silent(SILENCE, Silence(CUSTOMER, tier, data_day - timedelta(days=days), met, data_day), MONDAY)


def maturity(days: int, fen: int, tier: Tier = Tier.HIGH) -> Finding | None:
    held = Holding("H1", Product(ProductId("P1"), "示例稳利", "wealth"), fen, matures_on=MONDAY + timedelta(days=days))
    return maturing(MATURITY, Maturity(CUSTOMER, tier, held, MONDAY), MONDAY)


@pytest.mark.parametrize(
    ("days", "tier", "found"),
    [
        (29, Tier.HIGH, False),
        (30, Tier.HIGH, True),
        (30, Tier.ULTRA, True),
        (300, Tier.AFFLUENT, False),
        (300, Tier.MASS, False),
    ],
)
def test_silence(days: int, tier: Tier, found: bool) -> None:
    assert (silence(days, tier) is not None) == found


@pytest.mark.parametrize(
    ("days", "yuan_fen", "tier", "found"),
    [
        (0, 50_000_000, Tier.HIGH, False),
        (1, 50_000_000, Tier.HIGH, True),
        (15, 50_000_000, Tier.HIGH, True),
        (16, 50_000_000, Tier.HIGH, False),
        (7, 49_999_999, Tier.HIGH, False),
        (7, 49_999_999, Tier.AFFLUENT, True),
        (7, 20_000_000, Tier.AFFLUENT, True),
        (7, 19_999_999, Tier.AFFLUENT, False),
        (7, 99_999_999, Tier.MASS, False),
    ],
)
def test_maturity(days: int, yuan_fen: int, tier: Tier, found: bool) -> None:
    assert (maturity(days, yuan_fen, tier) is not None) == found


@pytest.mark.parametrize(
    ("tier", "days", "found"),
    [
        (Tier.ULTRA, 13, False),
        (Tier.ULTRA, 14, True),
        (Tier.ULTRA, 29, True),
        (Tier.ULTRA, 30, False),  # churn.silent speaks of it
        (Tier.HIGH, 400, False),
        (Tier.AFFLUENT, 89, False),
        (Tier.AFFLUENT, 90, True),
        (Tier.MASS, 400, False),  # served online
    ],
)
def test_the_contact_floor_is_the_service_programmes(tier: Tier, days: int, found: bool) -> None:
    assert isinstance(FLOOR, SilenceRule)
    assert FLOOR.hits(tier, days) is found


def test_nobodys_customer_and_open_ended() -> None:
    assert silent(SILENCE, Silence(CUSTOMER, Tier.HIGH, None, False, MONDAY), MONDAY) is None
    held = Holding("H1", Product(ProductId("P1"), "示例稳利", "wealth"), 90_000_000)
    assert maturing(MATURITY, Maturity(CUSTOMER, Tier.HIGH, held, MONDAY), MONDAY) is None


def said(finding: Finding | None, audience: Audience = OWN) -> list[str | None]:
    assert finding is not None
    return [
        redact(finding.reason, audience),
        *(f"{line.label}：{redact(line.text, audience)}" for line in finding.evidence),
    ]


def test_the_words() -> None:
    assert said(silence(35)) == [
        "已连续 35 天没有联系上客户",
        "上次联系：10月18日，到11月22日满 35 天",
        "客户分层：高净值",
    ]
    assert said(silence(35, met=False))[1] == "上次联系：还没有联系上的记录，到11月22日满 35 天"
    told = [
        "示例稳利 12月5日到期，金额 64.37 万",
        "产品：示例稳利",
        "金额：64.37 万",
        "到期日：12月5日",
        "客户分层：高净值",
    ]
    assert said(maturity(12, 64_370_000)) == told
    assert said(maturity(12, 64_370_000), IN_SCOPE)[0] == "示例稳利 12月5日到期，金额 50–100 万"


@pytest.mark.parametrize(
    ("found", "due"),
    [
        (silence(30), date(2026, 11, 26)),  # three working days
        (maturity(9, 90_000_000), date(2026, 11, 26)),
        (maturity(2, 90_000_000), date(2026, 11, 24)),  # the day before it matures
        (maturity(1, 90_000_000), MONDAY),
    ],
)
def test_when_it_is_to_be_done(found: Finding, due: date) -> None:
    assert found.due(MONDAY, CALENDAR) == due


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 2, 12), date(2026, 2, 24)),  # the 13th, the worked Saturday, and the first day after the festival
        (date(2026, 9, 30), date(2026, 10, 10)),  # the 8th, the 9th, and the worked Saturday
        (date(2026, 10, 9), date(2026, 10, 13)),
    ],
)
def test_days_off_do_not_count_and_worked_saturdays_do(today: date, due: date) -> None:
    found = silence(30)
    assert found is not None
    assert found.due(today, CALENDAR) == due


def test_the_same_silence_is_one_occasion_and_so_is_the_same_holding() -> None:
    today, tomorrow = silence(30), silence(30, late=2)
    assert today is not None
    assert tomorrow is not None
    assert today.episode == "2026-10-23"
    assert today.finding_id != tomorrow.finding_id
    same = silent(
        SILENCE, Silence(CUSTOMER, Tier.ULTRA, date(2026, 10, 23), True, date(2026, 12, 1)), date(2026, 12, 2)
    )
    assert same is not None
    assert same.finding_id == today.finding_id
    held = maturity(5, 90_000_000)
    assert held is not None
    assert held.episode == "H1@2026-11-28"


@pytest.mark.parametrize(
    ("earlier", "new"),
    [
        ([], True),
        ([Earlier("2026-10-23", date(2020, 1, 1))], False),  # this very occasion, however long ago
        ([Earlier("2026-09-01", MONDAY - timedelta(days=30))], True),
        ([Earlier("2026-09-01", MONDAY - timedelta(days=29))], False),
        ([Earlier("2026-08-01", date(2026, 9, 1)), Earlier("2026-09-01", MONDAY)], False),
    ],
)
def test_when_a_rule_may_speak_again(earlier: list[Earlier], new: bool) -> None:
    found = silence(30)
    assert found is not None
    assert is_new(found, earlier, SILENCE, MONDAY) == new


def test_another_holding_waits_for_no_cooldown() -> None:
    found = maturity(5, 90_000_000)
    assert found is not None
    assert is_new(found, [Earlier("H2@2026-11-25", MONDAY)], MATURITY, MONDAY)


@given(days=st.integers(0, 400), late=st.integers(1, 40))
def test_late_data_never_make_a_silence_longer(days: int, late: int) -> None:
    """Whoever is not silent on the data's own day is not silent because the data are late."""
    assert (silence(days, late=late) is None) == (days < 30)


@given(st.lists(st.tuples(st.integers(1, 15), st.integers(50_000_000, 10**12)), min_size=2, max_size=8))
def test_what_matures_first_comes_first_and_of_one_day_the_larger(cases: list[tuple[int, int]]) -> None:
    found = [found for days, fen in cases if (found := maturity(days, fen)) is not None]
    order = [(finding.episode, finding.rank) for finding in sorted(found, key=lambda finding: finding.rank)]
    assert [episode for episode, _ in order] == sorted(episode for episode, _ in order)
    assert len(found) == len(cases)
