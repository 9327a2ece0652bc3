"""What a person does with a form: every word, choice, photo and place is one of a few moves (domain.talk)."""

from collections.abc import Mapping

from cards.form import FIELD_QUESTION, picked
from domain import pause, talk
from domain.conversation import WAITING, Conversation
from domain.flow import ask
from domain.form import Form
from domain.given import Chosen, Given, Picture, Place, Skip, Text
from domain.ids import CustomerId
from domain.normalise import normalise
from domain.refusal import Refused
from domain.update import UpdateKind
from handlers import customer
from handlers.context import Context
from handlers.pausing import keep, over, put_aside, subject_of
from handlers.pausing import named as talk_named
from handlers.reply import Reply, say
from handlers.retiring import retired
from handlers.talk import about, proceed, with_note
from storage import card_rows, conversations

CANCELLED = "已取消"


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


def _picked(context: Context, form: Form, conversation: Conversation, customer_id: CustomerId) -> Reply:
    picked_customer = customer.named(about(context, form), customer_id)
    return proceed(context, form, talk.answer(form, conversation, picked_customer, context.now))


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
    return proceed(context, form, with_note(talk.restart(form, conversation, context.now), note))


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
    return (*aside, *proceed(context, form, with_note(turn, note)))


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
    return proceed(context, form, with_note(ask(form, conversation), context.house.pack.texts.stale_card))


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
