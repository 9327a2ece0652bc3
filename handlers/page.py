"""The signed-in page behind a summary card: the basic facts and every dimension, identifiers masked."""

from dataclasses import dataclass
from datetime import date

from domain.customer import CustomerFacts
from domain.dimension import DIMENSIONS, Dimension, ShownDimension, offered
from domain.ids import CustomerId, TaskId, UserId
from domain.policy import Permission, Purpose
from domain.refusal import Forbidden, Refused
from domain.sharing import Audience, Surface, disclosed
from domain.staff import Staff
from domain.summary import TOTALS, Line, ShownLine, lines_of, show, show_lines, summarise
from domain.view.basic import page_lines
from handlers.context import House
from handlers.customer import sight_of
from handlers.rights import audience_of
from storage import card_rows, customers, directory, sessions
from storage.customers import Opened
from storage.unit import Unit

NOT_FOUND = "没有找到这个页面。它可能已经过期，或者不是发给您的。请在企业微信里重新查询客户，再点卡片上的“详情”。"
SURFACE = "h5.customer"
_ABOUT_CUSTOMER = "customer:"
_NOBODY = CustomerId("")


@dataclass(frozen=True)
class CustomerPage:
    """All that the page shows, redacted for its one reader; `watermark` says who that is and when."""

    title: str
    as_of: str
    headline: tuple[ShownLine, ...]
    action: str
    reason: str
    sections: tuple[ShownDimension, ...]
    watermark: str


def visit_page(unit: Unit, house: House, token: str, task_id: TaskId) -> CustomerPage | Refused | None:
    """The page for whoever holds the session `token`; None when nobody does.

    A refusal is returned, not raised, so that it stays on record.
    """
    person = sessions.resume(unit, token)
    if person is None:
        return None
    try:
        return customer_page(unit, house, person, task_id)
    except Refused as refusal:
        unit.audit("page.refused", f"card:{task_id}", {"reason": refusal.reason, "surface": SURFACE})
        return refusal


def customer_page(unit: Unit, house: House, person: UserId, task_id: TaskId) -> CustomerPage:
    """The customer on a card, for the member it was sent to. Raises Refused.

    A card that is unknown, expired, forwarded or about somebody outside the scope costs and answers the same.
    """
    unit.actor = person
    member = _permitted(unit, house, person)
    unit.post = member.post or ""
    units = directory.units(unit)
    scope = house.policy.scope(member, units)
    customer_id, purpose = _on_card(unit, person, task_id), house.policy.purpose(member, SURFACE)
    try:
        opened = customers.open_customer(unit, scope, units, customer_id, purpose, SURFACE, sight_of(house, member))
    except Refused as refusal:
        raise Refused(NOT_FOUND, reason=refusal.reason) from refusal
    return _page(unit, house, member, opened, purpose)


def _permitted(unit: Unit, house: House, person: UserId) -> Staff:
    """An active member whose post may open pages, as things stand now; who has left is signed out everywhere."""
    member = directory.member(unit, person)
    if member is None or not member.active:
        sessions.end_all(unit, person)
        raise Forbidden(house.pack.texts.unknown_member, permission=Permission.CUSTOMER_PAGE)
    if refusal := house.policy.check(member, Permission.CUSTOMER_PAGE):
        raise refusal
    return member


def _on_card(unit: Unit, person: UserId, task_id: TaskId) -> CustomerId:
    """The customer on this person's card while it is valid; else a number that no customer has."""
    card = card_rows.load(unit, task_id)
    theirs = card is not None and card.addressee == person and card.expires_at > unit.now
    if card is None or not theirs or not card.subject.startswith(_ABOUT_CUSTOMER):
        return _NOBODY
    return CustomerId(card.subject.removeprefix(_ABOUT_CUSTOMER))


def _page(unit: Unit, house: House, member: Staff, opened: Opened, purpose: Purpose) -> CustomerPage:
    audience = audience_of(house, member, opened.relation, purpose, Surface.PAGE)
    summary = summarise(opened.facts, unit.now.date(), house.limits)
    shown = show(summary, audience)
    headline = tuple(line for line in lines_of(summary) if line.label in TOTALS)
    sections = _sections(opened.facts, unit.now.date(), headline)
    said = [line.text for _, lines in sections for line in lines]
    fields = sorted({*shown.disclosed, *disclosed(said, audience)})
    about = [shown.customer_id]
    unit.audit("page.shown", _ABOUT_CUSTOMER + shown.customer_id, {"fields": fields, "surface": SURFACE}, about)
    return CustomerPage(
        title=shown.title,
        as_of=shown.as_of,
        headline=show_lines(headline, audience),
        action=shown.action,
        reason=shown.reason,
        sections=tuple(
            _shown(dimension, lines, opened.facts, audience, unit.now.date()) for dimension, lines in sections
        ),
        watermark=f"{member.name} {member.userid} {unit.now:%Y-%m-%d %H:%M}",
    )


def _sections(facts: CustomerFacts, today: date, said: tuple[Line, ...]) -> list[tuple[Dimension, tuple[Line, ...]]]:
    """Every dimension with its lines, the basic facts in their fuller form; no line is said twice."""
    sections, seen = [], set(said)
    for dimension in offered(with_trail=facts.trail):
        lines = page_lines(facts, today) if dimension is DIMENSIONS[0] else dimension.build(facts, today)
        sections.append((dimension, tuple(line for line in lines if line not in seen)))
        seen.update(lines)
    return sections


def _shown(
    dimension: Dimension, lines: tuple[Line, ...], facts: CustomerFacts, audience: Audience, today: date
) -> ShownDimension:
    fresh = dimension.source.freshness(facts.arrivals, today)
    return ShownDimension(dimension.key, dimension.title, show_lines(lines, audience), fresh)
