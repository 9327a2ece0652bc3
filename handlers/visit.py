"""拜访: a visit logged by form or on one line, and taken back within the undo window."""

from hashlib import sha256

from cards.key import Seal
from cards.visit import saved_card
from domain.conversation import Conversation, rows
from domain.daytext import moment_text
from domain.form import Answer
from domain.ids import CustomerId, TodoId, VisitId
from domain.line import read_line
from domain.refusal import Refused
from domain.todo import Todo, remind_at
from domain.visit import LoggedVisit, log_visit, visit_from
from domain.visit import undo as undo_visit
from handlers import customer
from handlers.context import Context
from handlers.reply import Begin, Reply, Say, new_task_id, say, show
from handlers.retiring import retired
from handlers.speaking import final_face
from storage import circles, timers, todos, visits

FORM = "visit"
NOTHING_TO_UNDO = (
    "没有可以撤销的登记或决定。只能撤销自己 10 分钟内登记的最近一条拜访，或自己刚作出、别人还没有接着办的审批决定。"
)
GONE = "这位客户已不在您名下或辖内，这次登记没有保存。如有疑问，请联系您的主管。"
UNDONE = "已撤销，这条拜访不再计入联系记录。"
UNDONE_WITH_TODO = "已撤销，这条拜访不再计入联系记录，对应的回访待办也取消了。"
REMIND = "todo.remind"


def log(context: Context) -> Reply:
    """拜访 [客户] [一句话]: start the form with whatever the line already answers."""
    line = read_line(context.house.pack.form(FORM), context.argument, context.now)
    return (*(say(line.problem) if line.problem else ()), Begin(FORM, line.known, named=line.customer_text or ""))


def log_for(context: Context) -> Reply:
    """记拜访 on a customer's card."""
    return log_about(context, customer.on_card(context))


def log_about(context: Context, customer_id: CustomerId) -> Reply:
    """The form, with the customer already answered."""
    picked = customer.named(context, customer_id)
    return (Begin(FORM, {"customer": Answer(value=picked.customer, shown=picked.shown)}),)


def save(context: Context, conversation: Conversation) -> Reply:
    """The confirmed form becomes a visit, an interaction, and a to-do for the promised follow-up."""
    visit = visit_from(conversation.answers, context.now)
    if circles.stand(context.unit, context.scope, visit.customer_id) is None:
        return _no_longer_yours(context)
    ids = VisitId(_id(conversation, "v")), TodoId(_id(conversation, "t"))
    logged = log_visit(visit, context.actor.userid, *ids, context.now)
    if isinstance(logged, Refused):
        raise logged
    visits.add(context.unit, logged.visit, logged.interaction)
    if logged.todo is not None:
        todos.add(context.unit, logged.todo, logged.visit.visit_id)
        remind(context, logged.todo)
    return (_saved(context, conversation, logged.visit),)


def _no_longer_yours(context: Context) -> Reply:
    """The customer went to somebody else while the form was open: it ends, with nothing written."""
    ended = (final_face(context.card, context.update, "未保存"),) if context.card is not None else ()
    return (*ended, *say(GONE))


def _saved(context: Context, conversation: Conversation, logged: LoggedVisit) -> Say:
    form = context.house.pack.form(conversation.form)
    lines = [(row.label, row.shown) for row in rows(form, conversation) if row.field != "customer"]
    who, until = conversation.answers["customer"].shown, moment_text(logged.undo_until, context.now)
    card = saved_card(who, lines, until, Seal(new_task_id(), 1))
    return show(card, subject=f"visit:{logged.visit_id}", revision=1)


def _id(conversation: Conversation, letter: str) -> str:
    """Named after the conversation: saving the same one twice meets the unique key."""
    return letter + sha256(f"{letter}:{conversation.id}".encode()).hexdigest()[:15]


def remind(context: Context, todo: Todo) -> None:
    """Wake the owner when a to-do falls due."""
    if todo.due_at is not None:
        at = remind_at(todo.due_at, context.now)
        timers.arm(context.unit, subject=f"todo:{todo.todo_id}", kind=REMIND, person=todo.owner, due_at=at)


def undo(context: Context) -> Reply:
    """撤销: the card's visit, or in words the person's latest."""
    if context.card is not None:
        logged = visits.load(context.unit, VisitId(context.card.subject.removeprefix("visit:")))
    else:
        logged = visits.latest_of(context.unit, context.actor.userid)
    if logged is None:
        raise Refused(NOTHING_TO_UNDO, reason="nothing to undo")
    todo = todos.load(context.unit, logged.todo_id) if logged.todo_id else None
    undone = undo_visit(logged, todo, context.actor.userid, context.now)
    if isinstance(undone, Refused):
        raise undone
    visits.undo(context.unit, logged.visit_id)
    if undone.todo is not None and todo is not None:
        todos.change(context.unit, todo, undone.todo, "todo.cancelled")
        timers.cancel(context.unit, subject=f"todo:{todo.todo_id}", kind=REMIND)
    said = say(UNDONE_WITH_TODO if undone.todo is not None else UNDONE)
    return (*said, *retired(context, f"visit:{logged.visit_id}", "已撤销"))


def show_customer(context: Context) -> Reply:
    """查客户 on a saved visit."""
    assert context.card is not None
    logged = visits.load(context.unit, VisitId(context.card.subject.removeprefix("visit:")))
    if logged is None:
        raise Refused(NOTHING_TO_UNDO, reason="unknown visit")
    return customer.summary(context, logged.visit.customer_id)


def present(context: Context, subject: str) -> Reply:
    """What became of a visit whose old card was clicked."""
    logged = visits.load(context.unit, VisitId(subject.removeprefix("visit:")))
    if logged is None:
        raise Refused(context.house.pack.texts.stale_card, reason="stale card")
    return say(UNDONE if logged.undone_at else "这条拜访已保存，没有改动。")
