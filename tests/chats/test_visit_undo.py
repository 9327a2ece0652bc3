"""撤销 within ten minutes, by button and in words; afterwards it is refused with what to do instead."""

import pytest
import sqlalchemy as sa

from storage import schema
from tests.chats.talking import Chat

LINE = "拜访 单雄信 电话 接通 聊了理财 下周一回访"


@pytest.fixture
def rm(house, phone) -> Chat:
    return Chat(house, phone("rm01"))


async def saved(rm: Chat) -> None:
    await rm.says(LINE, hears="请核对")
    await rm.says("保存", hears="拜访已保存")


async def test_by_button_and_with_it_the_follow_up(house, rm) -> None:
    await saved(rm)
    await rm.clicks("撤销", hears="已撤销，这条拜访不再计入联系记录，对应的回访待办也取消了")
    assert await house.look(sa.select(schema.visit.c.state)) == [("undone",)]
    assert await house.look(sa.select(schema.todo.c.state)) == [("cancelled",)]
    await rm.says("待办", hears="没有未完成的待办")
    await rm.says("撤销", hears="这条拜访已经撤销过了")
    await rm.passes_quietly(days=8)  # no reminder of what was taken back


async def test_in_words_and_the_card_is_grey_then(house, rm) -> None:
    await saved(rm)
    card = await rm.card("撤销")
    await rm.passes_quietly(minutes=9)
    await rm.says("撤销", hears="已撤销")
    assert (await rm.is_now(card)).replace_text == "已撤销"
    assert await rm.live() == []
    await rm.phone.clicks("撤销", card, force=True)
    await rm.phone.hears("已撤销，这条拜访不再计入联系记录")
    assert await house.look(sa.select(schema.visit.c.state)) == [("undone",)]


async def test_after_ten_minutes_it_is_too_late(house, rm) -> None:
    await saved(rm)
    await rm.passes_quietly(minutes=10, seconds=1)
    await rm.says("撤销", hears="登记已超过 10 分钟，不能直接撤销。如需更正，请联系主管办理冲正。")
    await rm.phone.clicks("撤销")
    await rm.phone.hears("登记已超过 10 分钟")
    assert await house.look(sa.select(schema.visit.c.state)) == [("saved",)]
    assert await house.look(sa.select(schema.todo.c.state)) == [("open",)]


async def test_nothing_to_take_back_and_nobody_elses_visit(house, phone, rm) -> None:
    await saved(rm)
    other = Chat(house, phone("rm02"))
    await other.says("撤销", hears="没有可以撤销的登记或决定。只能撤销自己 10 分钟内登记的最近一条拜访")
    await Chat(house, phone("cs01")).says("撤销", hears="没有可以撤销的登记或决定")
    assert await house.look(sa.select(schema.visit.c.state)) == [("saved",)]


async def test_a_follow_up_that_was_done_stays_done(house, rm) -> None:
    await saved(rm)
    await rm.says("待办", hears="共 1 件")
    await rm.clicks("完成", hears="已完成")
    await rm.says("撤销", hears="已撤销，这条拜访不再计入联系记录。")
    assert await house.look(sa.select(schema.todo.c.state)) == [("done",)]
