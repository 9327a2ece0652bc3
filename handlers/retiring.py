"""Takes the older cards about something out of play: what was answered elsewhere is no longer pressed in vain."""

from handlers.context import Context
from handlers.reply import Reply, Retire
from storage import card_rows


def retired(context: Context, subject: str, said: str) -> Reply:
    """The live cards of a subject, but for the clicked one, redrawn grey with `said` on the button."""
    clicked = context.card.task_id if context.card else None
    taken = card_rows.take_live_codes(context.unit, subject, context.actor.userid, except_task=clicked)
    return tuple(Retire(card, code, said) for card, code in taken)
