"""How a handover is shown: to who may agree, to who takes over, to who asked; and in words what became of it."""

from cards.handover import approval_card, done_card, notice_card, own_card
from cards.key import Seal
from cards.message import CardMessage
from cards.wecom import ButtonInteraction
from domain.daytext import moment_text
from domain.handover import Handover, State
from domain.ids import UserId
from handlers.context import Context
from handlers.handover.planning import subject_of
from handlers.reply import Reply, Say, new_task_id
from storage import directory
from storage.outbox import Lane

DONE = {
    State.AGREED: "已同意", State.REJECTED: "已退回", State.DECLINED: "接手人不接", State.WITHDRAWN: "已撤回申请",
    State.OVER: "没有可移交的了", State.LAPSED: "已失效", State.REVERSED: "已撤回移交",
}  # fmt: skip
RECUSED = "有 {count} 件案件接手人要回避，不会移交，请另行转办。"


def title(context: Context, handover: Handover) -> str:
    names = _names(context, handover)
    return f"移交 {names[handover.leaver]} → {names[handover.successor]}"


def lines(context: Context, handover: Handover) -> list[tuple[str, str]]:
    """What is shown of the plan, and bound to the decision."""
    which = "全部客户" if handover.whole else "部分客户"
    counts = [(label, f"{count} {_MEASURE.get(label, '件')}") for label, count in handover.counts.items()]
    return [("申请人", _names(context, handover)[handover.requester]), ("范围", which), *counts]


_MEASURE = {"客户": "位", "服务团队": "席", "没填完": "份"}


def approval(context: Context, handover: Handover, changed: str = "") -> Say:
    """The card with 同意 and 退回; `changed`: how it differs from the one it replaces."""
    recused = handover.counts.get("回避", 0)
    warning = [f"清单有变：{changed}。"] if changed else []
    warning += [RECUSED.format(count=recused)] if recused else []
    card = approval_card(title(context, handover), lines(context, handover), _seal(handover), "".join(warning))
    return _say(context, handover, card, handover.approver)


def own(context: Context, handover: Handover) -> Say:
    """What was asked for, to be taken back while it waits."""
    names = _names(context, handover)
    card = own_card(title(context, handover), lines(context, handover), names[handover.approver], _seal(handover))
    return _say(context, handover, card, handover.requester)


def notice(context: Context, handover: Handover) -> Reply:
    """To who takes over, who may decline; nothing to say to who asked for themselves."""
    if handover.successor == handover.requester:
        return ()
    card = notice_card(title(context, handover), lines(context, handover), _seal(handover))
    return (_say(context, handover, card, handover.successor),)


def reversible(context: Context, handover: Handover) -> Say:
    """What was agreed to, to be taken back for some days."""
    assert handover.reversible_until is not None
    until = moment_text(handover.reversible_until, context.now)
    card = done_card(title(context, handover), lines(context, handover), until, _seal(handover))
    return _say(context, handover, card, handover.approver)


def _seal(handover: Handover) -> Seal:
    return Seal(new_task_id(), handover.revision)


def _say(context: Context, handover: Handover, card: ButtonInteraction, to: UserId) -> Say:
    lane = Lane.INTERACTIVE if to == context.actor.userid else Lane.DEADLINE
    subject = subject_of(handover.handover_id)
    return Say(CardMessage(card=card), to=to, lane=lane, subject=subject, revision=handover.revision)


def verdict(context: Context, handover: Handover) -> str:
    by = handover.decided_by
    return DONE[handover.state] + (f"（{_names(context, handover)[by]}）" if by else "")


def outcome(context: Context, handover: Handover) -> str:
    """What became of it, in words."""
    if handover.state is State.WAITING:
        return f"{title(context, handover)}：还在等审批。"
    at = f"{moment_text(handover.decided_at, context.now)} " if handover.decided_at else ""
    return f"{title(context, handover)}：{at}{verdict(context, handover)}。"


def _names(context: Context, handover: Handover) -> dict[UserId, str]:
    people = (handover.leaver, handover.successor, handover.requester, handover.approver, handover.decided_by)
    return directory.names(context.unit, [each for each in people if each])
