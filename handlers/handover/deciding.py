"""Deciding a handover: agreed to on exactly the plan that was shown, else a fresh card with the difference."""

from dataclasses import replace

from domain.handover import Handover, State, decide, difference, reverse
from domain.refusal import Refused
from handlers.context import Context
from handlers.handover.applying import carry_out_plan, take_back
from handlers.handover.briefing import digest
from handlers.handover.faces import approval, notice, outcome, own, reversible, title, verdict
from handlers.handover.passing_on import CANNOT_TAKE, OVER, can_take, check_decider, ended
from handlers.handover.planning import is_party, plan_of, subject_of
from handlers.reply import Reply, say
from handlers.retiring import retired, retired_everywhere
from handlers.speaking import final_face
from storage import books, handovers
from storage.outbox import Lane

CHANGED = "清单刚刚有变，没有移交。最新的在下面，请再看一次。"
MEANWHILE = "这件移交刚刚有了新的进展，请再试一次。"
UNKNOWN = "没有找到这件移交。"
NOTHING_LEFT = "{title}：现在已经没有可以移交的了，申请到此结束。"
NONE = "没有您可以撤回的移交。"


def agree(context: Context) -> Reply:
    """同意: the plan as shown, all of it, in this commit."""
    books.lock(context.unit)
    handover = _clicked(context)
    agreed = _decided(context, handover, State.AGREED)
    if not can_take(context, handover):
        return (*_greyed_out(context), *ended(context, handover, CANNOT_TAKE, handover.successor))
    plan = plan_of(context, handover)
    if plan.empty:
        return _over(context, handover)
    if plan.digest != handover.digest or dict(plan.counts) != dict(handover.counts):
        return _stale(context, handover, handover.shown(plan))
    _keep(context, handover, agreed)
    followed = carry_out_plan(context, agreed, plan)
    told = say(outcome(context, agreed), to=agreed.requester, lane=Lane.DEADLINE)
    return (
        *_greyed(context, agreed), *_others(context, agreed), reversible(context, agreed), *told,
        *digest(context, agreed, plan.book), *followed,
    )  # fmt: skip


def _stale(context: Context, shown: Handover, fresh: Handover) -> Reply:
    """Not what was decided on: nothing moves, and the difference is on the fresh card."""
    _keep(context, shown, fresh)
    assert context.card is not None
    grey = final_face(context.card, context.update, "清单有变")
    changed = difference(shown.counts, fresh.counts)
    older = retired_everywhere(context, subject_of(shown.handover_id), "清单有变")
    mine = () if fresh.requester == context.actor.userid else (own(context, fresh),)
    return (grey, *say(CHANGED), *older, approval(context, fresh, changed), *mine, *notice(context, fresh))


def _over(context: Context, handover: Handover) -> Reply:
    """Somebody else's handover was faster, or the feed gave everything away."""
    over = replace(handover, state=State.OVER, decided_by=context.actor.userid, decided_at=context.now)
    _keep(context, handover, over)
    text = NOTHING_LEFT.format(title=title(context, handover))
    return (*_greyed(context, over, text), *_others(context, over), *say(text, to=over.requester, lane=Lane.DEADLINE))


def reject(context: Context) -> Reply:
    return _close(context, State.REJECTED)


def decline(context: Context) -> Reply:
    """不接: the successor cannot."""
    return _close(context, State.DECLINED)


def withdraw(context: Context) -> Reply:
    """撤回申请: who asked takes it back."""
    return _close(context, State.WITHDRAWN)


def _close(context: Context, state: State) -> Reply:
    handover = _clicked(context)
    closed = _decided(context, handover, state)
    _keep(context, handover, closed)
    own_word = closed.requester == context.actor.userid
    told = () if own_word else say(outcome(context, closed), to=closed.requester, lane=Lane.DEADLINE)
    return (*_greyed(context, closed), *_others(context, closed), *told)


def show_reversible(context: Context) -> Reply:
    """撤回交接: what this person agreed to and can still take back, each on its card."""
    mine = handovers.reversible(context.unit, context.actor.userid)[:5]
    if not mine:
        return say(NONE)
    older = tuple(part for each in mine for part in retired(context, subject_of(each.handover_id), "请看下面"))
    return (*older, *(reversible(context, each) for each in mine))


def take_it_back(context: Context) -> Reply:
    """撤回移交: what went and has not gone on since goes back, in this commit."""
    books.lock(context.unit)
    handover = _clicked(context)
    back = reverse(handover, context.actor.userid, context.now)
    if isinstance(back, Refused):
        raise back
    _keep(context, handover, back)
    followed = take_back(context, back)
    people = [each for each in dict.fromkeys((back.requester, back.successor)) if each != context.actor.userid]
    told = tuple(part for each in people for part in say(outcome(context, back), to=each, lane=Lane.DEADLINE))
    return (*_greyed(context, back), *_others(context, back), *told, *followed)


def present(context: Context, subject: str) -> Reply:
    """What became of a handover whose old card was clicked; its card again for who may still act on it."""
    handover = _load(context, subject)
    me = context.actor.userid
    if handover.state is State.AGREED and handover.decided_by == me:
        return (*say(outcome(context, handover)), reversible(context, handover))
    if handover.state is not State.WAITING:
        return say(outcome(context, handover))
    if me == handover.approver:
        return (approval(context, handover),)
    return (own(context, handover),) if me == handover.requester else notice(context, handover)


def _clicked(context: Context) -> Handover:
    assert context.card is not None
    return _load(context, context.card.subject)


def _load(context: Context, subject: str) -> Handover:
    handover = handovers.load(context.unit, subject.removeprefix("handover:").partition("/")[0])
    if handover is None or not is_party(handover, context.actor.userid):
        raise Refused(UNKNOWN, reason="unknown handover")
    return handover


def _decided(context: Context, handover: Handover, state: State) -> Handover:
    if state in (State.AGREED, State.REJECTED):
        check_decider(context, handover)
    days = context.house.pack.handover.reversible.value
    decided = decide(handover, state, context.actor.userid, context.now, days)
    if isinstance(decided, Refused):
        raise decided
    return decided


def _keep(context: Context, before: Handover, after: Handover) -> None:
    if not handovers.change(context.unit, before, after):
        raise Refused(MEANWHILE, reason="handover moved meanwhile")


def _greyed(context: Context, handover: Handover, text: str = "") -> Reply:
    assert context.card is not None
    face = verdict(context, handover)
    return (final_face(context.card, context.update, face), *say(text or outcome(context, handover)))


def _greyed_out(context: Context) -> Reply:
    assert context.card is not None
    return (final_face(context.card, context.update, OVER),)


def _others(context: Context, handover: Handover) -> Reply:
    return retired_everywhere(context, subject_of(handover.handover_id), verdict(context, handover))
