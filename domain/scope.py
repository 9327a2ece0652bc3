"""Which customers somebody may load, and how they stand to each: the rows of a permission (decision 10)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from domain.ids import UnitId, UserId
from domain.staff import UnitKind, UnitTree


class Reach(StrEnum):
    """How far a post sees, before it is tied to a person and a unit; from the narrowest to the widest."""

    NOTHING = "nothing"
    OWN_BOOK = "own_book"
    SUB_BRANCH = "sub_branch"
    BRANCH = "branch"
    BANK = "bank"


class ScopeKind(StrEnum):
    OWN_BOOK = "own_book"
    UNIT_TREE = "unit_tree"
    ALL = "all"
    NONE = "none"


class Relation(StrEnum):
    """How an actor stands to one customer, the nearest first; it decides how plainly the customer's data is shown."""

    OWN_BOOK = "own_book"
    SERVICE_TEAM = "service_team"
    IN_SCOPE = "in_scope"
    CASE = "case"
    TEMPORARY = "temporary"
    EMERGENCY = "emergency"


RELATION_WORDS = {
    Relation.OWN_BOOK: "管户",
    Relation.SERVICE_TEAM: "服务团队",
    Relation.IN_SCOPE: "辖内",
    Relation.CASE: "参与在办案件",
    Relation.TEMPORARY: "临时授权",
    Relation.EMERGENCY: "紧急查看",
}


@dataclass(frozen=True, slots=True)
class Scope:
    """The rows an actor may load. OWN_BOOK and UNIT_TREE always include the own book, the service team's customers,
    those of open cases the actor takes part in, those the actor was given for a time, and those that were opened in an
    emergency; `lent` are units given for a time. `post` and `policy` are the post that looks and the version of the
    policy that says so: every read names them.

    What is being done may stop at some of these customers: at those one stands to in a relation of `shut`, with what to
    say, and at frozen ones (`rests`). Where nothing is being done, nothing stops.
    """

    kind: ScopeKind
    userid: UserId
    units: frozenset[UnitId] = frozenset()
    lent: frozenset[UnitId] = frozenset()
    post: str = ""
    policy: str = ""
    shut: Mapping[Relation, str] = field(default_factory=dict, compare=False)
    rests: bool = False

    @property
    def looking(self) -> Self:
        """The same rows for who only names them in a list."""
        return replace(self, shut={}, rests=False)

    def relation(
        self, owner: UserId | None, team: Collection[UserId], unit_id: UnitId | None,
        *, in_case: bool = False, given: bool = False, broken: bool = False,
    ) -> Relation | None:  # fmt: skip
        """How the actor stands to a customer kept by `owner` in `unit_id`; None is outside the scope."""
        if self.kind is ScopeKind.NONE:
            return None
        if self.kind is ScopeKind.ALL:  # these posts never see a name in plain, not even of a customer they once kept
            return Relation.IN_SCOPE
        circles = (
            (Relation.OWN_BOOK, owner == self.userid),
            (Relation.SERVICE_TEAM, self.userid in team),
            (Relation.IN_SCOPE, unit_id in self.units),
            (Relation.CASE, in_case),
            (Relation.TEMPORARY, given or unit_id in self.lent),
            (Relation.EMERGENCY, broken),
        )
        return next((relation for relation, inside in circles if inside), None)


_SUBTREE = {Reach.SUB_BRANCH: UnitKind.SUB_BRANCH, Reach.BRANCH: UnitKind.BRANCH}


def units_within(reach: Reach, unit_id: UnitId, tree: UnitTree) -> frozenset[UnitId]:
    """The units below the nearest one of the reach's kind; an own outlet or department where there is none above it."""
    if reach not in _SUBTREE:
        return frozenset()
    nearest = tree.nearest(unit_id, _SUBTREE[reach])
    if nearest is not None:
        return tree.descendants(nearest.unit_id)
    own = tree.units.get(unit_id)
    small = own is not None and own.kind in (UnitKind.OUTLET, UnitKind.DEPARTMENT)
    return tree.descendants(unit_id) if small else frozenset()
