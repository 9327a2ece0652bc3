"""What a person typed that could not be understood, with the reason to show them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A value, not an exception: a wrong answer is part of every conversation."""

    reason: str
