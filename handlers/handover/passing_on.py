"""A handover whose approver or successor is gone: it goes on to the requester's next superior, or ends."""

from dataclasses import replace

from domain.handover import Handover, State
from domain.ids import UserId
from domain.policy import Permission
from domain.refusal import Refused
from domain.staff import Staff
from domain.stand_in import home_of
from handlers.approval.asking import nearest_superior
from handlers.context import Context
from handlers.handover.faces import approval, notice, outcome, own
from handlers.handover.planning import keeps_a_book, subject_of
from handlers.reply import Reply, say
from handlers.retiring import retired, retired_everywhere
from storage import directory, handovers
from storage.outbox import Lane

PASSED_ON, OVER = "已转给{name}", "已失效"
CANNOT_TAKE = "{name}现在接不了客户（已离职、停用、换岗或换了分行），什么都没有移交。需要时请另选一位，重新申请。"
NOBODY_LEFT = "{name}不能再审批，也没有别的上级可以审批，什么都没有移交。"
NOT_THEIRS = "您已经不是申请人的上级，这件移交不由您来决定；已转给别的上级。"


def look_again(context: Context) -> Reply:
    """The timer: who was to decide, or to take over, has left or stands elsewhere."""
    handover = handovers.load(context.unit, context.update.subject.removeprefix(subject_of("")))
    if handover is None or handover.state is not State.WAITING:
        return ()
    if not can_take(context, handover):
        return ended(context, handover, CANNOT_TAKE, handover.successor)
    if may_decide(context, handover):
        return ()
    found = nearest_superior(
        context, Permission.HANDOVER_DECIDE, _barred(handover), below=_requester(context, handover)
    )
    if found is None:
        return ended(context, handover, NOBODY_LEFT, handover.approver)
    return _to(context, handover, found)


def can_take(context: Context, handover: Handover) -> bool:
    """Whether the successor is still one who may have the book: at work, in the branch of who gives or of who asked."""
    successor, leaver = (directory.member(context.unit, each) for each in (handover.successor, handover.leaver))
    if successor is None or not successor.active or not keeps_a_book(context, successor):
        return False
    homes = (home_of(context.units, each) for each in (leaver, _requester(context, handover)) if each is not None)
    return home_of(context.units, successor) in homes


def check_decider(context: Context, handover: Handover) -> None:
    """Raises Refused for an approver who is no superior of the requester's any more."""
    if context.actor.userid == handover.approver and not may_decide(context, handover):
        raise Refused(NOT_THEIRS, reason="no superior any more")


def may_decide(context: Context, handover: Handover) -> bool:
    above = directory.superiors(context.unit, _requester(context, handover))
    return any(each.userid == handover.approver and _may(context, each) for each in above)


def _may(context: Context, member: Staff) -> bool:
    return member.active and Permission.HANDOVER_DECIDE in context.house.policy.permissions(member)


def _requester(context: Context, handover: Handover) -> Staff:
    requester = directory.member(context.unit, handover.requester)
    assert requester is not None
    return requester


def _barred(handover: Handover) -> tuple[UserId, ...]:
    return (handover.leaver, handover.successor)


def _to(context: Context, handover: Handover, found: Staff) -> Reply:
    onward = replace(handover, approver=found.userid, revision=handover.revision + 1)
    if not handovers.change(context.unit, handover, onward, "handover.passed_on"):
        return ()
    said = PASSED_ON.format(name=found.name)
    older = retired(context, subject_of(handover.handover_id), said, everybody=True)
    mine = (own(context, onward),) if _requester(context, handover).active else ()
    return (*older, approval(context, onward), *mine, *notice(context, onward))


def ended(context: Context, handover: Handover, why: str, who: UserId) -> Reply:
    """Over, whoever looks; who asked hears why."""
    over = replace(handover, state=State.LAPSED, decided_at=context.now)
    if not handovers.change(context.unit, handover, over):
        return ()
    member = directory.member(context.unit, who)
    text = f"{outcome(context, over)}{why.format(name=member.name if member else who)}"
    cards = retired_everywhere(context, subject_of(handover.handover_id), OVER)
    requester = _requester(context, handover)
    return (*cards, *say(text, to=requester.userid, lane=Lane.DEADLINE)) if requester.active else cards
