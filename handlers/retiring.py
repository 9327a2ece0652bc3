"""Takes the older cards about something out of play: what was answered elsewhere is no longer pressed in vain."""

from typing import TypeAlias

from domain.ids import TaskId, UserId
from handlers.context import Context
from handlers.reply import Reply, Retire, say
from storage import card_rows, directory, outbox
from storage.card_rows import CardRow
from storage.outbox import Lane

Taken: TypeAlias = list[tuple[CardRow, str | None]]


def retired(context: Context, subject: str, said: str, *, everybody: bool = False) -> Reply:
    """The live cards of a subject, one's own or everybody's, but for the clicked one, redrawn grey with `said` on the
    button.
    """
    whose = None if everybody else context.actor.userid
    return tuple(Retire(card, code, said) for card, code in _taken(context, subject, whose) if code is not None)


def retired_everywhere(context: Context, subject: str, said: str) -> Reply:
    """The same for everybody's copies; whoever's copy takes no update any more is told in words (design decision 7).
    Who has left hears nothing.
    """
    return tuple(part for card, code in _taken(context, subject) for part in _told(card, code, said))


def _taken(context: Context, subject: str, whose: UserId | None = None) -> Taken:
    """The cards of one person, or of everybody who is at work; what had not left yet is never seen."""
    taken = _seen(context, card_rows.take_live_codes(context.unit, subject, whose, except_task=_clicked(context)))
    here = {whose} if whose else {card.addressee for card, _ in taken if _at_work(context, card.addressee)}
    return [(card, code) for card, code in taken if card.addressee in here]


def _seen(context: Context, taken: Taken) -> Taken:
    """Those that left, or may have: a notice waits while somebody fills in a form."""
    waiting = {card.task_id: card.addressee for card, code in taken if code is None}
    unsent = outbox.supersede(context.unit, waiting.values(), waiting) if waiting else set()
    return [(card, code) for card, code in taken if card.task_id not in unsent]


def _at_work(context: Context, person: UserId) -> bool:
    member = directory.member(context.unit, person)
    return member is not None and member.active


def _told(card: CardRow, code: str | None, said: str) -> Reply:
    words = f"“{card.content['main_title']['title']}”{said}。"
    if code is None:
        return say(words, to=card.addressee, lane=Lane.DEADLINE)
    return (Retire(card, code, said, fallback=words),)


def _clicked(context: Context) -> TaskId | None:
    return context.card.task_id if context.card else None
