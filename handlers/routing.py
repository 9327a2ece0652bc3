"""What an update means: a button of a card in play, a control word, a command, an answer to the open conversation."""

from dataclasses import replace

from cards.customer import CUSTOMER_QUESTION
from cards.spent import spent_card
from cards.suitability import PRODUCT_QUESTION
from domain.command import ControlKey, Controlled, by_event_key, match, match_control
from domain.conversation import Conversation, Status, find_field
from domain.form import Kind
from domain.normalise import normalise
from domain.refusal import Refused
from domain.staff import Post
from domain.update import UpdateKind
from handlers import photo
from handlers.context import Context
from handlers.customer import SEARCH
from handlers.pausing import put_aside
from handlers.recommending import RECOMMENDED
from handlers.reply import Redraw, Reply, say
from handlers.retiring import retired
from handlers.rights import unavailable
from handlers.suitability import PICK
from handlers.verbs import PRESENT, Present, is_verb
from storage import card_rows, outbox
from storage.card_rows import CardRow

_CONTROLS = {
    ControlKey.CANCEL: "form.cancel",
    ControlKey.BACK: "form.back",
    ControlKey.RESTART: "form.restart",
    ControlKey.RESUME: "form.resume",
    ControlKey.UNDO: "undo.latest",
    ControlKey.CONFIRM: "form.save",
    ControlKey.EDIT: "form.edit",
}
_ALWAYS = frozenset({ControlKey.RESUME, ControlKey.UNDO, ControlKey.CANCEL})
_CHOICE_DIGITS = 2
_PICKS = {
    SEARCH: ("customer.choose", CUSTOMER_QUESTION, False),
    PICK: ("suitability.choose", PRODUCT_QUESTION, False),
    RECOMMENDED: ("suitability.open", PRODUCT_QUESTION, True),
}
"""Cards on which one of several is chosen: what a click on the option does, which question it answers, and whether the
card stays for another choice."""
CHOSEN = "已选"
NOT_YOURS = "这张卡片是发给别人的，您点的操作没有生效。"
EXPIRED, AGAIN = "这张卡片已过期，操作没有生效。", "请重新发起。"
POST_CHANGED = "您的岗位已变"
BEGIN_ANEW = "这张卡片是按原来的岗位发的，操作没有生效；发“帮助”看现在能做什么。"
NO_TALK_FOR_THIS = "收到了，但现在没有在填的记录。要记拜访，请先发：拜访 客户姓名"


def check_card(context: Context) -> Context | Reply:
    """The card's row if the click may act; otherwise the present state of what the card was about."""
    update = context.update
    card = card_rows.load(context.unit, update.task_id) if update.task_id else None
    if card is None:
        raise Refused(context.house.pack.texts.stale_card, reason="unknown card")
    if card.addressee != context.actor.userid:
        raise Refused(NOT_YOURS, reason="forwarded card")
    if card.state == card_rows.WITHDRAWN or (card.post and card.post not in context.actor.posts):
        return _out_of_play(context, card, POST_CHANGED, say(f"{POST_CHANGED}。{BEGIN_ANEW}"))
    if context.now >= card.expires_at:
        return _out_of_play(context, card, "已过期", _expired(context, card.subject))
    if card.state != card_rows.LIVE or card.revision != update.revision or not _offers(card.content, context):
        return _out_of_play(context, card, "已过时", _present(context, card.subject))
    return in_post_of(context.to("", card=card), card)


def in_post_of(context: Context, card: CardRow) -> Context:
    """A card acts in the post written on it, whichever its addressee has chosen meanwhile."""
    if not card.post or card.post == context.actor.post:
        return context
    context.unit.acting[context.actor.userid] = card.post
    return context.to(context.verb, context.argument, actor=context.actor.acting_as(Post(card.post)))


def _offers(content: object, context: Context) -> bool:
    """Whether the card really has this button: a key that was never shown means nothing."""
    key = f"{context.update.verb}.{context.update.revision}"
    if isinstance(content, dict):
        return content.get("key") == key or any(_offers(value, context) for value in content.values())
    return isinstance(content, list) and any(_offers(value, context) for value in content)


def _out_of_play(context: Context, card: CardRow, word: str, answer: Reply) -> Reply:
    """A click that may not act is on record and answered; a card that still looks alive turns grey by its code."""
    unit = context.unit
    unit.audit("card.stale", f"card:{card.task_id}", {"about": card.subject, "verb": context.update.verb})
    said = (*context.notes, *answer)  # a form that was just dropped says why before it says that it is over
    over = card.state != card_rows.LIVE or context.now >= card.expires_at
    if not over or outbox.redrawn(unit, context.actor.userid, card.task_id):
        return said
    return (Redraw(spent_card(card.content, "", said=word), fallback=""), *said)


def _expired(context: Context, subject: str) -> Reply:
    """A click on a card that is too old: how things stand now; where nothing can be shown, advice to begin again."""
    present = PRESENT.get(subject.partition(":")[0])
    try:
        return (*say(EXPIRED), *_shown(context, present, subject)) if present else say(EXPIRED + AGAIN)
    except Refused:
        return say(EXPIRED + AGAIN)


def _present(context: Context, subject: str) -> Reply:
    """How things stand with what the card was about."""
    present = PRESENT.get(subject.partition(":")[0])
    return _shown(context, present, subject) if present else say(context.house.pack.texts.stale_card)


def _shown(context: Context, present: Present, subject: str) -> Reply:
    """An old card is no way around a permission that its reader has lost meanwhile."""
    refusal = context.house.policy.check(context.actor, present.permission) if present.permission else None
    if refusal is not None:
        raise refusal
    return present.show(context, subject)


def route(context: Context) -> Context | Reply:
    """Set the verb; an entry point's kind decides which reading applies."""
    match context.update.kind:
        case UpdateKind.CLICKED | UpdateKind.TIMER:
            return _by_verb(context, context.update.verb)
        case UpdateKind.MENU:
            return _by_verb(context, context.update.verb.removesuffix(".0"))
        case UpdateKind.ENTERED | UpdateKind.JOINED:
            return context.to("entry.greet")
        case UpdateKind.LEFT:
            return context.to("staff.unsubscribed")
        case UpdateKind.PICTURE | UpdateKind.PLACE:
            return _sent(context)
        case _:
            return _said(context)


def _sent(context: Context) -> Context:
    """A picture or a place answers the open form; a picture may also be one that was lost and asked for again."""
    if context.talk is not None:
        return context.to("form.answer")
    if context.update.kind is UpdateKind.PICTURE and photo.is_missed(context):
        return context.to("photo.again")
    raise Refused(NO_TALK_FOR_THIS, reason="nothing open")


def _by_verb(context: Context, verb: str) -> Context:
    """A button, a menu entry or a timer names its verb; `cmd.<key>` calls a command as if it had been typed,
    on a suggestion with the words that nobody understood: 王秀兰, then 查客户."""
    command = by_event_key(verb, context.pack.commands)
    if command is not None:
        said = context.card.context.get("said", "") if context.card else ""
        return _command(context, command.key, said)
    if not is_verb(verb):
        raise Refused(context.house.pack.texts.stale_card, reason="unknown verb")
    return context.to(verb)


def _said(context: Context) -> Context | Reply:
    text = context.update.text
    control = _control(context, text)
    if control is not None and (context.talk is not None or control.key in _ALWAYS):
        return context.to(_CONTROLS[control.key], control.rest)
    called = match(text, context.pack.commands)
    if called is not None and not _is_answer(context.talk, context, text):
        return _command(context, called.command.key, called.rest)
    if context.talk is not None:
        return context.to("form.answer")
    if control is not None:
        raise Refused(context.house.pack.texts.nothing_open, reason="nothing open")
    return _unasked(context, normalise(text))


def _control(context: Context, text: str) -> Controlled | None:
    """A control word; 改 with something after it only where that names a question (改签了机票 is a note)."""
    control = match_control(text, context.house.pack.controls)
    talk = context.talk
    if control is None or control.key is not ControlKey.EDIT or not control.rest or talk is None:
        return control
    form = context.form_of(talk)
    named = talk.status is Status.CONFIRMING or find_field(form, talk, control.rest) is not None
    return control if named else None


def _unasked(context: Context, text: str) -> Context:
    """Words that belong to nothing open: a number for the last choice, else whatever was probably meant."""
    if text.isdecimal() and len(text) <= _CHOICE_DIGITS:
        card = card_rows.latest_live(context.unit, context.actor.userid, *_PICKS)
        held = card is not None and card.post in (None, *context.actor.posts)
        if card is not None and held and text in card.context.get("options", {}):
            return _picked(context, card, text)
    return context.to("suggest.show", text)


def _picked(context: Context, card: CardRow, number: str) -> Context:
    """A number said while a choice is open: the very click on that option, and the card looks as after one."""
    verb, question, stays = _PICKS[card.subject]
    clicked = replace(context.update, task_id=card.task_id, answers={question: (number,)})
    grey = () if stays else retired(context, card.subject, CHOSEN)
    return in_post_of(context.to(verb, card=card, update=clicked, notes=(*context.notes, *grey)), card)


def _is_answer(talk: Conversation | None, context: Context, text: str) -> bool:
    """While free words are asked, only a command set apart from them is one: 查了一下账户 is a note, 查 王秀兰 is not."""
    if talk is None or talk.status not in (Status.ASKING, Status.EDITING) or not talk.asked:
        return False
    asked = context.form_of(talk).field(talk.asked[0])
    if asked.type is not Kind.TEXT or text.lstrip().startswith(("/", "／")):
        return False
    return asked.verbatim or not _set_apart(context, text)


def _set_apart(context: Context, text: str) -> bool:
    head = normalise(text).split(" ", 1)[0]
    return any(head in command.words for command in context.pack.commands)


def _command(context: Context, key: str, rest: str) -> Context:
    """Call a command, if this post may; an open conversation is put aside and the person is told."""
    command = context.pack.command(key)
    if refusal := unavailable(context, [command]):
        raise refusal
    called = context.to(command.verb.value, rest, command=command)
    return called if context.talk is None else put_aside(called, context.talk)
