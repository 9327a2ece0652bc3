"""A follow-up becomes a to-do, speaks up when it is due, and is done, put off or looked into; 待办 and 我的."""

import csv
from pathlib import Path

import pytest
import sqlalchemy as sa

from storage import schema
from tests.chats.talking import Chat, options_of, rows_of


@pytest.fixture
def rm(house, phone) -> Chat:
    return Chat(house, phone("rm01"))


async def promises(rm: Chat, customer: str, when: str) -> None:
    await rm.says(f"拜访 {customer} 电话 接通 聊了理财 {when}回访", hears="请核对")
    await rm.says("保存", hears="拜访已保存")


async def test_a_follow_up_reminds_once_at_its_time_and_is_done(house, rm) -> None:
    await promises(rm, "单雄信", "今天下午三点")
    await rm.passes_quietly(hours=5, minutes=59)
    reminder = await rm.passes(minutes=1, hears="待办提醒")
    assert rows_of(reminder) == {"1.": "今天 15:00 单雄信 回访客户（上次电话）"}
    assert reminder.buttons == ["完成", "稍后", "查客户"]
    assert "逾期" not in reminder.text
    await rm.passes_quietly(hours=3)  # once is enough
    await rm.clicks("查客户", hears="单雄信")
    late = await rm.says("待办", hears="我的待办")
    assert rows_of(late) == {"1.": "逾期3小时 单雄信 回访客户（上次电话）"}
    await rm.clicks("完成", hears="已完成：单雄信 回访客户（上次电话）")
    assert "没有未完成的待办" in await rm.heard()
    assert await house.look(sa.select(schema.todo.c.state)) == [("done",)]


async def test_a_day_speaks_up_in_its_morning(rm) -> None:
    await promises(rm, "单雄信", "后天")
    await rm.passes_quietly(hours=47, minutes=59)  # it was nine o'clock on Monday
    reminder = await rm.passes(minutes=1, hears="待办提醒")
    assert rows_of(reminder) == {"1.": "今天 单雄信 回访客户（上次电话）"}


async def test_later_takes_a_button_or_any_moment_in_words(house, rm) -> None:
    await promises(rm, "单雄信", "1小时后")
    await rm.passes(minutes=60, hears="待办提醒")
    when = await rm.clicks("稍后", hears="推迟到什么时候？")
    assert "今天 10:00 单雄信 回访客户（上次电话）" in when.text or "单雄信" in when.text
    assert when.buttons == ["1小时后", "明早九点", "三天后", "下周一", "取消"]
    await rm.clicks("1小时后", hears="好的，今天 11:00 再提醒您：单雄信 回访客户（上次电话）")
    await rm.passes(minutes=60, hears="待办提醒")

    await rm.clicks("稍后", hears="推迟到什么时候？")
    await rm.says("昨天", hears="已经过去了")
    await rm.says("明年五月一号", hears="最多推迟 90 天，请选一个近一些的时间")
    await rm.says("周五下午三点", hears="好的，11月27日 15:00 再提醒您：单雄信")
    await rm.passes_quietly(days=4, hours=3, minutes=59)
    await rm.passes(minutes=1, hears="待办提醒")
    await rm.clicks("稍后", hears="推迟到什么时候？")
    await rm.clicks("取消", hears="已取消")
    assert await house.look(sa.select(schema.todo.c.state)) == [("snoozed",)]


async def test_the_list_is_turned_and_worked_through(house, phone) -> None:
    rm = Chat(house, phone("rm01"))
    names = ["王秀兰", "单雄信", "曾志伟", "尉迟恭", "孙丽华", "赵思远", "亚历山大"]
    for number, name in enumerate(names, 1):
        await promises(rm, name, f"明天上午{['八', '九', '十'][number % 3]}点")
    card = await rm.says("待办", hears="共 7 件")
    assert "第 1/2 页" in card.text
    assert len(rows_of(card)) == 6
    assert card.buttons == ["完成", "稍后", "查客户", "下一页"]
    second = await rm.clicks("下一页", hears="第 2/2 页")
    assert list(rows_of(second)) == ["7."]
    [last] = options_of(second)["处理哪一件"]
    await rm.clicks("完成", hears="已完成", choosing={"处理哪一件": last})
    left = await rm.clicks("查客户", hears="数据截至", choosing={"处理哪一件": options_of(card)["处理哪一件"][0]})
    assert left.live
    assert await house.look(sa.select(sa.func.count()).where(schema.todo.c.state == "open")) == [(6,)]


async def test_mine_counts_right(house, rm, bank: Path) -> None:
    with (bank / "customers.csv").open(encoding="utf-8") as file:
        book = sum(row["rm_userid"] == "rm01" for row in csv.DictReader(file))
    await promises(rm, "单雄信", "1小时后")
    await promises(rm, "尉迟恭", "下周一")
    await rm.says("拜访 曾志伟 短信 没回复", hears="请核对")
    await rm.says("保存", hears="拜访已保存")
    await rm.says("撤销", hears="已撤销")
    await rm.passes(hours=2, hears="待办提醒")
    card = await rm.says("我的", hears="名下客户")
    assert card.card["main_title"] == {"title": "李明", "desc": "客户经理 · 北京城东支行"}
    rows = [(row["keyname"], row["value"]) for row in card.card["horizontal_content_list"]]
    assert rows == [
        ("名下客户", f"{book} 位"),
        ("待办", "2 件，逾期 1 件"),
        ("本周拜访", "2 次"),
        ("最近拜访", "今天 09:00 尉迟恭 电话"),
        ("最近拜访", "今天 09:00 单雄信 电话"),
    ]
    assert "我的" not in card.buttons
    await rm.clicks("我的待办", hears="共 2 件，逾期 1 件")
