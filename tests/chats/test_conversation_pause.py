"""A form laid aside by a new command or by waiting, brought back by 继续, and notices that wait meanwhile."""

import pytest

from tests.chats.talking import Chat, rows_of


@pytest.fixture
def rm(house, phone) -> Chat:
    return Chat(house, phone("rm01"))


async def test_a_new_command_parks_the_form_and_says_so(rm) -> None:
    question = await rm.says("拜访 单雄信 电话 聊了理财", hears="联系上了吗")
    card = await rm.says("查 曾志伟", hears="曾志伟")
    assert "“拜访登记”先搁下了，已填的都在；发“继续”接着填，发“取消”放弃。" in await rm.heard()
    assert (await rm.is_now(question)).replace_text == "先搁下了"

    back = await rm.says("继续", hears="接着填“拜访登记”")
    assert back.card["main_title"]["title"] == "联系上了吗"
    assert card.live or (await rm.is_now(card)).live, "the summary is still of use"

    other = await rm.clicks("记拜访", hears="方式")  # a button of the summary is a new command too
    assert "先搁下了" in await rm.heard()
    assert "曾志伟" not in other.text
    check = await rm.says("电话 接通", hears="谈了什么")
    await rm.says("跳过", hears="几时再联系")
    check = await rm.says("跳过", hears="请核对")
    assert rows_of(check)["客户"].startswith("曾志伟")
    await rm.says("保存", hears="拜访已保存")

    back = await rm.says("继续", hears="联系上了吗")
    check = await rm.clicks("接通", hears="请核对")
    assert (rows_of(check)["客户"], rows_of(check)["内容"]) == ("单雄信 · 客户号 C00000004", "聊了理财")


async def test_what_was_put_aside_can_be_given_up(rm) -> None:
    await rm.says("拜访 单雄信", hears="方式")
    await rm.says("我的", hears="名下客户")
    await rm.says("取消", hears="“拜访登记”已取消，什么都没有保存")
    await rm.says("继续", hears="现在没有进行中的填写")


async def test_waiting_too_long_is_told_and_go_on_brings_it_back(rm) -> None:
    await rm.says("拜访 单雄信 电话", hears="联系上了吗")
    told = await rm.passes(minutes=31, hears="“拜访登记”已有一阵没有动静，先收起来了；24 小时内发“继续”可接着填。")
    assert told.buttons == ["继续", "取消"]
    assert [card.id for card in await rm.live()] == [told.id]
    await rm.says("接通", hears="没看懂这句话")  # nothing is open any more

    await rm.passes_quietly(hours=20)
    await rm.clicks("继续", hears="接着填“拜访登记”")
    await rm.clicks("未接通", hears="谈了什么")
    await rm.clicks("跳过", hears="几时再联系")
    check = await rm.says("三天后", hears="请核对")
    assert rows_of(check)["方式"] == "电话"

    await rm.passes(minutes=31, hears="先收起来了")
    await rm.says("继续", hears="请核对")
    await rm.passes(minutes=31, hears="先收起来了")
    await rm.clicks("取消", hears="已取消，什么都没有保存")


async def test_after_a_day_it_is_gone(rm) -> None:
    await rm.says("拜访 单雄信 电话", hears="联系上了吗")
    told = await rm.passes(minutes=31, hears="先收起来了")
    await rm.passes_quietly(hours=25)
    await rm.says("继续", hears="现在没有进行中的填写，发“帮助”看能做什么")
    late = await rm.clicks("继续", hears="放得太久，已经不能接着填了，请重新开始")
    assert late.id != told.id
    assert await rm.live() == []


async def test_a_reminder_waits_for_the_end_of_the_talk(rm) -> None:
    await rm.says("拜访 单雄信 电话 接通 聊了理财 1小时后回访", hears="请核对")
    await rm.clicks("保存", hears="拜访已保存")
    await rm.passes_quietly(minutes=59)
    await rm.says("拜访 曾志伟", hears="方式")
    await rm.passes_quietly(minutes=2)
    await rm.says("电话 接通", hears="谈了什么")
    assert "待办提醒" not in await rm.heard()
    await rm.says("取消", hears="待办提醒")
    assert (await rm.heard()).index("已取消") < (await rm.heard()).index("待办提醒")


async def test_a_reminder_does_not_wait_longer_than_ten_minutes(rm) -> None:
    await rm.says("拜访 单雄信 电话 接通 聊了理财 1小时后回访", hears="请核对")
    await rm.clicks("保存", hears="拜访已保存")
    await rm.passes_quietly(minutes=59)
    await rm.says("拜访 曾志伟", hears="方式")
    await rm.passes_quietly(minutes=9)
    reminder = await rm.passes(minutes=2, hears="待办提醒")
    assert "单雄信" in reminder.text
    await rm.says("电话 接通", hears="谈了什么")  # the talk goes on
