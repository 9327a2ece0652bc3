"""调层: a customer's tier set by hand for a time. A superior agrees; from then on every part of the house goes by it."""

from datetime import datetime, time, timedelta

from domain.approval import Approval, Wish, about_customer
from domain.conversation import Conversation
from domain.daytext import day_text
from domain.ids import CustomerId
from domain.labels.rules import rules_on
from domain.line import read_line
from domain.policy import Permission
from domain.refusal import Refused, Unfit
from domain.staff import Staff
from domain.tier import Tier
from domain.tier_override import TierOverride
from handlers.approval.asking import submit, superior
from handlers.approval.family import Family
from handlers.called import titled
from handlers.context import Context
from handlers.label_round import NO_RULES
from handlers.reply import Begin, Reply, say
from handlers.rights import stops
from storage import approvals, circles, customers, restrictions, tier_overrides, tiers

FORM = "tier_override"
_TIERS = {"mass": Tier.MASS, "affluent": Tier.AFFLUENT, "high": Tier.HIGH, "ultra": Tier.ULTRA}
_DAYS = {"month": 30, "quarter": 90, "half": 180}
SAME = "这位客户现在就是{tier}，不用调整。"
WAITING = "这位客户已有一件调层申请在等审批。"
TOO_LONG = "人工调整最长 {days} 天，请选短一些的。"
MOVED = "这位客户已经不在您的管辖范围里，不能由您同意。请点“退回”；需要调整的，由现在的客户经理重新申请。"


def ask(context: Context) -> Reply:
    """调层 <客户> [层级] [多久] [原因]; the form asks for the rest."""
    line = read_line(context.house.pack.form(FORM), context.argument, context.now)
    return (*(say(line.problem) if line.problem else ()), Begin(FORM, line.known, named=line.customer_text or ""))


def save(context: Context, conversation: Conversation) -> Reply:
    """The confirmed form becomes a wish, for the nearest superior who may agree."""
    given = {key: str(answer.value) for key, answer in conversation.answers.items()}
    customer_id, tier, days = CustomerId(given["customer"]), _TIERS[given["tier"]], _DAYS[given["length"]]
    customers.name_for(context.unit, context.scope, customer_id)
    _check(context, customer_id, tier, days)
    until_day = context.now.date() + timedelta(days=days - 1)
    wish = Wish(
        about=about_customer(customer_id),
        reason=given["reason"],
        seats=(superior(context, Permission.TIER_DECIDE),),
        body=TierOverride(tier=tier, days=days, until_day=until_day).model_dump_json(),
        until=datetime.combine(until_day + timedelta(days=1), time(), context.now.tzinfo),
    )
    return submit(context, FAMILY, wish)


def _check(context: Context, customer_id: CustomerId, tier: Tier, days: int) -> None:
    if not context.pack.labels:
        raise Refused(NO_RULES, reason="no label rules")
    if days > (most := rules_on(context.pack.labels, context.now.date()).override_days):
        raise Unfit(TOO_LONG.format(days=most), field="length", reason="too long")
    if tiers.tier_of(context.unit, customer_id) is tier:
        raise Unfit(SAME.format(tier=tier), field="tier", reason="same tier")
    if approvals.waits_about(context.unit, about_customer(customer_id), (FAMILY.name,)):
        raise Refused(WAITING, reason="already asked")


def _title(context: Context, asked: Approval, reader: Staff) -> str:
    return f"调层 {titled(context, asked, reader)}"


def _lines(context: Context, asked: Approval) -> list[tuple[str, str]]:
    wished = _wished(asked)
    return [
        ("现在", tiers.tier_of(context.unit, asked.wish.customer_id)),
        ("调整为", wished.tier),
        ("有效期", f"{wished.days} 天，到{day_text(wished.until_day, context.now.date())}"),
    ]


def _agreed(context: Context, asked: Approval) -> Reply:
    """Who agrees still has the customer to agree about: it may have moved to another branch since it was asked."""
    relation = circles.relation_to(context.unit, context.scope, asked.wish.customer_id)
    if relation is None or stops(context, relation, Permission.TIER_DECIDE):
        raise Refused(MOVED, reason="customer not in scope")
    restrictions.check(context.unit, asked.wish.customer_id)
    tier_overrides.put(context.unit, asked.approval_id, asked.wish.customer_id, _wished(asked))
    return ()


def _effect(context: Context, asked: Approval) -> str:
    wished = _wished(asked)
    return f"调整为{wished.tier}，现在起生效，到{day_text(wished.until_day, context.now.date())}为止"


def _wished(asked: Approval) -> TierOverride:
    return TierOverride.model_validate_json(asked.wish.body)


FAMILY = Family(
    name="tier",
    title=_title,
    lines=_lines,
    agreed=_agreed,
    effect=_effect,
    unchanged="分层没有改变；需要时请重新申请",
    prompt="申请调整分层，请审批",
    withdraw="撤回申请",
)
