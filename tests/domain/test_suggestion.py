"""The next step: which rule wins, at which boundary, with which words."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from domain.customer import Contact, Customer, CustomerFacts, Holding, Product, RiskAssessment
from domain.freshness import Lateness
from domain.ids import CustomerId, ProductId
from domain.policy import Relation
from domain.sharing import Setting, redact
from domain.suggestion import GREETING, LIMITS, RULES, Greeting, Situation, suggest
from domain.tier import Tier
from tests.policies import seen_by

CN = timezone(timedelta(hours=8))
TODAY = date(2026, 11, 23)
WAN = 10_000 * 100
FUND = Product(ProductId("P1"), "示例稳利一号", "wealth")
ASSESSED = RiskAssessment("C3", date(2026, 6, 1), date(2027, 6, 1))


def ahead(days: int) -> date:
    return TODAY + timedelta(days=days)


def contact(days_ago: int, reached: bool = True, kind: str = "拜访") -> Contact:
    at = datetime(2026, 11, 23, 23, 30, tzinfo=CN) - timedelta(days=days_ago)
    return Contact(at, "电话", kind, "both", reached)


def holding(wan: int, days: int) -> Holding:
    return Holding("H1", FUND, wan * WAN, matures_on=ahead(days))


PERSON = Customer(CustomerId("C0001"), "王秀兰", opened_on=date(2020, 1, 1), birth_date=date(1970, 6, 1))
QUIET = CustomerFacts(PERSON, TODAY, risk=ASSESSED, contacts=(contact(5),))


def key(tier: Tier = Tier.HIGH, **facts) -> str:
    return suggest(Situation(replace(QUIET, **facts), tier, TODAY))[0].key


def person(**more) -> Customer:
    return replace(PERSON, **more)


@pytest.mark.parametrize(
    ("facts", "tier", "expected"),
    [
        ({}, Tier.HIGH, "greeting"),
        ({"overdue_todos": 1}, Tier.MASS, "todo.overdue"),
        ({"open_todos": 4}, Tier.HIGH, "greeting"),
        ({"risk": replace(ASSESSED, valid_until=ahead(30))}, Tier.MASS, "risk.expiry"),
        ({"risk": replace(ASSESSED, valid_until=ahead(31))}, Tier.MASS, "greeting"),
        ({"risk": replace(ASSESSED, valid_until=ahead(-400))}, Tier.MASS, "risk.expiry"),
        ({"risk": None}, Tier.MASS, "risk.never"),
        ({"risk": None, "customer": person(opened_on=None)}, Tier.MASS, "greeting"),
        ({"holdings": (holding(50, 15),)}, Tier.HIGH, "maturity.15"),
        ({"holdings": (holding(50, 15),)}, Tier.ULTRA, "maturity.15"),
        ({"holdings": (holding(49, 15),)}, Tier.HIGH, "greeting"),
        ({"holdings": (holding(20, 1),)}, Tier.AFFLUENT, "maturity.15"),
        ({"holdings": (holding(19, 1),)}, Tier.AFFLUENT, "greeting"),
        ({"holdings": (holding(5000, 1),)}, Tier.MASS, "greeting"),
        ({"holdings": (holding(50, 16),)}, Tier.HIGH, "greeting"),
        ({"holdings": (holding(50, 0),)}, Tier.HIGH, "greeting"),
        ({"customer": person(id_expiry=ahead(90))}, Tier.MASS, "id.expiry"),
        ({"customer": person(id_expiry=ahead(91))}, Tier.MASS, "greeting"),
        ({"customer": person(kyc_due=ahead(30))}, Tier.MASS, "kyc.review"),
        ({"customer": person(kyc_due=ahead(31))}, Tier.MASS, "greeting"),
        ({"contacts": (contact(30),)}, Tier.HIGH, "churn.silent"),
        ({"contacts": (contact(29),)}, Tier.HIGH, "greeting"),
        ({"contacts": (contact(60),)}, Tier.AFFLUENT, "churn.silent"),
        ({"contacts": (contact(59),)}, Tier.AFFLUENT, "greeting"),
        ({"contacts": (contact(400),)}, Tier.MASS, "greeting"),
        ({"contacts": (contact(40), contact(1, reached=False))}, Tier.HIGH, "churn.silent"),
        ({"contacts": (contact(40), contact(1, kind="群发"))}, Tier.HIGH, "churn.silent"),
        ({"contacts": ()}, Tier.HIGH, "churn.silent"),
        ({"contacts": (), "customer": person(opened_on=ahead(-29))}, Tier.HIGH, "greeting"),
        ({"contacts": (contact(32),), "business_day": ahead(-3)}, Tier.HIGH, "greeting"),
        ({"customer": person(birth_date=date(1970, 11, 30))}, Tier.MASS, "birthday.solar"),
        ({"customer": person(birth_date=date(1970, 12, 1))}, Tier.MASS, "greeting"),
    ],
)
def test_boundaries(facts, tier, expected):
    assert key(tier, **facts) == expected


EVERYTHING = [
    ("todo.overdue", {"overdue_todos": 2}),
    ("risk.expiry", {"risk": replace(ASSESSED, valid_until=TODAY)}),
    ("maturity.15", {"holdings": (holding(80, 12),)}),
    ("id.expiry", {"customer": person(id_expiry=TODAY, kyc_due=TODAY, birth_date=date(1970, 11, 24))}),
    ("kyc.review", {"customer": person(kyc_due=TODAY, birth_date=date(1970, 11, 24))}),
    ("churn.silent", {"contacts": (contact(45),)}),
    ("birthday.solar", {"customer": person(birth_date=date(1970, 11, 24))}),
]


@pytest.mark.parametrize("first", range(len(EVERYTHING)))
def test_the_more_urgent_rule_wins(first):
    facts = {}
    for _, more in reversed(EVERYTHING[first:]):
        facts |= more
    assert key(**facts) == EVERYTHING[first][0]


def test_the_order_of_the_table_is_the_order_of_urgency():
    assert [rule.key for rule in RULES] == [name for name, _ in EVERYTHING] + ["data.late", "risk.never"]


def test_what_may_have_been_sold_long_ago_is_not_said_to_mature():
    due = {"holdings": (holding(80, 12),)}
    assert key(**due) == "maturity.15"
    assert key(**due, lateness=Lateness(waiting=frozenset({"maturity"}))) == "greeting"


@pytest.mark.parametrize(
    ("tier", "waiting", "expected"),
    [
        (Tier.HIGH, {"silence"}, "data.late"),
        (Tier.HIGH, {"maturity"}, "churn.silent"),
        (Tier.MASS, {"silence"}, "greeting"),
    ],
)
def test_silence_is_not_told_from_data_that_has_not_come(tier, waiting, expected):
    assert key(tier, contacts=(contact(70),), lateness=Lateness(waiting=frozenset(waiting))) == expected


def test_of_two_large_holdings_the_earlier_is_named():
    later = replace(holding(900, 14), holding_id="H2", product=replace(FUND, name="示例甲"))
    found = suggest(Situation(replace(QUIET, holdings=(later, holding(60, 3))), Tier.HIGH, TODAY))[0]
    assert redact(found.reason, seen_by(Relation.OWN_BOOK)) == "示例稳利一号 3天后（11月26日）到期，金额 60.00 万"


@pytest.mark.parametrize(
    ("relation", "setting", "said"),
    [
        (Relation.SERVICE_TEAM, Setting.FULL_NAME, "示例稳利一号 12天后（12月5日）到期，金额 80.00 万"),
        (Relation.IN_SCOPE, Setting.FULL_NAME, "示例稳利一号 12天后（12月5日）到期，金额 50–100 万"),
        (Relation.OWN_BOOK, Setting.MASKED, "示例稳利一号 12天后（12月5日）到期，金额 50–100 万"),
        (Relation.OWN_BOOK, Setting.REFERENCE, None),
    ],
)
def test_the_reason_is_said_as_plainly_as_the_audience_may_read(relation, setting, said):
    found = suggest(Situation(replace(QUIET, holdings=(holding(80, 12),)), Tier.HIGH, TODAY))[0]
    assert redact(found.reason, seen_by(relation, setting)) == said


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"overdue_todos": 2}, "有 2 件待办已逾期"),
        ({"risk": replace(ASSESSED, valid_until=date(2026, 11, 3))}, "风险测评已于11月3日过期"),
        ({"risk": replace(ASSESSED, valid_until=TODAY)}, "风险测评今天到期"),
        ({"contacts": (contact(45),)}, "已连续 45 天没有联系上客户"),
        ({"customer": person(birth_date=date(1970, 11, 24))}, "明天是客户生日"),
    ],
)
def test_words(facts, said):
    found = suggest(Situation(replace(QUIET, **facts), Tier.HIGH, TODAY))[0]
    assert redact(found.reason, seen_by(Relation.OWN_BOOK)) == said


def test_a_risk_test_is_never_filled_in_for_the_customer():
    actions = {rule.key: rule.action for rule in RULES}
    assert "不可代填" in actions["risk.expiry"]
    assert "不可代填" in actions["risk.never"]


def test_numbers_name_their_source():
    assert LIMITS.basis.source
    assert suggest(Situation(QUIET, Tier.HIGH, TODAY))[0] == GREETING


@pytest.mark.parametrize(
    ("consent", "preference", "action"),
    [
        (True, "电话", "定期问候：资产检视"),
        (True, "免打扰", "定期问候"),
        (False, "电话", "定期问候"),
    ],
)
def test_the_greeting_offers_what_the_programme_sells_only_to_who_may_be_sold_to(
    consent: bool, preference: str, action: str
):
    limits = replace(LIMITS, greetings={Tier.HIGH: Greeting("私人银行", "资产检视", 30)})
    customer = person(marketing_consent=consent, contact_preference=preference)
    assert suggest(Situation(replace(QUIET, customer=customer), Tier.HIGH, TODAY, limits))[0].action == action
