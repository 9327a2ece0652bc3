"""关系: who belongs to a customer; entered by who keeps or leads, taken back at once, put right later."""

from hashlib import sha256

from cards.key import Seal
from cards.relation import TIE_QUESTION, relations_card, tie_card
from domain.conversation import Conversation
from domain.customer import CustomerFacts
from domain.daytext import moment_text
from domain.dimension import show_dimension
from domain.form import Answer
from domain.ids import CustomerId
from domain.policy import Permission
from domain.refusal import Refused, Unfit
from domain.sharing import Audience, redact, title_of
from domain.view.relations import called
from domain.visit import UNDO_WINDOW
from handlers import customer
from handlers.context import Context
from handlers.reply import Begin, Reply, new_task_id, say, show
from handlers.retiring import retired
from handlers.rights import audience, stops
from handlers.speaking import final_face
from storage import circles, ties
from storage.customers import Opened
from storage.ties import EnteredTie

WHOSE, FORM = "relation_query", "relation"
OF, TIE = "relations:", "tie:"
SAME = "这就是客户本人，请写另一位客户。"
KNOWN = "这个关系已经登记过了，请换一位或换一种关系。"
GONE = "其中一位客户已不在您名下或辖内，这次登记没有保存。如有疑问，请联系您的主管。"
TOO_LATE = "登记已超过 10 分钟，不能直接撤销。请发“关系 客户姓名”，选中登记错的一条，再点“冲正”。"
NOT_THERE = "这条关系已经撤销或冲正过了，没有改动。"
UNDONE, REVERSED = "已撤销，这条关系不再显示。", "已冲正，这条关系不再显示；原来的登记留在记录里。"
PICK_ONE = "请先在“登记错的”里选一条，再点“冲正”。"


def show_relations(context: Context) -> Reply:
    """关系 <客户>: whose is asked and looked up like any customer of a form."""
    return (Begin(WHOSE, named=context.argument),)


def asked_for(context: Context, conversation: Conversation) -> Reply:
    return overview(context, CustomerId(str(conversation.answers["customer"].value)))


def overview(context: Context, customer_id: CustomerId) -> Reply:
    """Who belongs to the customer, as far as this reader may look at them."""
    opened = customer.opened(context, customer_id, "wecom.relations")
    facts, watching = opened.facts, audience(context, opened.relation)
    shown = show_dimension("relations", facts, watching, context.now.date())
    writes = not stops(context, opened.relation, Permission.RELATION_RECORD)
    card = relations_card(
        title_of(facts.customer.name, customer_id, watching),
        shown.lines if shown else (),
        _reversible(facts, watching) if writes else [],
        Seal(new_task_id(), 0),
        may_write=writes,
    )
    return (show(card, subject=f"{OF}{customer_id}"),)


def _reversible(facts: CustomerFacts, watching: Audience) -> list[tuple[str, str]]:
    return [(tie.tie_id, f"{tie.kind} {redact(called(tie), watching) or ''}") for tie in facts.ties if tie.tie_id]


def new(context: Context) -> Reply:
    """登记关系 on the card: the form, with the customer already answered."""
    picked = customer.named(context, _of(context))
    return (Begin(FORM, {"customer": Answer(value=picked.customer, shown=picked.shown)}),)


def save(context: Context, conversation: Conversation) -> Reply:
    """The confirmed form becomes a relation of both."""
    tie = _tie(context, conversation)
    if None in [circles.stand(context.unit, context.scope, who) for who in (tie.customer, tie.other)]:
        ended = (final_face(context.card, context.update, "未保存"),) if context.card is not None else ()
        return (*ended, *say(GONE))
    if ties.known(context.unit, tie):
        raise Unfit(KNOWN, field="other", reason="relation known")
    ties.add(context.unit, tie)
    answers, until = conversation.answers, moment_text(tie.at + UNDO_WINDOW, context.now)
    card = tie_card(answers["customer"].shown, tie.kind, answers["other"].shown, until, Seal(new_task_id(), 1))
    return (show(card, subject=f"{TIE}{tie.tie_id}", revision=1),)


def _tie(context: Context, conversation: Conversation) -> EnteredTie:
    """Named after the conversation: saving the same one twice meets the unique key."""
    answers = conversation.answers
    options = context.house.form_of(conversation).field("kind").options
    kind = next(option for option in options if option.key in answers["kind"].keys)
    tie_id = sha256(f"tie:{conversation.id}".encode()).hexdigest()[:16]
    one, other = CustomerId(str(answers["customer"].value)), CustomerId(str(answers["other"].value))
    if one == other:
        raise Unfit(SAME, field="other", reason="same customer")
    return EnteredTie(tie_id, one, other, kind.text, kind.back or kind.text, context.actor.userid, context.now)


def undo(context: Context) -> Reply:
    """撤销 on what was just entered."""
    tie = _entered(context)
    return undo_of(context, tie)


def undo_of(context: Context, tie: EnteredTie) -> Reply:
    """Take back one's own entry within ten minutes."""
    if tie.by != context.actor.userid:
        raise Refused(NOT_THERE, reason="not their entry")
    if context.now > tie.at + UNDO_WINDOW:
        raise Refused(TOO_LATE, reason="undo window over")
    return _ended(context, tie, ties.UNDONE, UNDONE)


def reverse(context: Context) -> Reply:
    """冲正 of one of those that colleagues entered; by who may enter, and on record."""
    opened = customer.opened(context, _of(context), "wecom.relations")
    picked = context.update.answers.get(TIE_QUESTION, ())
    tie = ties.load(context.unit, picked[0]) if picked else None
    if tie is None or not _is_of(opened, tie):
        raise Refused(PICK_ONE, reason="nothing chosen")
    return _ended(context, tie, ties.REVERSED, REVERSED)


def _is_of(opened: Opened, tie: EnteredTie) -> bool:
    return opened.facts.customer.customer_id in (tie.customer, tie.other)


def _ended(context: Context, tie: EnteredTie, how: str, said: str) -> Reply:
    if not ties.end(context.unit, tie, how):
        raise Refused(NOT_THERE, reason="relation ended before")
    return (*say(said), *retired(context, f"{TIE}{tie.tie_id}", "已撤销" if how == ties.UNDONE else "已冲正"))


def _of(context: Context) -> CustomerId:
    """The customer on the card: of the list, or of what was just entered."""
    assert context.card is not None
    subject = context.card.subject
    return _entered(context).customer if subject.startswith(TIE) else CustomerId(subject.removeprefix(OF))


def _entered(context: Context) -> EnteredTie:
    assert context.card is not None
    tie = ties.load(context.unit, context.card.subject.removeprefix(TIE))
    if tie is None:
        raise Refused(NOT_THERE, reason="unknown relation")
    return tie


def show_customer(context: Context) -> Reply:
    """查客户 on either card."""
    return customer.summary(context, _of(context))


def present(context: Context, subject: str) -> Reply:
    """How a customer's relations stand now, behind an old card."""
    return overview(context, CustomerId(subject.removeprefix(OF)))


def present_tie(context: Context, subject: str) -> Reply:
    tie = ties.load(context.unit, subject.removeprefix(TIE))
    return say("这条关系已登记，没有改动。" if tie is not None and tie.ended_at is None else NOT_THERE)
