"""What becomes of a card after a click: the same card, its choice visible, its buttons grey and saying what was
done.
"""

from collections.abc import Mapping
from typing import Any

from cards.key import EventKey, read_key
from cards.wecom import AnyCard, ButtonInteraction, Chosen, InteractiveCard, read_card


def spent_card(shown: Mapping[str, Any], verb: str, chosen: Chosen | None = None, said: str | None = None) -> AnyCard:
    """The final face of a card from what it showed (its `dump`); without `said` it repeats the clicked button's
    words.
    """
    card = read_card(shown)
    if not isinstance(card, InteractiveCard):
        return card
    return card.spent(said or _repeated(card, verb), chosen)


def _repeated(card: InteractiveCard, verb: str) -> str:
    buttons = card.button_list if isinstance(card, ButtonInteraction) else ()
    words = (button.text for button in buttons if button.key and _verb(button.key) == verb)
    return f"已选：{word}" if (word := next(words, None)) else "已选"


def _verb(key: str) -> str:
    return (read_key(key) or EventKey(key, 0)).verb
