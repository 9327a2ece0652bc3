"""Who hears of an emergency look, and what they read of it: never more of the customer than the last digits."""

from collections.abc import Iterable, Iterator

from cards.break_glass import review_card, told_card
from cards.key import Seal
from cards.message import CardMessage, texts
from domain.daytext import day_text, moment_text
from domain.granting import Grant
from domain.ids import UserId
from domain.policy import Permission
from domain.staff import Staff
from handlers.approval.asking import nearest_superior
from handlers.context import Context
from handlers.grant_face import name_of
from handlers.reply import Say, new_task_id
from handlers.rights import entitled
from storage import directory
from storage.outbox import Lane

SUBJECT, COMPLIANCE = "glass:", "合规岗"
HOW = "他看了什么，发：审计 {userid} {day}"
CANNOT = "{who} 正在紧急查看客户尾号{tail}，到{until}：{why}。您现在的岗位不能收回，卡片已发给{others}。"


def news(context: Context, grant: Grant) -> Iterator[Say]:
    """The card to who can take it back; the direct superior hears of it at once in any case."""
    told = able(context)
    yield from (card_for(context, grant, each) for each in told)
    for each in superior(context, grant.userid):
        if each not in told:
            until = moment_text(grant.until_at, context.now)
            text = CANNOT.format(
                who=who(context, grant), tail=grant.what[-4:], until=until, why=grant.reason, others=names(told)
            )
            yield from (Say(message, to=each.userid, lane=Lane.DEADLINE) for message in texts(text))


def able(context: Context) -> list[Staff]:
    """The nearest superior at work who can take it back; compliance where there is none."""
    found = nearest_superior(context, Permission.GLASS_REVIEW)
    return [found] if found is not None else reviewers(context)


def reviewers(context: Context) -> list[Staff]:
    """Compliance."""
    return [each for each in entitled(context, Permission.GLASS_REVIEW) if each.post == COMPLIANCE]


def superior(context: Context, person: UserId) -> Iterator[Staff]:
    """The nearest one at work."""
    member = directory.member(context.unit, person)
    above = directory.superiors(context.unit, member) if member is not None else []
    yield from [each for each in above if each.active][:1]


def card_for(context: Context, grant: Grant, to: Staff, *, for_review: bool = False) -> Say:
    seal, told = Seal(new_task_id(), 1), lines(context, grant)
    if for_review:
        how = HOW.format(userid=grant.userid, day=day_text(grant.from_at.date(), context.now.date()))
        card = review_card(who(context, grant), told, how, seal)
    else:
        card = told_card(who(context, grant), told, seal)
    return Say(CardMessage(card=card), to=to.userid, lane=Lane.DEADLINE, subject=SUBJECT + grant.grant_id, revision=1)


def lines(context: Context, grant: Grant) -> list[tuple[str, str]]:
    """Who hears of it may not look the customer up: the last digits tell which one it was."""
    purpose, _, why = grant.reason.partition("：")
    return [
        ("客户", f"尾号{grant.what[-4:]}"),
        ("目的", purpose),
        ("开放到", moment_text(grant.until_at, context.now)),
        ("理由", why),
    ]


def who(context: Context, grant: Grant) -> str:
    return f"{name_of(context, grant.userid)}（{grant.userid}）"


def names(people: Iterable[Staff]) -> str:
    return "、".join(each.name for each in people)
