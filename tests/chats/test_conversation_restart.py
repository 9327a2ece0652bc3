"""The bot is restarted between all steps, and nobody on the phone can tell."""

import sqlalchemy as sa

from storage import schema
from tests.chats.talking import Chat, rows_of


async def test_a_whole_story_with_a_restart_after_every_step(house, phone) -> None:
    rm = Chat(house, phone("rm01"), restless=True)
    await rm.says("拜访", hears="哪位客户")
    await rm.says("张伟", hears="您要找哪一位？")
    await rm.says("2", hears="方式")
    await rm.clicks("下一步", hears="谈了什么？", choosing={"方式": "面访", "结果": "接通"})
    await rm.says("聊了理财续期", hears="有现场照片吗？")
    await rm.sends_photo(hears="收到照片 1 张")
    await rm.says("我的", hears="名下客户")
    await rm.says("继续", hears="有现场照片吗？")
    await rm.clicks("没有了", hears="要留下见面的位置吗？")
    await rm.passes(minutes=31, hears="先收起来了")
    await rm.clicks("继续", hears="要留下见面的位置吗？")
    await rm.sends_location(31.2304, 121.4737, "示例路 1 号", hears="几时再联系？")
    check = await rm.says("1小时后", hears="请核对")
    assert rows_of(check)["客户"] == "张伟 · 客户号 C00000003"
    await rm.clicks("保存", hears="拜访已保存")
    reminder = await rm.passes(minutes=61, hears="待办提醒")
    assert "张伟" in reminder.text
    await rm.clicks("稍后", hears="推迟到什么时候？")
    await rm.says("明早九点", hears="再提醒您")
    card = await rm.says("待办", hears="共 1 件")
    assert "明天 09:00" in card.text
    await rm.clicks("完成", hears="已完成：张伟 回访客户（上次面访）")
    assert await house.look(sa.select(schema.todo.c.state)) == [("done",)]
    assert await house.look(sa.select(schema.photo.c.state)) == [("kept",)]


async def test_a_restart_while_messages_are_on_their_way(house, phone) -> None:
    """Said to a bot that goes down at once: WeCom repeats, the inbox remembers, nothing is answered twice."""
    rm = phone("rm01")
    http = house.settings.http.model_copy(update={"port": house.app.public_port})
    house.settings = house.settings.model_copy(update={"http": http})
    for said, heard in [("拜访 单雄信 电话 接通 聊了理财", "请核对"), ("保存", "拜访已保存"), ("撤销", "已撤销")]:
        await rm.says(said)
        await house.restart()
        await rm.hears(heard)
        await house.settled()
        answers = [bubble for bubble in await rm.heard() if bubble.json["side"] == "app" and heard in bubble.text]
        assert len([bubble for bubble in answers if not bubble.json.get("updates")]) <= 1
    assert await house.look(sa.select(schema.visit.c.state)) == [("undone",)]
