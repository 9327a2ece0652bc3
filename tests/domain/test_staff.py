"""Posts, and the unit tree read upwards and downwards."""

import pytest

from domain.ids import UnitId, UserId
from domain.staff import POSTS, Post, Staff, Unit, UnitKind, UnitTree, one_of, posts_of, short_name

RM, LEAD = Post("客户经理"), Post("主管")
BANK = [
    ("HO", "示例银行", UnitKind.HEAD_OFFICE, None),
    ("SH", "上海分行", UnitKind.BRANCH, "HO"),
    ("PD", "浦东支行", UnitKind.SUB_BRANCH, "SH"),
    ("PD1", "陆家嘴网点", UnitKind.OUTLET, "PD"),
    ("XH", "徐汇支行", UnitKind.SUB_BRANCH, "SH"),
    ("PB", "私人银行部", UnitKind.DEPARTMENT, "SH"),
]
TREE = UnitTree.of(Unit(UnitId(i), n, k, UnitId(p) if p else None) for i, n, k, p in BANK)


def staff(posts: str, active: bool = True) -> Staff:
    return Staff(UserId("rm01"), "示例甲", posts_of(posts), UnitId("PD"), active=active)


def test_all_twenty_posts_of_the_contract_are_known():
    assert len(POSTS) == len(set(POSTS)) == 20


@pytest.mark.parametrize(
    ("cell", "posts"),
    [("客户经理", (RM,)), (" 主管 | 客户经理 |主管", (LEAD, RM)), ("", ()), ("|", ())],
)
def test_posts_of(cell, posts):
    assert posts_of(cell) == posts


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "客户经理"),
        (2, "客户经理或私行经理"),
        (3, "客户经理、私行经理或理财顾问"),
        (4, "客户经理、私行经理、理财顾问等 4 个岗位"),
    ],
)
def test_a_few_posts_are_named_and_many_counted(count, said):
    assert one_of(POSTS[:count]) == said


def test_the_first_post_acts_until_another_is_chosen():
    person = staff("客户经理|主管")
    assert person.post == RM
    assert person.acting_as(LEAD).post == LEAD
    with pytest.raises(ValueError, match="审计员"):
        person.acting_as(Post("审计员"))


def test_a_chosen_post_that_was_taken_away_does_not_act():
    person = Staff(UserId("rm01"), "示例甲", (RM,), UnitId("PD"), chosen=LEAD)
    assert person.post == RM


@pytest.mark.parametrize("person", [staff(""), staff("客户经理", active=False)])
def test_no_post_acts_for_who_has_none_or_has_left(person):
    assert person.post is None


@pytest.mark.parametrize(
    ("name", "short"), [("浦东支行", "浦东"), ("上海分行", "上海"), ("支行", "支行"), ("资产保全部", "资产保全部")]
)
def test_short_name(name, short):
    assert short_name(Unit(UnitId("X"), name, UnitKind.SUB_BRANCH)) == short


def test_upwards():
    assert [unit.unit_id for unit in TREE.ancestors(UnitId("PD1"))] == ["PD", "SH", "HO"]
    sub_branch, branch = TREE.sub_branch(UnitId("PD1")), TREE.branch(UnitId("PD1"))
    assert sub_branch is not None
    assert branch is not None
    assert (sub_branch.unit_id, branch.unit_id) == ("PD", "SH")
    assert TREE.sub_branch(UnitId("PB")) is None
    assert TREE.ancestors(UnitId("nowhere")) == ()


@pytest.mark.parametrize(
    ("unit", "below"),
    [("PD", {"PD", "PD1"}), ("SH", {"SH", "PD", "PD1", "XH", "PB"}), ("PD1", {"PD1"}), ("nowhere", set())],
)
def test_downwards(unit, below):
    assert TREE.descendants(UnitId(unit)) == below


@pytest.mark.parametrize(("unit", "place"), [("PD1", "浦东"), ("PB", "私人银行部"), ("nowhere", "未知机构")])
def test_place_of(unit, place):
    assert TREE.place_of(UnitId(unit)) == place


def test_a_cycle_in_the_feed_ends():
    a, b = UnitId("A"), UnitId("B")
    ring = UnitTree.of([Unit(a, "甲", UnitKind.OUTLET, b), Unit(b, "乙", UnitKind.OUTLET, a)])
    assert ring.descendants(a) == {a, b}
    assert [unit.unit_id for unit in ring.ancestors(a)] == [b]
