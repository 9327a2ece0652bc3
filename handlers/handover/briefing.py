"""The successor's briefing: every customer taken over, and of each what was last said, promised, and is still due."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from cards.handover import CUSTOMER_QUESTION, PAGE_SIZE, book_card
from cards.key import Seal
from cards.message import CardMessage
from domain.daytext import moment_text
from domain.handover import Handover, State, TeamSeat
from domain.ids import CustomerId, UserId
from domain.refusal import Refused
from domain.staff import Staff
from domain.summary import show, summarise
from domain.todo import due_text
from handlers import customer
from handlers.called import name_and_number
from handlers.case.moving import version_of
from handlers.case.seeing import sight_of
from handlers.context import Context
from handlers.reply import Reply, Say, new_task_id, say
from handlers.retiring import retired
from handlers.rights import audience
from storage import case_lists, directory, handovers, todos, visits
from storage.outbox import Lane

SUBJECT = "book:"
SURFACE = "wecom.briefing"
TITLE = "已接手 {name} 的客户"
PICK_ONE = "请先在下拉里选一位客户，再点“看交接说明”。"
NO_LONGER = "已不在您名下"
OVER = "这次移交已经撤回，这些客户不再归您。"
WAITING_FORM = "有没填完的登记随同移交，发“继续”接着填。"
NEWER_BELOW = "请看最新的一张"


def digest(context: Context, handover: Handover, book: Sequence[CustomerId]) -> Reply:
    """The list of the customers taken over, for who takes them over; nothing where only work moved."""
    successor = directory.member(context.unit, handover.successor)
    return (_book(context, handover, book, successor, 0),) if book and successor else ()


def _book(context: Context, handover: Handover, book: Sequence[CustomerId], reader: Staff, page: int) -> Say:
    """One page; names and next steps are read for this page alone."""
    page %= -(-len(book) // PAGE_SIZE)
    first = page * PAGE_SIZE
    theirs = replace(context, actor=reader)
    shown = enumerate(book[first : first + PAGE_SIZE], first + 1)
    here = [(at, *_row(theirs, reader.userid, each)) for at, each in shown]
    leaver = directory.names(context.unit, [handover.leaver])[handover.leaver]
    note = WAITING_FORM if handover.counts.get("没填完") else ""
    card = book_card(TITLE.format(name=leaver), here, len(book), Seal(new_task_id(), 0), page=page, note=note)
    lane = Lane.INTERACTIVE if reader.userid == context.actor.userid else Lane.DEADLINE
    held = {"options": {str(number): each for number, each in enumerate(book, 1)}, "page": page}
    subject = f"{SUBJECT}{handover.handover_id}"
    return Say(CardMessage(card=card), to=reader.userid, lane=lane, subject=subject, context=held)


def _row(theirs: Context, owner: UserId, customer_id: CustomerId) -> tuple[str, str]:
    """Who it is, and with the number what is next."""
    name, number = name_and_number(theirs, customer_id)
    return name or NO_LONGER, f"{number} {_next(theirs, owner, customer_id)}".strip()


def _next(context: Context, owner: UserId, customer_id: CustomerId) -> str:
    """The nearest thing to be done."""
    pending = todos.pending_about(context.unit, owner, customer_id)
    return f"{due_text(pending[0], context.now)} {pending[0].title}" if pending else ""


def next_page(context: Context) -> Reply:
    assert context.card is not None
    handover, book = _opened(context)
    return (_book(context, handover, book, context.actor, int(context.card.context["page"]) + 1),)


def brief(context: Context) -> Reply:
    """看交接说明: one customer in words, and the list again so that one can go on."""
    assert context.card is not None
    handover, book = _opened(context)
    picked = context.update.answers.get(CUSTOMER_QUESTION, ())
    customer_id = context.card.context["options"].get(picked[0]) if len(picked) == 1 else None
    if customer_id is None:
        raise Refused(PICK_ONE, reason="nothing chosen")
    text = "\n".join(_words(context, handover, CustomerId(customer_id)))
    return (*say(text), _book(context, handover, book, context.actor, int(context.card.context["page"])))


def _opened(context: Context) -> tuple[Handover, list[CustomerId]]:
    assert context.card is not None
    handover = handovers.load(context.unit, context.card.subject.removeprefix(SUBJECT))
    if handover is None or handover.state is not State.AGREED:
        raise Refused(OVER, reason="handover taken back")
    return handover, [CustomerId(each) for each in context.card.context["options"].values()]


def _words(context: Context, handover: Handover, customer_id: CustomerId) -> Iterator[str]:
    """What the successor should know before the first call, by the sharing policy."""
    opened = customer.opened(context, customer_id, SURFACE)
    summary = summarise(opened.facts, context.now.date(), context.house.limits)
    shown = show(summary, audience(context, opened.relation))
    yield f"交接说明：{shown.title}"
    yield from (f"{line.label}：{line.text}" for line in shown.lines)
    if roles := [seat.role for seat in _seats(context, handover) if seat.customer_id == customer_id]:
        names = directory.names(context.unit, [handover.leaver])
        yield f"服务团队：您接替{names[handover.leaver]}的{'、'.join(roles)}"
    yield f"上次约定：{_promise(context, customer_id)}"
    pending = todos.pending_about(context.unit, context.actor.userid, customer_id)
    yield from (f"待办：{due_text(each, context.now)} {each.title}" for each in pending)
    for each in case_lists.of_customers(context.unit, sight_of(context), [customer_id]):
        if not each.closed:
            label = version_of(context, each.process, each.version).states[each.state].label
            yield f"案件：{each.case_id} {label}"
    if shown.action:
        yield f"建议：{shown.action}"


def _seats(context: Context, handover: Handover) -> list[TeamSeat]:
    items = handovers.items(context.unit, handover.handover_id)
    return [TeamSeat.of(item.thing) for item in items if item.kind == handovers.SEAT]


def _promise(context: Context, customer_id: CustomerId) -> str:
    """The last follow-up that was promised, whoever promised it, and what became of it."""
    found = visits.last_promise(context.unit, customer_id)
    todo = todos.load(context.unit, found[1]) if found else None
    if found is None or todo is None:
        return "没有约定的回访"
    at = moment_text(found[0], context.now)
    due = moment_text(todo.due_at, context.now) if todo.due_at else "不限时间"
    return f"{at} 约定 {due} {todo.title}（{'还没办' if todo.pending else '已办完或取消'}）"


def present(context: Context, subject: str) -> Reply:
    """An old list shows the customers as they are now."""
    handover = handovers.load(context.unit, subject.removeprefix(SUBJECT))
    if handover is None or handover.state is not State.AGREED or handover.successor != context.actor.userid:
        raise Refused(OVER, reason="handover taken back")
    kept = [
        CustomerId(item.thing)
        for item in handovers.items(context.unit, handover.handover_id)
        if item.kind == handovers.CUSTOMER
    ]
    served = [seat.customer_id for seat in _seats(context, handover)]
    older = retired(context, subject, NEWER_BELOW)
    return (*older, *digest(context, handover, list(dict.fromkeys([*kept, *served]))))
