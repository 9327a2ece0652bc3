"""冻结 and 解冻: a customer's data is kept and nothing more, by two persons' word."""

import secrets
from typing import Final

from cards.asking import submitted_card, wish_card
from cards.key import Seal
from cards.message import CardMessage
from domain.command_change import State
from domain.conversation import Conversation
from domain.ids import CustomerId, UserId
from domain.policy import Permission
from domain.refusal import Refused, Unfit
from domain.restriction import Restriction, decide
from domain.sharing import title_of
from domain.staff import Staff
from handlers.change_face import DONE
from handlers.context import Context
from handlers.reply import Begin, Reply, Say, new_task_id, say, show
from handlers.retiring import retired_everywhere
from handlers.rights import audience_of, entitled
from handlers.speaking import final_face
from storage import circles, customers, directory, restrictions
from storage.outbox import Lane

FAMILY: Final = "restriction"
FREEZE, LIFT = "freeze", "unfreeze"
FROZEN, NOT_FROZEN = "这位客户已经冻结了。", "这位客户没有冻结。"
WAITING = "这位客户已有一件冻结或解冻申请在等审批。"
NOBODY = "没有第二个人可以审批：除您以外，没有在岗的{posts}。什么都没有改。"
UNKNOWN = "没有找到这件申请。"
EFFECT = {False: "现在起除保存外停止一切处理：不关怀、不推荐、待办不显示、不能查看", True: "现在起恢复正常使用"}


def ask(context: Context) -> Reply:
    """冻结 <客户> [原因]."""
    return (Begin(FREEZE, named=context.argument.strip()),)


def ask_lift(context: Context) -> Reply:
    """解冻 <客户> [原因]."""
    return (Begin(LIFT, named=context.argument.strip()),)


def save(context: Context, conversation: Conversation) -> Reply:
    return _saved(context, conversation, lifts=False)


def save_lift(context: Context, conversation: Conversation) -> Reply:
    return _saved(context, conversation, lifts=True)


def _saved(context: Context, conversation: Conversation, *, lifts: bool) -> Reply:
    """The confirmed form goes to everybody else who may decide; nothing has changed yet."""
    given = {key: str(answer.value) for key, answer in conversation.answers.items()}
    customer_id = CustomerId(given["customer"])
    customers.name_for(context.unit, context.scope, customer_id)
    if (restrictions.holds(context.unit, customer_id) is not None) is not lifts:
        raise Unfit(NOT_FROZEN if lifts else FROZEN, field="customer", reason="as it is")
    if restrictions.waiting_for(context.unit, customer_id):
        raise Refused(WAITING, reason="already asked")
    asked = Restriction(
        secrets.token_hex(8), customer_id, lifts, given["reason"], context.actor.userid, context.now
    )  # fmt: skip
    others = _others(context)
    restrictions.add(context.unit, asked)
    return (_own(context, asked, others), *(_wish(context, asked, each) for each in others))


def _others(context: Context) -> list[Staff]:
    others = [each for each in entitled(context, Permission.PERSON_FREEZE) if each.userid != context.actor.userid]
    if not others:
        posts = "或".join(context.house.policy.posts_with(Permission.PERSON_FREEZE))
        raise Refused(NOBODY.format(posts=posts), reason="nobody to confirm")
    return others


def agree(context: Context) -> Reply:
    """同意: holds from this commit on."""
    return _settled(context, State.AGREED)


def reject(context: Context) -> Reply:
    return _settled(context, State.REJECTED)


def withdraw(context: Context) -> Reply:
    return _settled(context, State.WITHDRAWN)


def _settled(context: Context, state: State) -> Reply:
    assert context.card is not None
    asked = _load(context, context.card.subject)
    decided = decide(asked, state, context.actor.userid, context.now)
    if isinstance(decided, Refused):
        raise decided
    if not restrictions.settle(context.unit, decided):
        raise Refused(UNKNOWN, reason="decided meanwhile")
    face = DONE[state]
    others = retired_everywhere(context, _subject(decided), face)
    own = decided.requester == context.actor.userid
    told = () if own else say(_outcome(context, decided, decided.requester), to=decided.requester, lane=Lane.DEADLINE)
    grey = final_face(context.card, context.update, face)
    return (grey, *say(_outcome(context, decided, context.actor.userid)), *others, *told)


def present(context: Context, subject: str) -> Reply:
    """What became of a wish whose old card was clicked."""
    return say(_outcome(context, _load(context, subject), context.actor.userid))


def _load(context: Context, subject: str) -> Restriction:
    asked = restrictions.load(context.unit, subject.partition(":")[2])
    if asked is None:
        raise Refused(UNKNOWN, reason="unknown restriction")
    return asked


def _subject(asked: Restriction) -> str:
    return f"{FAMILY}:{asked.restriction_id}"


def _outcome(context: Context, asked: Restriction, to: UserId) -> str:
    reader = directory.member(context.unit, to)
    assert reader is not None
    title = f"{asked.wish} {_title(context, asked, reader)}"
    if asked.state is State.WAITING:
        return f"{title}：还在等人审批。"
    effect = f"，{EFFECT[asked.lifts]}" if asked.state is State.AGREED else ""
    return f"{title}：{DONE[asked.state]}{effect}。"


def _lines(context: Context, asked: Restriction) -> list[tuple[str, str]]:
    name = directory.names(context.unit, [asked.requester])[asked.requester]
    return [("申请人", name), ("原因", asked.reason), ("同意后", EFFECT[asked.lifts])]


def _wish(context: Context, asked: Restriction, to: Staff) -> Say:
    title = f"{asked.wish} {_title(context, asked, to)}"
    card = wish_card(FAMILY, title, _lines(context, asked), Seal(new_task_id(), 1))
    return Say(CardMessage(card=card), to=to.userid, lane=Lane.DEADLINE, subject=_subject(asked), revision=1)


def _own(context: Context, asked: Restriction, others: list[Staff]) -> Say:
    title, names = f"{asked.wish} {_title(context, asked, context.actor)}", "、".join(each.name for each in others[:5])
    card = submitted_card(FAMILY, title, _lines(context, asked), Seal(new_task_id(), 1), names)
    return show(card, subject=_subject(asked), revision=1)


def _title(context: Context, asked: Restriction, reader: Staff) -> str:
    """The customer as this reader may read the name."""
    scope = context.house.policy.scope(reader, context.units)
    relation = circles.relation_to(context.unit, scope, asked.customer_id)
    if relation is None:
        return "一位客户"
    name, _ = customers.name_for(context.unit, scope, asked.customer_id)
    return title_of(name, asked.customer_id, audience_of(context.house, reader, relation, context.purpose))
