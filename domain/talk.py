"""The conversation machine: one pure function for each thing a person can do while a form is asked."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from domain.answer import LEFT_OUT, Rejected
from domain.conversation import Conversation, Status, Turn, find_field, present_step
from domain.flow import ask, at, complete, forward, moved
from domain.form import PAGE_KEY, Answer, Direction, Field, Form, Kind, kept, visible
from domain.given import Chosen, Given, Picture, Place, Text
from domain.ids import ConversationId, UserId
from domain.moment_value import due_at
from domain.normalise import normalise
from domain.pause import CLOSED, closed
from domain.reception import Received, receive
from domain.steps import Widget, place_of, plan

FIRST_STEP = "已经是第一步了。"
ASK_CONFIRM = "请回“保存”；要改，发“改”加要改的那一项；不要了，发“取消”。"
UNFINISHED = "还没有填完，请先回答这一项。"
PASSED = "这个时间已经过去了，请重新填。"
GONE = "这一份放得太久，已经不能接着填了，请重新开始。"
_TURNS = {"下一页": 1, "上一页": -1}


def begin(
    form: Form,
    *,
    id: ConversationId,
    person: UserId,
    now: datetime,
    pack_version: int = 1,
    known: Mapping[str, Answer] | None = None,
    subject: str | None = None,
    brief: bool = False,
) -> Turn:
    """Start asking; what is `known` is not asked again. `subject` names what the form is about (a to-do, a case)."""
    conv = Conversation(
        id=id,
        person=person,
        form=form.key,
        pack_version=pack_version,
        subject=subject,
        answers=kept(form, known or {}),
        brief=brief,
        revision=0,
        started_at=now,
        touched_at=now,
        expires_at=now + timedelta(minutes=form.idle_minutes),
    )
    return forward(form, conv, now)


def answer(form: Form, conv: Conversation, given: Mapping[str, Given] | Given, now: datetime) -> Turn:
    """Take an answer to what is asked. A wrong one asks again with the reason and keeps the rest."""
    if over := closed(conv, now):
        return over
    page = _page(form, conv, given)
    if page is not None:
        return ask(form, moved(form, conv, now, page=page))
    if field := _elsewhere(form, conv, given):
        return _aside(form, conv, receive([field], given, conv.answers, now), now)
    if not conv.asked:
        return ask(form, moved(form, conv, now), problems=(Rejected(ASK_CONFIRM),))
    fields = [form.field(key) for key in conv.asked]
    return _settle(form, conv, receive(fields, given, conv.answers, now), now)


def ask_again(form: Form, conv: Conversation, key: str, reason: str, now: datetime) -> Turn:
    """What was answered there turned out not to fit when the form was through: that one again, the rest stays."""
    return ask(form, at(form, conv, now, Status.EDITING, (key,)), problems=(Rejected(reason, key),))


def lookup_failed(form: Form, conv: Conversation, reason: str, now: datetime) -> Turn:
    """The search found nobody: ask for the customer again."""
    if over := closed(conv, now):
        return over
    return ask(form, moved(form, conv, now, lookup=None), problems=(Rejected(reason, next(iter(conv.asked), "")),))


def back(form: Form, conv: Conversation, now: datetime) -> Turn:
    """上一步: the step before, with what was answered there; out of an edit, the confirmation."""
    if over := closed(conv, now):
        return over
    if conv.status is Status.EDITING:
        return forward(form, conv, now)
    planned = plan(form, conv.answers)
    place = place_of(conv.asked, planned)
    if place == 0:
        return ask(form, moved(form, conv, now), note=FIRST_STEP)
    before = planned[-1 if place is None else place - 1]
    return ask(form, at(form, conv, now, Status.ASKING, tuple(field.key for field in before)))


def restart(form: Form, conv: Conversation, now: datetime) -> Turn:
    """重来: the same form from its first question, with nothing filled in."""
    return closed(conv, now) or forward(form, conv, now, answers={}, brief=False)


def edit(form: Form, conv: Conversation, name: str, now: datetime) -> Turn:
    """改: ask one field again, named by key, label or row number. Photos are collected anew."""
    if over := closed(conv, now):
        return over
    field = find_field(form, conv, name)
    if field is None:
        return ask(form, moved(form, conv, now), problems=(_no_such_field(form, conv, name),))
    fresh = _without_photos(conv, field)
    return ask(form, at(form, conv, now, Status.EDITING, (field.key,), answers=fresh))


def confirm(form: Form, conv: Conversation, now: datetime) -> Turn:
    """保存: done, unless something is still open or a promised moment has gone by meanwhile."""
    if over := closed(conv, now):
        return over
    if conv.asked:
        return ask(form, moved(form, conv, now), problems=(Rejected(UNFINISHED, conv.asked[0]),))
    for field in visible(form, conv.answers):
        if _passed(field, conv, now):
            again = at(form, conv, now, Status.EDITING, (field.key,))
            return ask(form, again, problems=(Rejected(PASSED, field.key),))
    return complete(form, conv, now)


def resume(form: Form, conv: Conversation, now: datetime) -> Turn:
    """继续: take up what was parked or has expired; in a live talk, go on or show the question again."""
    if conv.status in (Status.DONE, Status.CANCELLED):
        return Turn(conv, note=CLOSED[conv.status])
    if not conv.resumable(now):
        return Turn(conv, note=GONE)
    if conv.live and all(key in conv.answers for key in conv.asked):
        return forward(form, conv, now)
    status = conv.status if conv.live else Status.ASKING if conv.asked else Status.CONFIRMING
    return ask(form, moved(form, conv, now, status=status))


def _no_such_field(form: Form, conv: Conversation, name: str) -> Rejected:
    labels = [field.label for field in visible(form, conv.answers)]
    said = f"没有叫“{name.strip()[:12]}”的一项。" if name.strip() else ""
    return Rejected(f"{said}可以改：{'、'.join(labels)}。例如发“改 {labels[0]}”。")


def _settle(form: Form, conv: Conversation, received: Received, now: datetime) -> Turn:
    """Keep what is good; stay where something is missing, else go on."""
    answers = kept(form, {**conv.answers, **received.answers})
    wrong = {problem.field for problem in received.problems}
    left = tuple(key for key in conv.asked if key in wrong or key not in answers)
    if received.lookup is not None:
        return Turn(moved(form, conv, now, answers=answers, lookup=received.lookup))
    if received.room:
        return ask(form, moved(form, conv, now, answers=answers), note=_room_note(received))
    if left:
        return ask(form, moved(form, conv, now, answers=answers, asked=left, lookup=None), problems=received.problems)
    return forward(form, conv, now, answers=answers)


def _elsewhere(form: Form, conv: Conversation, given: Mapping[str, Given] | Given) -> Field | None:
    """A photo or a place may come at any moment: the field it belongs to, if that is not the one asked."""
    kind = Kind.PHOTO if isinstance(given, Picture) else Kind.LOCATION if isinstance(given, Place) else None
    homes = [field for field in visible(form, conv.answers) if field.type is kind]
    return next(iter(homes), None) if not any(field.key in conv.asked for field in homes) else None


def _aside(form: Form, conv: Conversation, received: Received, now: datetime) -> Turn:
    after = moved(form, conv, now, answers=kept(form, {**conv.answers, **received.answers}))
    note = None if received.problems else f"收到{'、'.join(each.shown for each in received.answers.values())}。"
    return ask(form, after, note=note, problems=received.problems)


def _room_note(received: Received) -> str:
    shown = "".join(each.shown for each in received.answers.values())
    return f"收到{shown}，还可以再发 {received.room} 张；发“完成”继续。"


def _page(form: Form, conv: Conversation, given: Mapping[str, Given] | Given) -> int | None:
    """The page somebody turns to, on a card or in words; None when this is no turning."""
    if not conv.asked or present_step(form, conv).widget is not Widget.PAGED:
        return None
    one = given.get(conv.asked[0]) if isinstance(given, Mapping) else given
    if isinstance(one, Chosen) and one.keys and one.keys[0].startswith(PAGE_KEY):
        number = one.keys[0].removeprefix(PAGE_KEY)
        return int(number) if number.isdecimal() else 0
    turn = _TURNS.get(normalise(one.text)) if isinstance(one, Text) else None
    return None if turn is None else (conv.page + turn) % present_step(form, conv).pages


def _passed(field: Field, conv: Conversation, now: datetime) -> bool:
    given = conv.answers.get(field.key)
    if field.type is not Kind.MOMENT or field.direction is not Direction.FUTURE or given is None:
        return False
    return given.value is not None and due_at(given.value) <= now


def _without_photos(conv: Conversation, field: Field) -> Mapping[str, Answer]:
    if field.type is not Kind.PHOTO:
        return conv.answers
    others = {key: each for key, each in conv.answers.items() if key != field.key}
    return others if field.required else {**others, field.key: LEFT_OUT}
