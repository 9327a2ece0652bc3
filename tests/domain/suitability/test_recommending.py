"""What is recommended: simply allowed, in the pool of the appetite, by turns; and a product found by what one types."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.suitability.deciding import decide
from domain.suitability.facts import Client, Offer, Question, Seller
from domain.suitability.matter import matter_of
from domain.suitability.naming import find_products
from domain.suitability.recommending import Recommendation, recommend, widest_pool
from domain.suitability.words import Level, Rating, Verdict
from tests.domain.suitability import people
from tests.domain.suitability.people import DAY, EDITION, SELLER, TABLE, client, offer, varied


def shelf(*offers: Offer) -> dict[str, list[Offer]]:
    by_kind: dict[str, list[Offer]] = {}
    for number, each in enumerate(offers, 1):
        by_kind.setdefault(each.kind or "", []).append(varied(each, product_id=f"P{number:04d}"))
    return by_kind


def recommended(who: Client, *names: str, page: range = range(6)) -> Recommendation:
    return recommend(who, SELLER, shelf(*map(offer, names)), EDITION, DAY, page)


def names(found: Recommendation) -> list[str]:
    return [each.offer.name for each in found.products]


def test_by_turns_and_what_the_customer_has_not_comes_first() -> None:
    found = recommended(client("常人"), "理财R3", "理财R2", "存款", "基金R3")
    assert names(found) == ["存款", "基金R3", "理财R3", "理财R2"]
    assert [each.why for each in found.products] == [
        "R1 1095天 未持有",
        "R3 不定期 未持有",
        "R3 180天",
        "R2 180天",
    ]


def test_a_page_and_whether_there_are_more() -> None:
    every = ["理财R1", "理财R2", "理财R3"]
    first, second = (recommended(client("常人"), *every, page=page) for page in (range(2), range(2, 4)))
    assert (names(first), first.more) == (["理财R1", "理财R2"], True)
    assert (names(second), second.more) == (["理财R3"], False)


def test_never_with_steps_never_on_request_never_beyond_the_pool() -> None:
    assert names(recommended(client("成长"), "基金R4", "本行更高")) == []
    assert names(recommended(client("合格投资者"), "信托R3")) == []
    assert names(recommended(client("保守"), "理财R1", "理财R2", "基金R3", "存款", "积存金R3")) == ["存款", "理财R1"]


@pytest.mark.parametrize(
    ("customer", "codes"),
    [("制裁", ["sanctioned"]), ("没开户", ["no_account"]), ("证件刚过期", ["identity_grace"]), ("稳健", [])],
)
def test_where_nothing_is_left_what_stands_against_all_of_it_is_told(customer: str, codes: list[str]) -> None:
    found = recommended(client(customer), "理财R2", "存款", "国债")
    assert [reason.code for reason in found.hindrances] == codes
    assert bool(names(found)) == (not codes)


@settings(max_examples=150)
@given(who=people.clients, offers=st.lists(people.offers, max_size=8), seller=people.sellers)
def test_only_what_is_simply_allowed_and_all_of_it(who: Client, offers: list[Offer], seller: Seller) -> None:
    stocked = shelf(*offers)
    expected = set()
    for each in (each for on_it in stocked.values() for each in on_it):
        asked = Question(client=who, offer=each, seller=seller, amount=each.minimum, day=DAY)
        matter = matter_of(asked, TABLE)
        pool = TABLE.pools[matter.level or Level.C1]
        pooled = each.kind in pool.kinds and matter.rating is not None and matter.rating.rank <= pool.up_to.rank
        if pooled and decide(asked, TABLE, 1).verdict is Verdict.ALLOW:
            expected.add(each.product_id)
    found = recommend(who, seller, stocked, EDITION, DAY, range(20))
    assert {each.offer.product_id for each in found.products} == expected


def test_the_pool_that_is_looked_at_follows_the_valid_tests_alone() -> None:
    assert widest_pool(client("稳健"), EDITION, DAY)[1] is Rating.R2
    for customer in ("测评过期", "没测过"):
        assert widest_pool(client(customer), EDITION, DAY)[1] is Rating.R1


@dataclass(frozen=True)
class Named:
    product_id: str
    name: str


PRODUCTS = [Named("P0001", "样例理财001号"), Named("P0010", "样例理财010号"), Named("P0011", "测试基金011号")]


@pytest.mark.parametrize(
    ("typed", "numbers"),
    [
        ("P0001", ["P0001"]),
        ("p0001", ["P0001"]),
        ("Ｐ０００１", ["P0001"]),
        ("样例理财001号", ["P0001"]),
        ("样例 理财001", ["P0001"]),
        ("样例理财", ["P0001", "P0010"]),
        ("010", ["P0010"]),
        ("基金", ["P0011"]),
        ("csjj011h", ["P0011"]),
        ("ylcai", []),
        ("yllc001h", ["P0001"]),
        ("没有的", []),
        ("  ", []),
    ],
)
def test_a_product_is_found_by_what_one_remembers(typed: str, numbers: Sequence[str]) -> None:
    assert [each.product_id for each in find_products(typed, PRODUCTS)] == list(numbers)
