"""Keeps the clicked card in play where the click only showed something: one goes on from the same card."""

from cards.spent import renewed_card
from handlers.context import Context
from handlers.reply import Renew


def once_more(context: Context) -> Renew:
    """The clicked card as it is, with fresh buttons."""
    card = context.card
    assert card is not None
    revision = card.revision + 1
    return Renew(renewed_card(card.content, revision), card.subject, revision)
