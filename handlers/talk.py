"""A form being filled in: every word, choice, photo and place goes through one small set of moves (domain.talk)."""

import secrets
from collections.abc import Mapping
from dataclasses import replace

from cards.form import FIELD_QUESTION, ask_card, picked, spent_text
from cards.key import Seal
from domain import pause, talk
from domain.conversation import WAITING, Conversation, Turn, needs_lookup
from domain.flow import ask
from domain.form import Form, Kind
from domain.given import Chosen, Given, Picture, Place, Skip, Text
from domain.ids import ConversationId, CustomerId
from domain.normalise import normalise
from domain.refusal import Refused, Stopped, Unfit
from domain.update import UpdateKind
from handlers import customer
from handlers.completions import COMPLETIONS
from handlers.context import Context
from handlers.pausing import keep, over, put_aside, subject_of
from handlers.pausing import named as talk_named
from handlers.reply import Begin, Reply, new_task_id, say, show
from handlers.retiring import retired
from handlers.rights import needed
from handlers.speaking import final_face
from storage import card_rows, conversations
from storage.customers import NOT_FOUND

ANSWERED, CANCELLED, SEE_BELOW, NOT_YET, NOT_SAVED = "已回答", "已取消", "请看下面", "还有一项要改", "未保存"


def begin(context: Context, wish: Begin) -> Reply:
    """Start a form with what is already known; one that is open is put aside first."""
    aside = put_aside(context, context.talk).notes[len(context.notes) :] if context.talk is not None else ()
    form = context.form(wish.form, wish.version)
    turn = talk.begin(
        form,
        id=ConversationId(secrets.token_hex(8)),
        person=context.actor.userid,
        now=context.now,
        pack_version=wish.version or context.house.pack.version,
        known=wish.known,
        subject=wish.subject,
        brief=len(wish.known) > 1,
    )
    if wish.named:
        asked = _name_customer(context, form, turn.conversation, wish.named)
    else:
        asked = _next(context, form, _with_note(turn, wish.note))
    return (*aside, *asked)


def proceed(context: Context, form: Form, turn: Turn) -> Reply:
    """Keep where the talk stands, ask on, look somebody up or finish; older cards of the talk go out of play."""
    older = retired(context, subject_of(turn.conversation), _left_behind(context, turn))
    return (*_next(context, form, turn), *older)


def _left_behind(context: Context, turn: Turn) -> str:
    """What an older card says once the talk went on below it: what was done in words, else where to look."""
    if turn.problems or turn.note or (context.card is None and context.verb == "form.resume"):
        return SEE_BELOW
    return ANSWERED if context.verb in ("form.answer", "form.choose") else spent_text(context.verb) or SEE_BELOW


def _next(context: Context, form: Form, turn: Turn) -> Reply:
    context, conversation = _about(context, form), turn.conversation
    lookup = needs_lookup(form, conversation)
    if lookup is not None:
        return _look_up(context, form, conversation, lookup.text)
    keep(context, conversation)
    if turn.completed is not None:
        return _complete(context, form, conversation)
    if turn.ask is None:
        return say(turn.note) if turn.note else ()
    task_id = new_task_id()
    card = ask_card(turn.ask, Seal(task_id, conversation.revision), turn.problems, turn.note)
    return (show(card, subject=subject_of(conversation), revision=conversation.revision),)


def _complete(context: Context, form: Form, conversation: Conversation) -> Reply:
    """The form's verb is done; an answer that does not fit the world is asked again, and a form about a customer at
    whom it stops is over: of what was refused nothing stays written, but that it was.
    """
    try:
        with context.unit.undone_if_refused():
            return COMPLETIONS[form.verb](context, conversation)
    except Stopped as stopped:
        detail = {"reason": stopped.reason, "kind": context.update.kind.value, "verb": form.verb}
        context.unit.audit("update.refused", subject_of(conversation), detail)
        ended = (final_face(context.card, context.update, NOT_SAVED),) if context.card is not None else ()
        return (*ended, *say(stopped.text))
    except Unfit as unfit:
        again = talk.ask_again(form, conversation, unfit.field, unfit.text, context.now)
        grey = (final_face(context.card, context.update, NOT_YET),) if context.card is not None else ()
        return (*grey, *_next(context, form, again))


def _name_customer(context: Context, form: Form, conversation: Conversation, name: str) -> Reply:
    """A customer mentioned on the line is an answer to the customer question, whichever question is open."""
    field = next(field for field in form.fields if field.type is Kind.CUSTOMER)
    asked = conversation.model_copy(update={"asked": (field.key,)})
    return _next(context, form, talk.answer(form, asked, Text(name), context.now))


def _look_up(context: Context, form: Form, conversation: Conversation, text: str) -> Reply:
    hits = customer.find(context, text)
    if not hits:
        return _next(context, form, talk.lookup_failed(form, conversation, NOT_FOUND, context.now))
    if len(hits) == 1:
        return _next(context, form, talk.answer(form, conversation, customer.hit(context, hits[0]), context.now))
    keep(context, conversation)
    subject, revision = subject_of(conversation), conversation.revision
    return (customer.choice(context, hits, subject=subject, revision=revision, verb="form.choose"),)


def _about(context: Context, form: Form) -> Context:
    """Who is looked up for a form is looked up for what comes of it."""
    return context.to(context.verb, context.argument, doing=needed(form.verb) or context.doing)


def _picked(context: Context, form: Form, conversation: Conversation, customer_id: CustomerId) -> Reply:
    picked_customer = customer.named(_about(context, form), customer_id)
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
    card = card_rows.latest_live(context.unit, context.actor.userid, subject_of(conversation))
    options = card.context.get("options", {}) if card else {}
    if options and text not in options:
        raise Refused(f"没有第 {text} 位，请回 1 到 {len(options)} 中的一个，或换个说法再找。", reason="no such choice")
    return CustomerId(options[text]) if text in options else None


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
    """取消: the open one, else the one that was put aside last."""
    form, conversation = _open(context)
    keep(context, pause.cancel(conversation, context.now).conversation)
    return (
        *say(context.house.pack.texts.fill("cancelled", title=form.title)),
        *retired(context, subject_of(conversation), CANCELLED),
    )


def resume(context: Context) -> Reply:
    """继续: the card's own, the open one, or the one put aside or expired last; another open one steps back for it."""
    form, conversation = _open(context)
    aside: Reply = ()
    if context.talk is not None and context.talk.id != conversation.id:
        aside = put_aside(context, context.talk).notes[len(context.notes) :]
    turn = talk.resume(form, conversation, context.now)
    note = context.house.pack.texts.fill("resumed", title=form.title)
    return (*aside, *proceed(context, form, _with_note(turn, note)))


def present(context: Context, subject: str) -> Reply:
    """The present state behind an old card of a talk: its open question, or what became of it."""
    conversation = conversations.load(context.unit, talk_named(subject))
    if conversation is None or conversation.person != context.actor.userid:
        raise Refused(context.house.pack.texts.stale_card, reason="stale card")
    if not conversation.live:
        too_late = conversation.status in WAITING and not conversation.resumable(context.now)
        return say(talk.GONE if too_late else pause.CLOSED[conversation.status])
    if ended := over(context, conversation):
        return say(ended)
    form = context.form_of(conversation)
    return proceed(context, form, _with_note(ask(form, conversation), context.house.pack.texts.stale_card))


def _open(context: Context) -> tuple[Form, Conversation]:
    """The conversation this update belongs to: the card's, else the open one, else the one put aside last."""
    conversation = context.talk or _put_aside_last(context)
    if context.card is not None and context.card.subject.startswith("talk:"):
        conversation = conversations.load(context.unit, talk_named(context.card.subject))
    if conversation is None or conversation.person != context.actor.userid:
        raise Refused(context.house.pack.texts.nothing_open, reason="nothing open")
    if ended := over(context, conversation):
        raise Refused(ended, reason="form over")
    return context.form_of(conversation), conversation


def _put_aside_last(context: Context) -> Conversation | None:
    waiting = conversations.waiting(context.unit, context.actor.userid)
    return next((each for each in waiting if over(context, each) is None), None)


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


def _with_note(turn: Turn, note: str | None) -> Turn:
    return replace(turn, note=turn.note or note)
