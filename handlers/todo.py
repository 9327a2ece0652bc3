"""待办: the person's list, done, put off, and the reminder when one falls due."""

from datetime import datetime, timedelta

from cards.key import Seal
from cards.todo import NOTHING, TODO_QUESTION, TodoLine, todo_card
from domain.conversation import Conversation
from domain.ids import TodoId
from domain.moment_value import due_at
from domain.refusal import Refused
from domain.todo import Todo, TodoState, by_text, complete, due_text, order, snooze
from handlers import customer, verdict, visit
from handlers.approval import deciding as approving
from handlers.called import called
from handlers.case import looking
from handlers.context import Context
from handlers.reply import Begin, Reply, Say, new_task_id, say, show
from handlers.retiring import retired
from storage import restrictions, timers, todos
from storage.outbox import Lane

LIST = "todos:mine"
PICK_ONE = "请先在下拉里选一件待办，再点按钮。"
CHANGED_MEANWHILE = "这件待办刚刚有变化，请发“待办”看最新的列表。"
PRESENT_LIST = "这张卡片已经过时，现在的待办是这样："
NEWER_BELOW = "请看最新的列表"
CARE = "care"  # the source of a to-do that a care rule found
PUNCTUAL = timedelta(minutes=5)  # within it a reminder is on time, and nothing is called overdue


def show_list(context: Context, page: int = 0) -> Reply:
    """待办: what is pending, the longest overdue first; lists shown before go out of play."""
    older = retired(context, LIST, NEWER_BELOW)
    pending = order(todos.pending_of(context.unit, context.actor.userid), context.now)
    waiting = (*approving.waiting(context), *looking.waiting(context)) if page == 0 else ()
    if not pending:
        return (*(waiting or say(NOTHING)), *older)
    lines = [line_of(context, todo, context.now) for todo in pending]
    card = todo_card(lines, Seal(new_task_id(), 0), page=page)
    options = {str(number): [todo.todo_id, todo.revision] for number, todo in enumerate(pending, 1)}
    return (*waiting, show(card, subject=LIST, context={"options": options, "page": page}), *older)


def line_of(context: Context, todo: Todo, now: datetime) -> TodoLine:
    """A to-do as this person may read it now."""
    found = todo.source == CARE
    due = by_text(todo, now) if found and todo.state is TodoState.OPEN else due_text(todo, now)
    return TodoLine(todo.title, due, called(context, todo.customer_id), todo.overdue(now), found)


def next_page(context: Context) -> Reply:
    assert context.card is not None
    return show_list(context, int(context.card.context.get("page", 0)) + 1)


def done(context: Context) -> Reply:
    return (*finish(context, picked(context)), *show_list(context))


def finish(context: Context, todo: Todo) -> Reply:
    """Done, and said so."""
    end(context, todo, complete(todo, context.actor.userid), "todo.done")
    older = verdict.completed(context, todo) if todo.source == CARE else ()
    return (*older, *say(f"已完成：{line_of(context, todo, context.now).called}"))


def end(context: Context, before: Todo, after: Todo | Refused, event: str) -> None:
    """Nothing is left to remind of."""
    _change(context, before, after, event)
    timers.cancel(context.unit, subject=f"todo:{before.todo_id}", kind=visit.REMIND)


def later(context: Context) -> Reply:
    """稍后: a few moments as buttons, and any other can be written."""
    return put_off(context, picked(context))


def put_off(context: Context, todo: Todo) -> Reply:
    return (Begin("snooze", subject=f"todo:{todo.todo_id}", note=line_of(context, todo, context.now).said),)


def snooze_until(context: Context, conversation: Conversation) -> Reply:
    """The moment that was picked or written in the snooze form."""
    before = load(context, TodoId((conversation.subject or "").removeprefix("todo:")))
    until = due_at(conversation.answers["until"].value)
    after = snooze(before, context.actor.userid, until, context.now)
    put_off = _change(context, before, after, "todo.snoozed")
    visit.remind(context, put_off)
    line = line_of(context, put_off, context.now)
    return say(f"好的，{line.due} 再提醒您：{line.called}")


def show_customer(context: Context) -> Reply:
    """查客户 for the to-do that is picked."""
    todo = picked(context)
    if todo.customer_id is None:
        raise Refused("这件待办没有对应的客户。", reason="no customer")
    return customer.summary(context, todo.customer_id)


def remind(context: Context) -> Reply:
    """The timer of a to-do: told to its owner, with the buttons to act at once."""
    todo = todos.load(context.unit, TodoId(context.update.subject.removeprefix("todo:")))
    if todo is None or not todo.pending or todo.due_at is None:
        return ()
    if todo.customer_id and restrictions.holds(context.unit, todo.customer_id) is not None:
        return ()
    late = context.now - todo.due_at
    line = line_of(context, todo, context.now if late > PUNCTUAL else min(context.now, todo.due_at))
    card = todo_card([line], Seal(new_task_id(), 0), title="待办提醒")
    options = {"1": [todo.todo_id, todo.revision]}
    reminder = show(card, subject=LIST, context={"options": options, "page": 0})
    return (Say(reminder.message, lane=Lane.DEADLINE, subject=LIST, context=reminder.context),)


def present(context: Context, subject: str) -> Reply:
    """An old list shows how things stand now."""
    return (*say(PRESENT_LIST), *show_list(context))


def picked(context: Context) -> Todo:
    """The to-do chosen on the list card, as it was when the card was made."""
    assert context.card is not None
    number = context.update.answers.get(TODO_QUESTION, ())
    option = context.card.context.get("options", {}).get(number[0]) if len(number) == 1 else None
    if option is None:
        raise Refused(PICK_ONE, reason="nothing chosen")
    todo = load(context, TodoId(option[0]))
    if todo.revision != option[1]:
        raise Refused(CHANGED_MEANWHILE, reason="stale to-do")
    return todo


def load(context: Context, todo_id: TodoId) -> Todo:
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
