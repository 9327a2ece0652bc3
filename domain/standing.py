"""Where somebody stands at the bank, and what a change of it means for what they have in hand."""

from dataclasses import dataclass
from enum import StrEnum

from domain.ids import UnitId
from domain.staff import Post, Staff


class Turn(StrEnum):
    """What became of somebody."""

    LEFT = "left"
    REDUCED = "reduced"
    RETURNED = "returned"
    WIDENED = "widened"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Standing:
    """The posts somebody holds, and where; who is not at work holds none."""

    posts: tuple[Post, ...]
    unit_id: UnitId

    @classmethod
    def of(cls, member: Staff) -> "Standing":
        return cls(member.posts if member.active else (), member.unit_id)


def turn(before: Standing, after: Standing) -> Turn:
    """Gone; here with less, or elsewhere; back; here with more."""
    if before == after:
        return Turn.NONE
    if not after.posts or not before.posts:
        return Turn.LEFT if before.posts else Turn.RETURNED if after.posts else Turn.NONE
    lost = set(before.posts) - set(after.posts)
    return Turn.REDUCED if lost or before.unit_id != after.unit_id else Turn.WIDENED
