"""A visit or call an RM logs: what it changes, and when it may be taken back."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.form import Answer
from domain.given import Place
from domain.ids import CustomerId, TodoId, UserId, VisitId
from domain.moment_value import due_at
from domain.refusal import Refused
from domain.todo import Todo, cancel

REACHED = "reached"
"""The option of the field `result` that says the customer was spoken to."""

UNDO_WINDOW = timedelta(minutes=10)
_OLDEST = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class FollowUp:
    """The promise to come back, and in the RM's words what for."""

    due_at: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class Visit:
    """What the RM answered; `kind` is a word of the form (电话, 上门…). An unreached customer's silence goes on."""

    customer_id: CustomerId
    kind: str
    reached: bool
    at: datetime
    note: str = ""
    photos: tuple[str, ...] = ()
    place: Place | None = None
    follow_up: FollowUp | None = None


@dataclass(frozen=True, slots=True)
class Interaction:
    """The row of interactions.csv that a visit becomes."""

    customer_id: CustomerId
    at: datetime
    channel: str
    direction: str
    kind: str
    by: UserId
    summary: str
    reached: bool


@dataclass(frozen=True, slots=True)
class LoggedVisit:
    """A visit in the books. `todo_id` is the follow-up's; `undone_at` is set once it has been taken back."""

    visit_id: VisitId
    visit: Visit
    by: UserId
    logged_at: datetime
    todo_id: TodoId | None = None
    undone_at: datetime | None = None
    revision: int = 1

    @property
    def undo_until(self) -> datetime:
        return self.logged_at + UNDO_WINDOW


@dataclass(frozen=True, slots=True)
class Logged:
    """All that logging a visit changes."""

    visit: LoggedVisit
    interaction: Interaction
    todo: Todo | None
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undone:
    """All that taking it back changes; the interaction no longer counts."""

    visit: LoggedVisit
    todo: Todo | None
    events: tuple[str, ...]


def visit_from(answers: Mapping[str, Answer], now: datetime) -> Visit:
    """A visit from the completed form of the pack: customer, kind, result, notes, photo, location, follow_up."""
    given = {key: answer for key, answer in answers.items() if answer.value is not None}
    return Visit(
        customer_id=CustomerId(str(given["customer"].value)),
        kind=given["kind"].shown,
        reached=REACHED in given["result"].keys,
        at=now,
        note=given["notes"].shown if "notes" in given else "",
        photos=given["photo"].keys if "photo" in given else (),
        place=_place(given.get("location")),
        follow_up=FollowUp(due_at(given["follow_up"].value)) if "follow_up" in given else None,
    )


def _place(answer: Answer | None) -> Place | None:
    if answer is None or not isinstance(answer.value, dict):
        return None
    where = answer.value
    return Place(float(str(where["lat"])), float(str(where["lng"])), str(where["label"]))


def follow_up_title(kind: str) -> str:
    """The title of the to-do; the RM's own note stays with the visit and is not repeated in lists."""
    return f"回访客户（上次{kind}）"


def interaction_of(visit: Visit, by: UserId) -> Interaction:
    """A customer who was reached spoke too: both directions; an attempt goes out only."""
    return Interaction(
        customer_id=visit.customer_id,
        at=visit.at,
        channel=visit.kind,
        direction="both" if visit.reached else "out",
        kind="拜访",
        by=by,
        summary=visit.note,
        reached=visit.reached,
    )


def _refusal(visit: Visit, now: datetime) -> Refused | None:
    if visit.at > now:
        return Refused("拜访时间还没到，请填已经发生的时间；将来的安排请用「回访时间」。")
    if visit.at < now - _OLDEST:
        return Refused("只能补记 30 天以内的拜访，更早的请联系主管补录。")
    if visit.follow_up is not None and visit.follow_up.due_at <= now:
        return Refused("回访时间已经过去，请填一个将来的时间，比如「明天上午十点」。")
    return None


def log_visit(visit: Visit, by: UserId, visit_id: VisitId, todo_id: TodoId, now: datetime) -> Logged | Refused:
    """Book a visit; `todo_id` is used only when there is a follow-up."""
    if refusal := _refusal(visit, now):
        return refusal
    todo = None
    if visit.follow_up is not None:
        todo = Todo(todo_id, by, visit.customer_id, follow_up_title(visit.kind), visit.follow_up.due_at)
    booked = LoggedVisit(visit_id, visit, by, now, todo.todo_id if todo else None)
    return Logged(booked, interaction_of(visit, by), todo, ("visit.logged", *(("todo.created",) if todo else ())))


def can_undo(visit: LoggedVisit, actor: UserId, now: datetime) -> Refused | None:
    """None when the actor may still take it back: their own entry, once, within ten minutes."""
    if visit.by != actor:
        return Refused("只能撤销自己登记的拜访。")
    if visit.undone_at is not None:
        return Refused("这条拜访已经撤销过了。要撤销别的，请点那一条的“撤销”。")
    if now > visit.undo_until:
        return Refused("登记已超过 10 分钟，不能直接撤销。如需更正，请联系主管办理冲正。")
    return None


def undo(visit: LoggedVisit, todo: Todo | None, actor: UserId, now: datetime) -> Undone | Refused:
    """Take a visit back, and with it the follow-up while that is still pending."""
    if refusal := can_undo(visit, actor, now):
        return refusal
    cancelled = cancel(todo) if todo is not None and todo.pending else None
    undone = replace(visit, undone_at=now, revision=visit.revision + 1)
    return Undone(undone, cancelled, ("visit.undone", *(("todo.cancelled",) if cancelled else ())))
