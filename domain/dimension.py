"""The dimensions of the 360° view a person can open from the summary, and the basic facts of the signed-in page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from domain.customer import Contact, CustomerFacts, Holding, age_band, last_contact
from domain.daytext import day_text, days_left_text
from domain.sharing import Audience, Datum, Field, Sentence
from domain.summary import Line, ShownLine, allocation, contact_sentence, risk_sentence, show_lines, summarise
from domain.summary import lines_of as summary_lines

_UNKNOWN: Sentence = ("未登记",)
_MOST = 5

Build = Callable[[CustomerFacts, date], tuple[Line, ...]]


@dataclass(frozen=True, slots=True)
class Dimension:
    """One entry of the drop-down."""

    key: str
    title: str
    build: Build


@dataclass(frozen=True, slots=True)
class ShownDimension:
    """A dimension as one audience may read it."""

    key: str
    title: str
    lines: tuple[ShownLine, ...]


def _datum(field: Field, value: str | None) -> Sentence:
    return (Datum(field, value),) if value else _UNKNOWN


def _day(day: date | None, today: date) -> Sentence:
    return (day_text(day, today),) if day else _UNKNOWN


def _until(day: date | None, today: date) -> Sentence:
    """Feeds write 9999-12-31 for a document that never expires."""
    return ("长期",) if day is not None and day.year == date.max.year else _day(day, today)


def _profile(facts: CustomerFacts, today: date) -> tuple[Line, ...]:
    customer = facts.customer
    who = f"{customer.gender} · {age_band(customer.birth_date, today)}"
    return (
        Line("性别年龄", _datum(Field.PROFILE, who)),
        Line("所属机构", _datum(Field.PROFILE, facts.place)),
        Line("客户经理", (facts.rm_name,) if facts.rm_name else ("未分配",)),
        Line("职业", _datum(Field.PERSONAL, customer.occupation)),
        Line("开户日期", _day(customer.opened_on, today) if customer.opened_on else ("潜在客户，未开户",)),
    )


def _due(facts: CustomerFacts, today: date) -> tuple[Line, ...]:
    customer = facts.customer
    return (
        Line("证件有效期", _until(customer.id_expiry, today)),
        Line("KYC 到期", _day(customer.kyc_due, today)),
    )


def _basic(facts: CustomerFacts, today: date) -> tuple[Line, ...]:
    return _profile(facts, today) + _due(facts, today)


def _holding(holding: Holding, today: date) -> Sentence:
    product, amount = Datum(Field.PRODUCT, holding.product.name), Datum(Field.AMOUNT, holding.amount)
    due = f"，{days_left_text(holding.matures_on, today)}到期" if holding.matures_on else ""
    return product, " ", amount, due


def _assets(facts: CustomerFacts, today: date) -> tuple[Line, ...]:
    totals = [line for line in summary_lines(summarise(facts, today)) if line.label in ("客户分层", "AUM", "近30天")]
    kinds = [
        Line(share.title, (Datum(Field.AMOUNT, share.fen), " ", Datum(Field.SHARE, f"{share.percent}%")))
        for share in allocation(facts)
    ]
    largest = sorted(facts.holdings, key=lambda holding: (-holding.amount, holding.holding_id))[:_MOST]
    return (*totals, *kinds, *(Line("持仓", _holding(holding, today)) for holding in largest))


def _risk(facts: CustomerFacts, today: date) -> tuple[Line, ...]:
    risk = facts.risk
    return (
        Line("风险等级", risk_sentence(risk, today)),
        Line("测评日期", _day(risk.assessed_on if risk else None, today)),
        Line("KYC 风险", _datum(Field.PERSONAL, facts.customer.kyc_risk)),
        *_due(facts, today),
    )


def contact_line(contact: Contact, today: date) -> Line:
    """One contact under its day, and whether it counted."""
    result = "联系上" if contact.counts else "未联系上"
    return Line(day_text(contact.at.date(), today), (f"{contact.channel} {contact.kind} {result}",))


def _service(facts: CustomerFacts, today: date) -> tuple[Line, ...]:
    latest = sorted(facts.contacts, key=lambda contact: contact.at, reverse=True)[:_MOST]
    return (
        Line("上次联系", contact_sentence(last_contact(facts.contacts), today)),
        Line("未结待办", (f"{facts.open_todos} 件",)),
        *(contact_line(contact, today) for contact in latest),
    )


DIMENSIONS: tuple[Dimension, ...] = (
    Dimension("basic", "基本信息", _basic),
    Dimension("assets", "资产信息", _assets),
    Dimension("risk", "风险评级", _risk),
    Dimension("service", "服务记录", _service),
)
"""In the order of the drop-down."""


def show_dimension(key: str, facts: CustomerFacts, audience: Audience, today: date) -> ShownDimension | None:
    """One dimension as this audience may read it; None for an unknown key."""
    found = next((dimension for dimension in DIMENSIONS if dimension.key == key), None)
    if found is None:
        return None
    return ShownDimension(found.key, found.title, show_lines(found.build(facts, today), audience))


def page_lines(facts: CustomerFacts, today: date) -> tuple[Line, ...]:
    """The basic facts of the signed-in page; to be shown with `Surface.PAGE`, where identifiers are masked."""
    customer = facts.customer
    return (
        Line("姓名", _datum(Field.NAME, customer.name)),
        Line("客户号", _datum(Field.CUSTOMER_NUMBER, customer.customer_id)),
        *_profile(facts, today),
        Line("证件类型", _datum(Field.PERSONAL, customer.id_type)),
        Line("证件号码", _datum(Field.ID_NUMBER, customer.id_number)),
        Line("手机", _datum(Field.MOBILE, customer.mobile)),
        Line("地址", _datum(Field.ADDRESS, customer.address)),
        *_due(facts, today),
    )
