"""A form on the phone: each question on its widget, what was understood shown before saving, and 改."""

import pytest
import sqlalchemy as sa

from storage import schema
from tests.chats.talking import Chat, options_of, rows_of


@pytest.fixture
def rm(house, phone) -> Chat:
    return Chat(house, phone("rm01"))


async def test_a_visit_is_filled_in_question_by_question(house, rm) -> None:
    asked = await rm.says("拜访", hears="这次联系的是哪位客户？")
    assert asked.buttons == ["取消"]

    both = await rm.says("欧阳静", hears="没有找到这位客户")  # rm02's customer: the same words as for nobody
    assert both.card["main_title"]["title"] == "这次联系的是哪位客户？"
    both = await rm.says("单雄信", hears="拜访登记 2/")
    assert both.card["card_type"] == "multiple_interaction"
    assert options_of(both) == {"方式": ["面访", "电话", "企微", "短信", "其他"], "结果": ["接通", "未接通"]}

    await rm.clicks("下一步", hears="谈了什么？", choosing={"方式": "面访", "结果": "接通"})
    await rm.says("聊了理财续期", hears="有现场照片吗？")
    more = await rm.sends_photo(hears="收到照片 1 张，还可以再发 2 张")
    assert more.buttons == ["没有了", "上一步", "取消"]
    await rm.sends_photo(hears="还可以再发 1 张")
    place = await rm.clicks("没有了", hears="要留下见面的位置吗？")
    assert "点输入框旁的“+”" in place.text
    when = await rm.sends_location(31.2304, 121.4737, "示例路 1 号", hears="几时再联系？")
    assert when.buttons[:4] == ["明天上午十点", "三天后", "下周一", "下个月1号"]
    check = await rm.clicks("下周一", hears="请核对，没问题就保存")

    assert rows_of(check) == {
        "客户": "单雄信 · 客户号 C00000004",
        "方式": "面访",
        "结果": "接通",
        "内容": "聊了理财续期",
        "照片": "照片 2 张",
        "位置": "示例路 1 号",
        "回访时间": "下周一 11月30日",
    }
    assert await house.look(sa.select(schema.visit.c.id)) == [], "nothing is kept before 保存"
    saved = await rm.clicks("保存", hears="拜访已保存")
    assert rows_of(saved)["回访时间"] == "下周一 11月30日"
    assert "今天 09:10 前可以撤销" in saved.text
    assert [card.id for card in await rm.live()] == [saved.id], "no question is left to be pressed"


async def test_what_was_understood_can_be_changed_in_the_drop_down_and_in_words(rm) -> None:
    check = await rm.says("拜访 曾志伟 面访 接通 看了新产品 周五下午三点回访", hears="请核对")
    assert rows_of(check)["回访时间"] == "本周五 11月27日 15:00"
    assert options_of(check) == {"要改哪一项": ["客户", "方式", "结果", "内容", "照片", "位置", "回访时间"]}

    await rm.clicks("改这一项", hears="几时再联系？", choosing={"要改哪一项": "回访时间"})
    again = await rm.says("昨天", hears="昨天 11月22日已经过去了")
    assert again.card["main_title"]["title"] == "几时再联系？"
    check = await rm.says("月底前", hears="请核对")
    assert rows_of(check)["回访时间"].endswith("11月30日")

    await rm.says("改 内容", hears="谈了什么？")
    check = await rm.says("看了新产品，还要比一比", hears="请核对")
    assert rows_of(check)["内容"] == "看了新产品，还要比一比"

    await rm.says("改 2", hears="怎么联系的")  # the number of its row
    check = await rm.clicks("下一步", hears="请核对", choosing={"方式": "企微"})
    assert list(rows_of(check)) == ["客户", "方式", "结果", "内容", "回访时间"], "a photo is asked of a meeting alone"

    await rm.says("改 客户", hears="哪位客户")
    check = await rm.says("yuchigong", hears="请核对")
    assert rows_of(check)["客户"].startswith("尉迟恭")
    lost = await rm.says("改 天气", hears="没有叫“天气”的一项")
    assert "可以改：客户、方式、结果、内容、回访时间" in lost.text
    still = await rm.says("挺好的", hears="请回“保存”")
    assert rows_of(still)["客户"].startswith("尉迟恭"), "the rest is kept"
    await rm.says("保存", hears="拜访已保存")


async def test_a_wrong_answer_asks_again_with_the_reason_and_keeps_the_rest(rm) -> None:
    await rm.says("拜访 单雄信", hears="结果")
    half = await rm.says("电话 也许", hears="联系上了吗")
    assert "没看懂“也许”。请选一项：接通、未接通" in half.text
    again = await rm.says("大概接通了吧", hears="请选一项：接通、未接通")
    assert again.buttons[:2] == ["接通", "未接通"]
    await rm.clicks("接通", hears="谈了什么？")
    long = await rm.says("理" * 501, hears="写了 501 个字，超过了 500 个字")
    assert long.card["main_title"]["title"] == "谈了什么？"
    await rm.says("聊了理财", hears="几时再联系？")
    await rm.says("改天吧", hears="几时再联系？")
    photo = await rm.sends_photo(hears="请写将来的时间")
    assert photo.card["main_title"]["title"] == "几时再联系？"
    check = await rm.says("跳过", hears="请核对")
    assert rows_of(check) == {
        "客户": "单雄信 · 客户号 C00000004", "方式": "电话", "结果": "接通", "内容": "聊了理财", "没填": "回访时间",
    }  # fmt: skip
