"""取消, 上一步, 重来 and 继续 work in every step of a form, typed or pressed."""

import pytest
import sqlalchemy as sa

from storage import schema
from tests.chats.talking import Chat, rows_of

FORM = [  # what to say, and which question comes next
    ("拜访", "这次联系的是哪位客户？"),
    ("单雄信", "方式"),
    ("面访 接通", "谈了什么？"),
    ("聊了理财", "有现场照片吗？"),
    ("跳过", "要留下见面的位置吗？"),
    ("跳过", "几时再联系？"),
    ("下周一", "请核对"),
]


@pytest.fixture
def rm(house, phone) -> Chat:
    return Chat(house, phone("rm01"))


async def test_a_step_back_from_every_step_and_forward_again(house, phone) -> None:
    rm = Chat(house, phone("rm01"))
    for said, question in FORM[:4]:
        await rm.says(said, hears=question)
    for _, question in reversed(FORM[:3]):
        await rm.says("上一步", hears=question)
    await rm.says("上一步", hears="已经是第一步了")
    for said, question in [("继续", "有现场照片吗？"), ("跳过", "位置"), ("跳过", "几时再联系？"), ("跳过", "请核对")]:
        check = await rm.says(said, hears=question)
    assert rows_of(check)["内容"] == "聊了理财", "what was answered before stepping back is kept"
    await rm.clicks("改这一项", hears="要留下见面的位置吗？", choosing={"要改哪一项": "位置"})
    await rm.clicks("上一步", hears="请核对")  # out of a change: back to the check
    await rm.says("上一步", hears="几时再联系？")
    await rm.says("返回", hears="要留下见面的位置吗？")


async def test_go_on_in_every_step_asks_the_same_again(rm) -> None:
    for said, question in FORM:
        asked = await rm.says(said, hears=question)
        again = await rm.says("继续", hears="接着填“拜访登记”")
        assert again.card["main_title"]["title"] == asked.card["main_title"]["title"]
        assert (await rm.is_now(asked)).replace_text == "请看下面", "one question to answer, not two"


async def test_start_again_forgets_what_was_filled_in(rm) -> None:
    for said, question in FORM[:2]:
        await rm.says(said, hears=question)
    await rm.says("重来", hears="好，“拜访登记”从头填")
    for said, question in FORM[1:]:
        await rm.says(said, hears=question)
    first = await rm.says("重新填", hears="好，“拜访登记”从头填")
    assert first.card["main_title"]["title"] == "这次联系的是哪位客户？"
    check = await rm.says("尉迟恭", hears="方式")
    for said, question in [("电话 接通", "谈了什么？"), ("跳过", "几时再联系？"), ("跳过", "请核对")]:
        check = await rm.says(said, hears=question)
    assert rows_of(check) == {
        "客户": "尉迟恭 · 客户号 C00000006", "方式": "电话", "结果": "接通", "没填": "内容、回访时间",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("who", "customer", "lengths"), [("rm01", "单雄信", (1, 2, 3, 4)), ("rm03", "冯春生", (5, 6, 7))]
)
async def test_cancel_in_every_step_leaves_nothing(house, phone, who, customer, lengths) -> None:
    rm = Chat(house, phone(who))
    for length in lengths:
        for said, question in FORM[:length]:
            last = await rm.says(said.replace("单雄信", customer), hears=question)
        typed = length % 2 or "取消" not in last.buttons
        gone = await (rm.says if typed else rm.clicks)("取消", hears="“拜访登记”已取消，什么都没有保存")
        assert gone.card == {}
        assert await rm.live() == []
    await rm.says("继续", hears="现在没有进行中的填写，发“帮助”看能做什么")
    assert await house.look(sa.select(schema.visit.c.id)) == []
