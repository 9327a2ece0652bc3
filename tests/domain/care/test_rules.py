"""The care section of a pack: what is wrong in it is named with line and column; its numbers are known by name."""

from pathlib import Path

import pytest

from domain.pack import load_pack
from domain.pack_source import PackError
from domain.suggestion import LIMITS
from domain.tier import Tier

PACK = (Path(__file__).parents[3] / "deploy" / "packs" / "default.yaml").read_text("utf-8")
WAN = 10_000 * 100


@pytest.mark.parametrize(
    ("written", "instead", "message"),
    [
        ("watches: silence", "watches: noise", "“noise”不在可用的值里"),
        ("      watches: maturity\n", "", "缺少必填的 'watches'"),
        ("{tiers: [富裕], value", "{tiers: [小富], value", "“小富”不在可用的值里"),
        ("{tiers: [富裕], value", "{tiers: [高净值], value", "“高净值”写了两次，只能有一个数"),
        ("已连续 {days} 天", "已连续 {dayz} 天", "不认识的名字：dayz；可用：days"),
        ("{product} {due}", "{product {due}", "花括号没有配对"),
        ("id: maturity.15", "id: churn.silent", "规则“churn.silent”重复了"),
        ("within: {value: 15,", "within: {value: -1,", "不能小于 0"),
        ("todo: 续约跟进", f"todo: {'续约跟进' * 6}", "太长了，最多 20 个字"),
        ("      watches: maturity\n      label: 到期提醒\n", "      watches: maturity\n", "缺少必填的“label”"),
    ],
)
def test_a_mistake_is_named_where_it_stands(written: str, instead: str, message: str) -> None:
    assert PACK.count(written) == 1
    with pytest.raises(PackError) as refused:
        load_pack(PACK.replace(written, instead))
    (problem,) = refused.value.problems
    assert message in problem.message
    assert ".silence" not in problem.path
    assert ".maturity" not in problem.path
    line = PACK[: PACK.index(written)].count("\n") + 1
    assert abs(problem.line - line) <= 2  # at the value, or at the part that it is missing from


def test_every_number_says_what_it_rests_on() -> None:
    care = load_pack(PACK).care
    assert care is not None
    numbers = {name: (number.value, number.source) for name, number in care.numbers()}
    assert {name: value for name, (value, _) in numbers.items()} == {
        "每人每日新提醒（条）": 20,
        "投诉关闭后的静默（天）": 7,
        "流失预警：静默（天，高净值、超高净值）": 30,
        "流失预警：办理期限（工作日）": 3,
        "流失预警：冷却（天）": 30,
        "到期提醒：提前（天）": 15,
        "到期提醒：单笔（元，富裕）": 200_000,
        "到期提醒：单笔（元，高净值、超高净值）": 500_000,
        "到期提醒：办理期限（工作日）": 3,
        "到期提醒：冷却（天）": 0,
        "例行联系：静默（天，富裕）": 90,
        "例行联系：静默（天，超高净值）": 14,
        "例行联系：办理期限（工作日）": 5,
        "例行联系：冷却（天）": 30,
    }
    assert all(source for _, source in numbers.values())


def test_the_summary_follows_the_pack() -> None:
    """What 查 proposes and what the morning finds are the same numbers, whoever changes them."""
    care = load_pack(PACK).care
    assert care is not None
    assert care.limits() == LIMITS
    changed = PACK.replace("within: {value: 15,", "within: {value: 20,").replace(
        "[富裕], value: 200000", "[富裕], value: 300000"
    )
    longer = changed.replace("[高净值, 超高净值], value: 30,", "[高净值], value: 45,")
    other = load_pack(longer).care
    assert other is not None
    limits = other.limits()
    assert limits.maturity_days == 20
    assert limits.maturity_floor[Tier.AFFLUENT] == 30 * WAN
    assert limits.silent_days == {Tier.AFFLUENT: 60, Tier.HIGH: 45, Tier.ULTRA: 30}


def test_a_pack_may_do_without() -> None:
    assert load_pack(PACK[: PACK.index("# 主动关怀")]).care is None
