"""A wish whose decider is gone: it goes on to the requester's next superior, and ends where there is none."""

from dataclasses import replace

from domain.approval import Approval, State, passed_on
from domain.staff import Staff
from handlers.approval.asking import nearest_superior, waits_for_the_next
from handlers.approval.faces import SUBJECT, news, subject_of, verdict
from handlers.approval.families import FAMILIES
from handlers.context import Context
from handlers.handover.passing_on import look_again
from handlers.handover.planning import subject_of as subject_of_handover
from handlers.reply import Reply, say
from handlers.retiring import retired
from storage import approvals, directory
from storage.outbox import Lane

PASSED_ON = "已转给{name}"
NOBODY_LEFT = "{name}不能再审批，也没有别的上级可以审批。"


def pass_on(context: Context) -> Reply:
    """The timer: who was to decide has left, or is no superior of the requester's any more. Handovers have a decision
    of their own (docs/decisions/approvals.md).
    """
    if context.update.subject.startswith(subject_of_handover("")):
        return look_again(context)
    asked = approvals.load(context.unit, context.update.subject.removeprefix(SUBJECT))
    if asked is None or not asked.waits(context.now) or asked.seat.named is None:
        return ()
    requester = directory.member(context.unit, asked.requester)
    assert requester is not None
    above = directory.superiors(context.unit, requester)
    if any(each.userid == asked.seat.named and _may(context, asked, each) for each in above):
        return ()
    found = nearest_superior(context, asked.seat.permission, (*asked.taken, *asked.wish.barred), below=requester)
    reader = requester if requester.active else None
    return _ended(context, asked, reader) if found is None else _to(context, asked, found, reader)


def _may(context: Context, asked: Approval, member: Staff) -> bool:
    return member.active and asked.seat.permission in context.house.policy.permissions(member)


def _to(context: Context, asked: Approval, found: Staff, requester: Staff | None) -> Reply:
    onward = passed_on(asked, found.userid)
    if not approvals.pass_on(context.unit, asked, onward):
        return ()
    older = retired(context, subject_of(asked), PASSED_ON.format(name=found.name), everybody=True)
    return (*older, *waits_for_the_next(context, FAMILIES[asked.family], onward, requester))


def _ended(context: Context, asked: Approval, requester: Staff | None) -> Reply:
    over, family = replace(asked, state=State.EXPIRED, decided_at=context.now), FAMILIES[asked.family]
    if not approvals.settle(context.unit, asked, over):
        return ()
    followed = family.followed(context, over)
    cards = retired(context, subject_of(over), verdict(context, over), everybody=True)
    if requester is None:
        return (*cards, *followed)
    assert asked.seat.named is not None
    name = directory.names(context.unit, [asked.seat.named])[asked.seat.named]
    text = NOBODY_LEFT.format(name=name) + news(context, family, over, requester)
    return (*cards, *say(text, to=requester.userid, lane=Lane.DEADLINE), *followed)
