"""紧急查看: a customer outside the scope, for a reason, masked, for two hours; a superior hears at once, compliance
looks at it the next working morning.
"""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from cards.break_glass import seen_card
from cards.key import Seal
from domain.approval import State
from domain.conversation import Conversation
from domain.daytext import moment_text
from domain.form import Answer
from domain.grant import GrantKind
from domain.granting import Grant
from domain.ids import CustomerId
from domain.limit import LimitKey
from domain.purpose import Purpose
from domain.refusal import Refused, Unfit
from handlers import customer
from handlers.context import Context
from handlers.glass_telling import SUBJECT, able, card_for, lines, names, news, reviewers, superior, who
from handlers.grant_face import load
from handlers.operators import to_post
from handlers.reply import Begin, Renew, Reply, say
from handlers.retiring import retired_everywhere
from handlers.speaking import final_face
from storage import calendars, cron, grants, restrictions, timers
from storage.circles import relation_to
from storage.outbox import Lane

FORM, NUMBER, PURPOSE, WHY = "break_glass", "number", "purpose", "why"
REVIEW, REVIEWED, GUARD = "glass.review", "glass.reviewed", "安全管理员"
MISSED = "没有可以紧急查看的客户“{number}”，请核对完整的客户号，再发“紧急查看”。查不到的也算一次，一天最多 {most} 次；着急请联系主管。"
NO_NUMBER = "紧急查看要写完整的客户号，不能用姓名，例如：紧急查看 C00000009。不知道客户号的，请联系主管。"
WITHIN = "这位客户您本来就能查，请直接发“查 {number}”。"
NOT_YOURS = "岗位「{post}」不能以「{purpose}」为目的查看客户。可以选：{purposes}。"
TOO_MANY = "您今天已经紧急查看 {count} 次，到了上限。请联系主管或客户经理。"
OPENED = "已开放到{until}，只能看脱敏资料；已通知{who}，合规岗次日复核。"
UNKNOWN, OVER = "没有这次紧急查看。", "这次紧急查看已经结束。"


def ask(context: Context) -> Reply:
    """紧急查看: of whom, what for, and why."""
    _check_count(context)
    words = context.argument.strip()
    if not words:
        return (Begin(FORM),)
    if not any(sign.isdecimal() for sign in words):
        raise Refused(NO_NUMBER, reason="no number")
    if (number := grants.customer_called(context.unit, words)) is not None:
        _check_outside(context, number)
    return (Begin(FORM, {NUMBER: Answer(value=words, shown=words)}),)


def save(context: Context, conversation: Conversation) -> Reply:
    """The confirmed form opens the customer at once; nobody has to agree, somebody has to know."""
    answers = conversation.answers
    purpose, why = Purpose(answers[PURPOSE].shown), str(answers[WHY].value)
    _check_purpose(context, purpose)
    _check_count(context)
    typed = str(answers[NUMBER].value).strip()
    number = grants.customer_called(context.unit, typed) or CustomerId("")
    _check_outside(context, number)
    if not number or restrictions.holds(context.unit, number) is not None:
        return _missed(context, number, typed, f"{purpose.value}：{why}")
    grant = _grant(context, number, f"{purpose.value}：{why}")
    grants.add(context.unit, grant, "access.glass_broken")
    timers.arm(context.unit, subject=SUBJECT + grant.grant_id, kind=REVIEW, person="", due_at=_next_morning(context))
    opened = OPENED.format(until=moment_text(grant.until_at, context.now), who=names(able(context)))
    return (*say(opened), *customer.summary(context, number), *news(context, grant))


def seen(context: Context) -> Reply:
    """知道了: it can be taken back for as long as it holds."""
    assert context.card is not None
    grant = _clicked(context)
    grants.record(context.unit, "access.glass_seen", grant)
    if not _holds(context, grant):
        return _greyed(context, f"已知悉（{context.actor.name}）")
    revision = context.card.revision + 1
    card = seen_card(who(context, grant), lines(context, grant), Seal(context.card.task_id, revision))
    return (Renew(card, SUBJECT + grant.grant_id, revision),)


def revoke(context: Context) -> Reply:
    """收回: over from this commit on."""
    grant = _clicked(context)
    after = replace(grant, state=State.WITHDRAWN, decided_by=context.actor.userid, decided_at=context.now)
    if not _holds(context, grant) or not grants.settle(context.unit, grant, after, "access.glass_revoked"):
        return (*_greyed(context, "已经结束"), *say(OVER))
    face = f"已收回（{context.actor.name}）"
    told = say(f"您的紧急查看已被{context.actor.name}收回。", to=grant.userid, lane=Lane.DEADLINE)
    return (*_greyed(context, face), *retired_everywhere(context, SUBJECT + grant.grant_id, face), *told)


def review(context: Context) -> Reply:
    """The clock: compliance looks at what happened; without anybody there, security has to see to it."""
    grant = load(context, context.update.subject.removeprefix(SUBJECT))
    others = [each for each in reviewers(context) if each.userid != grant.userid]
    if not others:
        return to_post(context.unit, GUARD, f"{who(context, grant)} 的紧急查看没有合规岗可以复核，请安排。")
    return tuple(card_for(context, grant, each, for_review=True) for each in others)


def fine(context: Context) -> Reply:
    return _reviewed(context, "access.glass_confirmed", "已确认合理")


def doubt(context: Context) -> Reply:
    """有疑问: security and the superior hear of it."""
    grant = _clicked(context)
    text = f"{who(context, grant)} 的一次紧急查看被合规岗认为有疑问，请核实：{grant.reason}"
    above = (each.userid for each in superior(context, grant.userid))
    told = (part for person in above for part in say(text, to=person, lane=Lane.DEADLINE))
    said = "有疑问，已转安全管理员"
    return _reviewed(context, "access.glass_doubted", said, (*told, *to_post(context.unit, GUARD, text)))


def present(context: Context, subject: str) -> Reply:
    """How a break of the glass stands whose old card was clicked."""
    grant = load(context, subject.removeprefix(SUBJECT))
    holds = _holds(context, grant)
    return say(f"{who(context, grant)} 的紧急查看" + ("仍在有效期内。" if holds else "已经结束。"))


def _reviewed(context: Context, action: str, said: str, told: Reply = ()) -> Reply:
    """The first word counts, every copy of the card shows it, and others are `told`."""
    grant = _clicked(context)
    if grant.userid == context.actor.userid:
        raise Refused("自己的紧急查看要由别人复核。", reason="four eyes")
    if not cron.mark(context.unit, REVIEWED, f"{grant.from_at:%Y-%m-%d} {grant.grant_id}"):  # of two at the same moment
        return _greyed(context, "已由同事复核")
    face = f"{said}（{context.actor.name}）"
    grants.record(context.unit, action, grant)
    return (*_greyed(context, face), *retired_everywhere(context, SUBJECT + grant.grant_id, face), *told)


def _check_purpose(context: Context, purpose: Purpose) -> None:
    purposes = context.house.policy.purposes(context.actor)
    if purpose not in purposes:
        text = NOT_YOURS.format(post=context.actor.post, purpose=purpose, purposes="、".join(purposes))
        raise Unfit(text, field=PURPOSE, reason="not the post's purpose")


def _check_count(context: Context) -> None:
    most = context.house.policy.limits[LimitKey.GLASS_DAY].value
    if grants.own_since(context.unit, context.actor.userid, context.now - timedelta(days=1)) >= most:
        raise Refused(TOO_MANY.format(count=most), reason="glass too often")


def _check_outside(context: Context, number: CustomerId) -> None:
    """Raises Unfit for one whom the actor may look up."""
    if relation_to(context.unit, context.scope, number) is not None:
        raise Unfit(WITHIN.format(number=number), field=NUMBER, reason="within the scope")


def _missed(context: Context, number: CustomerId, typed: str, reason: str) -> Reply:
    """Nobody of that number, or somebody frozen: told apart by nothing, and counted, so that numbers cannot be tried.
    The trail names whom it was about; words that are nobody's number it does not keep.
    """
    nothing = replace(_grant(context, number, reason), state=State.REJECTED, until_at=context.now)
    grants.add(context.unit, nothing, "access.glass_missed")
    most = context.house.policy.limits[LimitKey.GLASS_DAY].value
    return say(MISSED.format(number=typed[:20], most=most))


def _grant(context: Context, number: CustomerId, reason: str) -> Grant:
    minutes = context.house.policy.limits[LimitKey.GLASS_MINUTES].value
    return Grant(
        grant_id=secrets.token_hex(8),
        userid=context.actor.userid,
        kind=GrantKind.EMERGENCY,
        what=number,
        reason=reason,
        from_at=context.now,
        until_at=context.now + timedelta(minutes=minutes),
        given_by=context.actor.userid,
        asked_at=context.now,
        state=State.AGREED,
    )


def _holds(context: Context, grant: Grant) -> bool:
    return grant.state is State.AGREED and grant.until_at > context.now


def _clicked(context: Context) -> Grant:
    assert context.card is not None
    return load(context, context.card.subject.removeprefix(SUBJECT))


def _greyed(context: Context, face: str) -> Reply:
    return (final_face(context.card, context.update, face),) if context.card is not None else ()


def _next_morning(context: Context) -> datetime:
    calendar = calendars.calendar_of(context.unit, None)
    tomorrow = (context.now + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return calendar.next_opening(tomorrow)
