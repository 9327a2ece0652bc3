"""Asking for an approval: written down, and handed to those who may fill the first seat; nothing has changed yet."""

import secrets
from collections.abc import Collection

from domain.approval import Approval, Seat, Wish, can_be_filled, kept_from
from domain.ids import ApprovalId, UserId
from domain.policy import Permission
from domain.refusal import Refused
from domain.staff import Staff, one_of
from handlers.approval.faces import own, subject_of, wish
from handlers.approval.family import Family
from handlers.context import HOUSE_ITSELF, Context
from handlers.reply import Reply
from handlers.rights import entitled
from storage import approvals, directory, stand_ins, timers

EXPIRE, PASS_ON = "approval.expire", "approval.pass_on"
NOBODY = "没有第二个人可以确认：除您以外，没有在岗的{posts}。什么都没有改，请先让系统管理员登记一位。"
TOO_FEW = (
    "审批的人不够：要由 {seats} 个不同的人先后同意，而除您以外在岗的{posts}不够。什么都没有改，请先让系统管理员登记。"
)
NO_SUPERIOR = "您没有在岗的上级可以审批，请联系支行行长。"


def submit(context: Context, family: Family, asked_for: Wish) -> Reply:
    """The requester's own card, and those for who decides first. Raises Refused when there are not enough others."""
    asked = Approval(ApprovalId(secrets.token_hex(8)), family.name, asked_for, context.actor.userid, context.now)
    check_people(context, asked_for)
    approvals.add(context.unit, asked)
    if asked_for.until is not None:  # one that is decided before finds its timer harmless
        timers.arm(context.unit, subject=subject_of(asked), kind=EXPIRE, person=HOUSE_ITSELF, due_at=asked_for.until)
    return waits_for_the_next(context, family, asked, context.actor)


def waits_for_the_next(context: Context, family: Family, asked: Approval, requester: Staff | None) -> Reply:
    """The cards of a standing: to those who may fill the seat that waits, and to who asked."""
    others = deciders(context, asked)
    mine = (own(context, family, asked, requester, others),) if requester is not None else ()
    return (*mine, *(wish(context, family, asked, each) for each in others))


def deciders(context: Context, asked: Approval) -> list[Staff]:
    """Everybody at work who may fill the seat that waits."""
    held = context.house.policy.permissions
    return [each for each in _holders(context, asked.seat) if kept_from(asked, each.userid, held(each)) is None]


def superior(context: Context, permission: Permission) -> Seat:
    """A seat for the requester's nearest superior who is at work and may decide; raises Refused when there is none."""
    found = nearest_superior(context, permission)
    if found is None:
        raise Refused(NO_SUPERIOR, reason="no approver")
    return Seat(permission, found.userid)


def nearest_superior(
    context: Context, permission: Permission, barred: Collection[UserId] = (), below: Staff | None = None
) -> Staff | None:
    """The nearest superior (the actor's, or of who is `below`) at work, not represented by somebody else, who may."""
    person = below or context.actor
    for each in directory.superiors(context.unit, person):
        away = bool(stand_ins.deputies(context.unit, each.userid))
        may = permission in context.house.policy.permissions(each)
        if each.active and may and not away and each.userid not in (person.userid, *barred):
            return each
    return None


def _holders(context: Context, seat: Seat) -> list[Staff]:
    if seat.named is None:
        return entitled(context, seat.permission)
    member = directory.member(context.unit, seat.named)
    return [member] if member is not None and member.active else []


def check_people(context: Context, asked_for: Wish) -> None:
    """Raises Refused where the actor finds not enough others at work to fill every seat."""
    kept_out = {context.actor.userid, *asked_for.barred}
    people = [{each.userid for each in _holders(context, seat)} - kept_out for seat in asked_for.seats]
    if can_be_filled(people):
        return
    empty = [seat for seat, some in zip(asked_for.seats, people, strict=True) if not some] or asked_for.seats
    needed = dict.fromkeys(seat.permission for seat in empty)
    posts = one_of(list(dict.fromkeys(post for each in needed for post in context.house.policy.posts_with(each))))
    text = TOO_FEW if len(people) > 1 else NOBODY
    raise Refused(text.format(posts=posts, seats=len(people)), reason="nobody to confirm")
