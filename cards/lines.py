"""Labelled lines on a card: short ones side by side, long ones as text below, so that as much as possible is
readable.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cards.fitting import clean, fit, shown
from cards.parts import Horizontal

SIDE_BY_SIDE = 6
SUBTITLE = 160
_LABEL, _VALUE = 5, 30


class Laid(NamedTuple):
    """Lines placed on a card."""

    horizontal: tuple[Horizontal, ...]
    below: tuple[str, ...]


def lay_out(lines: Iterable[tuple[str, str]]) -> Laid:
    """At most six short lines side by side, in order; whatever is longer or more goes below."""
    pairs = [(shown(label), shown(value)) for label, value in lines]
    short = [pair for pair in pairs if len(pair[0]) <= _LABEL and len(pair[1]) <= _VALUE][:SIDE_BY_SIDE]
    beside = tuple(Horizontal(keyname=label, value=value) for label, value in short)
    return Laid(beside, tuple(f"{label}：{value}" for label, value in pairs if (label, value) not in short))


def paragraph(lines: Sequence[str], n: int = SUBTITLE) -> str | None:
    """The lines below each other within `n` characters, the longest shortened first; None when there are none."""
    kept = [text for line in lines if (text := clean(line))][: n // 4]
    room = n - max(len(kept) - 1, 0)
    limits = dict.fromkeys(range(len(kept)), 0)
    for left, index in enumerate(sorted(limits, key=lambda at: len(kept[at]))):
        limits[index] = min(len(kept[index]), room // (len(kept) - left))
        room -= limits[index]
    return "\n".join(fit(text, limits[index]) for index, text in enumerate(kept)) or None
