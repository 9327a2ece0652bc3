"""The decision: by hand, against a second telling of the rules, and what must hold for any facts at all."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from domain.suitability.deciding import Decision, decide
from domain.suitability.facts import Question
from domain.suitability.words import Verdict
from tests.domain.suitability import people
from tests.domain.suitability.model import judge
from tests.domain.suitability.people import AS_SHIPPED, CASES, TABLE, TEXT, question, questions, varied

PLAIN = YAML(typ="safe").load(TEXT)["suitability"]
RANKS = {Verdict.BLOCK: 0, Verdict.ALLOW_WITH_STEPS: 1, Verdict.ALLOW: 2}


def decided(asked: Question) -> Decision:
    return decide(asked, TABLE, 1)


def laxness(asked: Question) -> int:
    return RANKS[decided(asked).verdict]


def test_there_are_enough_cases() -> None:
    assert len(CASES["rows"]) >= 60
    assert {row[4] for row in CASES["rows"]} == set(Verdict)


@pytest.mark.parametrize("row", CASES["rows"], ids=lambda row: " ".join(map(str, row[:4])))
def test_by_hand(row: list[Any]) -> None:
    customer, product, amount, day, verdict, first = row
    found = decided(question(customer, product, amount, day))
    assert (found.verdict, found.first) == (verdict, first)


@pytest.mark.parametrize(
    ("customer", "verdict", "first"),
    [
        ("证件今天到期", Verdict.ALLOW, "fits"),
        ("证件刚过期", Verdict.BLOCK, "identity_expired"),
        ("尽调刚到期", Verdict.BLOCK, "review_lapsed"),
    ],
)
def test_as_shipped_what_has_lapsed_blocks_from_the_first_day(customer: str, verdict: Verdict, first: str) -> None:
    found = decide(question(customer), AS_SHIPPED, 1)
    assert (found.verdict, found.first) == (verdict, first)


def test_a_written_request_opens_one_regime_alone_and_never_to_the_lowest_class() -> None:
    def asked(customer: str, product: str) -> Decision:
        return decided(varied(question(customer, product, 100_000), written=True))

    opened = asked("常人", "基金R4")
    assert (opened.verdict, opened.first) == (Verdict.ALLOW_WITH_STEPS, "above_asked")
    assert [step.text for step in opened.steps][:2] == ["留存客户主动提出的书面要求", "签署特别风险警示书"]
    assert asked("保守", "基金R3").first == "above_level"
    for product in ("理财R3", "积存金R3"):
        assert asked("稳健", product).first == "above_level"


def test_steps_only_where_they_help_and_papers_with_every_sale() -> None:
    allowed, stepped, blocked = (decided(question(who)) for who in ("常人", "证件刚过期", "证件久过期"))
    assert (allowed.steps, blocked.steps, blocked.papers) == ((), (), ())
    assert [(step.text, step.by) for step in stepped.steps] == [("更新证件", "客户本人")]
    assert "风险揭示书" in allowed.papers
    assert allowed.papers == stepped.papers


def test_reasons_that_block_come_first_in_the_order_of_the_questions() -> None:
    worst = varied(question("六十五", "理财R3"), written=False)
    client = varied(worst.client, sanctioned=True, kyc_due=None, horizon_days=None, liquid=0)
    codes = [reason.code for reason in decided(varied(worst, client=client)).reasons]
    assert codes == ["sanctioned", "review_unknown", "horizon_unknown", "beyond_means", "elderly"]


@settings(max_examples=600)
@given(asked=questions)
def test_it_answers_everything_as_the_second_telling_does(asked: Question) -> None:
    found = decided(asked)
    verdict, codes = judge(asked.model_dump(), PLAIN)
    assert (found.verdict, {reason.code for reason in found.reasons}) == (verdict, codes)
    assert bool(found.steps) == (found.verdict is Verdict.ALLOW_WITH_STEPS)
    assert decide(Question.model_validate_json(asked.model_dump_json()), TABLE, 1) == found


@settings(max_examples=300)
@given(asked=questions)
def test_a_more_conservative_class_is_never_given_more(asked: Question) -> None:
    def of_class(level: str) -> int:
        tests = tuple(varied(each, level=level) for each in asked.client.assessments or ())
        return laxness(varied(asked, client=varied(asked.client, assessments=tests)))

    found = [of_class(f"C{n}") for n in range(1, 6)]
    assert found == sorted(found)


@settings(max_examples=300)
@given(asked=questions, other=people.ratings)
def test_a_riskier_product_is_never_given_more(asked: Question, other: str) -> None:
    def rated(**ratings: str) -> int:
        return laxness(varied(asked, offer=varied(asked.offer, **ratings)))

    for name, fixed in (("rating", "issuer_rating"), ("issuer_rating", "rating")):
        found = [rated(**{name: f"R{n}", fixed: other}) for n in range(1, 6)]
        assert found == sorted(found, reverse=True)


@settings(max_examples=300)
@given(asked=questions, amounts=st.lists(st.integers(0, 10**11), min_size=2, max_size=4))
def test_a_larger_amount_is_never_given_more(asked: Question, amounts: list[int]) -> None:
    found = [laxness(varied(asked, amount=amount)) for amount in sorted(amounts)]
    assert found == sorted(found, reverse=True)


def without_one(asked: Question) -> Iterator[Question]:
    """The question with each single input unknown."""
    yield varied(asked, amount=None)
    for name in type(asked.client).model_fields:
        yield varied(asked, client=varied(asked.client, **{name: None}))
    for name in set(type(asked.offer).model_fields) - {"product_id", "name"}:
        yield varied(asked, offer=varied(asked.offer, **{name: None}))
    for name in type(asked.seller).model_fields:
        yield varied(asked, seller=varied(asked.seller, **{name: None}))
    tests = asked.client.assessments or ()
    for place, each in enumerate(tests):
        for name in type(each).model_fields:
            less = (*tests[:place], varied(each, **{name: None}), *tests[place + 1 :])
            yield varied(asked, client=varied(asked.client, assessments=less))


@settings(max_examples=150)
@given(asked=questions)
def test_what_is_not_known_never_helps(asked: Question) -> None:
    before = laxness(asked)
    for less in without_one(asked):
        assert laxness(less) <= before, less


def test_everything_that_counts_is_needed() -> None:
    """For a product that is spared nothing, each unknown input blocks; the class of investor, where it matters."""
    asked = question("合格投资者", "信托R3", 1_000_000)
    still = [less for less in without_one(asked) if laxness(less) > 0]
    assert laxness(asked) == 1
    assert all(less.client.holds is None or less.client.assessments[0].channel is None for less in still)


@given(day=st.dates())
def test_a_decision_stays_the_same_whenever_it_is_made_again(day: Any) -> None:
    asked = varied(question(), day=day)
    assert decided(asked) == decided(asked)
