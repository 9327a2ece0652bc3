"""保全 and 解除保全: a customer or a case that must not be erased, by two persons' word."""

from collections.abc import Mapping

from domain.approval import Approval, Seat, Wish
from domain.conversation import Conversation
from domain.form import Answer
from domain.ids import CaseId, CustomerId
from domain.line import read_line
from domain.policy import Permission
from domain.refusal import Refused, Unfit
from domain.retention.hold import HoldWish
from domain.staff import Staff
from handlers import former
from handlers.approval.asking import submit
from handlers.approval.family import Family
from handlers.case.seeing import numbered, seen
from handlers.context import Context
from handlers.reply import Begin, Reply
from storage import approvals
from storage.retention import holds

FORM, CASE_FORM, RELEASE_FORM, CASE_RELEASE_FORM = "hold", "hold_case", "hold_release", "hold_release_case"
SUBJECT = "hold:"
HELD, RELEASED = "保全，到期也不删除", "不再保全，到期的照保留期删除"
WAITING = "这位客户或这件案件已有一件保全申请在等审批。"
SAME = "文号“{reference}”已经在保全中了。"
NONE = "这里没有保全，不用解除。要看客户的保全，发“隐私 客户”。"
OTHER = "没有文号“{reference}”的保全，现有：{known}。"
_PAPER = "号"


def ask(context: Context) -> Reply:
    """保全 <客户|案件> [原因] [文号]."""
    return _begun(context, FORM, CASE_FORM)


def ask_release(context: Context) -> Reply:
    """解除保全 <客户|案件> [原因] [文号]."""
    return _begun(context, RELEASE_FORM, CASE_RELEASE_FORM)


def _begun(context: Context, of_customer: str, of_case: str) -> Reply:
    first, _, rest = context.argument.strip().partition(" ")
    case_id = numbered(context, first) if first else None
    if case_id is not None:
        seen(context, case_id)
        return (Begin(of_case, _known(context, of_case, rest), subject=f"{SUBJECT}{case_id}"),)
    line = read_line(context.house.form(of_customer), context.argument, context.now)
    known, named = _known(context, of_customer, line.left), line.customer_text or ""
    return (former.begin(context, of_customer, named, known),)


def _known(context: Context, form: str, rest: str) -> Mapping[str, Answer]:
    """What else the line says: a last word that ends like the number of a paper is one."""
    words, known = rest.split(), {}
    if words and words[-1].endswith(_PAPER):
        known["reference"] = words.pop()
    if words:
        known["reason"] = " ".join(words)
    fields = {field.key: field for field in context.house.form(form).fields}
    return {key: Answer(value=text, shown=text) for key, text in known.items() if len(text) <= (fields[key].max or 0)}


def save(context: Context, conversation: Conversation) -> Reply:
    wish, reason = _wish(context, conversation)
    if any(each.reference == wish.reference for each in holds.laid_on(context.unit, wish.about)):
        raise Unfit(SAME.format(reference=wish.reference), field="reference", reason="held already")
    return _asked(context, HOLD, wish, reason)


def save_release(context: Context, conversation: Conversation) -> Reply:
    wish, reason = _wish(context, conversation)
    laid = holds.laid_on(context.unit, wish.about)
    if not laid:
        raise Refused(NONE, reason="not held")
    if all(each.reference != wish.reference for each in laid):
        known = "、".join(each.reference for each in laid)
        raise Unfit(OTHER.format(reference=wish.reference, known=known), field="reference", reason="no such hold")
    return _asked(context, RELEASE, wish, reason)


def _wish(context: Context, conversation: Conversation) -> tuple[HoldWish, str]:
    given = {key: str(answer.value) for key, answer in conversation.answers.items()}
    if "customer" in given:
        customer_id = CustomerId(given["customer"])
        former.check(context, customer_id)
        return HoldWish(customer_id=customer_id, reference=given["reference"]), given["reason"]
    case_id = CaseId((conversation.subject or "").removeprefix(SUBJECT))
    seen(context, case_id)
    return HoldWish(case_id=case_id, reference=given["reference"]), given["reason"]


def _asked(context: Context, family: Family, wish: HoldWish, reason: str) -> Reply:
    if approvals.waits_about(context.unit, wish.about, (HOLD.name, RELEASE.name)):
        raise Refused(WAITING, reason="already asked")
    seats = (Seat(Permission.HOLD_DECIDE),)
    return submit(context, family, Wish(wish.about, reason, seats, wish.model_dump_json()))


def _body(asked: Approval) -> HoldWish:
    return HoldWish.model_validate_json(asked.wish.body)


def _lay(context: Context, asked: Approval) -> Reply:
    by = context.actor.userid
    holds.lay(context.unit, asked.approval_id, _body(asked), asked.wish.reason, asked.requester, by)
    return ()


def _release(context: Context, asked: Approval) -> Reply:
    wish = _body(asked)
    for each in holds.laid_on(context.unit, wish.about):
        if each.reference == wish.reference:
            holds.release(context.unit, each.hold_id, context.actor.userid)
    return ()


def _titled(context: Context, asked: Approval, reader: Staff) -> str:
    wish = _body(asked)
    return f"案件 {wish.case_id}" if wish.customer_id is None else former.titled(context, asked, reader)


def _lines(effect: str, asked: Approval) -> list[tuple[str, str]]:
    return [("文号", _body(asked).reference), ("同意后", effect)]


HOLD = Family(
    name="hold",
    title=lambda context, asked, reader: f"保全 {_titled(context, asked, reader)}",
    lines=lambda _context, asked: _lines(HELD, asked),
    agreed=_lay,
    effect=lambda _context, _asked: f"现在起{HELD}",
    unchanged="没有保全；需要时请重新申请",
    outlives=True,
)
RELEASE = Family(
    name="release",
    title=lambda context, asked, reader: f"解除保全 {_titled(context, asked, reader)}",
    lines=lambda _context, asked: _lines(RELEASED, asked),
    agreed=_release,
    effect=lambda _context, _asked: f"现在起{RELEASED}",
    unchanged="保全照旧；需要时请重新申请",
    outlives=True,
)
