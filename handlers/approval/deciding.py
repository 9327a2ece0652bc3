"""Deciding an approval: the first word on a seat counts, every copy shows it, and the last one carries it out."""

from collections.abc import Sequence

from domain.approval import Approval, State, acts_on, concerns, decide, kept_from, out_of_time
from domain.policy import Permission
from domain.refusal import Refused
from handlers.approval.asking import deciders, waits_for_the_next
from handlers.approval.faces import SUBJECT, news, outcome, own, subject_of, verdict, wish
from handlers.approval.families import FAMILIES
from handlers.context import Context
from handlers.reply import Reply, say
from handlers.retiring import retired, retired_everywhere
from handlers.speaking import final_face
from storage import approvals, directory
from storage.outbox import Lane

UNKNOWN = "没有找到这件申请。"
GONE = "申请人已离职或停用，这件申请不能再同意，请点“退回”；还需要的，请由在岗的同事重新申请。"
SEE_BELOW = "请看下面"
MORE = "还有 {count} 件，办完这些再看。"
_MOST = 3


def agree(context: Context) -> Reply:
    """同意: holds from this commit on, once every seat is filled."""
    return _settled(context, State.AGREED)


def reject(context: Context) -> Reply:
    return _settled(context, State.REJECTED)


def withdraw(context: Context) -> Reply:
    """撤回: who asked takes it back."""
    return _settled(context, State.WITHDRAWN)


def _settled(context: Context, state: State) -> Reply:
    assert context.card is not None
    asked = _load(context, context.card.subject)
    if asked.state is not State.WAITING:
        return _came_late(context, asked)
    if state is State.AGREED:
        _check_requester(context, asked)
    decided = decide(asked, state, context.actor.userid, _held(context), context.now)
    if isinstance(decided, Refused):
        raise decided
    if not approvals.settle(context.unit, asked, decided):
        return _came_late(context, _load(context, context.card.subject))
    followed = FAMILIES[decided.family].followed(context, decided)
    others = retired_everywhere(context, subject_of(decided), verdict(context, decided))
    told = say(news(context, FAMILIES[decided.family], decided, context.actor))
    return (*_greyed(context, decided), *told, *others, *_to_requester(context, decided), *followed)


def _check_requester(context: Context, asked: Approval) -> None:
    """Raises Refused for the wish of somebody who was stopped since: of its two people only one would be left."""
    requester = directory.member(context.unit, asked.requester)
    if not FAMILIES[asked.family].outlives and (requester is None or not requester.active):
        raise Refused(GONE, reason="requester left")


def expire(context: Context) -> Reply:
    """The timer: nobody agreed in time. Who asked hears it once, and the cards that still can go grey."""
    asked = approvals.load(context.unit, context.update.subject.removeprefix(SUBJECT))
    over = asked and out_of_time(asked, context.now)
    if asked is None or over is None or not approvals.settle(context.unit, asked, over):
        return ()
    followed = FAMILIES[over.family].followed(context, over)
    cards = retired(context, subject_of(over), verdict(context, over), everybody=True)
    return (*cards, *_to_requester(context, over), *followed)


def _greyed(context: Context, asked: Approval) -> Reply:
    assert context.card is not None
    return (final_face(context.card, context.update, verdict(context, asked)),)


def _came_late(context: Context, asked: Approval) -> Reply:
    """Somebody else's word came first: the clicked card shows it too."""
    return (*_greyed(context, asked), *say(outcome(context, FAMILIES[asked.family], asked, context.actor)))


def _to_requester(context: Context, asked: Approval) -> Reply:
    """Who asked hears how it was decided; while more seats wait, whom it went to next."""
    family, member = FAMILIES[asked.family], directory.member(context.unit, asked.requester)
    requester = member if member is not None and member.active else None
    if asked.state is State.WAITING:
        return waits_for_the_next(context, family, asked, requester)
    if requester is None or asked.requester == context.actor.userid:
        return ()
    return say(news(context, family, asked, requester), to=requester.userid, lane=Lane.DEADLINE)


def present(context: Context, subject: str) -> Reply:
    """What became of a wish whose old card was clicked; its card again for who may still act on it."""
    return _shown(context, _load(context, subject))


def waiting(context: Context) -> Reply:
    """The cards of what waits for this person's word, the oldest first; older copies go out of play."""
    held = _held(context)
    found = approvals.awaiting(context.unit, context.actor.userid, held)
    return shown(context, [each for each in found if kept_from(each, context.actor.userid, held) is None])


def shown(context: Context, found: Sequence[Approval]) -> Reply:
    """The cards of some, and how many more there are."""
    more = say(MORE.format(count=len(found) - _MOST)) if len(found) > _MOST else ()
    return (*(part for each in found[:_MOST] for part in _shown(context, each)), *more)


def _shown(context: Context, asked: Approval) -> Reply:
    """Its card for who may act on it, else how it stands."""
    family, me = FAMILIES[asked.family], context.actor
    if not asked.waits(context.now) or not acts_on(asked, me.userid, _held(context)):
        return say(outcome(context, family, asked, me))
    own_one = asked.requester == me.userid
    card = own(context, family, asked, me, deciders(context, asked)) if own_one else wish(context, family, asked, me)
    return (*retired(context, subject_of(asked), SEE_BELOW), card)


def _load(context: Context, subject: str) -> Approval:
    asked = approvals.load(context.unit, subject.removeprefix(SUBJECT))
    if asked is None or not concerns(asked, context.actor.userid, _held(context)):
        raise Refused(UNKNOWN, reason="unknown approval")
    return asked


def _held(context: Context) -> frozenset[Permission]:
    return context.house.policy.permissions(context.actor)
