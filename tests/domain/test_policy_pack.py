"""The policy as a pack: refused with line and column of everything that is wrong, and the shipped one is right."""

import pytest

from bot.packs import POLICY as FILE
from bot.packs import SHIPPED
from domain.conflict import conflict_text
from domain.pack import PackError, load_pack
from domain.policy import Permission
from domain.sharing import Field
from domain.staff import POSTS, Post
from tests.policies import POLICY

TEXT = (SHIPPED / FILE).read_text("utf-8")


@pytest.mark.parametrize(
    ("written", "instead", "says"),
    [
        ("reach: sub_branch", "reach: everywhere", "“everywhere”不在可用的值里"),
        (
            "cares, files, sells, consents",
            "custommers",
            "不认识的权限“custommers”",
        ),
        ('deny: ["visit:log"]', 'deny: ["visit:lock"]', "不认识的权限“visit:lock”"),
        ("- posts: [分行行长]", "- posts: [主管]", "岗位“主管”已经写过了"),
        ("purposes: [服务, 投诉]", "purposes: [好奇]", "“好奇”不在可用的值里"),
        ("purposes: [服务, 投诉]", "purposes: []", "至少要有 1 项"),
        ("- field: tier", "- field: secret", "“secret”不在可用的值里"),
        ("[own_book, service_team, in_scope, case, temporary]", "[everybody]", "“everybody”不在可用的值里"),
        ("posts: [反洗钱岗]\n      purposes", "purposes", "反洗钱信息要写明哪些岗位"),
        ("      posts: [风控专员]\n      plain", "      plain", "贡献度要写明哪些岗位"),
        (
            "label: 手机号\n",
            "label: 手机号\n      share_to_wecom: [own_book]\n",
            "“手机号”从不经企业微信发出",
        ),
        ("      reveal: true\n", "", "只能在二次验证后看明文"),
        ("label: 个人情况\n", "label: 个人情况\n      read_masked: [in_scope]\n", "“个人情况”没有脱敏的写法"),
        ("label: 客户等级\n", "label: 客户等级\n      masked: band\n", "“客户等级”没有 band 这种写法"),
        (
            "masked: band\n      channel: full_name",
            "masked: masked\n      channel: full_name",
            "“金额”没有 masked 这种写法",
        ),
        ("plain: wan", "plain: band", "明文只有 plain 和 wan"),
        ("export: [in_scope]", "export: [case]", "“case”看不到“贡献度”"),
        ("posts: [风控专员]\n      plain", "posts: [风控专家]\n      plain", "没有叫“风控专家”的岗位"),
        (
            "[[客户经理, 私行经理, 理财顾问], [合规岗]",
            "[[客户经理, 私行经理, 理财顾问], [合规官]",
            "没有叫“合规官”的岗位",
        ),
        ("key: grant_days", "key: grant_weeks", "“grant_weeks”不在可用的值里"),
        ("value: 90", "value: 0", "不能小于 1"),
        ("key: cases, label", "key: anyone, label", "权限组“anyone”重复了"),
        ("allow: [anyone, cases, todos]", "allow: [anyone, cases, customers]", "不认识的权限“customers”"),
        ("allow: [customers, breaks]", "allow: [customers, visits]", "紧急查看（emergency）能用的权限只有"),
        ("allow: [customers, breaks]", "allow: [customers, looks]", "不认识的权限“looks”"),
        ("relation: emergency", "relation: temporary", "缺少 emergency：紧急查看（emergency）要写明能用哪些权限"),
        ("read_plain: [own_book", "read_plain: [emergency, own_book", "只能看脱敏，不能写在 read_plain 里"),
        ("write: [own_book", "write: [emergency, own_book", "只能看脱敏，不能写在 write 里"),
        ("export: [own_book", "export: [emergency, own_book", "只能看脱敏，不能写在 export 里"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(written: str, instead: str, says: str) -> None:
    assert written in TEXT
    with pytest.raises(PackError) as caught:
        load_pack(TEXT.replace(written, instead, 1))
    problem = next(each for each in caught.value.problems if says in each.message)
    assert problem.line > 1
    assert problem.path.startswith("policy")


def test_every_post_and_every_field_is_named() -> None:
    assert set(POLICY.rules) == set(POSTS)
    assert {field for field in Field if POLICY.fields.label(field) == field.value} == set()
    assert POLICY.version == "policy-1"


def test_every_permission_is_somebody_s() -> None:
    assert [each for each in Permission if not POLICY.posts_with(each)] == []


@pytest.mark.parametrize(
    ("held", "says"),
    [
        (["客户经理", "主管"], None),
        (["客户经理", "私行经理"], None),
        (["客户经理", "合规岗"], "「客户经理」和「合规岗」不能由同一个人兼任"),
        (["审计员", "理财顾问"], "「理财顾问」和「审计员」不能由同一个人兼任"),
        (["合规岗", "审计员"], "「合规岗」和「审计员」"),
        (["业务管理员", "安全管理员"], "「业务管理员」和「安全管理员」"),
        (["安全管理员", "审计员"], "「安全管理员」和「审计员」"),
        (["安全管理员", "数据安全岗"], None),
    ],
)
def test_conflicting_posts(held: list[str], says: str | None) -> None:
    text = conflict_text(POLICY.conflicts, [Post(each) for each in held])
    assert (text is None) if says is None else (says in (text or ""))
