"""关系: shown as far as the reader may look, entered, seen from both sides, taken back at once, put right later."""

import pytest
import sqlalchemy as sa

from storage import schema
from tests.chats.talking import Chat, rows_of

OTHER = "曾志伟"


@pytest.fixture
def rm(house, phone) -> Chat:
    return Chat(house, phone("rm01"))


async def entered(rm: Chat) -> None:
    """王秀兰 gets 曾志伟 as her child."""
    await rm.says("关系 王秀兰", hears="还没有登记")
    await rm.clicks("登记关系", hears="和客户有关系的是哪一位")
    await rm.says(OTHER, hears="这一位是客户的什么人")
    await rm.says("儿子", hears="请核对")
    await rm.says("保存", hears="关系已登记")


async def test_entered_and_seen_from_both_sides(house, rm, phone) -> None:
    await entered(rm)
    card = await rm.says("关系 王秀兰", hears="关系：家庭、担保人、关键人")
    other = await house.look(sa.select(schema.tie.c.other_customer_id))
    assert rows_of(card)["子女"] == f"客户号 {other[0][0]}（行内登记）"
    back = await rm.says(f"关系 {OTHER}", hears="关系：家庭、担保人、关键人")
    assert rows_of(back)["父母"] == "客户号 C00000001（行内登记）"
    head = Chat(house, phone("sup01"))
    await head.says("关系 C00000001", hears="关系：家庭")
    told = await head.heard()
    assert "子女" in told
    assert f"尾号{other[0][0][-4:]}" in told
    assert "王秀兰" not in told
    assert OTHER not in told


async def test_taken_back_by_button_and_in_words(house, rm) -> None:
    await entered(rm)
    await rm.clicks("撤销", hears="已撤销，这条关系不再显示")
    await rm.says("关系 王秀兰", hears="还没有登记")
    await rm.says("撤销", hears="没有可以撤销的登记或决定")
    await entered(rm)
    await rm.says("撤销", hears="已撤销，这条关系不再显示")
    assert {row[0] is not None for row in await house.look(sa.select(schema.tie.c.ended_at))} == {True}


async def test_put_right_later_and_on_record(house, rm) -> None:
    await entered(rm)
    await rm.passes_quietly(minutes=11)
    await rm.says("撤销", hears="登记已超过 10 分钟，不能直接撤销")
    await rm.says("关系 王秀兰", hears="登记错的")
    option = next(iter((await rm.card("冲正")).card["button_selection"]["option_list"]))["text"]
    await rm.clicks("冲正", hears="已冲正", choosing={"登记错的": option})
    await rm.says("关系 王秀兰", hears="还没有登记")
    bodies = [bytes(row[0]).decode() for row in await house.look(sa.select(schema.audit.c.body))]
    actions = [body.partition('"action":"')[2].partition('"')[0] for body in bodies]
    assert [action for action in actions if action.startswith("relation.")] == ["relation.entered", "relation.reversed"]


async def test_what_cannot_be_is_asked_again(house, rm) -> None:
    await entered(rm)
    await rm.says("登记关系 王秀兰", hears="关系：家庭")
    await rm.clicks("登记关系", hears="和客户有关系的是哪一位")
    await rm.says("王秀兰", hears="这一位是客户的什么人")
    await rm.says("配偶", hears="请核对")
    await rm.says("保存", hears="这就是客户本人，请写另一位客户")
    await rm.says(OTHER, hears="请核对")
    await rm.says("改 是客户的", hears="这一位是客户的什么人")
    await rm.says("子女", hears="请核对")
    await rm.says("保存", hears="这个关系已经登记过了")
    assert len(await house.look(sa.select(schema.tie.c.id))) == 1


async def test_nobody_enters_a_stranger(house, rm, phone) -> None:
    """The other customer of a colleague's book is found by nobody else, and tells nothing."""
    await rm.says("关系 王秀兰", hears="还没有登记")
    await rm.clicks("登记关系", hears="和客户有关系的是哪一位")
    await rm.says("欧阳静", hears="没有找到这位客户")
    await rm.says("取消")
    await Chat(house, phone("cs01")).says("关系 王秀兰", hears="关系")
    assert await house.look(sa.select(schema.tie.c.id)) == []
