"""Takes the older cards about something out of play: what was answered elsewhere is no longer pressed in vain."""

from domain.ids import TaskId
from handlers.context import Context
from handlers.reply import Reply, Retire, say
from storage import card_rows
from storage.card_rows import CardRow
from storage.outbox import Lane


def retired(context: Context, subject: str, said: str) -> Reply:
    """The live cards of a subject, but for the clicked one, redrawn grey with `said` on the button."""
    taken = card_rows.take_live_codes(context.unit, subject, context.actor.userid, except_task=_clicked(context))
    return tuple(Retire(card, code, said) for card, code in taken if code is not None)


def retired_everywhere(context: Context, subject: str, said: str) -> Reply:
    """The same for everybody's copies; whoever's copy takes no update any more is told in words (design decision 7)."""
    taken = card_rows.take_live_codes(context.unit, subject, except_task=_clicked(context))
    return tuple(part for card, code in taken for part in _told(card, code, said))


def _told(card: CardRow, code: str | None, said: str) -> Reply:
    words = f"“{card.content['main_title']['title']}”{said}。"
    if code is None:
        return say(words, to=card.addressee, lane=Lane.DEADLINE)
    return (Retire(card, code, said, fallback=words),)


def _clicked(context: Context) -> TaskId | None:
    return context.card.task_id if context.card else None
