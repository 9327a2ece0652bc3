"""冻结 and 解冻: a customer's data is kept and nothing more, by two persons' word (PIPL 47)."""

from domain.approval import Approval, Seat, Wish, about_customer
from domain.conversation import Conversation
from domain.ids import CustomerId
from domain.policy import Permission
from domain.refusal import Refused, Unfit
from handlers import former
from handlers.approval.asking import submit
from handlers.approval.family import Family
from handlers.context import Context
from handlers.reply import Reply
from storage import approvals, restrictions

FORM, LIFT_FORM = "freeze", "unfreeze"
ALREADY_FROZEN, NOT_FROZEN = "这位客户已经冻结了。", "这位客户没有冻结。"
WAITING = "这位客户已有一件冻结或解冻申请在等审批。"
FROZEN, LIFTED = "现在起除保存外停止一切处理：不关怀、不推荐、待办不显示、不能查看", "现在起恢复正常使用"


def ask(context: Context) -> Reply:
    """冻结 <客户> [原因]."""
    return (former.begin(context, FORM, context.argument.strip()),)


def ask_lift(context: Context) -> Reply:
    """解冻 <客户> [原因]."""
    return (former.begin(context, LIFT_FORM, context.argument.strip()),)


def save(context: Context, conversation: Conversation) -> Reply:
    return _asked(context, conversation, FREEZE)


def save_lift(context: Context, conversation: Conversation) -> Reply:
    return _asked(context, conversation, LIFT)


def _asked(context: Context, conversation: Conversation, family: Family) -> Reply:
    """The confirmed form becomes a wish, for somebody else of those who may freeze."""
    given = {key: str(answer.value) for key, answer in conversation.answers.items()}
    customer_id = CustomerId(given["customer"])
    former.check(context, customer_id)
    if (restrictions.holds(context.unit, customer_id) is not None) is not (family is LIFT):
        text = NOT_FROZEN if family is LIFT else ALREADY_FROZEN
        raise Unfit(text, field="customer", reason="as it is")
    about = about_customer(customer_id)
    if approvals.waits_about(context.unit, about, (FREEZE.name, LIFT.name)):
        raise Refused(WAITING, reason="already asked")
    return submit(context, family, Wish(about, given["reason"], (Seat(Permission.PERSON_FREEZE),)))


def _hold(context: Context, asked: Approval) -> Reply:
    restrictions.hold(context.unit, asked.wish.customer_id, asked.approval_id, asked.requester)
    return ()


def _lift(context: Context, asked: Approval) -> Reply:
    restrictions.lift(context.unit, asked.wish.customer_id)
    return ()


FREEZE = Family(
    name=restrictions.FREEZE,
    title=lambda context, asked, reader: f"冻结 {former.titled(context, asked, reader)}",
    lines=lambda _context, _asked: [("同意后", FROZEN)],
    agreed=_hold,
    effect=lambda _context, _asked: FROZEN,
    unchanged="没有冻结；需要时请重新申请",
    outlives=True,
)
LIFT = Family(
    name="unfreeze",
    title=lambda context, asked, reader: f"解冻 {former.titled(context, asked, reader)}",
    lines=lambda _context, _asked: [("同意后", LIFTED)],
    agreed=_lift,
    effect=lambda _context, _asked: LIFTED,
    unchanged="仍然冻结；需要时请重新申请",
    outlives=True,
)
