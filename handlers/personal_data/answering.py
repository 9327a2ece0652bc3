"""A request reminded of, escalated when late, and at last answered."""

from domain.ids import UserId
from domain.personal_data.request import RequestState, SubjectRequest
from domain.policy import Permission
from domain.refusal import Refused
from domain.todo import cancel
from handlers.context import Context
from handlers.personal_data.clock import REMIND, SUBJECT, arm
from handlers.personal_data.telling import LATE, SOON, card, in_words
from handlers.reply import Reply, say
from handlers.retiring import retired_everywhere
from handlers.rights import entitled
from handlers.speaking import final_face
from storage import directory, subject_requests, timers, todos
from storage.outbox import Lane

UNKNOWN = "没有找到这份请求。"
DONE = "已答复"
THANKS = "已记下：{number} 答复客户了。"
ESCALATED = "同岗同事和上级都已收到。"


def remind(context: Context) -> Reply:
    """The timer: ahead of the end to who answers; from the end on to all who may, and to the superior."""
    asked = subject_requests.load(context.unit, context.update.subject.removeprefix(SUBJECT))
    if asked is None or not asked.is_open:
        return ()
    arm(context.unit, asked)
    if context.now < asked.due_at:
        return tuple(card(context.unit, context.house, asked.number, SOON, each) for each in _owner(context, asked))
    about = [asked.customer_id]
    context.unit.audit("subject.late", f"customer:{asked.customer_id}", {"request": asked.number}, about)
    everybody = [each.userid for each in entitled(context, Permission.PERSON_ANSWER)]
    words = f"{in_words(context.unit, asked)}已过期限，{ESCALATED}"
    told = [part for each in _superior(context, asked) for part in say(words, to=each, lane=Lane.DEADLINE)]
    return (*(card(context.unit, context.house, asked.number, LATE, each) for each in everybody), *told)


def _owner(context: Context, asked: SubjectRequest) -> list[UserId]:
    """Who answers for it; everybody who may, once that one no longer does."""
    everybody = [each.userid for each in entitled(context, Permission.PERSON_ANSWER)]
    return [asked.owner] if asked.owner in everybody else everybody


def _superior(context: Context, asked: SubjectRequest) -> list[UserId]:
    """The nearest one at work."""
    owner = directory.member(context.unit, asked.owner)
    above = directory.superiors(context.unit, owner) if owner is not None else []
    return [each.userid for each in above if each.active][:1]


def answered(context: Context) -> Reply:
    """已答复客户: the days stop, the to-do goes, and every copy of the card turns grey."""
    assert context.card is not None
    asked = _load(context, context.card.subject)
    if not asked.is_open:
        return (final_face(context.card, context.update, DONE), *say(in_words(context.unit, asked)))
    values = {"answered_by": context.actor.userid, "answered_at": context.now}
    if not subject_requests.move(context.unit, asked, RequestState.ANSWERED, "answered", **values):
        raise Refused(UNKNOWN, reason="moved meanwhile")
    timers.cancel(context.unit, subject=SUBJECT + asked.number, kind=REMIND)
    todo = todos.load(context.unit, asked.todo_id) if asked.todo_id else None
    if todo is not None and todo.pending:
        todos.change(context.unit, todo, cancel(todo), "todo.cancelled")
    grey = final_face(context.card, context.update, DONE)
    others = retired_everywhere(context, SUBJECT + asked.number, DONE)
    return (grey, *say(THANKS.format(number=asked.number)), *others)


def present(context: Context, subject: str) -> Reply:
    """How it stands now, where an old card was clicked."""
    asked = _load(context, subject)
    if not asked.is_open:
        return say(in_words(context.unit, asked))
    return (card(context.unit, context.house, asked.number, SOON, context.actor.userid),)


def _load(context: Context, subject: str) -> SubjectRequest:
    asked = subject_requests.load(context.unit, subject.removeprefix(SUBJECT))
    if asked is None:
        raise Refused(UNKNOWN, reason="unknown request")
    return asked
