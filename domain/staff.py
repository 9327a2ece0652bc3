"""Who works at the bank: members with their posts, and the tree of units they work in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import NewType

from domain.grant import GrantKind, Held
from domain.ids import UnitId, UserId
from domain.normalise import compact

Post = NewType("Post", str)
"""A post's name. Administrators add their own, so it is a word and not an enumeration."""

_WORDS = """
客户经理 私行经理 理财顾问 客服坐席 主管 支行行长 分行行长 消保岗 投诉管理岗 总行分管高管
合规岗 反洗钱岗 风控专员 催收岗 产品岗 数据安全岗 审计员 业务管理员 系统管理员 安全管理员
"""

POSTS: tuple[Post, ...] = tuple(map(Post, _WORDS.split()))
"""The posts every bank starts with."""


_TOLD = 3


def posts_of(text: str) -> tuple[Post, ...]:
    """Read the `posts` cell of staff.csv: joined by `|`, order kept (the first is the main post), doubles dropped."""
    return tuple(dict.fromkeys(Post(word.strip()) for word in text.split("|") if word.strip()))


def one_of(posts: Sequence[Post]) -> str:
    """主管、支行行长或分行行长; of more than a few the first, and how many there are."""
    *others, last = posts[:_TOLD]
    if len(posts) > _TOLD:
        return f"{'、'.join(posts[:_TOLD])}等 {len(posts)} 个岗位"
    return "或".join(filter(None, ("、".join(others), last)))


def without_titles(words: str, titles: Iterable[str]) -> str:
    """A name alone: 客户经理刘芳 is 刘芳, and so is 浦东支行的客户经理 刘芳."""
    name, longest_first = compact(words), sorted(map(compact, titles), key=len, reverse=True)
    while title := next((each for each in longest_first if each and name.startswith(each)), ""):
        name = name.removeprefix(title).lstrip(":,、-的")
    return name


@dataclass(frozen=True, slots=True)
class Staff:
    """A member. Several posts are possible, but only one acts at a time (business-rules.md §5.4). `grants` are what is
    in force for this one person beside the post.
    """

    userid: UserId
    name: str
    posts: tuple[Post, ...]
    unit_id: UnitId
    leader: UserId | None = None
    active: bool = True
    chosen: Post | None = None
    grants: tuple[Held, ...] = ()

    @property
    def post(self) -> Post | None:
        """The acting post: the chosen one while it is still held, else the first; none for who has left."""
        if not self.active:
            return None
        return self.chosen if self.chosen in self.posts else next(iter(self.posts), None)

    def held(self, kind: GrantKind) -> frozenset[str]:
        """What personal grants of this kind name."""
        return frozenset(grant.what for grant in self.grants if grant.kind is kind)

    def acting_as(self, post: Post) -> "Staff":
        """The same person in another of their posts; raises ValueError for a post they do not hold."""
        if post not in self.posts:
            raise ValueError(f"{self.userid} does not hold the post {post}")
        return replace(self, chosen=post)


class UnitKind(StrEnum):
    """The kinds of unit in org_units.csv."""

    HEAD_OFFICE = "head_office"
    BRANCH = "branch"
    SUB_BRANCH = "sub_branch"
    OUTLET = "outlet"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class Unit:
    """One organisational unit; the head office has no parent."""

    unit_id: UnitId
    name: str
    kind: UnitKind
    parent_id: UnitId | None = None


_KIND_WORDS = ("私人银行中心", "营业部", "支行", "分行", "网点", "分理处")


def short_name(unit: Unit) -> str:
    """浦东支行 → 浦东. A name that is nothing but the word stays whole."""
    for word in _KIND_WORDS:
        if unit.name.endswith(word) and unit.name != word:
            return unit.name.removesuffix(word)
    return unit.name


@dataclass(frozen=True)
class UnitTree:
    """All units, asked upwards (whose branch is this?) and downwards (what belongs to it?). Survives a cycle in a
    feed.
    """

    units: Mapping[UnitId, Unit] = field(default_factory=dict)

    @classmethod
    def of(cls, units: Iterable[Unit]) -> "UnitTree":
        return cls({unit.unit_id: unit for unit in units})

    @cached_property
    def _children(self) -> Mapping[UnitId, tuple[UnitId, ...]]:
        children: dict[UnitId, tuple[UnitId, ...]] = {}
        for unit in self.units.values():
            if unit.parent_id is not None:
                children[unit.parent_id] = (*children.get(unit.parent_id, ()), unit.unit_id)
        return children

    def lineage(self, unit_id: UnitId) -> Iterator[Unit]:
        """The unit itself, then its ancestors up to the root."""
        seen: set[UnitId] = set()
        here = self.units.get(unit_id)
        while here is not None and here.unit_id not in seen:
            seen.add(here.unit_id)
            yield here
            here = self.units.get(here.parent_id) if here.parent_id is not None else None

    def ancestors(self, unit_id: UnitId) -> tuple[Unit, ...]:
        """Parent first, root last."""
        return tuple(self.lineage(unit_id))[1:]

    def descendants(self, unit_id: UnitId) -> frozenset[UnitId]:
        """Everything below the unit, and the unit itself; nothing for an unknown one."""
        found: set[UnitId] = set()
        waiting = [unit_id] if unit_id in self.units else []
        while waiting:
            here = waiting.pop()
            found.add(here)
            waiting.extend(child for child in self._children.get(here, ()) if child not in found)
        return frozenset(found)

    def nearest(self, unit_id: UnitId, kind: UnitKind) -> Unit | None:
        """The unit itself or its closest ancestor of that kind."""
        return next((unit for unit in self.lineage(unit_id) if unit.kind is kind), None)

    def sub_branch(self, unit_id: UnitId) -> Unit | None:
        return self.nearest(unit_id, UnitKind.SUB_BRANCH)

    def branch(self, unit_id: UnitId) -> Unit | None:
        return self.nearest(unit_id, UnitKind.BRANCH)

    def place_of(self, unit_id: UnitId) -> str:
        """How people call where a customer is kept: the sub-branch's short name, else the unit's own."""
        unit = self.sub_branch(unit_id) or self.units.get(unit_id)
        return short_name(unit) if unit else "未知机构"
