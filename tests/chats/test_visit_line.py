"""A visit on one line, in whatever order it is typed, and with whatever is missing asked."""

import pytest
import sqlalchemy as sa

from storage import schema
from tests.chats.talking import Chat, options_of, rows_of

WHOLE = {
    "客户": "王秀兰 · 客户号 C00000001",
    "方式": "电话",
    "结果": "接通",
    "内容": "聊了理财续期",
    "回访时间": "下周三 12月2日",
}


@pytest.fixture
def rm(house, phone) -> Chat:
    return Chat(house, phone("rm01"))


async def test_the_order_does_not_matter(rm) -> None:
    for line in (
        "拜访 王秀兰 电话 接通 聊了理财续期 下周三回访",
        "拜访王秀兰，下周三回访，聊了理财续期，电话接通",
        "/拜访　王秀兰　接通　下周三再联系　聊了理财续期　打电话",
        "记拜访 wangxiulan 聊了理财续期 致电 接通了 回访下周三",
    ):
        check = await rm.says(line, hears="请核对")
        assert rows_of(check) == WHOLE, line
        await rm.says("取消", hears="已取消")


async def test_what_is_missing_is_asked(rm) -> None:
    for line, title in (
        ("拜访 王秀兰 聊了理财续期", "拜访登记 2/4"),  # both lists on one card
        ("拜访 王秀兰 电话 聊了理财续期", "联系上了吗"),
        ("拜访 王秀兰 没接", "怎么联系的"),
        ("拜访 电话 接通 聊了理财续期 下周三回访", "这次联系的是哪位客户？"),
    ):
        card = await rm.says(line, hears=title)
        assert card.card["main_title"]["title"] == title, line
    assert rows_of(await rm.says("王秀兰 ", hears="请核对")) == WHOLE, "all but the name was known"


async def test_a_call_nobody_answered_is_two_taps(house, rm) -> None:
    check = await rm.says("拜访 王秀兰 电话 没接", hears="请核对")
    assert rows_of(check) == {
        "客户": "王秀兰 · 客户号 C00000001", "方式": "电话", "结果": "未接通", "没填": "内容、回访时间",
    }  # fmt: skip
    await rm.clicks("保存", hears="拜访已保存")
    assert await house.look(sa.select(schema.visit.c.kind, schema.visit.c.reached)) == [("电话", False)]


async def test_customers_of_one_name_are_told_apart(rm) -> None:
    which = await rm.says("拜访 张伟 电话 接通 聊了基金", hears="您要找哪一位？")
    [options] = options_of(which).values()
    assert options == ["1.北京城东 30多岁 大众", "2.北京城西 50多岁 富裕"]
    check = await rm.clicks("就是这位", hears="请核对", choosing={"您要找哪一位": options[0]})
    assert rows_of(check)["客户"] == "张伟 · 客户号 C00000002"
    await rm.says("改 客户", hears="哪位客户")
    await rm.says("张伟", hears="您要找哪一位？")
    await rm.says("3", hears="没有第 3 位，请回 1 到 2 中的一个")
    check = await rm.says("２", hears="请核对")
    assert (rows_of(check)["客户"], rows_of(check)["内容"]) == ("张伟 · 客户号 C00000003", "聊了基金")


async def test_a_customer_outside_the_scope_is_not_found(rm) -> None:
    answers = []
    for name in ("欧阳静", "C00000007", "查无此人"):
        again = await rm.says(
            f"拜访 {name} 电话 接通 聊了基金", hears="没有找到这位客户。请核对姓名，或换成拼音、首字母"
        )
        answers.append({**again.card, "task_id": "", "button_list": again.buttons})
        check = await rm.says("单雄信", hears="请核对")
        assert rows_of(check)["内容"] == "聊了基金", "what was said about the visit is kept"
        await rm.says("取消", hears="已取消")
    assert answers[0] == answers[1] == answers[2], "somebody else's customer is answered like nobody"
    assert answers[0]["main_title"]["title"] == "这次联系的是哪位客户？"
