"""What people read of a decision: the verdict first, who can mend it, and never what must not be told."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.purpose import Purpose
from domain.scope import Relation as Standing
from domain.sharing import Audience, Field, Form
from domain.suitability.deciding import decide
from domain.suitability.facts import Offer, Question
from domain.suitability.reason import DISCREET, TRIGGERS, Code
from domain.suitability.recommending import recommend
from domain.suitability.saying import ASK_COMPLIANCE, HEADINGS, UNSAID, ShownDecision, say_reasons, show_decision
from domain.suitability.words import Verdict
from tests.domain.suitability.people import DAY, EDITION, TABLE, offers, question, questions, varied
from tests.policies import seen_by

OWN = Audience(Standing.OWN_BOOK, {Standing.OWN_BOOK: {Field.AMOUNT: Form.WAN, Field.RISK: Form.PLAIN}})
OTHERS = Audience(Standing.IN_SCOPE, {Standing.IN_SCOPE: {Field.AMOUNT: Form.BAND, Field.RISK: Form.PLAIN}})
NOBODY = Audience(Standing.IN_SCOPE, {})
FIGHTS_LAUNDERING = seen_by(Standing.IN_SCOPE, post="反洗钱岗", purpose=Purpose.DUE_DILIGENCE)
COMPLIANCE = seen_by(Standing.IN_SCOPE, post="合规岗", purpose=Purpose.SUPERVISION)
KEPT_BACK = ("制裁", "冻结", "名单未知", "申请冻结中", "资料十一天", "停办网点")
WHO_MENDS = (
    "客户",
    "产品岗",
    "合规岗",
    "主管",
    "人事",
    "科技岗",
    "反洗钱岗",
    "网点",
    "尽职调查",
    "销售期",
    "最多",
    "过期",
)


def said(
    customer: str = "常人", product: str = "理财R2", amount: int = 200_000, audience: Audience = OWN
) -> ShownDecision:
    return show_decision(decide(question(customer, product, amount), TABLE, 1), audience)


def test_the_verdict_comes_first() -> None:
    assert [said(who).heading for who in ("常人", "证件刚过期", "证件久过期")] == [
        "可以",
        "办完以下步骤可以",
        "不可以",
    ]
    assert set(HEADINGS) == set(Verdict)
    assert said().reasons == ("产品 R2，客户 C3，各项都符合。",)
    assert said("证件刚过期").steps == ("更新证件（客户本人）",)


@pytest.mark.parametrize("customer", KEPT_BACK)
@pytest.mark.parametrize("audience", [OWN, OTHERS, NOBODY, COMPLIANCE], ids=["own", "others", "nobody", "compliance"])
def test_what_stops_it_reads_the_same_for_everybody_but_who_fights_laundering(
    customer: str, audience: Audience
) -> None:
    assert said(customer, audience=audience) == said("申请冻结中", audience=audience)
    assert said(customer, audience=audience).reasons == (ASK_COMPLIANCE,)
    assert said(customer, audience=FIGHTS_LAUNDERING).reasons != (ASK_COMPLIANCE,)


def test_two_discreet_reasons_read_like_one() -> None:
    asked = question()
    client = varied(asked.client, sanctioned=True, frozen=True)
    decision = decide(varied(asked, client=client), TABLE, 1)
    assert [reason.code for reason in decision.reasons] == ["sanctioned", "frozen"]
    assert show_decision(decision, OWN).reasons == (ASK_COMPLIANCE,)
    assert show_decision(decision, FIGHTS_LAUNDERING).reasons == (
        "客户命中制裁名单。",
        "客户的账户被冻结。",
    )


@pytest.mark.parametrize("customer", ["尽调久过期", "尽调未知"])
def test_a_review_whose_day_everybody_reads_says_what_is_to_be_done(customer: str) -> None:
    assert [("请补做尽职调查" in reason) for reason in said(customer).reasons] == [True]


CLEAN = {"frozen": False, "under_review": False, "data_day": DAY, "unit": "U1"}
LAUNDERING = st.fixed_dictionaries({"sanctioned": st.sampled_from([True, None])})
ORDINARY = [
    {"frozen": True},
    {"frozen": None},
    {"under_review": True},
    {"under_review": None},
    {"data_day": None},
    {"data_day": date(2026, 1, 1)},
    {"unit": None},
    {"unit": "U2"},
]
"""Each a cause of every day that no card, page or list shows to anybody, and that has nothing to do with AML."""


@settings(max_examples=300)
@given(asked=questions, aml=LAUNDERING, audience=st.sampled_from([OWN, OTHERS, NOBODY, COMPLIANCE]))
def test_the_answer_to_a_hit_is_the_answer_to_eight_ordinary_causes(
    asked: Question, aml: dict[str, Any], audience: Audience
) -> None:
    """Whatever else is known of a customer: what is said, its order and number, is that of a twin without any hit."""
    clean = varied(asked.client, sanctioned=False, **CLEAN)
    today = varied(asked, day=DAY)

    def heard(**facts: Any) -> ShownDecision:
        return show_decision(decide(varied(today, client=varied(clean, **facts)), TABLE, 1), audience)

    told = heard(**aml)
    assert ASK_COMPLIANCE in told.reasons
    assert [heard(**cause) for cause in ORDINARY] == [told] * len(ORDINARY)
    assert heard(**aml, **ORDINARY[0]) == told, "a second cause shows neither"


@settings(max_examples=150)
@given(asked=questions, aml=LAUNDERING, offers=st.lists(offers, max_size=6))
def test_a_hit_leaves_a_list_as_empty_as_an_ordinary_cause(
    asked: Question, aml: dict[str, Any], offers: list[Offer]
) -> None:
    clean = varied(asked.client, sanctioned=False, **CLEAN)
    shelf: dict[str, list[Offer]] = {}
    for each in offers:
        shelf.setdefault(each.kind or "", []).append(each)

    def listed(**facts: Any) -> tuple[object, ...]:
        found = recommend(varied(clean, **facts), asked.seller, shelf, EDITION, DAY, range(6))
        return found.products, found.more, say_reasons(found.hindrances, OWN)

    assert [listed(**cause) for cause in ORDINARY] == [listed(**aml)] * len(ORDINARY)
    assert listed(**aml)[0] == ()


def test_feeds_that_are_missing_together_are_told_together() -> None:
    asked = question()
    late = varied(asked.client, assessments=None, assets=None, recent_loans=None, data_day=date(2026, 10, 1))

    def heard(**offer: Any) -> tuple[str, ...]:
        there = varied(asked, client=late, offer=varied(asked.offer, **offer))
        return show_decision(decide(there, TABLE, 1), OWN).reasons

    all_of_them = "产品、风险测评、持仓和账户、贷款的数据没有按时送到或不全，请科技岗核对导入。"
    assert heard(timely=False) == (all_of_them, ASK_COMPLIANCE)
    assert heard() == (ASK_COMPLIANCE, all_of_them.removeprefix("产品、"))
    alone = varied(asked, client=varied(asked.client, recent_loans=None))
    assert show_decision(decide(alone, TABLE, 1), OWN).reasons == (
        "没有贷款数据，无法确认不是信贷资金，请科技岗核对导入。",
    )


def test_amounts_and_classes_follow_the_audience() -> None:
    assert said("流动少", amount=140_001).reasons == ("一次购买超过客户流动资产的 70%，最多买 14.00 万。",)
    assert said("流动少", amount=140_001, audience=OTHERS).reasons == (
        "一次购买超过客户流动资产的 70%，最多买 5–20 万。",
    )
    assert said("流动少", amount=140_001, audience=NOBODY).reasons == ("一次购买超过客户流动资产的 70%。",)
    assert said("稳健", "理财R3", audience=NOBODY).reasons == UNSAID


def test_every_reason_is_said_and_names_what_helps() -> None:
    from domain.suitability.saying import _SAYS

    assert set(_SAYS) == set(Code)
    blocking = set(Code) - set(TRIGGERS) - DISCREET - {Code.FITS}
    assert [code for code in blocking if not any(word in "".join(_SAYS[code]) for word in WHO_MENDS)] == []
