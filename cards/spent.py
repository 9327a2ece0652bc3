"""What becomes of a card after a click: the same card, its choice visible, its buttons grey and saying what was
done; or, where the click only showed something, with its buttons ready for the next.
"""

from collections.abc import Mapping
from typing import Any

from cards.key import EventKey, read_key
from cards.parts import Button
from cards.wecom import AnyCard, ButtonInteraction, Chosen, InteractiveCard, read_card


def spent_card(shown: Mapping[str, Any], verb: str, chosen: Chosen | None = None, said: str | None = None) -> AnyCard:
    """The final face of a card from what it showed (its `dump`); without `said` it repeats the clicked button's
    words.
    """
    card = read_card(shown)
    if not isinstance(card, InteractiveCard):
        return card
    return card.spent(said or _repeated(card, verb), chosen)


def renewed_card(shown: Mapping[str, Any], revision: int) -> AnyCard:
    """The same card with its buttons under another revision, so that those pressed before are out of play."""
    card = read_card(shown)
    if not isinstance(card, ButtonInteraction):
        return card
    return card.model_copy(update={"button_list": tuple(_under(button, revision) for button in card.button_list)})


def _under(button: Button, revision: int) -> Button:
    return button.model_copy(update={"key": str(EventKey(_verb(button.key), revision))}) if button.key else button


def _repeated(card: InteractiveCard, verb: str) -> str:
    buttons = card.button_list if isinstance(card, ButtonInteraction) else ()
    words = (button.text for button in buttons if button.key and _verb(button.key) == verb)
    return f"已选：{word}" if (word := next(words, None)) else "已选"


def _verb(key: str) -> str:
    return (read_key(key) or EventKey(key, 0)).verb
