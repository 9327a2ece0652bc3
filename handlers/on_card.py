"""Who opens a signed-in page and whom it is about, as the card says from which they came; and the mark on it."""

from domain.ids import CustomerId, TaskId, UserId
from domain.policy import Permission, Purpose
from domain.refusal import Forbidden, Refused
from domain.staff import Post, Staff
from handlers.context import House
from handlers.customer import sight_of
from storage import card_rows, customers, directory, sessions
from storage.card_rows import CardRow
from storage.customers import Opened
from storage.unit import Unit

NOT_FOUND = "没有找到这个页面。它可能已经过期，或者不是发给您的。请在企业微信里重新查询客户，再点卡片上的“详情”。"
ABOUT_CUSTOMER = "customer:"
_NOBODY = CustomerId("")


def opened_on_card(
    unit: Unit, house: House, person: UserId, task_id: TaskId, surface: str
) -> tuple[Staff, Opened, Purpose]:
    """The customer on this person's card. A card that is unknown, expired, forwarded or about somebody outside the
    scope costs and answers the same.
    """
    unit.actor = person
    customer_id, post, stated = _on_card(unit, person, task_id)
    member = permitted(unit, house, person, post)
    scope, purpose = house.policy.scope(member, directory.units(unit)), stated or house.policy.purpose(member, surface)
    try:
        opened = customers.open_customer(unit, scope, customer_id, purpose, surface, sight_of(house, member))
    except Refused as refusal:
        if refusal.text != customers.NOT_FOUND:
            raise  # frozen: of a customer who may be looked up, which says whom to ask
        raise Refused(NOT_FOUND, reason=refusal.reason) from refusal
    return member, opened, purpose


def permitted(
    unit: Unit, house: House, person: UserId, post: str | None, permission: Permission = Permission.CUSTOMER_PAGE
) -> Staff:
    """An active member whose post may open the page, as things stand now; who has left is signed out everywhere. A page
    acts in the post that is written on its card, while that is held.
    """
    member = directory.member(unit, person)
    if member is None or not member.active:
        sessions.end_all(unit, person)
        raise Forbidden(house.pack.texts.unknown_member, permission=permission)
    if post in member.posts:
        member = member.acting_as(Post(post or ""))
        unit.acting[person] = post
    elif post is not None:
        raise Refused(NOT_FOUND, reason="post no longer held")
    if refusal := house.policy.check(member, permission):
        raise refusal
    return member


def _on_card(unit: Unit, person: UserId, task_id: TaskId) -> tuple[CustomerId, str | None, Purpose | None]:
    """The customer, the post and the purpose that was said on this person's card while it is valid; else a number that
    no customer has.
    """
    card = theirs(unit, person, task_id)
    if card is None or not card.subject.startswith(ABOUT_CUSTOMER):
        return _NOBODY, None, None
    said = card.context.get("purpose")
    return CustomerId(card.subject.removeprefix(ABOUT_CUSTOMER)), card.post, Purpose(said) if said else None


def theirs(unit: Unit, person: UserId, task_id: TaskId) -> CardRow | None:
    """A card that was sent to this person and is still valid."""
    card = card_rows.load(unit, task_id)
    return card if card is not None and card.addressee == person and card.expires_at > unit.now else None


def watermark_of(unit: Unit, member: Staff) -> str:
    return f"{member.name} {member.userid} {unit.now:%Y-%m-%d %H:%M}"
