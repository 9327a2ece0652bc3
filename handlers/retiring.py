"""Takes the older cards about something out of play: what was answered elsewhere is no longer pressed in vain."""

from domain.ids import TaskId, UserId
from handlers.context import Context
from handlers.reply import Reply, Retire, say
from storage import card_rows, directory
from storage.card_rows import CardRow
from storage.outbox import Lane


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


def _taken(context: Context, subject: str, whose: UserId | None = None) -> list[tuple[CardRow, str | None]]:
    """The cards of one person, or of everybody who is at work."""
    taken = card_rows.take_live_codes(context.unit, subject, whose, except_task=_clicked(context))
    here = {whose} if whose else {card.addressee for card, _ in taken if _at_work(context, card.addressee)}
    return [(card, code) for card, code in taken if card.addressee in here]


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
