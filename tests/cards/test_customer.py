"""What 查 shows on a phone: the summary, a dimension, the choice among several."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.customer import choice_card, dimension_texts, summary_card
from cards.key import Seal
from cards.spent import spent_card
from domain.dimension import DIMENSIONS, ShownDimension
from domain.ids import CustomerId
from domain.summary import ShownLine, ShownSummary
from tests.cards.wecom_rules import broken

SEAL = Seal("task-1", 1)
MENU = [(dimension.key, dimension.title) for dimension in DIMENSIONS]
PAGE = "https://rm.example/h5/customer/1"
LONG_NAME = "尉迟阿卜杜热西提·买买提艾力·库尔班江"


def summary(title: str = "王秀兰(客户号 C0001)", **lines: str) -> ShownSummary:
    said = {
        "客户分层": "高净值",
        "AUM": "812.50万",
        "近30天": "减少 30.00万(-3.6%)",
        "资产配置": "理财55% · 存款30% · 基金10% · 其他5%",
        "最近到期": "示例稳健 6 月 12天后(12月5日) 100.00万",
        "风险等级": "C3 平衡型,有效至12月20日",
        "上次联系": "3天前(11月20日) 电话 · 拜访",
        "未结待办": "2 件(逾期 1 件)",
    } | lines
    return ShownSummary(
        CustomerId("C0001"), title, "11月22日", tuple(ShownLine(*line) for line in said.items()), "约续期", "快到期", ()
    )


def test_the_summary_card():
    assert summary_card(summary(), MENU, SEAL, page=PAGE).dump() == {
        "card_type": "button_interaction",
        "task_id": "task-1",
        "main_title": {"title": "王秀兰(客户号 C0001) · 高净值", "desc": "数据截至 11月22日"},
        "sub_title_text": "未结待办：2 件(逾期 1 件)\n建议：约续期（快到期）",
        "horizontal_content_list": [
            {"keyname": "AUM", "value": "812.50万"},
            {"keyname": "近30天", "value": "减少 30.00万(-3.6%)"},
            {"keyname": "资产配置", "value": "理财55% · 存款30% · 基金10% · 其他5%"},
            {"keyname": "最近到期", "value": "示例稳健 6 月 12天后(12月5日) 100.00万"},
            {"keyname": "风险等级", "value": "C3 平衡型,有效至12月20日"},
            {"keyname": "上次联系", "value": "3天前(11月20日) 电话 · 拜访"},
        ],
        "button_selection": {
            "question_key": "dimension",
            "title": "想看什么",
            "option_list": [
                {"id": "basic", "text": "基本信息"},
                {"id": "assets", "text": "资产信息"},
                {"id": "transactions", "text": "交易行为"},
                {"id": "credit", "text": "负债与信用"},
                {"id": "risk", "text": "风险评级"},
                {"id": "service", "text": "服务记录"},
                {"id": "relations", "text": "关系"},
                {"id": "trail", "text": "行为轨迹"},
                {"id": "picture", "text": "图（发到聊天）"},
            ],
        },
        "button_list": [
            {"text": "记拜访", "key": "customer.visit.1", "style": 1},
            {"text": "查看", "key": "customer.look.1", "style": 2},
            {"text": "详情", "type": 1, "url": PAGE, "style": 2},
        ],
    }


def test_a_value_too_long_for_its_line_goes_below_whole():
    maturity = "示例机构稳健添利一百八十二天持有期理财产品 12天后(12月5日) 100.00万"
    card = summary_card(summary(最近到期=maturity), MENU, SEAL).dump()
    assert [line["keyname"] for line in card["horizontal_content_list"]] == [
        "AUM",
        "近30天",
        "资产配置",
        "风险等级",
        "上次联系",
    ]
    assert card["sub_title_text"].startswith(f"最近到期：{maturity}\n")


@pytest.mark.parametrize(
    ("title", "heading"),
    [
        ("王*兰(尾号0001)", {"title": "王*兰(尾号0001) · 高净值", "desc": "数据截至 11月22日"}),
        ("客户号C0001", {"title": "客户号C0001 · 高净值", "desc": "数据截至 11月22日"}),
        (
            f"{LONG_NAME}(客户号 C000000001)",
            {"title": f"{LONG_NAME}(客户号 C000000001)", "desc": "高净值 · 数据截至 11月22日"},
        ),
    ],
)
def test_the_heading_keeps_name_and_tier(title, heading):
    assert summary_card(summary(title), MENU, SEAL).dump()["main_title"] == heading


def test_withheld_lines_and_rights_are_simply_not_there():
    bare = ShownSummary(CustomerId("C0001"), "客户号C0001", "11月22日", (), "约见", "", ())
    card = summary_card(bare, MENU, SEAL, may_visit=False).dump()
    assert card["main_title"] == {"title": "客户号C0001", "desc": "数据截至 11月22日"}
    assert card["sub_title_text"] == "建议：约见"
    assert [button["text"] for button in card["button_list"]] == ["查看"]
    assert "horizontal_content_list" not in card


def test_without_advice_there_is_no_line_for_it():
    silent = ShownSummary(CustomerId("C0001"), "客户号C0001", "11月22日", (), "", "", ())
    assert "sub_title_text" not in summary_card(silent, MENU, SEAL).dump()


def test_a_dimension_is_text_with_its_date():
    lines = (ShownLine("职业", "教师"), ShownLine("开户日期", "2020年1月2日"))
    [message] = dimension_texts(ShownDimension("basic", "基本信息", lines, "来源：示例系统"), "王秀兰", "11月22日")
    assert message.content == (
        "王秀兰 · 基本信息（数据截至 11月22日）\n职业：教师\n开户日期：2020年1月2日\n（来源：示例系统）"
    )


def test_an_empty_dimension_says_so():
    [message] = dimension_texts(ShownDimension("basic", "基本信息", (), "来源：示例系统"), "王*兰", "11月22日")
    assert message.content.endswith("\n暂无可以显示的内容\n（来源：示例系统）")


def test_the_choice_shows_what_tells_them_apart():
    card = choice_card([("浦东", "50多岁", "高净值"), ("静安", "30多岁", "大众")], SEAL, common=("王秀兰",)).dump()
    assert card == {
        "card_type": "vote_interaction",
        "task_id": "task-1",
        "main_title": {"title": "您要找哪一位？", "desc": "王秀兰，共 2 位；点选，或回序号，如“1”"},
        "checkbox": {
            "question_key": "customer",
            "mode": 0,
            "option_list": [
                {"id": "1", "text": "1.浦东 50多岁 高净值", "is_checked": False},
                {"id": "2", "text": "2.静安 30多岁 大众", "is_checked": False},
            ],
        },
        "submit_button": {"text": "就是这位", "key": "customer.choose.1"},
    }
    spent = spent_card(card, "customer.choose", {"customer": ("2",)}).update()
    assert [option["is_checked"] for option in spent["checkbox"]["option_list"]] == [False, True]
    assert broken(spent, update=True) == []


def test_a_long_name_gives_way_to_what_tells_the_hits_apart():
    card = choice_card([(LONG_NAME, "浦东", "50多岁", "大众")] * 12, SEAL).dump()
    texts = [option["text"] for option in card["checkbox"]["option_list"]]
    assert texts[0] == "1.尉迟阿卜杜… 浦东50多岁大众"
    assert texts[11] == "12.尉迟阿卜… 浦东50多岁大众"


def test_spaces_give_way_before_the_name():
    card = choice_card([("王秀兰", "北京城东", "60多岁", "高净值")], SEAL).dump()
    assert card["checkbox"]["option_list"][0]["text"] == "1.王秀兰 北京城东60多岁高净值"


def test_more_than_twenty_are_said_to_be_more():
    card = choice_card([(f"王{n}", "浦东") for n in range(25)], SEAL).dump()
    assert len(card["checkbox"]["option_list"]) == 20
    assert card["main_title"]["desc"].startswith("先列出 20 位，请加上更多信息缩小范围")


@given(
    st.text(max_size=80),
    st.lists(st.tuples(st.text(max_size=8), st.text(max_size=80)), max_size=10),
    st.text(),
    st.text(),
)
def test_any_summary_fits(title, lines, action, reason):
    said = (*(ShownLine(*line) for line in lines), ShownLine("客户分层", title[:8]))
    shown = ShownSummary(CustomerId("C1"), title, "11月22日", said, action, reason, ())
    assert broken(summary_card(shown, MENU, SEAL, page=PAGE).dump()) == []


@given(st.lists(st.lists(st.text(max_size=40), max_size=4), min_size=1, max_size=30), st.lists(st.text(), max_size=4))
def test_any_choice_fits(candidates, common):
    assert broken(choice_card(candidates, SEAL, common=common).dump()) == []
