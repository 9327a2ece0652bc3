"""The way of every update, as one list: who, readable, in order, what is meant, permitted, done.

An update comes in as one unit of work (storage.group) and leaves as rows of the same commit: what a handler changed,
the audit records, and the outbox rows of what it said. A refusal undoes the unit and says why.
"""

from collections.abc import Callable
from hashlib import sha256

import structlog

from domain.overlay import InForce
from domain.refusal import Forbidden, Refused
from domain.staff import Staff
from domain.standing import Turn
from domain.update import Update, UpdateKind
from handlers import pausing, routing, talk
from handlers.context import HOUSE_ITSELF, Context, House
from handlers.operators import to_operators
from handlers.reply import Begin, Part, Redraw, Renew, Reply, say
from handlers.rights import PART_OF, barred
from handlers.speaking import final_face, speak, spent_face
from handlers.staffing.leaving import FACES, after_change
from handlers.staffing.returning import rejoined
from handlers.verbs import rule_of
from storage import card_rows, command_changes, conversations, directory, quiet
from storage.unit import Unit

log = structlog.get_logger("dispatch")

Step = Callable[[Context], Context | Reply]
# Nobody waits for an answer to these.
_UNADDRESSED = frozenset({UpdateKind.IGNORED, UpdateKind.JOINED, UpdateKind.LEFT, UpdateKind.TIMER})


def known(context: Context) -> Context | Reply:
    """An active member of staff; a stranger gets one helpful sentence an hour."""
    if context.update.person == HOUSE_ITSELF:
        return context  # the clock is nobody, and nobody asks it for a permission
    member = directory.member(context.unit, context.update.person)
    if member is not None and context.update.kind is UpdateKind.JOINED and not member.active:
        member = rejoined(context, member)
    if member is None:
        return _once_an_hour(context, "stranger", context.house.pack.texts.unknown_member)
    return context.to("", actor=member) if member.active else _stopped(context)


def readable(context: Context) -> Context | Reply:
    """Something we can work with; a voice message, a video or a link gets one helpful sentence an hour."""
    if context.update.kind is UpdateKind.UNREADABLE:
        return _once_an_hour(context, "unreadable", context.house.pack.texts.unsupported)
    return () if context.update.kind is UpdateKind.IGNORED else context


def in_force(context: Context) -> Context:
    """The pack as it holds at this moment, with the bank's own changes to its commands."""
    return context.to("", in_force=command_changes.in_force(context.unit, context.house.pack))


def recalled(context: Context) -> Context:
    """What was going on with this person: the conversation that is open. Loaded here, behind the claim's order."""
    open_talk = conversations.live(context.unit, context.actor.userid)
    over = pausing.over(context, open_talk) if open_talk is not None else None
    if open_talk is not None and over is not None:
        return pausing.drop(context, open_talk, over)
    return context.to("", talk=open_talk)


def in_play(context: Context) -> Context | Reply:
    """A click must fit its card as it stands: not forwarded, not spent, not expired, of this revision (decision 7)."""
    return routing.check_card(context) if context.update.kind is UpdateKind.CLICKED else context


def meant(context: Context) -> Context | Reply:
    """Conversation or command: which verb, about what."""
    return routing.route(context)


def permitted(context: Context) -> Context:
    """May this post do that? Default deny, deny wins; and a button stops with the command it is a part of."""
    permission = rule_of(context.verb).permission
    refusal = context.house.policy.check(context.actor, permission) if permission else None
    if refusal is not None and permission is not None:
        raise Forbidden(refusal.text, permission=permission)
    if stopped := barred(context, PART_OF.get(context.verb, "")):
        raise stopped
    return context.to(context.verb, context.argument, doing=permission)


def done(context: Context) -> Reply:
    """The feature itself: load, decide, save, say."""
    reply = _begun(context, rule_of(context.verb).handle(context))
    return (*_answer_to_click(context, reply), *context.notes, *reply)


PIPELINE: tuple[Step, ...] = (
    known,  # who
    readable,  # can we read it
    in_force,  # by which commands
    recalled,  # order: what is open, loaded behind the claim
    in_play,  # buttons never lie
    meant,  # conversation or command
    permitted,  # permission
    done,  # load ─▶ decide ─▶ save ─▶ say
)


def dispatch(unit: Unit, house: House, update: Update) -> None:
    """Handle one update inside its unit of work; raises Refused, after which the unit is undone and `refuse` is
    called.
    """
    unit.now, unit.actor = update.now, update.person or "clock"
    context = Context(unit, house, update, _nobody(update), InForce(house.pack))
    for step in PIPELINE:
        result = step(context)
        if isinstance(result, tuple):
            speak(unit, house, update, result)
            return
        context = result


def refuse(unit: Unit, house: House, update: Update, refusal: Refused) -> None:
    """Say why, after the unit was undone; the refusal itself is on record."""
    unit.now, unit.actor = update.now, update.person or "clock"
    detail = {"reason": refusal.reason, "kind": update.kind.value, "verb": update.verb}
    if isinstance(refusal, Forbidden):
        detail |= {"permission": refusal.permission, "policy": house.policy.version}
    unit.audit("update.refused", f"update:{_short(update.key)}", detail)
    speak(unit, house, update, say(refusal.text) if update.person else to_operators(unit, refusal.text))


def give_up(unit: Unit, house: House, update: Update, error: Exception) -> None:
    """A poison message: one apology with a number, and word to the operators."""
    unit.now, unit.actor = update.now, update.person or "clock"
    reference = _short(update.key)
    log.error("update_dead", reference=reference, kind=update.kind.value, error=type(error).__name__)
    unit.audit("update.dead", f"update:{reference}", {"error": type(error).__name__, "kind": update.kind.value})
    apology = say(house.pack.texts.fill("failed", reference=reference)) if update.person else ()
    alert = f"有一条消息处理失败（编号 {reference}，{type(error).__name__}），已放入死信。请用 rmbot inbox dead 查看。"
    speak(unit, house, update, apology + to_operators(unit, alert))


def _begun(context: Context, reply: Reply) -> Reply:
    """A handler's wish to have a form filled in becomes its first question."""
    asked: list[Part] = []
    for part in reply:
        asked += talk.begin(context, part) if isinstance(part, Begin) else (part,)
    return tuple(asked)


def _answer_to_click(context: Context, reply: Reply) -> Reply:
    """Every accepted click gets its card redrawn: a button that was pressed says so, or is a new one."""
    card, update = context.card, context.update
    if card is None or any(isinstance(part, Redraw | Renew) for part in reply):
        return ()
    card_rows.spend(context.unit, card.task_id)
    return (spent_face(card, update),)


def _stopped(context: Context) -> Reply:
    """Somebody who is no longer at work here: the clicked card says so each time, words come once an hour. What
    follows from leaving comes first: it holds back what was not sent yet, and this is to be sent.
    """
    update = context.update
    card = card_rows.load(context.unit, update.task_id) if update.task_id else None
    own = card if card is not None and card.addressee == update.person else None
    followed = after_change(context.to("", card=own), update.person)
    grey = (final_face(own, update, FACES[Turn.LEFT]),) if own is not None else ()
    return (*grey, *_once_an_hour(context, "stopped", context.house.pack.texts.stopped_member), *followed)


def _once_an_hour(context: Context, topic: str, text: str) -> Reply:
    if context.update.kind in _UNADDRESSED:
        return ()
    return say(text) if quiet.may_speak(context.unit, context.update.person, topic, context.house.silence) else ()


def _nobody(update: Update) -> Staff:
    return Staff(update.person, "", (), directory.NO_UNIT, active=False)


def _short(key: str) -> str:
    return sha256(key.encode()).hexdigest()[:8].upper()
