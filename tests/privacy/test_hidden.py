"""What is hidden decides nothing that is shown: who may not read a field reads the same whatever it holds."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from itertools import product

import pytest

from domain.customer import Account, AumPoint, Contact, Customer, CustomerFacts, Holding, Product, RiskAssessment
from domain.dimension import DIMENSIONS, show_dimension
from domain.ids import CustomerId, ProductId
from domain.labels.label import Kind, Label
from domain.policy import Relation
from domain.profile import Habit, Loan, Month, Tie, Touch
from domain.purpose import Purpose
from domain.service import Programme
from domain.sharing import Audience, Field, Form, Setting, Surface, form_for
from domain.staff import POSTS
from domain.summary import show, show_lines, summarise
from domain.tier import Tier
from domain.view.basic import page_lines
from domain.view.charts import charts_of
from domain.view.service_programme import glance_lines, service_lines
from tests.policies import seen_by

TODAY, WAN = date(2026, 11, 23), 10_000 * 100
AT = datetime(2026, 11, 20, 10, tzinfo=timezone(timedelta(hours=8)))
C3 = RiskAssessment("C3", date(2026, 6, 1), date(2027, 5, 31))
PERSON = Customer(
    CustomerId("C0000123"), "王秀兰", gender="女", birth_date=date(1970, 6, 1), occupation="示例教师",
    opened_on=date(2020, 1, 1), contact_preference="微信", investor_class="普通投资者", kyc_risk="低", kyc_due=TODAY,
    sanctioned=False, frozen=False,
)  # fmt: skip
FACTS = CustomerFacts(
    PERSON,
    TODAY,
    aum=(AumPoint(date(2026, 1, 5), 300 * WAN), AumPoint(date(2026, 11, 2), 400 * WAN)),
    tier=Tier.HIGH,
    labels=(Label(Kind.TIER, Tier.HIGH, TODAY, ("示例原因",)),),
    holdings=(Holding("H1", Product(ProductId("P1"), "示例产品", "wealth"), 300 * WAN, matures_on=date(2026, 12, 5)),),
    accounts=(Account("A1", "活期", 100 * WAN),),
    risk=C3,
    risks=(C3, RiskAssessment("C2", date(2025, 6, 1), date(2026, 5, 31))),
    loans=(Loan("L1", "住房按揭", 100 * WAN, 75 * WAN),),
    months=(Month("2026-10", WAN, WAN),),
    habits=(Habit("消费", "快捷支付", True, 1, 6, WAN, 0, 2 * WAN, WAN, AT),),
    ties=(Tie("配偶", CustomerId("C0000124")),),
    touches=(Touch("手机银行", "产品详情", "示例九十天", 3, 300, AT),),
    trail=True,
)
SERVED = {Tier.HIGH: "专属团队", Tier.ULTRA: "家族办公室"}


def person(**other: object) -> CustomerFacts:
    return replace(FACTS, customer=replace(PERSON, **other))  # type: ignore[arg-type]


def held(**other: object) -> CustomerFacts:
    return replace(FACTS, holdings=(replace(FACTS.holdings[0], **other),))  # type: ignore[arg-type]


def labelled(tier: Tier) -> CustomerFacts:
    return replace(FACTS, tier=tier, labels=(Label(Kind.TIER, tier, TODAY, ("示例原因",)),))


OTHERWISE: dict[tuple[Field, ...], list[CustomerFacts]] = {
    (Field.AML,): [person(kyc_risk=None), person(sanctioned=True), person(frozen=None)],
    (Field.COLLECTIONS,): [person(collections=True)],
    (Field.CREDIT, Field.CONTRIBUTION): [
        replace(FACTS, loans=()),
        replace(FACTS, loans=(Loan("L2", "经营贷款", 50 * WAN, 0, 0, "审批中"),)),
    ],
    (Field.FLOW,): [
        replace(FACTS, habits=(), months=()),
        replace(FACTS, habits=(replace(FACTS.habits[0], initiated=False, in_90=WAN),)),
    ],
    (Field.PERSONAL,): [person(occupation=None), person(contact_preference=None), person(occupation="示例医生")],
    (Field.PROFILE,): [replace(FACTS, place="示例分行"), person(marketing_consent=True), person(gender="男")],
    (Field.PRODUCT,): [held(product=Product(ProductId("P2"), "另一产品", "wealth"))],
    (Field.PRODUCT, Field.AMOUNT): [held(matures_on=None), held(matures_on=date(2027, 12, 5))],
    (Field.AMOUNT, Field.GROWTH, Field.CONTRIBUTION): [replace(FACTS, aum=())],
    (Field.SHARE, Field.AMOUNT, Field.PRODUCT, Field.CONTRIBUTION): [replace(FACTS, holdings=(), accounts=())],
    (Field.RELATION,): [replace(FACTS, ties=()), replace(FACTS, ties=(Tie("子女", CustomerId("C0000125")),))],
    (Field.RISK,): [
        replace(FACTS, risk=None, risks=()),
        replace(FACTS, risk=replace(C3, level="C5", assessed_on=TODAY), risks=()),
        person(investor_class=None),
    ],
    (Field.TIER,): [labelled(Tier.ULTRA)],
    (Field.TRAIL,): [replace(FACTS, touches=())],
}
"""The same customer with other data in these fields alone, and with none."""
NOT_SHOWN = {Field.ADDRESS, Field.ADVICE, Field.CUSTOMER_NUMBER, Field.ID_NUMBER, Field.MOBILE, Field.NAME, Field.NOTE}
"""Who sees a customer at all sees these, masked; notes are no part of these facts, and advice is made of the rest."""


def readers() -> list[Audience]:
    """Everybody the shipped policy knows, each way of reading once."""
    found = {
        repr((relation, audience.forms)): audience
        for post, relation, purpose, surface in product(
            POSTS, Relation, (Purpose.SERVICE, Purpose.DUE_DILIGENCE, Purpose.POST_LOAN), (Surface.WECOM, Surface.PAGE)
        )
        for audience in [seen_by(relation, Setting.FULL_NAME, surface, post, purpose)]
    }
    return list(found.values())


def read(facts: CustomerFacts, audience: Audience) -> str:
    """Everything that is told of a customer, in words and drawn."""
    programme = Programme.model_construct(name="示例", who=SERVED[facts.tier], contact=None, what=("活动",), team=())
    told: list[object] = [show(summarise(facts, TODAY), audience), show_lines(page_lines(facts, TODAY), audience)]
    told += [show_dimension(each.key, facts, audience, TODAY) for each in DIMENSIONS]
    told += [charts_of(each.key, facts, audience, TODAY) for each in DIMENSIONS]
    return repr([*told, show_lines((*glance_lines([programme], ()), *service_lines([programme])), audience)])


READERS = readers()


def blind(fields: tuple[Field, ...]) -> Iterator[Audience]:
    return (each for each in READERS if all(form_for(field, each) is Form.WITHHELD for field in fields))


@pytest.mark.parametrize("fields", list(OTHERWISE), ids=" ".join)
def test_who_may_not_read_a_field_reads_the_same_whatever_it_holds(fields: tuple[Field, ...]) -> None:
    audiences = list(blind(fields))
    assert audiences, "somebody may not read it"
    for other in OTHERWISE[fields]:
        assert [each for each in audiences if read(other, each) != read(FACTS, each)] == []


CALM = replace(person(kyc_due=None), holdings=(), contacts=(Contact(AT, "电话", "拜访", "both", True),))
SOON = date(1970, 11, 25)
ADVISED = {
    Field.COLLECTIONS: [CALM, held(matures_on=date(2026, 11, 30)), replace(CALM, contacts=())],
    Field.PERSONAL: [CALM, replace(CALM, risk=None, risks=())],
}
"""Customers with one next step or another, which must not hang on the field."""


@pytest.mark.parametrize(("field", "facts"), [(field, each) for field, some in ADVISED.items() for each in some])
def test_nor_is_it_told_by_what_is_advised(field: Field, facts: CustomerFacts) -> None:
    audiences = [each for each in blind((field,)) if form_for(Field.ADVICE, each) is not Form.WITHHELD]
    assert audiences, "somebody advises without it"
    change = {"collections": True} if field is Field.COLLECTIONS else {"birth_date": SOON}
    other = replace(facts, customer=replace(facts.customer, **change))  # type: ignore[arg-type]
    assert [each for each in audiences if read(other, each) != read(facts, each)] == []
    assert any(read(other, each) != read(facts, each) for each in READERS)


def test_who_may_read_it_reads_something_else() -> None:
    """Each change is one that shows, and every field has its change."""
    sees = [each for each in READERS if each not in list(blind((Field.TIER,)))]
    for fields, others in OTHERWISE.items():
        assert all(any(read(other, each) != read(FACTS, each) for each in sees) for other in others), fields
    assert {field for fields in OTHERWISE for field in fields} == set(Field) - NOT_SHOWN
