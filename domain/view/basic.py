"""基本信息: who the customer is, who serves them, what has to be renewed."""

from datetime import date

from domain.customer import CustomerFacts, age_band
from domain.daytext import day_text
from domain.profile import Member
from domain.sharing import Datum, Field, Sentence
from domain.summary import Line, collections_line
from domain.view.words import datum, day, dues


def basic(facts: CustomerFacts, today: date) -> tuple[Line, ...]:
    return (*_profile(facts, today), *dues(facts, today), *_serving(facts, today))


def page_lines(facts: CustomerFacts, today: date) -> tuple[Line, ...]:
    """The fuller form of the signed-in page; to be shown with `Surface.PAGE`, where identifiers are masked."""
    customer = facts.customer
    return (
        Line("姓名", datum(Field.NAME, customer.name)),
        Line("客户号", datum(Field.CUSTOMER_NUMBER, customer.customer_id)),
        *_profile(facts, today),
        Line("证件类型", datum(Field.PERSONAL, customer.id_type)),
        Line("证件号码", datum(Field.ID_NUMBER, customer.id_number)),
        Line("手机", datum(Field.MOBILE, customer.mobile)),
        Line("地址", datum(Field.ADDRESS, customer.address)),
        *dues(facts, today),
        *_serving(facts, today),
    )


def _profile(facts: CustomerFacts, today: date) -> tuple[Line, ...]:
    customer = facts.customer
    who = f"{customer.gender} · {age_band(customer.birth_date, today)}"
    return (
        *collections_line(facts),
        Line("性别年龄", datum(Field.PROFILE, who)),
        Line("所属机构", datum(Field.PROFILE, facts.place)),
        Line("客户经理", (facts.rm_name,) if facts.rm_name else ("未分配",)),
        Line("职业", datum(Field.PERSONAL, customer.occupation)),
        Line("开户日期", day(customer.opened_on, today) if customer.opened_on else ("潜在客户，未开户",)),
    )


def _serving(facts: CustomerFacts, today: date) -> tuple[Line, ...]:
    customer = facts.customer
    agreed = "同意" if customer.marketing_consent else "没有同意，不能向客户营销"
    return (
        Line("联系偏好", datum(Field.PERSONAL, customer.contact_preference)),
        Line("营销同意", (Datum(Field.PROFILE, agreed),)),
        *(Line("服务团队", _member(member, today)) for member in facts.team),
    )


def _member(member: Member, today: date) -> Sentence:
    until = f"，到{day_text(member.until, today)}" if member.until else ""
    return (f"{member.role} {member.name}{until}",)
