"""Buttons never lie (design decision 7): doubled, stale, forwarded, expired and forged clicks do not act and are
answered.
"""

import asyncio

import pytest
import sqlalchemy as sa

from storage import schema
from tests.chats.talking import Chat, rows_of


@pytest.fixture
def rm(house, phone) -> Chat:
    return Chat(house, phone("rm01"))


async def visits(house) -> int:
    return len(await house.look(sa.select(schema.visit.c.id)))


async def test_a_double_tap_saves_once(house, rm) -> None:
    await rm.says("拜访 单雄信 电话 接通 聊了理财", hears="请核对")
    card = await rm.card("保存")
    await asyncio.gather(rm.phone.clicks("保存", card, force=True), rm.phone.clicks("保存", card, force=True))
    await house.settled()
    log = await rm.log()
    assert log.count("拜访已保存") == 1
    assert log.count("这一份已经保存过了") == 1
    assert (await rm.is_now(card)).replace_text == "已保存"
    assert await visits(house) == 1


async def test_two_buttons_of_one_card_at_once(house, rm) -> None:
    await rm.says("拜访 单雄信 电话 接通 聊了理财", hears="请核对")
    card = await rm.card("保存")
    await asyncio.gather(rm.phone.clicks("保存", card, force=True), rm.phone.clicks("取消", card, force=True))
    await house.settled()
    log = await rm.log()
    if await visits(house):
        assert ("拜访已保存" in log, "这一份已经保存过了" in log, "什么都没有保存" in log) == (True, True, False)
        assert (await rm.is_now(card)).replace_text == "已保存"
    else:
        assert ("拜访已保存" in log, "这一份已经取消了" in log, "什么都没有保存" in log) == (False, True, True)
        assert (await rm.is_now(card)).replace_text == "已取消"


async def test_an_old_card_after_a_typed_answer(house, rm) -> None:
    old = await rm.says("拜访 单雄信 电话", hears="联系上了吗")
    await rm.says("接通", hears="谈了什么")
    assert (await rm.is_now(old)).replace_text == "已回答"
    await rm.phone.clicks("未接通", old, force=True)
    now = await rm.hears("这张卡片已经过时，请看最新的一张")
    assert now.card["main_title"]["title"] == "谈了什么？"
    await rm.says("聊了理财", hears="几时再联系")
    check = await rm.says("跳过", hears="请核对")
    assert rows_of(check)["结果"] == "接通"


async def test_a_card_that_stayed_alive_turns_grey_when_it_is_pressed(house, rm) -> None:
    """The update of the older card is lost (60140); the next press of it brings a fresh code."""
    old = await rm.says("拜访 单雄信 电话", hears="联系上了吗")
    await house.world.fails("message/update_template_card", "errcode", 60140)
    await rm.says("接通", hears="谈了什么")
    assert (await rm.is_now(old)).live
    await rm.phone.clicks("未接通", old)
    await rm.hears("这张卡片已经过时")
    assert (await rm.is_now(old)).replace_text == "已过时"


async def test_a_click_whose_update_fails_is_said_in_words(house, rm) -> None:
    card = await rm.says("拜访 单雄信 电话", hears="联系上了吗")
    await house.world.fails("message/update_template_card", "errcode", 60140)
    await rm.phone.clicks("未接通", card)
    await rm.hears("谈了什么")
    await rm.hears("已选：未接通。")
    await rm.says("跳过", hears="几时再联系")


async def test_a_forwarded_card_is_not_for_the_other_one(house, phone, rm) -> None:
    await rm.says("拜访 单雄信 电话 接通 聊了理财", hears="请核对")
    other = phone("rm02")
    await other.marks()
    card = await rm.card("保存")
    await rm.phone.clicks("保存", card, force=True, as_user="rm02")
    await other.hears("这张卡片是发给别人的，您点的操作没有生效")
    await house.settled()
    assert await visits(house) == 0
    assert (await rm.is_now(card)).live, "its owner can still press it"
    await rm.clicks("保存", hears="拜访已保存")


async def test_an_expired_card_says_so_and_turns_grey(house, rm) -> None:
    card = await rm.says("查 单雄信", hears="单雄信")
    await rm.passes_quietly(hours=73)
    await rm.phone.clicks("记拜访", card)
    await rm.hears("这张卡片已过期，操作没有生效。请重新发起。")
    assert (await rm.is_now(card)).replace_text == "已过期"
    assert await house.look(sa.select(schema.conversation.c.id)) == []


async def test_an_expired_card_is_answered_with_how_things_stand_now(house, rm) -> None:
    await rm.says("拜访 单雄信 电话 接通 聊了理财 下周五回访", hears="请核对")
    await rm.says("保存", hears="拜访已保存")
    saved = await rm.card("撤销")
    todos = await rm.says("待办", hears="共 1 件")
    question = await rm.says("拜访 欧阳静 电话", hears="")
    await house.world.clock.advance(hours=73)
    await house.app.clock.reread()
    await house.settled()
    for card, button, now in (
        (saved, "撤销", "这条拜访已保存，没有改动"),
        (todos, "完成", "共 1 件"),
        (question, question.buttons[0], "已经不能接着填了"),
    ):
        await rm.phone.clicks(button, card, force=True)
        await rm.hears("这张卡片已过期，操作没有生效。")
        assert now in await rm.heard(), button
        assert (await house.look(sa.select(schema.todo.c.state))) == [("open",)]


NEVER_SHOWN = ("form.save.99", "visit.undo.1", "todo.done.0", "form.pick.call.3", "cmd.todo.0", "x", "talk.expire.1",
               "todo.remind.0", "approval.expire.1")  # fmt: skip


async def test_a_key_that_was_never_shown_means_nothing(house, rm) -> None:
    card = await rm.says("拜访 单雄信 电话 接通 聊了理财", hears="请核对")
    for key in NEVER_SHOWN:
        await rm.phone.does("press", bubble=card.id, key=key, selected={}, force=True)
        card = await rm.hears("这张卡片已经过时，请看最新的一张")
        assert card.buttons == ["保存", "改这一项", "取消"], key
    assert await visits(house) == 0
    await rm.clicks("保存", hears="拜访已保存")


async def test_a_click_on_a_parked_question(house, rm) -> None:
    card = await rm.says("拜访 单雄信 电话", hears="联系上了吗")
    await rm.says("我的", hears="名下客户")
    await rm.phone.clicks("接通", card, force=True)
    await rm.hears("这一份先搁下了，发“继续”接着填")
    await rm.says("继续", hears="联系上了吗")


async def test_an_old_list_of_todos_does_not_act_on_what_changed(house, rm) -> None:
    await rm.says("拜访 单雄信 电话 接通 聊了理财 明天回访", hears="请核对")
    await rm.says("保存", hears="拜访已保存")
    first = await rm.says("待办", hears="共 1 件")
    second = await rm.says("待办", hears="共 1 件")
    assert (await rm.is_now(first)).replace_text == "请看最新的列表"
    await rm.clicks("完成", hears="已完成")
    for old in (first, second):
        await rm.phone.clicks("完成", old, force=True)
        await rm.hears("没有未完成的待办")
    assert await house.look(sa.select(schema.todo.c.state, schema.todo.c.revision)) == [("done", 2)]
