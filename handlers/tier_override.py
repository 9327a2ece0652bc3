"""调层: a customer's tier set by hand for a time. A superior agrees; from then on every part of the house goes by it."""

import secrets
from datetime import timedelta

from cards.key import Seal
from cards.message import CardMessage
from cards.tier import approval_card, own_card
from domain.conversation import Conversation
from domain.daytext import day_text
from domain.ids import CustomerId, UserId
from domain.labels.rules import rules_on
from domain.policy import Permission
from domain.refusal import Refused, Unfit
from domain.sharing import title_of
from domain.staff import Staff
from domain.tier import Tier
from domain.tier_override import State, TierOverride, decide
from handlers.context import Context
from handlers.label_round import NO_RULES
from handlers.reply import Begin, Reply, Say, new_task_id, say
from handlers.retiring import retired_everywhere
from handlers.rights import audience_of
from handlers.speaking import final_face
from storage import circles, customers, directory, stand_ins, tier_overrides, tiers
from storage.outbox import Lane

FORM = "tier_override"
_TIERS = {"mass": Tier.MASS, "affluent": Tier.AFFLUENT, "high": Tier.HIGH, "ultra": Tier.ULTRA}
_DAYS = {"month": 30, "quarter": 90, "half": 180}
SAME = "这位客户现在就是{tier}，不用调整。"
WAITING = "这位客户已有一件调层申请在等审批。"
TOO_LONG = "人工调整最长 {days} 天，请选短一些的。"
NO_APPROVER = "您没有在岗的上级可以审批，请联系支行行长。"
UNKNOWN = "没有找到这件申请。"
MEANWHILE = "这件申请刚刚有了新的进展，请再看一次。"
FACES = {State.AGREED: "已同意", State.REJECTED: "已退回", State.WITHDRAWN: "已撤回"}


def ask(context: Context) -> Reply:
    """调层 <客户> [层级] [原因]; the form asks for the rest."""
    return (Begin(FORM, named=context.argument.strip()),) if context.argument.strip() else (Begin(FORM),)


def save(context: Context, conversation: Conversation) -> Reply:
    """The confirmed form becomes a request, on a card for who may agree."""
    given = {key: str(answer.value) for key, answer in conversation.answers.items()}
    customer_id, tier, days = CustomerId(given["customer"]), _TIERS[given["tier"]], _DAYS[given["length"]]
    customers.name_for(context.unit, context.scope, customer_id)
    today = context.now.date()
    if not context.pack.labels:
        raise Refused(NO_RULES, reason="no label rules")
    if days > (most := rules_on(context.pack.labels, today).override_days):
        raise Unfit(TOO_LONG.format(days=most), field="length", reason="too long")
    if tiers.tier_of(context.unit, customer_id) is tier:
        raise Unfit(SAME.format(tier=tier), field="tier", reason="same tier")
    if tier_overrides.waiting_for(context.unit, customer_id, today):
        raise Refused(WAITING, reason="already asked")
    asked = TierOverride(
        secrets.token_hex(8), customer_id, tier, given["reason"], days, today + timedelta(days=days - 1),
        context.actor.userid, _approver(context).userid, context.now,
    )  # fmt: skip
    tier_overrides.add(context.unit, asked)
    return _own(context, asked), _approval(context, asked)


def _approver(context: Context) -> Staff:
    """The nearest superior who is at work and may decide."""
    for each in directory.superiors(context.unit, context.actor):
        away = bool(stand_ins.deputies(context.unit, each.userid))
        may = Permission.TIER_DECIDE in context.house.policy.permissions(each)
        if each.active and may and not away and each.userid != context.actor.userid:
            return each
    raise Refused(NO_APPROVER, reason="no approver")


def agree(context: Context) -> Reply:
    """同意: in force from this commit on."""
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
    if not tier_overrides.settle(context.unit, decided):
        raise Refused(MEANWHILE, reason="decided meanwhile")
    face = FACES[state]
    others = retired_everywhere(context, _subject(decided), face)
    own = decided.requester == context.actor.userid
    told = () if own else say(_outcome(context, decided, decided.requester), to=decided.requester, lane=Lane.DEADLINE)
    grey = final_face(context.card, context.update, face)
    return (grey, *say(_outcome(context, decided, context.actor.userid)), *others, *told)


def present(context: Context, subject: str) -> Reply:
    """What became of a request whose old card was clicked; its card again for who may still act on it."""
    asked = _load(context, subject)
    if asked.state is not State.WAITING:
        return say(_outcome(context, asked, context.actor.userid))
    return (_approval(context, asked) if context.actor.userid == asked.approver else _own(context, asked),)


def _load(context: Context, subject: str) -> TierOverride:
    asked = tier_overrides.load(context.unit, subject.removeprefix("tier:"))
    if asked is None or context.actor.userid not in (asked.requester, asked.approver):
        raise Refused(UNKNOWN, reason="unknown override")
    return asked


def _subject(asked: TierOverride) -> str:
    return f"tier:{asked.override_id}"


def _outcome(context: Context, decided: TierOverride, to: UserId) -> str:
    until = day_text(decided.until_day, context.now.date())
    effect = f"现在起生效，到{until}为止" if decided.state is State.AGREED else "分层没有改变"
    return f"调层 {_title(context, decided, to)} → {decided.tier}：{FACES[decided.state]}，{effect}。"


def _lines(context: Context, asked: TierOverride, to: UserId) -> list[tuple[str, str]]:
    requester = directory.member(context.unit, asked.requester)
    today = context.now.date()
    return [
        ("申请人", requester.name if requester else ""),
        ("现在", tiers.tier_of(context.unit, asked.customer_id)),
        ("调整为", asked.tier),
        ("有效期", f"{asked.days} 天，到{day_text(asked.until_day, today)}"),
        ("原因", asked.reason),
    ]


def _approval(context: Context, asked: TierOverride) -> Say:
    card = approval_card(_title(context, asked, asked.approver), _lines(context, asked, asked.approver), _seal())
    return Say(CardMessage(card=card), to=asked.approver, lane=Lane.DEADLINE, subject=_subject(asked))


def _own(context: Context, asked: TierOverride) -> Say:
    approver = directory.member(context.unit, asked.approver)
    name = approver.name if approver else ""
    card = own_card(_title(context, asked, asked.requester), _lines(context, asked, asked.requester), name, _seal())
    return Say(CardMessage(card=card), to=asked.requester, subject=_subject(asked))


def _seal() -> Seal:
    return Seal(new_task_id(), 0)


def _title(context: Context, asked: TierOverride, to: UserId) -> str:
    """The customer as this reader may read the name; the number's tail of somebody outside the scope."""
    reader = directory.member(context.unit, to)
    assert reader is not None
    scope = context.house.policy.scope(reader, context.units)
    relation = circles.relation_to(context.unit, scope, asked.customer_id)
    if relation is None:
        return "一位客户"
    name, _ = customers.name_for(context.unit, scope, asked.customer_id)
    return title_of(name, asked.customer_id, audience_of(context.house, reader, relation, context.purpose))
