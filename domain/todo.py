"""A to-do: what someone has promised for a customer, until it is done, moved or cancelled."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from domain.daytext import moment_text, overdue_text
from domain.ids import CustomerId, TodoId, UserId
from domain.refusal import Refused

_FURTHEST = timedelta(days=90)
_MORNING = 9


class TodoState(StrEnum):
    OPEN = "open"
    SNOOZED = "snoozed"
    DONE = "done"
    CANCELLED = "cancelled"


_STATE_WORDS = {TodoState.DONE: "已经完成", TodoState.CANCELLED: "已经取消"}


@dataclass(frozen=True, slots=True)
class Todo:
    """`title` holds no customer data; the customer is named beside it through the redaction. No `due_at`: some day.
    `position` orders what was made at one moment.
    """

    todo_id: TodoId
    owner: UserId
    customer_id: CustomerId | None
    title: str
    due_at: datetime | None
    state: TodoState = TodoState.OPEN
    revision: int = 1
    source: str = "visit"
    position: int = 0

    @property
    def pending(self) -> bool:
        return self.state in (TodoState.OPEN, TodoState.SNOOZED)

    def overdue(self, now: datetime) -> bool:
        return self.pending and self.due_at is not None and self.due_at < now


def due_today(todo: Todo, now: datetime) -> bool:
    """Still to come, and before midnight."""
    due = todo.due_at
    return todo.pending and due is not None and now <= due and due.astimezone(now.tzinfo).date() == now.date()


def order(todos: Iterable[Todo], now: datetime) -> tuple[Todo, ...]:
    """What is pending: the longest overdue first, then by due moment, those without one last; else as they come."""
    pending = [todo for todo in todos if todo.pending]
    return tuple(sorted(pending, key=lambda todo: (todo.due_at is None, todo.due_at or now)))


def due_text(todo: Todo, now: datetime) -> str:
    """逾期2天, 今天 15:00, 12月2日, 不限时间."""
    if todo.due_at is None:
        return "不限时间"
    return overdue_text(todo.due_at, now) if todo.overdue(now) else moment_text(todo.due_at, now)


def by_text(todo: Todo, now: datetime) -> str:
    """Of what may be done earlier: 逾期2天, 今天内, 明天内, 今天 15:00前, 12月2日前, 不限时间."""
    due = due_text(todo, now)
    if todo.due_at is None or todo.overdue(now):
        return due
    return f"{due}内" if due.endswith("天") else f"{due}前"


def remind_at(due: datetime, now: datetime) -> datetime:
    """When to speak up: at the minute that was said; for a whole day (its last minute) at nine in the morning, or on
    that very day an hour from now."""
    local = due.astimezone(now.tzinfo)
    if (local.hour, local.minute) != (23, 59):
        return due
    return max(local.replace(hour=_MORNING, minute=0), min(due, now + timedelta(hours=1)))


def _refusal(todo: Todo, actor: UserId) -> Refused | None:
    if todo.owner != actor:
        return Refused("这件待办不在您名下，请由负责人处理。")
    if not todo.pending:
        return Refused(f"这件待办{_STATE_WORDS[todo.state]}，不用再处理。回复「待办」查看其余的。")
    return None


def complete(todo: Todo, actor: UserId) -> Todo | Refused:
    """Done, by its owner, once."""
    return _refusal(todo, actor) or replace(todo, state=TodoState.DONE, revision=todo.revision + 1)


def snooze(todo: Todo, actor: UserId, until: datetime, now: datetime) -> Todo | Refused:
    """Put off to a later moment, at most ninety days ahead."""
    if refusal := _refusal(todo, actor):
        return refusal
    if until <= now:
        return Refused("推迟到的时间已经过去，请选一个将来的时间。")
    if until > now + _FURTHEST:
        return Refused("最多推迟 90 天，请选一个近一些的时间。")
    return replace(todo, state=TodoState.SNOOZED, due_at=until, revision=todo.revision + 1)


def cancel(todo: Todo) -> Todo:
    """Taken back with what it came from; one that is no longer pending stays as it is."""
    return replace(todo, state=TodoState.CANCELLED, revision=todo.revision + 1) if todo.pending else todo
