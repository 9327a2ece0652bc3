"""The customer summary: what it computes, and that what it shows stays within the redaction."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.customer import Account, AumPoint, Contact, Customer, CustomerFacts, Holding, Product, RiskAssessment
from domain.freshness import Lateness
from domain.ids import CustomerId, ProductId
from domain.policy import Purpose, Relation
from domain.sharing import Audience, Setting, Surface
from domain.suggestion import NEUTRAL
from domain.summary import (
    allocation,
    next_maturity,
    percentages,
    show,
    summarise,
)
from tests.policies import seen_by

CN = timezone(timedelta(hours=8))
TODAY = date(2026, 11, 23)
WAN = 10_000 * 100
OWN, OTHERS = seen_by(Relation.OWN_BOOK), seen_by(Relation.IN_SCOPE)
PERSON = Customer(
    CustomerId("C0000123"),
    "王秀兰",
    gender="女",
    birth_date=date(1970, 6, 1),
    id_type="居民身份证",
    id_number="990101197006011234",
    id_expiry=date(2030, 1, 1),
    mobile="19900001234",
    address="上海市浦东新区示例路1号302室",
    occupation="示例教师",
    opened_on=date(2020, 1, 1),
    kyc_risk="较低",
    kyc_due=date(2027, 12, 1),
)


def holding(number: int, kind: str, fen: int, days: int | None = None) -> Holding:
    product = Product(ProductId(f"P{number}"), f"示例产品{number}号", kind)
    return Holding(f"H{number}", product, fen, matures_on=TODAY + timedelta(days=days) if days is not None else None)


FACTS = CustomerFacts(
    PERSON,
    business_day=date(2026, 11, 22),
    aum=(AumPoint(date(2026, 1, 5), 700 * WAN), AumPoint(date(2026, 11, 10), 734 * WAN + 5_600)),
    holdings=(holding(1, "wealth", 300 * WAN, 12), holding(2, "fund", 200 * WAN), holding(3, "bond", 50 * WAN, 90)),
    accounts=(Account("A1", "活期", 184 * WAN + 5_600), Account("A2", "活期", 9 * WAN, closed_on=date(2026, 3, 1))),
    risk=RiskAssessment("C3", date(2026, 6, 1), date(2027, 5, 31)),
    contacts=(
        Contact(datetime(2026, 11, 20, 10, tzinfo=CN), "电话", "拜访", "both", True),
        Contact(datetime(2026, 11, 21, 10, tzinfo=CN), "企微", "群发", "out", True),
    ),
    open_todos=2,
    place="浦东",
    rm_name="示例甲",
)


def shown(audience: Audience, facts: CustomerFacts = FACTS) -> dict[str, str]:
    return {line.label: line.text for line in show(summarise(facts, TODAY), audience).lines}


@pytest.mark.parametrize(
    ("late", "said"),
    [
        ({}, ""),
        ({"staff": 1, "products": 1}, ""),
        ({"customers": 20}, "数据迟到：客户，应到 11月20日"),
        ({"loans": 20, "customers": 20, "relations": 16}, "数据迟到：客户、贷款、客户关系，应到 11月20日"),
        (
            {"accounts": 20, "holdings": 20, "loans": 20, "customers": 20},
            "数据迟到：客户、账户、持仓等 4 项，应到 11月20日",
        ),
    ],
)
def test_late_data_is_said_to_everybody(late: dict[str, int], said: str) -> None:
    facts = replace(FACTS, lateness=Lateness({feed: date(2026, 11, day) for feed, day in late.items()}))
    assert {show(summarise(facts, TODAY), audience).late for audience in (OWN, OTHERS)} == {said}


def test_the_own_customer_in_full():
    assert shown(OWN) == {
        "客户分层": "高净值",
        "AUM": "734.01 万",
        "近30天": "增加 34.01 万（+4.9%）",
        "资产配置": "理财41% · 基金27% · 存款25% · 其他7%",
        "最近到期": "示例产品1号 12天后（12月5日） 300.00 万",
        "风险等级": "C3 平衡型，有效至2027年5月31日",
        "上次联系": "3天前（11月20日） 电话 · 拜访",
        "未结待办": "2 件",
    }


def test_someone_elses_customer_in_bands():
    lines = shown(OTHERS)
    assert lines["AUM"] == "600–1000 万"
    assert lines["近30天"] == "增加 20–50 万（小幅）"
    assert lines["最近到期"] == "示例产品1号 12天后（12月5日） 100–600 万"


def test_head_and_step():
    card = show(summarise(FACTS, TODAY), OWN)
    assert (card.title, card.as_of) == ("王秀兰 · 客户号 C0000123", "11月22日")
    assert card.action == "联系客户，做续约跟进"
    assert card.reason == "示例产品1号 12天后（12月5日）到期，金额 300.00 万"
    assert {"amount:wan", "name:plain", "customer_number:plain"} <= set(card.disclosed)


@pytest.mark.parametrize(
    ("post", "purpose"),
    [
        ("客服坐席", "服务"),
        ("消保岗", "服务"),
        ("合规岗", "服务"),
        ("反洗钱岗", "尽调"),
        ("风控专员", "贷后"),
        ("催收岗", "服务"),
    ],
)
def test_who_advises_nobody_gets_no_advice(post, purpose):
    """Nor a hint by it: what is advised while somebody collects tells that somebody does."""
    for facts in (FACTS, replace(FACTS, customer=replace(FACTS.customer, collections=True))):
        card = show(summarise(facts, TODAY), seen_by(Relation.IN_SCOPE, post=post, purpose=Purpose(purpose)))
        assert (card.action, card.reason) == ("", "")
    assert show(summarise(FACTS, TODAY), seen_by(Relation.EMERGENCY)).action == ""


def test_a_channel_that_carries_references_only():
    card = show(summarise(FACTS, TODAY), seen_by(Relation.OWN_BOOK, Setting.REFERENCE))
    assert card.title == "客户号 C0000123"
    assert {line.label for line in card.lines} == {"上次联系", "未结待办"}
    assert (card.action, card.reason) == (NEUTRAL.action, NEUTRAL.reason[0]), "whether to court is told by a field"
    assert card.disclosed == ("advice:plain", "customer_number:plain")


def test_a_prospect_of_whom_nothing_is_known():
    facts = CustomerFacts(Customer(CustomerId("C0000999"), "赵示例"), business_day=TODAY)
    assert shown(OWN, facts) == {
        "客户分层": "大众",
        "AUM": "暂无数据",
        "近30天": "暂无数据",
        "资产配置": "暂无持仓",
        "最近到期": "没有待到期的产品",
        "风险等级": "从未测评",
        "上次联系": "还没有联系上的记录",
        "未结待办": "0 件",
    }


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [(100, 100, "持平"), (0, 300 * WAN, "增加 300.00 万"), (200 * WAN, 100 * WAN, "减少 100.00 万（-50.0%）")],
)
def test_change(before, after, text):
    points = (AumPoint(date(2026, 1, 1), before), AumPoint(date(2026, 11, 20), after))
    assert shown(OWN, replace(FACTS, aum=points))["近30天"] == text


def test_expired_and_overdue_are_said():
    facts = replace(FACTS, risk=RiskAssessment("C5", date(2025, 1, 1), date(2026, 1, 1)), overdue_todos=1)
    assert shown(OWN, facts)["风险等级"] == "C5 进取型，已于1月1日过期"
    assert shown(OWN, facts)["未结待办"] == "2 件（逾期 1 件）"


@given(st.lists(st.integers(1, 10**12), min_size=1, max_size=6))
def test_percentages_add_up_and_stay_within_one_of_the_truth(amounts):
    found = percentages(amounts)
    assert sum(found) == 100
    assert all(
        abs(percent * sum(amounts) - amount * 100) < sum(amounts)
        for percent, amount in zip(found, amounts, strict=True)
    )


def test_no_assets_no_percentages():
    assert percentages([0, 0]) == [0, 0]


kinds = st.sampled_from(["deposit", "wealth", "fund", "insurance", "trust", "metal", "bond", "示例新品"])


@given(st.lists(st.tuples(kinds, st.integers(-5, 10**9)), max_size=10))
def test_allocation_keeps_every_fen_and_at_most_three_kinds_beside_the_rest(items):
    facts = replace(FACTS, accounts=(), holdings=tuple(holding(n, kind, fen) for n, (kind, fen) in enumerate(items)))
    shares = allocation(facts)
    assert sum(share.fen for share in shares) == sum(fen for _, fen in items if fen > 0)
    assert len([share for share in shares if share.title != "其他"]) <= 3
    assert not shares or sum(share.percent for share in shares) == 100


@pytest.mark.parametrize(
    ("account", "counts"),
    [
        (Account("A", "活期", 5), True),
        (Account("A", "活期", 5, closed_on=date(2026, 11, 23)), True),
        (Account("A", "活期", 5, closed_on=date(2026, 11, 22)), False),
        (Account("A", "活期", -5), False),
        (Account("A", "活期", 5, currency="USD"), False),
    ],
)
def test_which_accounts_are_deposits(account, counts):
    assert bool(allocation(replace(FACTS, holdings=(), accounts=(account,)))) is counts


@pytest.mark.parametrize(
    ("days", "expected"), [((-1, 5, 3), "H2"), ((0, 5, 3), "H0"), ((-1, -1, -1), None), ((4, 4, 9), "H1")]
)
def test_next_maturity(days, expected):
    found = next_maturity(
        replace(FACTS, holdings=tuple(holding(n, "wealth", n + 1, d) for n, d in enumerate(days))), TODAY
    )
    assert (found.holding_id if found else None) == expected


amounts = st.integers(10**7, 10**12)
audiences = st.builds(seen_by, st.just(Relation.IN_SCOPE), st.sampled_from(Setting), st.sampled_from(Surface))


@given(amounts, amounts, amounts, audiences)
def test_nobody_else_reads_a_name_an_identifier_or_an_exact_amount(aum, held, balance, audience):
    facts = replace(
        FACTS,
        aum=(AumPoint(date(2026, 1, 5), aum), AumPoint(date(2026, 11, 10), aum + held)),
        holdings=(holding(1, "wealth", held, 12),),
        accounts=(Account("A1", "活期", balance),),
    )
    card = show(summarise(facts, TODAY), audience)
    said = " ".join([card.title, card.action, card.reason, *(line.text for line in card.lines)])
    secrets = [PERSON.name, PERSON.customer_id, PERSON.mobile, PERSON.id_number, PERSON.address, PERSON.occupation]
    assert not [secret for secret in secrets if secret and secret in said]
    exact = [f"{fen / WAN:,.2f} 万" for fen in (aum, held, aum + held, balance)]
    assert not [text for text in exact if text in said]
