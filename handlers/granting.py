"""授权: an administrator asks that somebody may do or see more, or less, for a time; it holds once another agreed."""

import secrets
from dataclasses import replace

from cards.grant import QUESTION, grants_card
from cards.key import Seal
from domain.approval import State
from domain.conversation import Conversation
from domain.grant import GrantKind
from domain.granting import UNTIL, WHAT, WHO, Grant, read_permission, read_reach
from domain.moment_value import due_at
from domain.normalise import compact
from domain.policy import Permission
from domain.refusal import Refused, Unfit
from handlers.colleague import one_called
from handlers.context import Context
from handlers.grant_approval import ACCESS, LIFT, grant_of, request, request_lift
from handlers.grant_face import line_of, load, name_of, what
from handlers.reply import Begin, Reply, new_task_id, say, show
from handlers.retiring import retired
from storage import approvals, grants
from storage.outbox import Lane

FORM, KIND, WHY = "grant", "kind", "why"
LIST = "grants:"
NO_CUSTOMER = "没有客户号为“{what}”的客户，请核对。"
NO_UNIT = "没有叫“{what}”的机构。请写机构号或全名。"
PICK_ONE = "请先在下拉里选一项，再点按钮。"
GONE = "已经收回或到期。"
TAKEN = "您的授权已收回：{what}。"


def show_grants(context: Context) -> Reply:
    """授权: what waits and what is in force."""
    waiting = [grant_of(each) for each in approvals.waiting_of(context.unit, ACCESS.name)]
    found = list(grants.lasting(context.unit))
    lines = [("待确认", line_of(context, each)) for each in waiting]
    lines += [("待解除", line_of(context, grant_of(each))) for each in approvals.waiting_of(context.unit, LIFT.name)]
    lines += [("生效中", line_of(context, each)) for each in found]
    older = retired(context, LIST, "请看最新的")
    names = [f"{number}.{name_of(context, each.userid)} {each.what}" for number, each in enumerate(found, 1)]
    asks = Permission.GRANT_REQUEST in context.house.policy.permissions(context.actor)
    card = grants_card(lines, names, Seal(new_task_id(), 0), asks=asks)
    options = {str(number): each.grant_id for number, each in enumerate(found, 1)}
    return (show(card, subject=LIST, context={"options": options}), *older)


def present_list(context: Context, _subject: str) -> Reply:
    return show_grants(context)


def revoke(context: Context) -> Reply:
    """收回: over from this commit on; to take away needs no second person, to end a denial gives and does."""
    grant = _picked(context)
    if grant.kind is GrantKind.DENY and grant.state is State.AGREED:
        return request_lift(context, grant)
    over = replace(grant, state=State.WITHDRAWN, decided_by=context.actor.userid, decided_at=context.now)
    if grant.state is not State.AGREED or not grants.settle(context.unit, grant, over, "access.revoked"):
        return (*say(f"{line_of(context, grant)}：{GONE}"), *show_grants(context))
    text = f"{line_of(context, grant)}：已撤回（{context.actor.name}）。"
    own = grant.given_by in (context.actor.userid, grant.userid)
    told = () if own else say(text, to=grant.given_by, lane=Lane.DEADLINE)
    taken = say(TAKEN.format(what=what(grant)), to=grant.userid, lane=Lane.DEADLINE)
    return (*say(text), *told, *taken, *show_grants(context))


def _picked(context: Context) -> Grant:
    assert context.card is not None
    picked = context.update.answers.get(QUESTION, ())
    number = context.card.context.get("options", {}).get(picked[0]) if len(picked) == 1 else None
    if number is None:
        raise Refused(PICK_ONE, reason="nothing chosen")
    return load(context, number)


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
    return request(context, grant)


def _named(context: Context, kind: GrantKind, words: str) -> str:
    """What the words name; raises Unfit for what is not there."""
    if kind is GrantKind.REACH:
        return read_reach(words).value
    if kind in (GrantKind.PERMISSION, GrantKind.DENY):
        return read_permission(words).value
    if kind is GrantKind.CUSTOMER:
        number = grants.customer_called(context.unit, words)
        if number is None:
            raise Unfit(NO_CUSTOMER.format(what=words[:20]), field=WHAT, reason="unknown customer")
        return number
    return _unit(context, words)


def _unit(context: Context, words: str) -> str:
    called = (each for each in context.units.units.values() if compact(words) in (compact(each.name), each.unit_id))
    found = next(called, None)
    if found is None:
        raise Unfit(NO_UNIT.format(what=words[:20]), field=WHAT, reason="unknown unit")
    return found.unit_id
