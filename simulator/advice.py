"""Display limits WeCom only advises ("建议不超过 N 字"): never refused, always shown."""

from typing import Any

from simulator.card_rules import ADVICE, LETTERS
from simulator.checks import places


def advice(card: dict[str, Any]) -> list[str]:
    """One line for each string of the card that a phone may cut off."""
    letter = LETTERS[card["card_type"]]
    return [
        f"{path} 建议不超过 {limit} 字，现有 {len(value)} 字"
        for on, path, limit in ADVICE
        if letter in on
        for value, _ in places(card, path)
        if isinstance(value, str) and len(value) > limit
    ]
