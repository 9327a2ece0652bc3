"""待办: the person's list, done, put off, and the reminder when one falls due."""

from cards.key import Seal
from cards.todo import NOTHING, TODO_QUESTION, TodoLine, snooze_card, snoozed, todo_card
from domain.conversation import Conversation
from domain.ids import TodoId
from domain.moment_value import due_at
from domain.refusal import Refused
from domain.sharing import title_of
from domain.todo import SNOOZES, Todo, complete, due_text, order, snooze, snooze_option
from handlers import customer
from handlers.context import Context
from handlers.reply import Begin, Reply, Say, new_task_id, say, show
from handlers.visit import REMIND, remind_at
from storage import customers, timers, todos
from storage.outbox import Lane

LIST = "todos:mine"
PICK_ONE = "请先在下拉里选一件待办，再点按钮。"
CHANGED_MEANWHILE = "这件待办刚刚有变化，请看最新的列表。"


def show_list(context: Context, page: int = 0) -> Reply:
    """待办: what is pending, the longest overdue first."""
    pending = order(todos.pending_of(context.unit, context.actor.userid), context.now)
    if not pending:
        return say(NOTHING)
    lines = [_line(context, todo) for todo in pending]
    card = todo_card(lines, Seal(new_task_id(), 0), page=page)
    options = {str(number): [todo.todo_id, todo.revision] for number, todo in enumerate(pending, 1)}
    return (show(card, subject=LIST, context={"options": options, "page": page}),)


def _line(context: Context, todo: Todo) -> TodoLine:
    return TodoLine(todo.title, due_text(todo, context.now), _who(context, todo), todo.overdue(context.now))


def _who(context: Context, todo: Todo) -> str:
    """The customer as this actor may read the name now; nothing once the customer left the scope."""
    if todo.customer_id is None:
        return ""
    relation = customers.relation_to(context.unit, context.scope, todo.customer_id)
    if relation is None:
        return ""
    name, _ = customers.name_for(context.unit, context.scope, todo.customer_id)
    return title_of(name, todo.customer_id, customer.audience(context, relation)).split(" · ")[0]


def next_page(context: Context) -> Reply:
    assert context.card is not None
    return show_list(context, int(context.card.context.get("page", 0)) + 1)


def done(context: Context) -> Reply:
    before = _picked(context)
    after = complete(before, context.actor.userid)
    _change(context, before, after, "todo.done")
    timers.cancel(context.unit, subject=f"todo:{before.todo_id}", kind=REMIND)
    return (*say(f"已完成：{before.title}"), *show_list(context))


def later(context: Context) -> Reply:
    """稍后: a few moments as buttons; any other time can be written."""
    before = _picked(context)
    card = snooze_card(_line(context, before), SNOOZES, Seal(new_task_id(), before.revision))
    return (show(card, subject=f"todo:{before.todo_id}", revision=before.revision),)


def later_by_button(context: Context) -> Reply:
    option = snooze_option(snoozed(context.update.verb) or "")
    if option is None:
        return _ask_when(context)
    before = _on_card(context)
    return _put_off(context, before, snooze(before, context.actor.userid, option.until(context.now), context.now))


def _ask_when(context: Context) -> Reply:
    return (Begin("snooze", subject=f"todo:{_on_card(context).todo_id}"),)


def snooze_until(context: Context, conversation: Conversation) -> Reply:
    """The moment written in the snooze form."""
    before = _load(context, TodoId((conversation.subject or "").removeprefix("todo:")))
    until = due_at(conversation.answers["until"].value)
    return _put_off(context, before, snooze(before, context.actor.userid, until, context.now))


def _put_off(context: Context, before: Todo, after: Todo | Refused) -> Reply:
    put_off = _change(context, before, after, "todo.snoozed")
    remind_at(context, put_off)
    return say(f"好的，{due_text(put_off, context.now)} 再提醒您：{before.title}")


def keep(context: Context) -> Reply:
    return show_list(context)


def show_customer(context: Context) -> Reply:
    """查客户 for the to-do that is picked."""
    todo = _picked(context)
    if todo.customer_id is None:
        raise Refused("这件待办没有对应的客户。", reason="no customer")
    return customer.summary(context, todo.customer_id)


def remind(context: Context) -> Reply:
    """The timer of a to-do: told to its owner, with the buttons to act at once."""
    todo = todos.load(context.unit, TodoId(context.update.subject.removeprefix("todo:")))
    if todo is None or not todo.pending or todo.due_at is None or todo.due_at > context.now:
        return ()
    card = todo_card([_line(context, todo)], Seal(new_task_id(), 0))
    options = {"1": [todo.todo_id, todo.revision]}
    reminder = show(card, subject=LIST, context={"options": options, "page": 0})
    return (Say(reminder.message, lane=Lane.DEADLINE, subject=LIST, context=reminder.context),)


def present(context: Context, subject: str) -> Reply:
    """An old list or snooze card shows how things stand now."""
    return (*say(CHANGED_MEANWHILE), *show_list(context))


def _picked(context: Context) -> Todo:
    """The to-do chosen on the list card, as it was when the card was made."""
    assert context.card is not None
    number = context.update.answers.get(TODO_QUESTION, ())
    option = context.card.context.get("options", {}).get(number[0]) if len(number) == 1 else None
    if option is None:
        raise Refused(PICK_ONE, reason="nothing chosen")
    todo = _load(context, TodoId(option[0]))
    if todo.revision != option[1]:
        raise Refused(CHANGED_MEANWHILE, reason="stale to-do")
    return todo


def _on_card(context: Context) -> Todo:
    assert context.card is not None
    todo = _load(context, TodoId(context.card.subject.removeprefix("todo:")))
    if todo.revision != context.card.revision:
        raise Refused(CHANGED_MEANWHILE, reason="stale to-do")
    return todo


def _load(context: Context, todo_id: TodoId) -> Todo:
    todo = todos.load(context.unit, todo_id)
    if todo is None or todo.owner != context.actor.userid:
        raise Refused("没有找到这件待办。回复「待办」看现在的列表。", reason="unknown to-do")
    return todo


def _change(context: Context, before: Todo, after: Todo | Refused, event: str) -> Todo:
    if isinstance(after, Refused):
        raise after
    if not todos.change(context.unit, before, after, event):
        raise Refused(CHANGED_MEANWHILE, reason="stale to-do")
    return after
