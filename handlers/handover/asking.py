"""交接: who takes over whose customers, asked for by a manager; nothing moves before a superior has agreed."""

import re
import secrets

from domain.conversation import Conversation
from domain.form import Answer
from domain.handover import Handover
from domain.ids import CustomerId, HandoverId, UserId
from domain.policy import Permission
from domain.refusal import Refused, Unfit
from domain.sharing import title_of
from domain.staff import Staff
from domain.stand_in import home_of
from handlers.approval.asking import nearest_superior
from handlers.colleague import one_called
from handlers.context import Context
from handlers.handover.faces import approval, notice, own
from handlers.handover.planning import keeps_a_book, plan
from handlers.reply import Begin, Reply
from handlers.rights import audience
from storage import books, customer_search, customers, directory, handovers, numbers, tiers

FORM, WHOSE, TO, WHICH, TIERS, LISTED = "handover", "whose", "to", "which", "tiers", "listed"
ALL, BY_TIER, BY_LIST = "all", "tiers", "listed"
NOT_YOURS = "{name}不在您管辖的机构里，请由他的主管或机构负责人申请。"
NOBODY = "本行没有叫“{words}”的员工（离职的也找过了），也没有您能看到的客户叫这个名字。请写全名、账号或客户号。"
SEVERAL = "叫“{words}”的客户有 {count} 位，请写客户号。"
NO_BOOK = "{name}接不了客户：要在职、能管客户，并且在同一家分行。请换一位。"
SAME = "交出的和接手的是同一个人，请换一位。"
NOTHING = "{name}名下没有可以移交的客户、待办或案件。"
NOT_KEPT = "这些客户号不在{name}名下：{numbers}。请核对。"
NO_APPROVER = "您没有在岗的上级可以审批移交，请让上一级机构来申请。"
_BETWEEN = re.compile(r"[\s、，,;；|]+")


def ask(context: Context) -> Reply:
    """交接 <离任同事> <接手同事>, or 交接 <客户> <接手同事>; the form asks what is missing."""
    words = context.argument.split()
    if not words:
        return (Begin(FORM),)
    to = {TO: Answer(value=words[-1], shown=words[-1])} if len(words) > 1 else {}
    whose = " ".join(words[:-1]) if to else words[0]
    if directory.called(context.unit, whose, gone=True):
        return (Begin(FORM, {WHOSE: Answer(value=whose, shown=whose), **to}),)
    return (Begin(FORM, {**_one_customer(context, whose), **to}),)


def _one_customer(context: Context, words: str) -> dict[str, Answer]:
    """The form's answers when a single customer is named instead of a colleague."""
    hits = customer_search.search(context.unit, context.scope, words, context.purpose)
    if len(hits) != 1:
        text = SEVERAL.format(words=words, count=len(hits)) if hits else NOBODY.format(words=words)
        raise Refused(text, reason="nobody or several of that name")
    keeper = customers.keeper_of(context.unit, hits[0].customer_id)
    member = directory.member(context.unit, keeper) if keeper else None
    if member is None:
        raise Refused(NOBODY.format(words=words), reason="customer without a manager")
    shown = title_of(hits[0].name, hits[0].customer_id, audience(context, hits[0].relation))
    return {
        WHOSE: Answer(value=member.userid, shown=member.name),
        WHICH: Answer(value=BY_LIST, shown="指定客户"),
        LISTED: Answer(value=hits[0].customer_id, shown=shown),
    }


def save(context: Context, conversation: Conversation) -> Reply:
    """The confirmed form becomes a request, on cards for who may agree, who takes over, and who asked."""
    given = {key: answer.value for key, answer in conversation.answers.items() if answer.value is not None}
    leaver = _leaver(context, str(given[WHOSE]))
    moved = not _looks_after(context, leaver)
    successor = _successor(context, str(given[TO]), leaver, context.actor if moved else leaver)
    approver = _approver(context, leaver, successor)
    listed = _listed(context, conversation, leaver)
    listed = _left_here(context, leaver, listed) if moved else listed
    asked = Handover(
        HandoverId(secrets.token_hex(8)), leaver.userid, successor.userid, context.actor.userid, approver.userid,
        listed is None, context.now,
    )  # fmt: skip
    made = plan(context, asked, listed)
    if made.empty:
        raise Unfit(NOTHING.format(name=leaver.name), field=WHOSE, reason="nothing to hand over")
    handover = asked.shown(made)
    handovers.add(context.unit, handover, made.customers)
    return (own(context, handover), approval(context, handover), *notice(context, handover))


def _leaver(context: Context, words: str) -> Staff:
    """Also who has left already."""
    person = one_called(context, WHOSE, words, NOBODY, gone=True)
    member = directory.member(context.unit, person)
    assert member is not None
    return member


def _looks_after(context: Context, leaver: Staff) -> bool:
    """Whether the requester leads them, or looks after their unit."""
    leads = any(each.userid == context.actor.userid for each in directory.superiors(context.unit, leaver))
    return leads or leaver.unit_id in context.scope.units


def _left_here(context: Context, leaver: Staff, listed: set[str] | None) -> set[str]:
    """Of who works elsewhere by now: the customers whom they left in the units that the requester looks after."""
    here: set[str] = set(books.kept_in(context.unit, leaver.userid, context.scope.units))
    if not here or (listed is not None and not listed <= here):
        raise Unfit(NOT_YOURS.format(name=leaver.name), field=WHOSE, reason="outside the reach")
    return here if listed is None else listed


def _successor(context: Context, words: str, leaver: Staff, near: Staff) -> Staff:
    """Somebody at work who may keep a book, in the same branch as who is `near`."""
    person = one_called(context, TO, words)
    member = directory.member(context.unit, person)
    assert member is not None
    if person == leaver.userid:
        raise Unfit(SAME, field=TO, reason="same person")
    if not keeps_a_book(context, member) or home_of(context.units, member) != home_of(context.units, near):
        raise Unfit(NO_BOOK.format(name=member.name), field=TO, reason="cannot keep a book")
    return member


def _approver(context: Context, leaver: Staff, successor: Staff) -> Staff:
    """The nearest superior who may decide, and is none of those it is about."""
    found = nearest_superior(context, Permission.HANDOVER_DECIDE, (leaver.userid, successor.userid))
    if found is None:
        raise Refused(NO_APPROVER, reason="no approver")
    return found


def _listed(context: Context, conversation: Conversation, leaver: Staff) -> set[str] | None:
    """The customers it is about; None is all of them."""
    given = {key: answer.value for key, answer in conversation.answers.items()}
    which = given.get(WHICH, ALL)
    if which == BY_TIER:
        return _of_tiers(context, leaver, conversation.answers[TIERS].shown)
    if which != BY_LIST:
        return None
    typed = [each for each in _BETWEEN.split(str(given.get(LISTED, ""))) if each]
    meant = [way for each in typed for way in numbers.written(each)]
    theirs: set[str] = set(books.kept_by(context.unit, leaver.userid, meant))
    if foreign := [each for each in typed if theirs.isdisjoint(numbers.written(each))]:
        text = NOT_KEPT.format(name=leaver.name, numbers="、".join(foreign[:10]))
        raise Unfit(text, field=LISTED, reason="not kept by the leaver")
    return theirs


def _of_tiers(context: Context, leaver: Staff, words: str) -> set[str]:
    wanted = set(_BETWEEN.split(words))
    book: list[CustomerId] = books.kept_by(context.unit, UserId(leaver.userid))
    tier_of = tiers.tiers_of(context.unit, book)
    return {each for each in book if tier_of[each].value in wanted}
