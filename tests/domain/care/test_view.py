"""What the card of a finding says has changed since: the customer was reached, the holding is gone or over."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from domain.care.view import HOLDING_CHANGED, UNSAID, how_it_stands, show_finding
from domain.customer import AumPoint, Contact, Customer, CustomerFacts, Holding, Product
from domain.ids import CustomerId, ProductId
from domain.pack import load_pack
from domain.policy import Relation
from domain.sharing import Datum, Field, Setting
from domain.summary import Line
from tests.policies import seen_by

CARE = load_pack((Path(__file__).parents[3] / "deploy" / "packs" / "default.yaml").read_text("utf-8")).care
assert CARE is not None
SILENCE, MATURITY, _ = CARE.rules
TODAY = date(2026, 11, 23)
CN = timezone(timedelta(hours=8))


def call(day: int, reached: bool = True, kind: str = "回访") -> Contact:
    return Contact(datetime(2026, 11, day, 10, tzinfo=CN), "电话", kind, "out", reached)


HELD = Holding("H1", Product(ProductId("P1"), "示例稳利", "wealth"), 64_370_000, matures_on=date(2026, 12, 5))
FACTS = CustomerFacts(
    Customer(CustomerId("C0001"), "王秀兰", opened_on=date(2020, 1, 1)),
    date(2026, 11, 22),
    aum=(AumPoint(date(2026, 1, 1), 860_000_000),),
    holdings=(HELD,),
    contacts=(call(2), call(14, reached=False), call(16, kind="群发")),
)
EPISODE = "H1@2026-12-05"


@pytest.mark.parametrize(
    ("rule", "episode", "facts", "today", "notes"),
    [
        (SILENCE, "2026-11-02", FACTS, TODAY, ()),
        (SILENCE, "2026-11-02", replace(FACTS, contacts=(call(23),)), TODAY, ("11月23日已经联系上客户，可以点“已做”。",)),
        (SILENCE, "2026-11-02", replace(FACTS, contacts=()), TODAY, ()),
        (MATURITY, EPISODE, FACTS, TODAY, ("还有 12 天到期。",)),
        (MATURITY, EPISODE, FACTS, date(2026, 12, 4), ("还有 1 天到期。",)),
        (MATURITY, EPISODE, FACTS, date(2026, 12, 5), (HOLDING_CHANGED,)),
        (MATURITY, EPISODE, replace(FACTS, holdings=()), TODAY, (HOLDING_CHANGED,)),
        (
            MATURITY,
            EPISODE,
            replace(FACTS, holdings=(replace(HELD, matures_on=date(2027, 3, 5)),)),
            TODAY,
            (HOLDING_CHANGED,),
        ),
        (None, EPISODE, replace(FACTS, holdings=()), TODAY, ()),
    ],
)  # fmt: skip
def test_how_it_stands_now(rule, episode, facts, today, notes):
    assert how_it_stands(rule, episode, facts, today) == notes


REASON = (Datum(Field.PRODUCT, "示例稳利"), " 12月5日到期，金额 ", Datum(Field.AMOUNT, 64_370_000))
EVIDENCE = (Line("金额", (Datum(Field.AMOUNT, 64_370_000),)),)


def test_each_reads_what_they_may():
    own = show_finding(REASON, EVIDENCE, FACTS, seen_by(Relation.OWN_BOOK), TODAY, ())
    assert own.title == "王秀兰 · 客户号 C0001"
    assert own.reason == "示例稳利 12月5日到期，金额 64.37 万"
    assert [(line.label, line.text) for line in own.lines] == [
        ("金额", "64.37 万"), ("AUM", "860.00 万"), ("近30天", "持平"), ("上次联系", "21天前（11月2日） 电话 · 回访"),
    ]  # fmt: skip
    assert own.recent == "11月14日 电话 回访 未联系上；11月2日 电话 回访 联系上"  # no broadcast
    other = show_finding(REASON, EVIDENCE, FACTS, seen_by(Relation.IN_SCOPE), TODAY, ())
    assert (other.title, other.lines[0].text) == ("王*兰 · 客户号 尾号01", "50–100 万")
    bare = show_finding(REASON, EVIDENCE, FACTS, seen_by(Relation.OWN_BOOK, Setting.REFERENCE), TODAY, ())
    assert (bare.title, bare.reason, [line.label for line in bare.lines]) == (
        "客户号 C0001",
        UNSAID[0],
        ["上次联系"],  # that nothing moved is told to nobody who may not read how much did
    )
