"""The signed-in pages behind a summary card: every dimension with its charts, identifiers masked; and the number to
dial, for who keeps or serves the customer.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias, TypeVar

from domain.customer import CustomerFacts
from domain.dimension import DIMENSIONS, Dimension, offered
from domain.ids import TaskId, UserId
from domain.mask import mask_mobile
from domain.policy import Permission, Purpose
from domain.refusal import Refused
from domain.sharing import Audience, Field, Form, Surface, disclosed, form_for, title_of
from domain.staff import Staff
from domain.summary import TOTALS, Line, ShownLine, collections_line, lines_of, show, show_lines, summarise
from domain.view.basic import page_lines
from domain.view.charts import Chart, charts_of
from handlers.context import House
from handlers.on_card import ABOUT_CUSTOMER, opened_on_card, watermark_of
from handlers.rights import audience_of
from handlers.sign_in import signed_in, vouched_for
from storage import photos
from storage.customers import Opened
from storage.unit import Unit

NOT_TO_DIAL = "这里不能拨打这位客户的电话：只有客户经理本人和服务团队可以，而且要登记过手机。请联系客户经理。"
SERVICE_ONLY = "客户没有同意营销：只谈服务，不推介产品"
SURFACE, DIALLING = "h5.customer", "h5.call"
Page = TypeVar("Page")
Make: TypeAlias = Callable[[Unit, House, UserId, TaskId], Page]


@dataclass(frozen=True)
class Section:
    """A dimension and what it draws."""

    key: str
    title: str
    lines: tuple[ShownLine, ...]
    source: str
    charts: tuple[Chart, ...]


@dataclass(frozen=True)
class CustomerPage:
    """All that the page shows, redacted for its one reader; `watermark` says who that is and when, `may_call` whether
    they may dial the customer's number, `may_reveal` whether anything is masked that they may read in plain, `photos`
    how many of visits they may look at, `late` which data has not come in time.
    """

    title: str
    as_of: str
    late: str
    headline: tuple[ShownLine, ...]
    action: str
    reason: str
    sections: tuple[Section, ...]
    watermark: str
    may_call: bool
    may_reveal: bool
    photos: int = 0


@dataclass(frozen=True)
class CallPage:
    """The number, for the telephone alone: what a reader sees of it is masked."""

    title: str
    masked: str
    number: str
    advice: tuple[str, ...]
    watermark: str


def visit_page(unit: Unit, house: House, token: str, task_id: TaskId) -> CustomerPage | Refused | None:
    """The customer's page for whoever holds the session `token`; None when nobody does."""
    person = signed_in(unit, house, token)
    return None if person is None else or_refusal(unit, house, person, task_id, SURFACE, customer_page)


def visit_call(unit: Unit, house: House, token: str, task_id: TaskId) -> CallPage | Refused | None:
    """The number to dial, for whom WeCom has vouched just now: who picks up a phone that was left open does not get
    it. None when nobody is, or no longer freshly, signed in.
    """
    person = vouched_for(unit, house, token)
    return None if person is None else or_refusal(unit, house, person, task_id, DIALLING, call_page)


def or_refusal(
    unit: Unit, house: House, person: UserId, task_id: TaskId, surface: str, made: Make[Page]
) -> Page | Refused:
    """A refusal is returned, not raised, so that it stays on record."""
    try:
        return made(unit, house, person, task_id)
    except Refused as refusal:
        unit.audit("page.refused", f"card:{task_id}", {"reason": refusal.reason, "surface": surface})
        return refusal


def customer_page(unit: Unit, house: House, person: UserId, task_id: TaskId) -> CustomerPage:
    """The customer on a card, for the member it was sent to. Raises Refused."""
    return _page(unit, house, *opened_on_card(unit, house, person, task_id, SURFACE))


def call_page(unit: Unit, house: House, person: UserId, task_id: TaskId) -> CallPage:
    """The number of the customer on a card. Raises Refused."""
    member, opened, purpose = opened_on_card(unit, house, person, task_id, DIALLING)
    facts, customer = opened.facts, opened.facts.customer
    audience = audience_of(house, member, opened.relation, purpose, Surface.PAGE)
    if customer.mobile is None or not _may_call(house, member, opened, purpose):
        raise Refused(NOT_TO_DIAL, reason="may not dial")
    subject = ABOUT_CUSTOMER + customer.customer_id
    unit.audit("customer.dialled", subject, {"surface": DIALLING}, [customer.customer_id])
    chased = [line.text for line in show_lines(collections_line(facts), audience)]
    return CallPage(
        title_of(customer.name, customer.customer_id, audience),
        mask_mobile(customer.mobile),
        "".join(sign for sign in customer.mobile if sign.isdecimal() or sign == "+"),
        (*chased, *([] if customer.marketing_consent else [SERVICE_ONLY])),
        watermark_of(unit, member),
    )


def _may_call(house: House, member: Staff, opened: Opened, purpose: Purpose) -> bool:
    """Whoever may read the number after a second verification may dial it."""
    revealed = audience_of(house, member, opened.relation, purpose, Surface.REVEAL)
    return bool(opened.facts.customer.mobile) and form_for(Field.MOBILE, revealed) is Form.PLAIN


def reads_notes(house: House, member: Staff, opened: Opened, purpose: Purpose) -> bool:
    """Whether what was written of visits, and photographed, is for this reader after a second verification."""
    return form_for(Field.NOTE, audience_of(house, member, opened.relation, purpose, Surface.REVEAL)) is Form.PLAIN


def revealable(house: House, member: Staff, opened: Opened, purpose: Purpose) -> dict[Field, str]:
    """What is masked on the page, and plain for this reader after a second verification; for marketing nothing is, of
    who did not agree to it.
    """
    if house.policy.check(member, Permission.CUSTOMER_REVEAL, purpose):
        return {}
    usual = audience_of(house, member, opened.relation, purpose, Surface.PAGE)
    after = audience_of(house, member, opened.relation, purpose, Surface.REVEAL)
    customer = opened.facts.customer
    if purpose is Purpose.MARKETING and not customer.marketing_consent:
        return {}
    known = {Field.MOBILE: customer.mobile, Field.ID_NUMBER: customer.id_number, Field.ADDRESS: customer.address}
    return {
        field: value
        for field, value in known.items()
        if value and form_for(field, after) is Form.PLAIN and form_for(field, usual) is not Form.PLAIN
    }


def _page(unit: Unit, house: House, member: Staff, opened: Opened, purpose: Purpose) -> CustomerPage:
    facts, today = opened.facts, unit.now.date()
    audience = audience_of(house, member, opened.relation, purpose, Surface.PAGE)
    summary = summarise(facts, today, house.limits)
    shown = show(summary, audience)
    headline = tuple(line for line in lines_of(summary) if line.label in TOTALS)
    sections = _sections(facts, today, headline)
    said = [line.text for _, lines in sections for line in lines]
    fields = sorted({*shown.disclosed, *disclosed(said, audience)})
    about = [shown.customer_id]
    unit.audit("page.shown", ABOUT_CUSTOMER + shown.customer_id, {"fields": fields, "surface": SURFACE}, about)
    return CustomerPage(
        title=shown.title,
        as_of=shown.as_of,
        late=shown.late,
        headline=show_lines(headline, audience),
        action=shown.action,
        reason=shown.reason,
        sections=tuple(_section(dimension, lines, facts, audience, today) for dimension, lines in sections),
        watermark=watermark_of(unit, member),
        may_call=_may_call(house, member, opened, purpose),
        may_reveal=bool(revealable(house, member, opened, purpose)),
        photos=len(photos.of_visits(unit, shown.customer_id)) if reads_notes(house, member, opened, purpose) else 0,
    )


def _sections(facts: CustomerFacts, today: date, said: tuple[Line, ...]) -> list[tuple[Dimension, tuple[Line, ...]]]:
    """Every dimension with its lines, the basic facts in their fuller form; no line is said twice."""
    sections, seen = [], set(said)
    for dimension in offered(with_trail=facts.trail):
        lines = page_lines(facts, today) if dimension is DIMENSIONS[0] else dimension.build(facts, today)
        sections.append((dimension, tuple(line for line in lines if line not in seen)))
        seen.update(lines)
    return sections


def _section(
    dimension: Dimension, lines: tuple[Line, ...], facts: CustomerFacts, audience: Audience, today: date
) -> Section:
    fresh = dimension.source.freshness(facts, today)
    charts = charts_of(dimension.key, facts, audience, today)
    return Section(dimension.key, dimension.title, show_lines(lines, audience), fresh, charts)
