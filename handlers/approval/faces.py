"""How an approval is shown: to who may decide, to who asked, and in words what became of it."""

from cards.approval import own_card, wish_card
from cards.key import Seal
from cards.message import CardMessage
from cards.wecom import ButtonInteraction
from domain.approval import Approval, State
from domain.daytext import moment_text
from domain.ids import UserId
from domain.staff import Staff
from handlers.approval.family import Family
from handlers.context import Context
from handlers.reply import Say, new_task_id
from storage import directory
from storage.outbox import Lane

SUBJECT = "approval:"
FACES = {State.AGREED: "已同意", State.REJECTED: "已退回", State.WITHDRAWN: "已撤回", State.EXPIRED: "已过期"}
PROMPT, NAMED_PROMPT = "请审批，一人决定即算数", "请审批"
STEP_PROMPT = "请审批：要 {seats} 人先后同意，您是第 {number} 人"
OUT_OF_TIME = "有效期内没有全部同意，已过期"
_LISTED = 5


def subject_of(asked: Approval) -> str:
    return f"{SUBJECT}{asked.approval_id}"


def wish(context: Context, family: Family, asked: Approval, to: Staff) -> Say:
    """For somebody who may fill the seat that waits."""
    title, lines = family.title(context, asked, to), _lines(context, family, asked)
    card = wish_card(title, family.prompt or _prompt(asked), lines, _seal(asked), family.warning(context, asked))
    return _say(context, asked, card, to.userid)


def own(context: Context, family: Family, asked: Approval, requester: Staff, others: list[Staff]) -> Say:
    """For who asked, with whom it went to."""
    names = "、".join(each.name for each in others[:_LISTED])
    waits = f"等{names}审批" if asked.seat.named else f"发给：{names}"
    title, lines = family.title(context, asked, requester), _lines(context, family, asked)
    card = own_card(title, waits, lines, _seal(asked), family.warning(context, asked), family.withdraw)
    return _say(context, asked, card, requester.userid)


def verdict(context: Context, asked: Approval) -> str:
    """已同意（任洁）: what the button of a card that is over says."""
    if asked.state is State.EXPIRED:
        return FACES[State.EXPIRED]
    agreed = asked.state in (State.WAITING, State.AGREED)
    names = directory.names(context.unit, asked.taken if agreed else [UserId(asked.decided_by or "")])
    return f"{FACES[State.AGREED if agreed else asked.state]}（{'、'.join(names.values())}）"


def news(context: Context, family: Family, asked: Approval, reader: Staff) -> str:
    """The step that was just taken, and what follows from it."""
    title = family.title(context, asked, reader)
    if asked.state is State.WAITING:
        return f"{title}：{_standing(context, asked)}。"
    effect = family.effect(context, asked) if asked.state is State.AGREED else family.unchanged
    return f"{title}：{_standing(context, asked)}，{effect}。"


def outcome(context: Context, family: Family, asked: Approval, reader: Staff) -> str:
    """How it stands, for who looks at it later."""
    at = f"{moment_text(asked.decided_at, context.now)} " if asked.decided_at else ""
    return f"{family.title(context, asked, reader)}：{at}{_standing(context, asked)}。"


def _standing(context: Context, asked: Approval) -> str:
    if asked.state is State.EXPIRED or (asked.state is State.WAITING and not asked.waits(context.now)):
        return OUT_OF_TIME
    if asked.state is not State.WAITING:
        return verdict(context, asked)
    return f"{verdict(context, asked)}，还在等下一位审批" if asked.taken else "还在等人审批"


def _lines(context: Context, family: Family, asked: Approval) -> list[tuple[str, str]]:
    names = directory.names(context.unit, [asked.requester, *asked.taken])
    agreed = [("已同意", "、".join(names[each] for each in asked.taken))] if asked.taken else []
    told = [("申请人", names[asked.requester]), *family.lines(context, asked), ("原因", asked.wish.reason), *agreed]
    return [(label, text) for label, text in told if text]


def _prompt(asked: Approval) -> str:
    seats = len(asked.wish.seats)
    if seats > 1:
        return STEP_PROMPT.format(seats=seats, number=asked.revision)
    return NAMED_PROMPT if asked.seat.named else PROMPT


def _seal(asked: Approval) -> Seal:
    return Seal(new_task_id(), asked.revision)


def _say(context: Context, asked: Approval, card: ButtonInteraction, to: UserId) -> Say:
    lane = Lane.INTERACTIVE if to == context.actor.userid else Lane.DEADLINE
    return Say(CardMessage(card=card), to=to, lane=lane, subject=subject_of(asked), revision=asked.revision)
