"""What people read of a decision: the verdict first, who can mend it, and never what must not be told."""

import pytest

from domain.scope import Relation as Standing
from domain.sharing import Audience, Field, Form
from domain.suitability.deciding import decide
from domain.suitability.reason import DISCREET, TRIGGERS, Code
from domain.suitability.saying import ASK_COMPLIANCE, HEADINGS, UNSAID, show_decision
from domain.suitability.words import Verdict
from tests.domain.suitability.people import TABLE, question, varied

OWN = Audience(Standing.OWN_BOOK, {Standing.OWN_BOOK: {Field.AMOUNT: Form.WAN, Field.RISK: Form.PLAIN}})
OTHERS = Audience(Standing.IN_SCOPE, {Standing.IN_SCOPE: {Field.AMOUNT: Form.BAND, Field.RISK: Form.PLAIN}})
NOBODY = Audience(Standing.IN_SCOPE, {})
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
    customer: str = "常人", product: str = "理财R2", amount: int = 200_000, audience: Audience = OWN, **in_full: bool
):  # type: ignore[no-untyped-def]
    return show_decision(decide(question(customer, product, amount), TABLE, 1), audience, **in_full)


def test_the_verdict_comes_first() -> None:
    assert [said(who).heading for who in ("常人", "证件刚过期", "证件久过期")] == [
        "可以",
        "办完以下步骤可以",
        "不可以",
    ]
    assert set(HEADINGS) == set(Verdict)
    assert said().reasons == ("产品 R2，客户 C3，各项都符合。",)
    assert said("证件刚过期").steps == ("更新证件（客户本人）",)


@pytest.mark.parametrize("customer", ["制裁", "冻结", "名单未知", "尽调久过期", "尽调未知"])
def test_what_compliance_alone_may_know_reads_the_same_for_everybody_else(customer: str) -> None:
    assert said(customer).reasons == (ASK_COMPLIANCE,)
    assert said(customer, audience=OTHERS).reasons == (ASK_COMPLIANCE,)
    assert said(customer, in_full=True).reasons != (ASK_COMPLIANCE,)
    assert "可疑" not in str(said(customer))


def test_two_discreet_reasons_read_like_one() -> None:
    asked = question()
    client = varied(asked.client, sanctioned=True, frozen=True, kyc_due=None)
    decision = decide(varied(asked, client=client), TABLE, 1)
    assert [reason.code for reason in decision.reasons] == ["sanctioned", "frozen", "review_unknown"]
    assert show_decision(decision, OWN).reasons == (ASK_COMPLIANCE,)
    assert show_decision(decision, OWN, in_full=True).reasons == (
        "客户命中制裁名单。",
        "客户的账户被冻结。",
        "没有尽职调查的到期日，请补做尽职调查。",
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
