"""The clocks of a complaint: explained, climbed level by level in working hours, and caught up with after a pause."""

import asyncio
import json
from datetime import datetime, timedelta

from bot.commands.errands import perform
from storage.imports.progress import nobody
from tests.chats.complaining import accepted, chat, does, file, goes_by, is_now, opened_at, propose, records
from tests.chats.conftest import MONDAY, SHANGHAI
from tests.chats.traces import messages


def at(month: int, day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=SHANGHAI)


async def heard(house, who: str, words: str) -> int:  # type: ignore[no-untyped-def]
    """How many messages with these words went to a person; one that had to be handed in twice is one."""
    return len({text for text in await messages(house, who) if words in text and "response_code" not in text})


async def who_heard(house, words: str) -> list[str]:  # type: ignore[no-untyped-def]
    """To whom messages with these words went, one name a message."""
    sent = {text for text in await messages(house) if words in text and "response_code" not in text}
    return sorted(json.loads(text)["touser"] for text in sent)


async def test_both_clocks_are_explained(house) -> None:
    cs, rm = chat(house, "cs01"), chat(house, "rm02")
    number = await file(cs)
    await is_now(house, at(11, 23, 9, 20))
    await rm.clicks("受理", hears="已受理")
    filed, taken_on = (record.at.replace(microsecond=0) for record in await records(house, number))
    minutes = (taken_on - filed) // timedelta(minutes=1)
    await is_now(house, at(11, 23, 14, 32))
    trail = await rm.clicks("经过", hears="【时限】")
    for words in (
        f"受理确认：共 1 小时（只算工作时间），已用 {minutes} 分钟，已停止",
        "办结：共 40 小时（只算工作时间），已用 4 小时 ",
        "法定期限：15 日（自然日，11月23日当日不计，不暂停），12月8日 24:00 到期",
        "重要客户升级：自 11月23日 09:00 起 24 小时（不分昼夜和节假日），11月24日 09:00 到期",
    ):
        assert words in trail.text, words
    assert "最近时限" in (await rm.card("经过")).text


# The complaint of a 富裕 customer has 80 × 0.75 = 60 working hours of seven a day, from Monday 09:00; the law has until
# 12-08 24:00. Worked out by hand.
LEVELS = [
    (at(11, 27, 11), "办结的时间已经过半（S3）", ["rm02"]),
    (at(12, 1, 16, 30), "办结的时间只剩两成（S3）", ["sup01"]),
    (at(12, 3, 14, 30), "办结已经超时（S3）", ["subhead01"]),
    (at(12, 4, 9), "法定期限还有 5 天", ["rm02", "sup01"]),
    (at(12, 6, 9), "法定期限还有 3 天", ["rm02", "sup01", "complaint01", "exec01"]),
    (at(12, 8, 9), "法定期限只剩 1 天", ["rm02", "sup01", "complaint01", "exec01"]),
    (at(12, 9, 9), "法定期限已过", ["rm02", "sup01", "complaint01", "exec01"]),
    (at(12, 9, 16, 30), "办结超时已达一半（S3）", ["cp01"]),
    (at(12, 16, 10), "办结用时已是两倍（S3）", ["complaint01", "exec01"]),
]
EVERYBODY = ["cs01", "rm02", "sup01", "subhead01", "branch01", "cp01", "complaint01", "exec01"]


async def test_the_ladder_level_by_level_each_once(house) -> None:
    cs, rm = chat(house, "cs01"), chat(house, "rm02")
    number = await accepted(cs, rm, "李国强 说理财到期没有人提醒")
    await rm.clicks("联系客户", hears="怎么联系的")
    await rm.clicks("电话", hears="谈了什么")
    await rm.says("已致歉", hears="请核对")
    await rm.clicks("保存", hears="已联系客户")
    await propose(rm)  # only 办结 and the law's own clock go on
    late = await opened_at(house, number) - MONDAY  # how long after nine it was filed
    for moment, words, people in LEVELS:
        working = "办结" in words
        await is_now(house, moment + (late if working else timedelta()) - timedelta(seconds=90))
        assert await who_heard(house, words) == []
        await is_now(house, moment + (late if working else timedelta()) + timedelta(seconds=1))
        assert await who_heard(house, words) == sorted(people)
    await goes_by(house, days=60)
    for _, words, people in LEVELS:
        assert await who_heard(house, words) == sorted(people)


async def test_nobody_is_reminded_at_night_or_on_a_day_off(house) -> None:
    cs = chat(house, "cs01")
    await is_now(house, at(11, 27, 17, 0))  # Friday, half an hour before all go home; 1.5 hours to take it on
    await file(cs, "李国强 说理财到期没有人提醒")
    for moment in (at(11, 27, 23), at(11, 28, 11), at(11, 29, 15), at(11, 30, 9, 10)):
        await is_now(house, moment)
        assert await heard(house, "rm02", "已经过半") == 0
    await is_now(house, at(11, 30, 9, 20))
    assert await heard(house, "rm02", "受理确认的时间已经过半") == 1


async def test_a_saturday_that_becomes_a_working_day_brings_the_reminder_forward(house, tmp_path) -> None:
    cs, rm = chat(house, "cs01"), chat(house, "rm02")
    await is_now(house, at(11, 27, 17, 0))
    await file(cs, "李国强 说理财到期没有人提醒")
    days = tmp_path / "days.csv"
    days.write_text("day,workday,name\n2026-11-28,1,年终结算\n", "utf-8")
    told = {"file": str(days), "confirm": True, "actor": "cli:operator"}
    await asyncio.to_thread(perform, house.app.database, house.app.clock, "calendar.import", told, nobody, nobody)
    await is_now(house, at(11, 28, 9, 10))
    assert await heard(house, "rm02", "已经过半") == 0
    await is_now(house, at(11, 28, 9, 20))  # and not on Monday
    assert await heard(house, "rm02", "受理确认的时间已经过半") == 1
    await rm.clicks("经过", hears="工作日历有变，时限重新计算")
    await is_now(house, at(11, 30, 9, 20))
    assert await heard(house, "rm02", "受理确认的时间已经过半") == 1


async def test_after_days_of_silence_each_hears_the_highest_only(house) -> None:
    number = await file(chat(house, "cs01"))
    await house.settled()
    before = {who: len(await messages(house, who)) for who in EVERYBODY}
    await house.close()
    await house.world.clock.advance(days=40)
    await house.open()
    await goes_by(house, minutes=1)
    told = {who: list(dict.fromkeys((await messages(house, who))[before[who] :])) for who in EVERYBODY}
    assert {who: len(texts) for who, texts in told.items()} == {**dict.fromkeys(EVERYBODY, 1), "cs01": 0}
    for who, words in {
        "rm02": "法定期限已过", "sup01": "法定期限已过", "complaint01": "法定期限已过", "exec01": "法定期限已过",
        "cp01": "办结超时已达一半", "subhead01": "已经超时", "branch01": "超过 24 小时没有关闭",
    }.items():  # fmt: skip
        assert words in told[who][0]
        assert number in told[who][0]


async def test_what_is_over_reminds_nobody(house) -> None:
    cs, rm, sup = (chat(house, who) for who in ("cs01", "rm02", "sup01"))
    await accepted(cs, rm)
    await does(rm, "撤回", "客户怎么提出的")
    await rm.clicks("电话", hears="请写明理由")
    await rm.says("客户撤诉", hears="请核对")
    await rm.clicks("保存", hears="已撤回")
    await cs.hears("客户撤回")
    await sup.passes_quietly(days=40)
    assert await heard(house, "branch01", "") == 0
