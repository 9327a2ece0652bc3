"""The rule language: what a sentence means, why it held, and where it is wrong."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.language.explain import explain
from domain.language.fields import Dictionary, FieldSpec, FieldType, Value, dictionary, meaning
from domain.language.rules import Rule, read_rule
from domain.language.tokens import RuleError, tokens


def spec(name: str, kind: FieldType, *words: str, ordered: bool = False) -> FieldSpec:
    return FieldSpec(name=name, type=kind, words=words, ordered=ordered)


TIERS = ("大众", "富裕", "高净值", "超高净值")
FIELDS: Dictionary = dictionary(
    meaning(spec("资产", FieldType.MONEY)),
    meaning(spec("资产净值", FieldType.MONEY)),
    meaning(spec("年龄", FieldType.NUMBER)),
    meaning(spec("占比", FieldType.PERCENT)),
    meaning(spec("未联系", FieldType.DURATION)),
    meaning(spec("等级", FieldType.CHOICE, *TIERS, ordered=True)),
    meaning(spec("性质", FieldType.CHOICE), {"投诉": "complaint", "咨询": "question"}),
    meaning(spec("部门", FieldType.SET, "风控", "运营", "科技")),
    meaning(spec("群诉", FieldType.FLAG)),
    meaning(spec("渠道", FieldType.TEXT)),
)
KNOWN: dict[str, Value] = {
    "资产": 120_000_000, "资产净值": 100, "年龄": 66, "占比": Decimal("0.27"), "未联系": 30 * 86400, "等级": "高净值",
    "性质": "complaint", "部门": ("风控", "科技"), "群诉": True, "渠道": "前台",
}  # fmt: skip


def holds(text: str, values: dict[str, Value] = KNOWN) -> bool:
    return read_rule(text, FIELDS).holds(values.get)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("资产 不少于 100万", True), ("资产≥120万元", True), ("资产>120万", False), ("资产 > 1,199,999.99元", True),
        ("资产 < 0.1亿", True), ("资产净值 = 1元", True), ("资产净值等于资产", False), ("资产大于资产净值", True),
        ("年龄大于65且等级等于高净值", True), ("年龄大于65且等级等于大众或群诉", True), ("年龄<65 且 (等级=大众 或 群诉)", False),
        ("非 群诉", False), ("非群诉或年龄>60", True), ("非(群诉 且 年龄 > 70)", True), ("群诉 = 否", False),
        ("等级 属于 (高净值, 超高净值)", True), ("等级属于高净值", True), ("等级 不属于（大众、富裕）", True),
        ("等级 ≥ 富裕", True), ("等级 高于 高净值", False), ("等级 介于 富裕 和 超高净值 之间", True),
        ("年龄 介于 18 和 65 之间", False), ("年龄介于66到66之间", True), ("占比 >= 27%", True), ("占比 超过 27%", False),
        ("未联系 不少于 30天", True), ("未联系>720小时", False), ("未联系 = 43200分钟", True),
        ("部门 属于 (运营, 科技)", True), ("部门 不属于 (运营)", True), ("部门 属于 运营", False),
        ("性质 等于 投诉", True), ("性质!=咨询", True), ("渠道 = '前台'", True), ("渠道=“后台”", False), ("渠道 等于 前台", True),
        ("资产 为空", False), ("资产 不为空 且 群诉", True), ("（年龄＞６５）且　群诉", True), ("年龄 > -1", True),
    ],
)  # fmt: skip
def test_what_a_rule_means(text: str, wanted: bool) -> None:
    assert holds(text) is wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("资产 > 1元", False), ("资产 <= 1元", False), ("资产 != 1元", False), ("资产 = 资产净值", False),
        ("等级 属于 大众", False), ("等级 不属于 大众", False), ("年龄 介于 0 和 200 之间", False), ("群诉", False),
        ("非(资产 > 1元)", True), ("非 群诉", True), ("资产 为空", True), ("资产 不为空", False), ("部门 不属于 风控", False),
    ],
)  # fmt: skip
def test_an_unknown_value_compares_as_false(text: str, wanted: bool) -> None:
    assert holds(text, {}) is wanted


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        ("", 1, 1, "规则是空的"), ("资长 > 1", 1, 1, "不认识“资长”"), ("资产 >", 1, 5, "少了一个值"), ("资产", 1, 3, "怎么比"),
        ("群诉 群诉", 1, 4, "这里多了“群诉”"), ("群诉 且", 1, 5, "话没有说完"), ("(群诉", 1, 4, "少了右括号"),
        ("群诉\n且 年龄 > 高", 2, 8, "“年龄”是数"), ("资产 > 3天", 1, 6, "“资产”是金额，不能和“3天”比"),
        ("占比 > 3", 1, 6, "是百分比"), ("未联系 > 3", 1, 7, "是时长"), ("年龄 > 3元", 1, 6, "是数"), ("资产 > 0.001元", 1, 6, "两位小数"),
        ("性质 > 投诉", 1, 4, "不分大小"), ("性质 = 表扬", 1, 6, "没有“表扬”，可用：投诉、咨询"), ("部门 = 风控", 1, 4, "请用 属于"),
        ("等级 属于 (大众, 富裕", 1, 14, "名单没有写完"), ("年龄 介于 1 和 2", 1, 12, "“之间”"), ("年龄 介于 1 2 之间", 1, 9, "介于 甲 和 乙"),
        ("渠道 介于 1 和 2 之间", 1, 1, "不能用 介于"), ("群诉 = 对", 1, 6, "只能是“是”或“否”"), ("资产 > 年龄", 1, 6, "不是一类"),
        ("渠道 = '前台", 1, 6, "引号没有配对"), ("等级 属于 ()", 1, 8, "少了一个值"), ("资产 > > 1", 1, 6, "少了一个值"),
        ("非" * 60 + "群诉", 1, 41, "套得太深"), ("(" * 60 + "群诉" + ")" * 60, 1, 41, "套得太深"),
        ("或".join(["群诉"] * 205), 1, 1, "最多 200 个"), ("群" * 3000, 1, 2001, "太长"), ("! 群诉", 1, 1, "这里不能写“!”"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_where_it_stands(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(RuleError) as caught:
        read_rule(text, FIELDS)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert message in caught.value.message


def test_the_longest_name_wins() -> None:
    cut = [token.text for token in tokens("资产净值>资产且等级=超高净值", FIELDS)]
    assert cut == ["资产净值", ">", "资产", "且", "等级", "=", "超高净值", ""]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("资产 >= 100万", "资产 1,200,000 元 ≥ 1,000,000 元 ✓"),
        ("占比 > 30%", "占比 27% > 30% ✗"),
        ("未联系 介于 1天 和 720小时 之间", "未联系 30 天 介于 1 天 和 30 天 之间 ✓"),
        (
            "非 (性质 = 投诉 或 部门 属于 运营)",
            "以下不成立 ✗\n  以下有一项成立 ✓\n    性质 投诉 = 投诉 ✓\n    部门 风控、科技 属于（运营） ✗",
        ),
        ("群诉 且 资产 > 资产净值", "以下都成立 ✓\n  群诉 是 ✓\n  资产 1,200,000 元 > 资产净值 1 元 ✓"),
    ],
)
def test_the_explanation_shows_what_was_compared(text: str, wanted: str) -> None:
    assert str(explain(read_rule(text, FIELDS), KNOWN.get, FIELDS)) == wanted


def test_the_explanation_says_what_is_unknown() -> None:
    assert str(explain(read_rule("资产 > 1元 且 等级 为空", FIELDS), {}.get, FIELDS)).endswith(
        "资产 未知 > 1 元 ✗\n  等级 未知 为空 ✓"
    )


ATOMS = st.sampled_from(
    ["群诉", "资产 > 100万", "年龄 介于 60 和 70 之间", "等级 属于 (高净值)", "性质 = 咨询", "部门 不属于 运营"]
)
RULES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        inner.map(lambda part: f"非({part})"),
        st.tuples(inner, st.sampled_from("且或"), inner).map(lambda t: f"({t[0]}){t[1]}({t[2]})"),
    ),
    max_leaves=8,
)


@given(RULES, st.sets(st.sampled_from(sorted(KNOWN))))
def test_a_rule_and_its_opposite_never_agree_and_the_trace_tells_the_same(text: str, known: set[str]) -> None:
    values = {name: KNOWN[name] for name in known}
    rule: Rule = read_rule(text, FIELDS)
    assert rule.holds(values.get) is not holds(f"非({text})", values)
    assert explain(rule, values.get, FIELDS).holds is rule.holds(values.get)


@given(st.text(alphabet="资产年龄群诉且或非()（）>=<万元天%、“”'和介于之间属于 为空12.-", max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        rule = read_rule(text, FIELDS)
    except RuleError as error:
        place = (error.line, error.column)
    else:
        place = (1, 1)
        assert rule.holds(KNOWN.get) in (True, False)
    assert place >= (1, 1)
