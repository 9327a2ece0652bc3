"""A form being filled in: begun, asked on, somebody looked up for it, done; each step through domain.talk."""

import secrets
from dataclasses import replace

from cards.form import ask_card, spent_text
from cards.key import Seal
from domain import talk
from domain.conversation import Conversation, Turn, needs_lookup
from domain.form import Form, Kind
from domain.given import Text
from domain.ids import ConversationId
from domain.refusal import Stopped, Unfit
from handlers import customer
from handlers.completions import COMPLETIONS
from handlers.context import Context
from handlers.pausing import keep, put_aside, subject_of
from handlers.reply import Begin, Reply, new_task_id, say, show
from handlers.retiring import retired
from handlers.rights import needed
from handlers.speaking import final_face
from storage.customers import NOT_FOUND

ANSWERED, SEE_BELOW, NOT_YET, NOT_SAVED = "已回答", "请看下面", "还有一项要改", "未保存"


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
        asked = _next(context, form, with_note(turn, wish.note))
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
    context, conversation = about(context, form), turn.conversation
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


def about(context: Context, form: Form) -> Context:
    """Who is looked up for a form is looked up for what comes of it."""
    return context.to(context.verb, context.argument, doing=needed(form.verb) or context.doing)


def with_note(turn: Turn, note: str | None) -> Turn:
    return replace(turn, note=turn.note or note)
