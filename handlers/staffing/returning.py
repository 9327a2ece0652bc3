"""恢复: who was stopped comes back when a second administrator agrees; who WeCom stopped, when WeCom says so."""

import secrets
from dataclasses import replace

from cards.key import Seal
from cards.message import CardMessage
from cards.staff import return_card
from domain.command_change import OWN, State
from domain.conversation import Conversation
from domain.daytext import moment_text
from domain.form import Answer
from domain.ids import UserId
from domain.policy import Permission
from domain.refusal import Refused, Unfit
from domain.staff import Staff
from handlers.change_face import DONE
from handlers.context import Context
from handlers.reply import Begin, Reply, Say, new_task_id, say
from handlers.retiring import retired_everywhere
from handlers.rights import entitled
from handlers.speaking import final_face
from handlers.staffing.leaving import after_change, subject_of
from storage import directory, overrides, staff_returns
from storage.outbox import Lane
from storage.staff_returns import Return

FORM, WHO, WHY = "staff_return", "who", "why"
SUBJECT = "return:"
NOT_STOPPED = "“{words}”没有被停用。停用中的有：{who}。"
NOBODY = "没有第二个人可以确认：除您以外，没有在岗的{posts}。"
ASKED = "已提交恢复 {name} 的申请，发给：{others}。一人同意即恢复。"
UNKNOWN = "没有这件申请。"
WAITS = "恢复 {name}：还在等人确认。"


def ask(context: Context) -> Reply:
    """恢复某人: whom, and why."""
    words = context.argument.strip()
    return (Begin(FORM, {WHO: Answer(value=words, shown=words)} if words else {}),)


def save(context: Context, conversation: Conversation) -> Reply:
    """The wish goes to everybody else who may agree; nothing has changed yet."""
    member = _stopped(context, str(conversation.answers[WHO].value))
    others = [each for each in entitled(context, Permission.STAFF_STOP) if each.userid != context.actor.userid]
    others = [each for each in others if each.userid != member.userid]
    if not others:
        posts = "或".join(context.house.policy.posts_with(Permission.STAFF_STOP))
        raise Refused(NOBODY.format(posts=posts), reason="nobody to confirm")
    wish = Return(secrets.token_hex(8), member.userid, context.actor.userid, context.now)
    staff_returns.add(context.unit, wish)
    why = str(conversation.answers[WHY].value)
    names = "、".join(each.name for each in others)
    cards = (_card(context, wish, member, why, each.userid) for each in others)
    return (*say(ASKED.format(name=member.name, others=names)), *cards)


def _stopped(context: Context, words: str) -> Staff:
    """The one of those whom the house stopped, or took a post from, that is called so."""
    own = {each.key for cell in (overrides.STATUS, overrides.POSTS) for each in overrides.every(context.unit, cell)}
    members = [member for key in sorted(own) if (member := directory.member(context.unit, UserId(key)))]
    found = [each for each in members if words.strip().lower() in (each.userid, each.name.lower())]
    if len(found) == 1:
        return found[0]
    who = "、".join(f"{each.name}（{each.userid}）" for each in members) or "无"
    raise Unfit(NOT_STOPPED.format(words=words, who=who), field=WHO, reason="nobody stopped of that name")


def _card(context: Context, wish: Return, member: Staff, why: str, to: UserId) -> Say:
    unit = context.units.units.get(member.unit_id)
    lines = [("恢复", f"{member.name}（{member.userid}）"), ("机构", unit.name if unit else "未知机构"),
             ("申请人", context.actor.name), ("原因", why)]  # fmt: skip
    card = return_card(member.name, lines, Seal(new_task_id(), 1))
    return Say(CardMessage(card=card), to=to, lane=Lane.DEADLINE, subject=f"{SUBJECT}{wish.return_id}", revision=1)


def agree(context: Context) -> Reply:
    """同意: back at once, as the feed has them."""
    return _decide(context, State.AGREED)


def reject(context: Context) -> Reply:
    return _decide(context, State.REJECTED)


def _decide(context: Context, state: State) -> Reply:
    assert context.card is not None
    wish = _load(context, context.card.subject)
    if wish.requester == context.actor.userid:
        raise Refused(OWN, reason="four eyes")
    decided = replace(wish, state=state, decided_by=context.actor.userid, decided_at=context.now)
    if not staff_returns.settle(context.unit, decided):
        return _greyed(context, _load(context, context.card.subject))
    if state is State.AGREED:
        for cell in (overrides.STATUS, overrides.POSTS):
            overrides.lift(context.unit, cell, wish.userid)
        context.unit.audit("staff.brought_back", subject_of(wish.userid), {"return": wish.return_id})
    face = _verdict(context, decided)
    others = retired_everywhere(context, context.card.subject, face)
    told = say(_outcome(context, decided), to=wish.requester, lane=Lane.DEADLINE)
    return (*_greyed(context, decided), *others, *told, *after_change(context, wish.userid))


def _greyed(context: Context, wish: Return) -> Reply:
    """The clicked card and the one who clicked it learn what holds."""
    assert context.card is not None
    return (final_face(context.card, context.update, _verdict(context, wish)), *say(_outcome(context, wish)))


def _verdict(context: Context, wish: Return) -> str:
    by = wish.decided_by or wish.requester
    return f"{DONE[wish.state]}（{directory.names(context.unit, [by])[by]}）"


def _outcome(context: Context, wish: Return) -> str:
    name = directory.names(context.unit, [wish.userid])[wish.userid]
    if wish.decided_at is None:
        return WAITS.format(name=name)
    return f"恢复 {name}：{moment_text(wish.decided_at, context.now)} {_verdict(context, wish)}。"


def _load(context: Context, subject: str) -> Return:
    wish = staff_returns.load(context.unit, subject.removeprefix(SUBJECT))
    if wish is None:
        raise Refused(UNKNOWN, reason="unknown return")
    return wish


def present(context: Context, subject: str) -> Reply:
    """What became of a request whose old card was clicked."""
    return say(_outcome(context, _load(context, subject)))


def back_in_wecom(context: Context) -> Reply:
    """The nightly look found somebody in service whom WeCom had stopped."""
    member = directory.member(context.unit, UserId(context.update.subject.removeprefix("staff:")))
    if member is not None:
        rejoined(context, member)
    return ()


def rejoined(context: Context, member: Staff) -> Staff:
    """WeCom has the member again: what WeCom alone had stopped is over, as it now stands."""
    unit, person = context.unit, member.userid
    own = overrides.find(unit, overrides.STATUS, person)
    if own is None or own.why != overrides.WECOM:
        return member
    overrides.lift(unit, overrides.STATUS, person)
    unit.audit("staff.brought_back", subject_of(person), {"why": overrides.WECOM})
    after_change(context, person)
    return directory.member(unit, person) or member
