"""Who may act for whom: a colleague of the same post in the same branch, or a superior."""

from collections.abc import Collection

from domain.ids import UserId
from domain.staff import Staff, Unit, UnitKind, UnitTree

_OF_HEAD_OFFICE = (UnitKind.HEAD_OFFICE, UnitKind.DEPARTMENT)


def home_of(units: UnitTree, member: Staff) -> Unit | None:
    """The unit next below head office that the member belongs to; None for the people of head office."""
    below = [unit for unit in units.lineage(member.unit_id) if unit.kind not in _OF_HEAD_OFFICE]
    return below[-1] if below else None


def may_stand_in(deputy: Staff, principal: Staff, superiors: Collection[UserId], units: UnitTree) -> bool:
    """Whether the bank lets `deputy` decide in the place of `principal`."""
    if deputy.userid in superiors:
        return True
    return not set(deputy.posts).isdisjoint(principal.posts) and home_of(units, deputy) == home_of(units, principal)
