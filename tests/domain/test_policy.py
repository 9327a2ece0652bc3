"""Who may do what on which customers: decision tables over posts, relations and denials."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.grant import GrantKind, Held
from domain.ids import UnitId, UserId
from domain.policy import Permission, Policy, PostRule, Purpose, Reach, Relation, Scope, ScopeKind
from domain.purpose import split_purpose, unknown_purpose
from domain.staff import POSTS, Post, Staff, Unit, UnitKind, UnitTree
from tests.policies import POLICY

ME, OTHER = UserId("me"), UserId("other")
TREE = UnitTree.of(
    Unit(UnitId(i), i, k, UnitId(p) if p else None)
    for i, k, p in [
        ("HO", UnitKind.HEAD_OFFICE, None),
        ("SH", UnitKind.BRANCH, "HO"),
        ("PD", UnitKind.SUB_BRANCH, "SH"),
        ("PD1", UnitKind.OUTLET, "PD"),
        ("XH", UnitKind.SUB_BRANCH, "SH"),
        ("PB", UnitKind.DEPARTMENT, "SH"),
        ("BJ", UnitKind.BRANCH, "HO"),
    ]
)
PD, SH = {"PD", "PD1"}, {"SH", "PD", "PD1", "XH", "PB"}


def staff(post: str, unit: str = "PD1", active: bool = True) -> Staff:
    return Staff(ME, "示例甲", (Post(post),), UnitId(unit), active=active)


@pytest.mark.parametrize(
    ("post", "unit", "kind", "units"),
    [
        ("客户经理", "PD1", ScopeKind.OWN_BOOK, set()),
        ("私行经理", "PB", ScopeKind.OWN_BOOK, set()),
        ("理财顾问", "PD", ScopeKind.OWN_BOOK, set()),
        ("主管", "PD1", ScopeKind.UNIT_TREE, PD),
        ("主管", "PB", ScopeKind.UNIT_TREE, {"PB"}),
        ("支行行长", "PD", ScopeKind.UNIT_TREE, PD),
        ("支行行长", "SH", ScopeKind.UNIT_TREE, set()),
        ("分行行长", "SH", ScopeKind.UNIT_TREE, SH),
        ("分行行长", "PD1", ScopeKind.UNIT_TREE, SH),
        ("分行行长", "HO", ScopeKind.UNIT_TREE, set()),
        ("客服坐席", "PD", ScopeKind.ALL, set()),
        ("投诉管理岗", "HO", ScopeKind.ALL, set()),
        ("消保岗", "HO", ScopeKind.ALL, set()),
        ("审计员", "HO", ScopeKind.NONE, set()),
        ("系统管理员", "HO", ScopeKind.NONE, set()),
        ("业务管理员", "HO", ScopeKind.NONE, set()),
        ("安全管理员", "HO", ScopeKind.NONE, set()),
        ("临时岗位", "PD", ScopeKind.NONE, set()),
    ],
)
def test_scope_of_each_post(post, unit, kind, units):
    scope = POLICY.scope(staff(post, unit), TREE)
    assert (scope.kind, scope.units, scope.userid) == (kind, units, ME)


@pytest.mark.parametrize(
    ("kind", "owner", "team", "unit", "relation"),
    [
        (ScopeKind.OWN_BOOK, ME, (), "BJ", Relation.OWN_BOOK),
        (ScopeKind.OWN_BOOK, ME, (ME,), "BJ", Relation.OWN_BOOK),
        (ScopeKind.OWN_BOOK, OTHER, (ME,), "BJ", Relation.SERVICE_TEAM),
        (ScopeKind.OWN_BOOK, OTHER, (), "PD", None),
        (ScopeKind.OWN_BOOK, None, (), "PD", None),
        (ScopeKind.UNIT_TREE, OTHER, (), "PD", Relation.IN_SCOPE),
        (ScopeKind.UNIT_TREE, ME, (), "PD", Relation.OWN_BOOK),
        (ScopeKind.UNIT_TREE, ME, (), "BJ", Relation.OWN_BOOK),
        (ScopeKind.UNIT_TREE, OTHER, (), "BJ", None),
        (ScopeKind.UNIT_TREE, OTHER, (), None, None),
        (ScopeKind.ALL, ME, (ME,), "PD", Relation.IN_SCOPE),
        (ScopeKind.ALL, None, (), None, Relation.IN_SCOPE),
        (ScopeKind.NONE, ME, (ME,), "PD", None),
    ],
)
def test_relation(kind, owner, team, unit, relation):
    units = frozenset({UnitId("PD")}) if kind is ScopeKind.UNIT_TREE else frozenset()
    assert Scope(kind, ME, units).relation(owner, team, UnitId(unit) if unit else None) is relation


def test_every_post_of_the_contract_has_a_rule():
    assert set(POLICY.rules) == set(POSTS)


@pytest.mark.parametrize(
    ("post", "permission", "allowed"),
    [
        ("客户经理", Permission.VISIT_LOG, True),
        ("客户经理", Permission.CUSTOMER_SEARCH, True),
        ("支行行长", Permission.CUSTOMER_READ, True),
        ("客服坐席", Permission.CUSTOMER_READ, True),
        ("客服坐席", Permission.VISIT_LOG, False),
        ("客服坐席", Permission.VISIT_UNDO, False),
        ("催收岗", Permission.VISIT_LOG, True),
        ("客户经理", Permission.CARE_JUDGE, True),
        ("支行行长", Permission.CARE_READ, True),
        ("分行行长", Permission.CARE_READ, False),
        ("催收岗", Permission.CARE_READ, False),
        ("审计员", Permission.CUSTOMER_SEARCH, False),
        ("系统管理员", Permission.CUSTOMER_PAGE, False),
        ("系统管理员", Permission.HELP_READ, True),
        ("系统管理员", Permission.TODO_LIST, True),
        ("临时岗位", Permission.HELP_READ, False),
    ],
)
def test_permission_of_each_post(post, permission, allowed):
    refusal = POLICY.check(staff(post), permission)
    assert (refusal is None) is allowed
    assert refusal is None or refusal.permission == permission


def test_who_has_left_may_nothing():
    gone = staff("客户经理", active=False)
    assert POLICY.permissions(gone) == frozenset()
    assert POLICY.scope(gone, TREE).kind is ScopeKind.NONE
    refusal = POLICY.check(gone, Permission.HELP_READ)
    assert refusal is not None
    assert "系统管理员" in refusal.text


def test_a_purpose_outside_the_post_is_refused():
    refusal = POLICY.check(staff("客户经理"), Permission.CUSTOMER_READ, Purpose.SUPERVISION)
    assert refusal is not None
    assert "监管" in refusal.text
    assert POLICY.check(staff("合规岗"), Permission.CUSTOMER_READ, Purpose.SUPERVISION) is None


permissions = st.frozensets(st.sampled_from(Permission))


@given(allow=permissions, deny=permissions, personal=permissions, asked=st.sampled_from(Permission))
def test_deny_wins_over_every_allowance(allow, deny, personal, asked):
    rule = PostRule(Reach.OWN_BOOK, allow, deny)
    policy = Policy("test", {Post("客户经理"): rule})
    denied = tuple(Held(GrantKind.DENY, each) for each in personal)
    allowed = policy.check(replace(staff("客户经理"), grants=denied), asked) is None
    assert allowed is (asked in allow and asked not in deny and asked not in personal)


def test_one_post_acts_at_a_time():
    both = replace(staff("系统管理员"), posts=(Post("系统管理员"), Post("客户经理")))
    assert POLICY.check(both, Permission.CUSTOMER_READ) is not None
    assert POLICY.check(both.acting_as(Post("客户经理")), Permission.CUSTOMER_READ) is None


def test_permissions_are_listed_in_order():
    values = [permission.value for permission in Permission]
    assert values == sorted(values)
    assert all(value.count(":") == 1 for value in values)


@pytest.mark.parametrize(
    ("post", "permissions"),
    [
        ("业务管理员", {Permission.COMMAND_LIST, Permission.COMMAND_CHANGE, Permission.COMMAND_CONFIRM}),
        ("安全管理员", {Permission.COMMAND_LIST, Permission.COMMAND_CONFIRM}),
        ("系统管理员", {Permission.COMMAND_LIST}),
        ("审计员", set()),
        ("分行行长", set()),
        ("不存在的岗", set()),
    ],
)
def test_who_administers_commands(post, permissions):
    """三员分立: one asks, another confirms, the third watches; none of them sees a customer."""
    commands = {Permission.COMMAND_LIST, Permission.COMMAND_CHANGE, Permission.COMMAND_CONFIRM}
    assert POLICY.permissions(staff(post)) & commands == permissions
    assert {each for each in commands if POLICY.grants(post, each)} == permissions
    assert {each for each in commands if Post(post) in POLICY.posts_with(each)} == permissions
    if permissions:
        assert not POLICY.permissions(staff(post)) & {Permission.CUSTOMER_READ, Permission.CUSTOMER_SEARCH}


def test_what_is_denied_is_granted_to_nobody():
    rule = PostRule(Reach.NOTHING, frozenset({Permission.COMMAND_LIST}), deny=frozenset({Permission.COMMAND_LIST}))
    policy = Policy("test", {Post("管"): rule})
    assert not policy.grants("管", Permission.COMMAND_LIST)
    assert policy.posts_with(Permission.COMMAND_LIST) == ()


@pytest.mark.parametrize(
    ("said", "rest", "purpose"),
    [
        ("王秀兰 目的 尽调", "王秀兰", Purpose.DUE_DILIGENCE),
        ("王秀兰，目的：监管", "王秀兰", Purpose.SUPERVISION),
        ("王秀兰目的贷后", "王秀兰", Purpose.POST_LOAN),
        ("目的 服务", "", Purpose.SERVICE),
        ("王秀兰 目的 好奇", "王秀兰 目的 好奇", None),
        ("王目的", "王目的", None),
        ("王秀兰", "王秀兰", None),
    ],
)
def test_a_purpose_that_is_said(said, rest, purpose):
    assert split_purpose(said) == (rest, purpose)


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ("王秀兰 目的 随便", "随便"), ("王秀兰，目的：看一看", "看一看"), ("目的 好奇", "好奇"), ("王秀兰 目的 尽调", None),
        ("王秀兰 投资目的 养老", None), ("王目的", None), ("王秀兰", None),
    ],
)  # fmt: skip
def test_a_purpose_that_is_none_is_named(said, word):
    assert unknown_purpose(said) == word


@pytest.mark.parametrize(
    ("post", "verb", "purpose"),
    [
        ("客户经理", "customer.query", Purpose.SERVICE),
        ("客户经理", "case.show", Purpose.COMPLAINT),
        ("反洗钱岗", "customer.query", Purpose.DUE_DILIGENCE),
        ("风控专员", "case.show", Purpose.POST_LOAN),
        ("催收岗", "customer.look", Purpose.SERVICE),
        ("合规岗", "unheard.of", Purpose.SERVICE),
    ],
)
def test_a_purpose_that_is_not_said(post, verb, purpose):
    assert POLICY.purpose(staff(post), verb) is purpose


def test_a_grant_gives_no_more_than_the_post_leaves_open():
    def having(post: str, *grants: Held) -> Staff:
        return replace(staff(post, "PD1"), grants=grants)

    search, log = Permission.CUSTOMER_SEARCH, Permission.VISIT_LOG
    lent = Held(GrantKind.PERMISSION, log)
    assert log not in POLICY.permissions(having("产品岗", lent))  # the post denies it
    given = having("客户经理", Held(GrantKind.PERMISSION, Permission.COMMAND_LIST))
    assert Permission.COMMAND_LIST in POLICY.permissions(given)
    assert search not in POLICY.permissions(having("客户经理", Held(GrantKind.DENY, search)))
    both = having("客户经理", Held(GrantKind.DENY, log), lent)
    assert log not in POLICY.permissions(both)
    for post in ("审计员", "系统管理员"):
        wide = having(post, Held(GrantKind.REACH, "bank"), Held(GrantKind.UNIT, "PD"))
        assert POLICY.scope(wide, TREE).kind is ScopeKind.NONE
    wide = POLICY.scope(having("客户经理", Held(GrantKind.REACH, "branch"), Held(GrantKind.UNIT, "BJ")), TREE)
    assert (wide.kind, wide.units, wide.lent) == (ScopeKind.UNIT_TREE, SH, {"BJ"})
