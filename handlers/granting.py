"""授权: an administrator asks that somebody may do or see more, or less, for a time; it holds once another agreed."""

import secrets

from cards.grant import grants_card, submitted_card, wish_card
from cards.key import Seal
from cards.message import CardMessage
from domain.conversation import Conversation
from domain.grant import GrantKind
from domain.granting import UNTIL, WHAT, WHO, Grant, check, read_permission, read_reach
from domain.ids import CustomerId
from domain.moment_value import due_at
from domain.normalise import compact
from domain.policy import Permission
from domain.refusal import Refused, Unfit
from handlers.colleague import one_called
from handlers.context import Context
from handlers.grant_face import line_of, lines_of, name_of, state_of, subject_of, what
from handlers.reply import Begin, Reply, Say, new_task_id, show
from handlers.retiring import retired
from handlers.rights import entitled
from storage import directory, grants
from storage.outbox import Lane

FORM, KIND, WHY = "grant", "kind", "why"
LIST = "grants:"
NO_CUSTOMER = "没有客户号为“{what}”的客户，请核对。"
NO_UNIT = "没有叫“{what}”的机构。请写机构号或全名。"
NOBODY = "没有第二个人可以确认：除申请人和被授权人以外，没有在岗的{posts}。什么都没有改。"


def show_grants(context: Context) -> Reply:
    """授权: what is in force and what waits."""
    found = list(grants.lasting(context.unit))
    older = retired(context, LIST, "请看最新的")
    lines = [(state_of(each), line_of(context, each)) for each in found]
    names = [f"{number}.{name_of(context, each.userid)} {each.what}" for number, each in enumerate(found, 1)]
    asks = Permission.GRANT_REQUEST in context.house.policy.permissions(context.actor)
    card = grants_card(lines, names, Seal(new_task_id(), 0), asks=asks)
    options = {str(number): each.grant_id for number, each in enumerate(found, 1)}
    return (show(card, subject=LIST, context={"options": options}), *older)


def new(context: Context) -> Reply:
    return (Begin(FORM),)


def save(context: Context, conversation: Conversation) -> Reply:
    """The confirmed form goes to everybody else who may agree; nothing has changed yet."""
    given = {key: answer.value for key, answer in conversation.answers.items()}
    kind = GrantKind(str(given[KIND]))
    grant = Grant(
        grant_id=secrets.token_hex(8),
        userid=one_called(context, WHO, str(given[WHO])),
        kind=kind,
        what=_named(context, kind, str(given[WHAT])),
        reason=str(given[WHY]),
        from_at=context.now,
        until_at=due_at(given[UNTIL]),
        given_by=context.actor.userid,
        asked_at=context.now,
    )
    return _ask(context, grant)


def _ask(context: Context, grant: Grant) -> Reply:
    grantee = directory.member(context.unit, grant.userid)
    assert grantee is not None
    check(context.house.policy, grant, grantee)
    others = [
        each
        for each in entitled(context, Permission.GRANT_CONFIRM)
        if each.userid not in (grant.given_by, grant.userid)
    ]
    if not others:
        posts = "或".join(context.house.policy.posts_with(Permission.GRANT_CONFIRM))
        raise Refused(NOBODY.format(posts=posts), reason="nobody to confirm")
    grants.add(context.unit, grant)
    names = "、".join(each.name for each in others)
    own = submitted_card(what(grant), lines_of(context, grant), Seal(new_task_id(), 1), names)
    asked = (wish_card(what(grant), lines_of(context, grant), Seal(new_task_id(), 1)) for _ in others)
    wishes = (
        Say(CardMessage(card=card), to=each.userid, lane=Lane.DEADLINE, subject=subject_of(grant), revision=1)
        for card, each in zip(asked, others, strict=True)
    )
    return (show(own, subject=subject_of(grant), revision=1), *wishes)


def _named(context: Context, kind: GrantKind, words: str) -> str:
    """What the words name; raises Unfit for what is not there."""
    if kind is GrantKind.REACH:
        return read_reach(words).value
    if kind in (GrantKind.PERMISSION, GrantKind.DENY):
        return read_permission(words).value
    if kind is GrantKind.CUSTOMER:
        number = words.strip().upper()
        if not grants.knows_customer(context.unit, CustomerId(number)):
            raise Unfit(NO_CUSTOMER.format(what=words[:20]), field=WHAT, reason="unknown customer")
        return number
    return _unit(context, words)


def _unit(context: Context, words: str) -> str:
    called = (each for each in context.units.units.values() if compact(words) in (compact(each.name), each.unit_id))
    found = next(called, None)
    if found is None:
        raise Unfit(NO_UNIT.format(what=words[:20]), field=WHAT, reason="unknown unit")
    return found.unit_id
