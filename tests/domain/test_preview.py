"""What a preview says in groups: every field in its place, for every post, without a value."""

from itertools import product

import pytest

from domain.ids import UnitId, UserId
from domain.preview import SURFACE_WORDS, overview, preview
from domain.scope import Relation
from domain.sharing import Field, Setting
from domain.staff import POSTS, Staff
from tests.policies import POLICY

READS = ("明文", "以万计", "区间", "打码", "看不到")


def groups(post: str, relation: Relation) -> dict[str, list[str]]:
    reader = Staff(UserId("rm02"), "刘芳", (post,), UnitId("B01S01"))
    purpose = POLICY.purpose(reader, "customer")
    views = preview(POLICY, reader, relation, purpose, Setting.FULL_NAME)
    assert len(SURFACE_WORDS) * len(views) == sum(len(view.forms) for view in views)
    return {word: labels.split("、") for word, labels in overview(views)}


def test_what_a_manager_sees_of_their_own_customer() -> None:
    found = groups("客户经理", Relation.OWN_BOOK)
    assert found["以万计"] == ["金额", "资金往来", "贷款与授信"]
    assert found["看不到"] == ["贡献度", "反洗钱信息"]
    assert found["打码"] == ["证件号", "手机号", "地址"]
    assert found["验证后明文"] == ["证件号", "手机号", "地址", "留言"]
    assert found["企微不发"] == ["证件号", "手机号", "地址", "留言"]
    assert found["审批后导出"] == ["手机号"]
    assert "区间" not in found


@pytest.mark.parametrize(("post", "relation"), list(product(POSTS, Relation)))
def test_every_field_is_read_in_one_way_or_opened_by_a_verification(post: str, relation: Relation) -> None:
    found = groups(post, relation)
    told = [label for word in READS for label in found.get(word, [])]
    assert len(told) == len(set(told))
    assert len({*told, *found.get("验证后明文", [])}) == len(Field)
