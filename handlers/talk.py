"""A form being filled in: every word, choice, photo and place goes through one small set of moves (domain.talk)."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import replace

from cards.form import FIELD_QUESTION, ask_card, picked
from cards.key import Seal
from domain import pause, talk
from domain.conversation import Conversation, Turn, needs_lookup
from domain.flow import ask
from domain.form import Form, Kind
from domain.given import Chosen, Given, Picture, Place, Skip, Text
from domain.ids import ConversationId, CustomerId
from domain.normalise import normalise
from domain.refusal import Refused
from domain.update import UpdateKind
from handlers import customer, todo, visit
from handlers.context import Context
from handlers.reply import Begin, Reply, Retire, new_task_id, say, show
from storage import card_rows, conversations, timers
from storage.customers import NOT_FOUND

EXPIRY = "talk.expire"
NEW_FORM = "表单刚刚更新了，之前填到一半的那份请重新填。"
ANSWERED, CANCELLED, PUT_AWAY = "已回答", "已取消", "已收起"
_COMPLETIONS: Mapping[str, Callable[[Context, Conversation], Reply]] = {
    "customer.query": customer.asked_for,
    "visit.log": visit.save,
    "todo.snooze": todo.snooze_until,
}


def begin(context: Context, wish: Begin) -> Reply:
    """Start a form with what is already known; one that is open is put aside first."""
    notes: tuple[str, ...] = ()
    if context.talk is not None:
        notes = put_aside(context, context.talk).notes
    form = context.house.pack.form(wish.form)
    turn = talk.begin(
        form,
        id=ConversationId(secrets.token_hex(8)),
        person=context.actor.userid,
        now=context.now,
        pack_version=context.house.pack.version,
        known=wish.known,
        subject=wish.subject,
        brief=len(wish.known) > 1,
    )
    asked = _name_customer(context, form, turn.conversation, wish.named) if wish.named else proceed(context, form, turn)
    return (*(part for note in notes for part in say(note)), *asked)


def proceed(context: Context, form: Form, turn: Turn) -> Reply:
    """Keep where the talk stands, ask on, look somebody up or finish; older cards of the talk go out of play."""
    older = _older_cards(context, turn.conversation)
    return (*_next(context, form, turn), *older)


def _next(context: Context, form: Form, turn: Turn) -> Reply:
    conversation = turn.conversation
    _keep(context, conversation)
    if turn.completed is not None:
        return _COMPLETIONS[form.verb](context, conversation)
    lookup = needs_lookup(form, conversation)
    if lookup is not None:
        return _look_up(context, form, conversation, lookup.text)
    if turn.ask is None:
        return say(turn.note) if turn.note else ()
    task_id = new_task_id()
    card = ask_card(turn.ask, Seal(task_id, conversation.revision), turn.problems, turn.note)
    return (show(card, subject=f"talk:{conversation.id}", revision=conversation.revision),)


def _older_cards(context: Context, conversation: Conversation, said: str = ANSWERED) -> Reply:
    """The cards that asked before and were answered in words, or not at all."""
    clicked = context.card.task_id if context.card else None
    taken = card_rows.take_live_codes(context.unit, f"talk:{conversation.id}", except_task=clicked)
    return tuple(Retire(card, code, said) for card, code in taken if code is not None)


def _keep(context: Context, conversation: Conversation) -> None:
    conversations.save(context.unit, conversation)
    subject = f"talk:{conversation.id}"
    if conversation.live:
        timers.arm(
            context.unit, subject=subject, kind=EXPIRY, person=conversation.person, due_at=conversation.expires_at
        )
    else:
        timers.cancel(context.unit, subject=subject, kind=EXPIRY)


def _name_customer(context: Context, form: Form, conversation: Conversation, name: str) -> Reply:
    """A customer mentioned on the line is an answer to the customer question, whichever question is open."""
    field = next(field for field in form.fields if field.type is Kind.CUSTOMER)
    asked = conversation.model_copy(update={"asked": (field.key,)})
    return proceed(context, form, talk.answer(form, asked, Text(name), context.now))


def _look_up(context: Context, form: Form, conversation: Conversation, text: str) -> Reply:
    hits = customer.find(context, text)
    if not hits:
        return proceed(context, form, talk.lookup_failed(form, conversation, NOT_FOUND, context.now))
    if len(hits) == 1:
        return _picked(context, form, conversation, hits[0].customer_id)
    subject, revision = f"talk:{conversation.id}", conversation.revision
    return (customer.choice(context, hits, subject=subject, revision=revision, verb="form.choose"),)


def _picked(context: Context, form: Form, conversation: Conversation, customer_id: CustomerId) -> Reply:
    picked_customer = customer.named(context, customer_id)
    return proceed(context, form, talk.answer(form, conversation, picked_customer, context.now))


# --- what a person can do ------------------------------------------------------------------------------------------


def answer(context: Context) -> Reply:
    """Words, a photo, a place, or what was chosen on the card."""
    form, conversation = _open(context)
    number = _typed_choice(context, conversation)
    if number is not None:
        return _picked(context, form, conversation, number)
    return proceed(context, form, talk.answer(form, conversation, _given(context), context.now))


def _typed_choice(context: Context, conversation: Conversation) -> CustomerId | None:
    """`2` typed while a choice among customers is open is the second of them."""
    text = normalise(context.update.text)
    if conversation.lookup is None or not text.isdecimal() or len(text) > 2:
        return None
    card = card_rows.latest_live(context.unit, context.actor.userid, f"talk:{conversation.id}")
    option = card.context.get("options", {}).get(text) if card else None
    return None if option is None else CustomerId(option)


def choose(context: Context) -> Reply:
    """One of several customers was picked on the card."""
    form, conversation = _open(context)
    return _picked(context, form, conversation, customer.chosen(context))


def press(context: Context) -> Reply:
    """A quick answer as a button."""
    form, conversation = _open(context)
    word = picked(context.update.verb)
    given: Given = Chosen((word,)) if word is not None else Skip()
    return proceed(context, form, talk.answer(form, conversation, given, context.now))


def skip(context: Context) -> Reply:
    form, conversation = _open(context)
    return proceed(context, form, talk.answer(form, conversation, Skip(), context.now))


def back(context: Context) -> Reply:
    form, conversation = _open(context)
    return proceed(context, form, talk.back(form, conversation, context.now))


def restart(context: Context) -> Reply:
    form, conversation = _open(context)
    note = context.house.pack.texts.fill("restarted", title=form.title)
    return proceed(context, form, _with_note(talk.restart(form, conversation, context.now), note))


def confirm(context: Context) -> Reply:
    form, conversation = _open(context)
    return proceed(context, form, talk.confirm(form, conversation, context.now))


def edit(context: Context) -> Reply:
    """改 <哪一项> in words, or picked in the confirmation's drop-down."""
    form, conversation = _open(context)
    field = next(iter(context.update.answers.get(FIELD_QUESTION, ())), context.argument)
    return proceed(context, form, talk.edit(form, conversation, field, context.now))


def cancel(context: Context) -> Reply:
    form, conversation = _open(context)
    _keep(context, pause.cancel(conversation, context.now).conversation)
    return (
        *say(context.house.pack.texts.fill("cancelled", title=form.title)),
        *_older_cards(context, conversation, CANCELLED),
    )


def resume(context: Context) -> Reply:
    """继续: the open one asks again; else the one put aside or expired last comes back."""
    waiting = conversations.waiting(context.unit, context.actor.userid, context.house.pack.version)
    conversation = context.talk or next(iter(waiting), None)
    if conversation is None:
        raise Refused(context.house.pack.texts.nothing_open, reason="nothing to resume")
    form = context.house.pack.form(conversation.form)
    turn = talk.resume(form, conversation, context.now)
    return proceed(context, form, _with_note(turn, context.house.pack.texts.fill("resumed", title=form.title)))


def expire(context: Context) -> Reply:
    """The timer of an idle talk: put away, and the person is told how to get it back."""
    conversation = conversations.load(context.unit, ConversationId(context.update.subject.removeprefix("talk:")))
    if conversation is None or not conversation.overdue(context.now) or _outdated(context, conversation):
        return ()
    _keep(context, pause.expire(conversation, context.now).conversation)
    form = context.house.pack.form(conversation.form)
    return (
        *say(context.house.pack.texts.fill("expired", title=form.title)),
        *_older_cards(context, conversation, PUT_AWAY),
    )


def put_aside(context: Context, conversation: Conversation) -> Context:
    """A new command while a form is open: park the form and say so first."""
    _keep(context, pause.park(conversation, context.now).conversation)
    title = context.house.pack.form(conversation.form).title
    note = context.house.pack.texts.fill("parked", title=title)
    return replace(context, talk=None, notes=(*context.notes, note))


def drop(context: Context, conversation: Conversation) -> Context:
    """A form of an older pack cannot go on: its questions may no longer be the same ones."""
    _keep(context, pause.cancel(conversation, context.now).conversation)
    return replace(context, notes=(*context.notes, NEW_FORM))


def present(context: Context, subject: str) -> Reply:
    """The present state behind an old card of a talk: its open question, or what became of it."""
    conversation = conversations.load(context.unit, ConversationId(subject.removeprefix("talk:")))
    if conversation is None or conversation.person != context.actor.userid:
        raise Refused(context.house.pack.texts.stale_card, reason="stale card")
    if not conversation.live or _outdated(context, conversation):
        return say(pause.CLOSED.get(conversation.status, NEW_FORM))
    form = context.house.pack.form(conversation.form)
    return proceed(context, form, _with_note(ask(form, conversation), context.house.pack.texts.stale_card))


def _open(context: Context) -> tuple[Form, Conversation]:
    """The conversation this update belongs to: the card's, else the open one."""
    conversation = context.talk
    if context.card is not None and context.card.subject.startswith("talk:"):
        key = ConversationId(context.card.subject.removeprefix("talk:"))
        conversation = conversations.load(context.unit, key)
    if conversation is None or conversation.person != context.actor.userid:
        raise Refused(context.house.pack.texts.nothing_open, reason="nothing open")
    if _outdated(context, conversation):
        raise Refused(NEW_FORM, reason="older pack")
    return context.house.pack.form(conversation.form), conversation


def _outdated(context: Context, conversation: Conversation) -> bool:
    return conversation.pack_version != context.house.pack.version


def _given(context: Context) -> Mapping[str, Given] | Given:
    update = context.update
    match update.kind:
        case UpdateKind.PICTURE:
            return Picture(update.media_id)
        case UpdateKind.PLACE:
            place = update.place
            return Place(float(place["lat"]), float(place["lng"]), str(place["label"]))
        case UpdateKind.CLICKED:
            return {question: Chosen(options) for question, options in update.answers.items()}
        case _:
            return Text(update.text)


def _with_note(turn: Turn, note: str) -> Turn:
    return replace(turn, note=turn.note or note)
