"""个人信息 <客户>: the request written down, its days counted, and somebody else asked to agree (PIPL 45)."""

import secrets
from dataclasses import replace
from datetime import timedelta

from domain.approval import Approval, Seat, Wish, about_customer
from domain.conversation import Conversation
from domain.daytext import day_text
from domain.ids import CustomerId, TodoId
from domain.limit import LimitKey
from domain.personal_data.request import RequestState, SubjectRequest
from domain.policy import Permission
from domain.refusal import Refused
from domain.todo import Todo
from handlers import former
from handlers.approval.asking import submit
from handlers.approval.family import Family
from handlers.context import Context
from handlers.personal_data.clock import arm
from handlers.reply import Reply, say
from storage import approvals, calendars, made_files, subject_requests, todos
from storage.made_files import FileState

FORM, KIND = "subject_request", "subject"
REASON = "客户要求查阅、复制个人信息（个人信息保护法第四十五条）"
WAITING = "这位客户的请求 {number} 已提交，在等另一位同事审批；答复期限 {due}。"
BEING_MADE = "这位客户的请求 {number} {state}；答复期限 {due}。"
REGISTERED = "已登记 {number}，{due}前答复客户。"
EFFECT = "现在起生成文件，做好后发给申请人"


def ask(context: Context) -> Reply:
    """个人信息 <客户>: the form asks who wants it, and how that was checked."""
    return (former.begin(context, FORM, context.argument.strip()),)


def save(context: Context, conversation: Conversation) -> Reply:
    """Registered, and for somebody else to agree. One that was sent back is asked for again under its own number: its
    days run on.
    """
    customer_id = CustomerId(str(conversation.answers["customer"].value))
    former.check(context, customer_id)
    before = next(iter(subject_requests.open_of(context.unit, customer_id)), None)
    if before is not None:
        _check(context, before)
    asked = _told(context, conversation, customer_id, before or _new(context, customer_id))
    if before is None:
        subject_requests.add(context.unit, asked)
        arm(context.unit, asked)
    elif not subject_requests.tell_again(context.unit, before, asked):
        raise Refused(_changed(before), reason="moved meanwhile")
    wish = Wish(about_customer(customer_id), REASON, (Seat(Permission.PERSON_ANSWER),), body=asked.number)
    due = day_text(asked.due_on, context.now.date())
    return (*say(REGISTERED.format(number=asked.number, due=due)), *submit(context, FAMILY, wish))


def _changed(before: SubjectRequest) -> str:
    return f"请求 {before.number} 刚刚有变化，请再发一次“个人信息”。"


def _check(context: Context, before: SubjectRequest) -> None:
    due = day_text(before.due_on, context.now.date())
    if approvals.waits_about(context.unit, about_customer(before.customer_id), (FAMILY.name,)):
        raise Refused(WAITING.format(number=before.number, due=due), reason="already asked")
    if before.state is RequestState.APPROVED and _is_wanted(context, before):
        raise Refused(BEING_MADE.format(number=before.number, state="正在生成文件", due=due), reason="being made")


def _is_wanted(context: Context, before: SubjectRequest) -> bool:
    """Still to be made: a file goes with its owner's post."""
    file = made_files.load(context.unit, before.file_id) if before.file_id else None
    return file is not None and file.state is FileState.WANTED


def _new(context: Context, customer_id: CustomerId) -> SubjectRequest:
    """Numbered, with its last day and a to-do for who registers it."""
    days = context.house.policy.limits[LimitKey.SUBJECT_DAYS].value
    due_on = calendars.calendar_of(context.unit, None).workday_after(context.now.date(), days)
    number = subject_requests.next_number(context.unit)
    todo_id = TodoId(secrets.token_hex(8))
    asked = SubjectRequest(
        number, customer_id, "", "", "", None, context.now, due_on, context.actor.userid, context.actor.post,
        todo_id=todo_id,
    )  # fmt: skip
    last_minute = asked.due_at - timedelta(minutes=1)
    todo = Todo(todo_id, asked.owner, None, f"答复个人信息请求 {number}", last_minute, source=KIND)
    todos.add(context.unit, todo, number)
    return asked


def _told(
    context: Context, conversation: Conversation, customer_id: CustomerId, asked: SubjectRequest
) -> SubjectRequest:
    """With what the form says; whoever asks now answers for it."""
    given = conversation.answers
    return replace(
        asked,
        customer_id=customer_id,
        asker=given["asker"].shown,
        identity=str(given["identity"].value),
        channel=given["channel"].shown,
        reference=str(given["reference"].value) if "reference" in given and given["reference"].value else None,
        owner=context.actor.userid,
        post=context.actor.post,
    )


def _lines(context: Context, asked: Approval) -> list[tuple[str, str]]:
    request = _of(context, asked)
    return [
        ("编号", request.number),
        ("谁要求", request.asker),
        ("身份核验", request.identity),
        ("渠道", request.channel),
        ("答复期限", day_text(request.due_on, context.now.date())),
    ]


def _agreed(context: Context, asked: Approval) -> Reply:
    """The file is wanted; it is made outside this unit."""
    request = _of(context, asked)
    file_id = made_files.want(context.unit, KIND, f"{KIND}:{request.number}", asked.requester, request.post)
    if not subject_requests.move(context.unit, request, RequestState.APPROVED, "approved", file_id=file_id):
        raise Refused(_changed(request), reason="moved meanwhile")
    return ()


def _of(context: Context, asked: Approval) -> SubjectRequest:
    request = subject_requests.load(context.unit, asked.wish.body)
    assert request is not None
    return request


FAMILY = Family(
    name=KIND,
    title=lambda context, asked, reader: f"个人信息副本 {former.titled(context, asked, reader)}",
    lines=_lines,
    agreed=_agreed,
    effect=lambda _context, _asked: EFFECT,
    unchanged="没有生成文件，答复期限不变",
)
