"""早上的提醒: one digest when the office opens, a card that says why, and every word and deed of its owner."""

import csv
from collections.abc import AsyncIterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.clock import SHANGHAI
from bot.sections import Care
from storage import schema
from storage.calendars import BANK, SpecialDay, write_days
from tests.chats.complaining import chat, file
from tests.chats.conftest import House, staged
from tests.chats.talking import Chat, options_of, rows_of
from tests.chats.test_case_report import report
from tests.chats.test_freeze import WANG, frozen
from tests.chats.test_import_live import imports, rewrite

FINDING, TODO = schema.finding.c, schema.todo.c
SUNDAY = datetime(2026, 11, 22, 9, 0, tzinfo=SHANGHAI)
OUYANG = "欧阳静 联系客户，了解近况"
NO_SALE = "这位客户暂不宜营销：只谈到期安排，不推介产品。"


@pytest.fixture
async def house(bank_url: tuple[str, Path], bank: Path, tmp_path: Path) -> AsyncIterator[House]:
    """The stage on the Sunday before, with care switched on."""
    url, key = bank_url
    async with staged(url, key, bank, tmp_path, start_at=SUNDAY, care=Care()) as made:
        yield made
        await made.books_are_whole()


@pytest.fixture
def rm01(house, phone) -> Chat:
    return Chat(house, phone("rm01"))


@pytest.fixture
def rm02(house, phone) -> Chat:
    return Chat(house, phone("rm02"))


async def monday(chat: Chat) -> Any:
    return await chat.passes(hours=24, hears="今日提醒")


async def about(chat: Chat, name: str, label: str = "看原因") -> dict[str, str]:
    """The option of the customer called so, on the newest list that has the button."""
    [(question, options)] = options_of(await chat.card(label)).items()
    return {question: next(option for option in options if name in option)}


async def looks_into(chat: Chat, name: str, hears: str = "") -> Any:
    choosing = await about(chat, name)
    return await chat.clicks("看原因", hears=hears or f"{name} · 客户号", choosing=choosing)


REGULAR = {
    "3.": "11月30日前 曹平林 例行联系，了解客户近况",
    "4.": "11月30日前 亚历山大·谢尔盖耶维奇… 例行联系，了解客…",
}
"""Affluent customers whom nobody has reached for ninety days: the service programme's floor."""


async def verdicts(house: House) -> list[tuple[object, ...]]:
    both = sa.select(FINDING.verdict, TODO.state).join_from(schema.finding, schema.todo, TODO.id == FINDING.todo_id)
    rows = await house.look(both.where(FINDING.verdict.is_not(None)))
    return sorted(tuple(row) for row in rows)


async def test_at_nine_on_a_working_day_and_once(house, rm01, rm02) -> None:
    await rm01.passes_quietly(hours=23, minutes=59)
    digest = await rm01.passes(minutes=1, hears="今日提醒 · 11月23日")
    assert "新提醒 4 条" in digest.text
    assert rows_of(digest) == {"1.": "11月26日前 夏霞桂 续约跟进", "2.": "11月26日前 王秀兰 续约跟进", **REGULAR}
    assert options_of(digest)["看哪一条"][:2] == ["1.夏霞桂 续约跟进", "2.王秀兰 续约跟进"]
    assert digest.buttons == ["看原因", "我的待办"]
    assert OUYANG in (await rm02.hears("今日提醒")).text
    await rm01.phone.marks()
    await house.restart()
    await rm01.passes_quietly(hours=5)
    await rm01.passes_quietly(hours=19)  # the next morning: nothing new, nothing due
    assert "今天到期 2 件" in (await rm01.passes(days=2, hours=1, hears="今日提醒 · 11月26日")).text
    counted = sa.select(FINDING.rule, FINDING.customer_id, sa.func.count()).group_by(FINDING.rule, FINDING.customer_id)
    assert {row[2] for row in await house.look(counted)} == {1}


async def test_why_with_evidence_and_the_day_of_the_data(rm01, rm02) -> None:
    await monday(rm01)
    card = await looks_into(rm01, "王秀兰")
    assert "到期提醒 · 11月26日前办 · 数据截至 11月22日" in card.text
    said = rows_of(card)
    assert said["产品"].startswith("样例理财")
    assert (said["到期日"], said["客户分层"]) == ("12月3日", "富裕")
    assert f"{said['产品']} 12月3日到期，金额 {said['金额']}" in card.text
    assert "还有 10 天到期。" in card.text
    assert said["近期"].count("联系上") == 2
    assert card.buttons == ["已做", "稍后", "有用", "不准", "记拜访", "推荐产品"]

    await rm02.hears("今日提醒")
    silent = await rm02.clicks("看原因", hears="欧阳静 · 客户号", choosing={"看哪一条": f"2.{OUYANG}"})
    assert "已连续 35 天没有联系上客户" in silent.text
    said = rows_of(silent)
    assert (said["上次联系"], said["客户分层"]) == ("10月18日，到11月22日满 35 天", "高净值")
    assert said["近期"].startswith("11月14日 电话 回访 未联系上")
    assert "群发" not in silent.text


async def test_useful_then_done(house, rm01) -> None:
    await monday(rm01)
    await looks_into(rm01, "王秀兰")
    again = await rm01.clicks("有用", hears="11月26日前办 · 已评：有用")
    assert "记下了：有用。待办还在，办完点“已做”。" in await rm01.heard()
    assert again.buttons == ["已做", "稍后", "记拜访", "推荐产品", "查客户"]
    await rm01.clicks("推荐产品", hears="可以推荐 · 王秀兰")
    rest = await rm01.clicks("已做", hears="还有 3 条提醒")
    assert "已完成：王秀兰 续约跟进" in await rm01.heard()
    assert rows_of(rest)["1."] == "11月26日前 夏霞桂 续约跟进"
    assert await verdicts(house) == [("有用", "done")]
    await looks_into(rm01, "夏霞桂")
    await rm01.clicks("已做", hears="已完成：夏霞桂 续约跟进")
    assert "续约跟进" not in (await rm01.says("待办", hears="我的待办")).text
    assert await verdicts(house) == [("已做", "done"), ("有用", "done")]


async def test_wrong_closes_it_and_keeps_the_rule_quiet(house, rm02) -> None:
    await monday(rm02)
    await rm02.clicks("看原因", hears="欧阳静 · 客户号", choosing={"看哪一条": f"2.{OUYANG}"})
    await rm02.clicks("不准", hears="记下了：不准，待办已关闭。30 天内不再为这位客户发同类提醒。")
    assert await verdicts(house) == [("不准", "cancelled")]
    listed = await rm02.says("待办", hears="我的待办")
    assert "欧阳静" not in listed.text


async def test_later_and_the_reminder_that_follows(rm01) -> None:
    await monday(rm01)
    await looks_into(rm01, "王秀兰")
    asked = await rm01.clicks("稍后", hears="推迟到什么时候？")
    assert "王秀兰 续约跟进" in asked.text
    await rm01.clicks("1小时后", hears="再提醒您：王秀兰 续约跟进")
    reminder = await rm01.passes(hours=1, hears="待办提醒")
    assert reminder.buttons == ["完成", "稍后", "查客户", "看原因"]
    card = await looks_into(rm01, "王秀兰")
    assert "到期提醒 · 刚刚逾期" in card.text


async def test_a_visit_from_the_card_ends_the_silence(rm02) -> None:
    await monday(rm02)
    await rm02.clicks("看原因", hears="欧阳静 · 客户号", choosing={"看哪一条": f"2.{OUYANG}"})
    await rm02.clicks("记拜访", hears="拜访登记")
    await rm02.says("取消", hears="已取消")
    await rm02.says("拜访 欧阳静 电话 接通 聊了近况", hears="请核对")
    await rm02.says("保存", hears="拜访已保存")
    await rm02.says("待办", hears="我的待办")
    card = await looks_into(rm02, "欧阳静")
    assert "11月23日已经联系上客户，可以点“已做”。" in card.text
    await rm02.clicks("查客户", hears="数据截至")


async def test_two_cards_of_one_finding_never_both_act(house, rm01) -> None:
    await monday(rm01)
    first = await looks_into(rm01, "王秀兰")
    await rm01.says("待办", hears="我的待办")
    await looks_into(rm01, "王秀兰")
    await rm01.clicks("不准", hears="还有 3 条提醒")
    assert (await rm01.is_now(first)).replace_text == "已选：不准"
    await rm01.phone.clicks("已做", first, force=True)
    stands = await rm01.hears("已关闭 · 已评：不准")
    assert "这张卡片已经过时，现在是这样：" in await rm01.heard()
    assert stands.buttons == ["记拜访", "查客户"]
    assert await verdicts(house) == [("不准", "cancelled")]


async def test_done_in_the_list_is_known_to_the_card(house, rm01) -> None:
    """The same word is kept as from the card, which can no longer be pressed."""
    await monday(rm01)
    card = await looks_into(rm01, "王秀兰")
    await rm01.says("待办", hears="我的待办")
    chosen = await about(rm01, "王秀兰", "完成")
    await rm01.clicks("完成", hears="已完成：王秀兰 续约跟进", choosing=chosen)
    assert (await rm01.is_now(card)).replace_text == "已选：已做"
    assert await verdicts(house) == [("已做", "done")]
    await rm01.phone.clicks("有用", card, force=True)
    stands = await rm01.hears("到期提醒 · 已办完")
    assert stands.buttons == ["记拜访", "查客户"]
    assert await verdicts(house) == [("已做", "done")]


async def test_done_in_the_list_takes_no_word_back(house, rm01) -> None:
    await monday(rm01)
    await looks_into(rm01, "王秀兰")
    card = await rm01.clicks("有用", hears="11月26日前办 · 已评：有用")
    await rm01.says("待办", hears="我的待办")
    chosen = await about(rm01, "王秀兰", "完成")
    await rm01.clicks("完成", hears="已完成：王秀兰 续约跟进", choosing=chosen)
    assert (await rm01.is_now(card)).replace_text == "已选：已做"
    assert await verdicts(house) == [("有用", "done")]


async def test_a_day_off_that_is_declared_while_we_run(house, rm01) -> None:
    """Nothing on that Monday; the digest comes on Tuesday, and three working days count from there."""
    off = SpecialDay(BANK, date(2026, 11, 23), works=False, name="停业", confirmed=True)
    await house.app.database.do(lambda unit: write_days(unit, (), [off], "test"))
    await rm01.passes_quietly(hours=29)
    await rm01.passes_quietly(hours=18, minutes=59)
    await rm01.passes(minutes=1, hears="今日提醒 · 11月24日")
    assert await house.look(sa.select(FINDING.due_on).where(FINDING.customer_id == "C00000001")) == [
        (date(2026, 11, 27),)
    ]


async def test_one_that_was_entered_by_hand_has_no_reason(rm01) -> None:
    await rm01.says("拜访 单雄信 电话 接通 聊了理财 明天上午十点回访", hears="请核对")
    await rm01.says("保存", hears="拜访已保存")
    await monday(rm01)
    await rm01.says("待办", hears="我的待办")
    await rm01.phone.chooses(await about(rm01, "单雄信"))
    await rm01.phone.clicks("看原因", await rm01.card("完成"))
    await rm01.hears("这件待办不是系统提醒的，没有更多原因。")
    await looks_into(rm01, "王秀兰")  # the list can still be used


async def test_a_customer_who_left_the_book(house, rm01, rm02, feed) -> None:
    """The old card says so and names nobody; the next morning the finding is with who keeps the customer now."""
    await monday(rm01)
    card = await looks_into(rm01, "王秀兰")
    rewrite(feed / "customers.csv", "C00000001", rm_userid="rm02")
    assert (await imports(house, feed)).ok
    await rm01.phone.clicks("有用", card)
    await rm01.hears("这位客户已不在您名下或辖内，这条提醒不用再处理。")
    listed = await rm01.says("待办", hears="我的待办")
    assert "王秀兰" not in listed.text
    await rm02.phone.marks()
    await rm01.phone.marks()
    digest = await rm02.passes(hours=24, hears="今日提醒 · 11月24日")
    assert rows_of(digest) == {"1.": "11月26日前 王秀兰 续约跟进"}
    assert await rm01.phone.heard() == []
    await looks_into(rm02, "王秀兰", hears="王秀兰 · 客户号 C00000001")
    assert await house.look(sa.select(FINDING.owner).where(FINDING.customer_id == "C00000001")) == [("rm02",)]


async def test_no_rm_is_the_heads_who_reads_what_a_head_may(house, phone, feed) -> None:
    head = Chat(house, phone("subhead01"))
    rewrite(feed / "customers.csv", "C00000007", rm_userid="")
    assert (await imports(house, feed)).ok
    digest = await monday(head)
    assert rows_of(digest) == {"1.": "11月26日前 欧*静 联系客户，了解近况"}
    card = await head.clicks("看原因", hears="流失预警")
    assert "欧阳静" not in card.text
    assert "600–1000 万" in card.text


async def test_what_may_not_be_sold_is_not(house, rm01, feed) -> None:
    rewrite(feed / "customers.csv", "C00000001", marketing_consent="0")
    with (feed / "customers.csv").open(encoding="utf-8") as file:
        assert any(row["customer_id"] == "C00000001" for row in csv.DictReader(file))
    assert (await imports(house, feed)).ok
    await monday(rm01)
    card = await looks_into(rm01, "王秀兰")
    assert NO_SALE in card.text


async def test_a_case_that_is_hidden_from_the_reader_changes_nothing(house, rm01) -> None:
    """Neither what comes in the morning nor what its card says, until there is a complaint that the reader may see."""
    cs = chat(house, "cs01")
    await report(cs, "李明")
    await file(cs, "C00000001 说我没有提醒", flags={"涉及客户经理": "是"})
    assert rows_of(await monday(rm01))["2."] == "11月26日前 王秀兰 续约跟进"
    assert NO_SALE not in (await looks_into(rm01, "王秀兰")).text
    await file(cs, "C00000001 说到期没有人提醒")
    await rm01.hears("新的投诉请您处理")
    await rm01.says("待办", hears="我的待办")
    assert NO_SALE in (await looks_into(rm01, "王秀兰")).text


async def test_a_complaint_that_the_rm_may_see_withholds_what_is_marketing(house, rm01) -> None:
    await file(chat(house, "cs01"), "C00000001 说到期没有人提醒")
    assert "王秀兰" not in (await monday(rm01)).text


async def test_after_days_of_silence_of_our_own_only_today(house, rm01) -> None:
    """Stopped on Sunday, started again on Wednesday afternoon: one digest, of that day."""
    await house.close()
    await house.world.clock.advance(days=3, hours=6)
    await rm01.phone.marks()
    await house.open()
    await rm01.hears("今日提醒 · 11月25日")
    await house.settled()
    assert sum("今日提醒" in text for text in await rm01.phone.texts()) == 1
    found = await house.look(sa.select(FINDING.data_day, FINDING.rule).distinct())
    assert {tuple(row) for row in found} == {(date(2026, 11, 22), "maturity.15")}  # the data of Tuesday is not there


async def test_nobody_is_reminded_of_a_customer_whose_data_is_frozen(house, rm01) -> None:
    await frozen(house)
    digest = await monday(rm01)
    assert rows_of(digest)["1."] == "11月26日前 夏霞桂 续约跟进"
    assert "王秀兰" not in digest.text
    assert await house.look(sa.select(FINDING.id).where(FINDING.customer_id == WANG)) == []
