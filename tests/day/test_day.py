"""A working day on the phone page: two managers, their supervisor and an auditor, clicking and typing as people do."""

import re
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.async_api import expect

from storage import schema
from tests.chats.conftest import House
from tests.chats.paper import Paper
from tests.day.player import Player, Table

OWN = "王秀兰 · 客户号 {}"
REFERENCE = re.compile(r"〔[A-Z0-9]{4}〕")
STAY_HIDDEN = ("id_number", "mobile", "address")


@pytest.mark.timeout(600)
async def test_a_day(table: Table, house: House, bank: Path) -> None:
    paper = Paper(bank)
    rm01, rm02 = table.player("rm01"), table.player("rm02")
    await begin_the_day(table, rm01, rm02)
    await look_for_customers(paper, rm01, rm02)
    await read_their_pages(paper, rm01, rm02)
    await log_a_meeting_step_by_step(rm01)
    await log_a_call_in_one_line(rm02)
    await take_it_back_and_log_it_again(rm02)
    await put_off_be_reminded_and_finish(table, rm01)
    await be_reminded_the_next_morning(table, rm02)
    supervisor = await table.adds("sup01")
    await see_only_what_a_supervisor_may(supervisor)
    await expect_nothing_went_wrong(table)
    auditor = await table.changes(supervisor, "audit01")
    await be_refused_and_find_the_way(auditor)
    await expect_nothing_went_wrong(table)
    await expect_clean_books(house, paper)


async def begin_the_day(table: Table, *players: Player) -> None:
    await expect(table.page.get_by_role("radio", name="坏天气")).to_be_checked()
    for player in players:
        await player.sees("您好，今天从哪里开始？")


async def look_for_customers(paper: Paper, rm01: Player, rm02: Player) -> None:
    """By name, letters, pinyin and digits; the same words find another customer for another manager."""
    first, second = paper.named("王秀兰", "rm01"), paper.named("王秀兰", "rm02")
    await rm01.taps_hint("查 王秀兰", sees=OWN.format(first))
    await rm02.says("查wxl", sees=OWN.format(second))
    await rm02.says(f"查 {paper.customers[second]['mobile'][-4:]}", sees=OWN.format(second))
    await rm02.says(f"查 {first}", sees="没有找到这位客户")

    await rm01.says("查 张伟", sees="您要找哪一位？")
    await rm01.ticks("2.")
    await rm01.presses("就是这位", sees="张伟 · 客户号 C00000003")

    await rm01.says("查 wangxiulan", sees=OWN.format(first))
    await rm01.drops_down("想看什么", "资产信息")
    answer = await rm01.looks("查看", sees=f"{OWN.format(first)} · 资产信息")
    await expect(answer).to_contain_text("持仓：")


async def read_their_pages(paper: Paper, *players: Player) -> None:
    """Each signed in as themselves, identifiers masked."""
    for player in players:
        customer = paper.named("王秀兰", player.userid)
        page = await player.opens_page()
        await expect(page.get_by_role("heading", name=OWN.format(customer))).to_be_visible()
        await expect(page.locator(".watermark")).to_contain_text(player.userid)
        await expect(page.get_by_text(re.compile(r"^\S\*{16}\S$"))).to_be_visible()
        words = await page.inner_text("body")
        assert [column for column in STAY_HIDDEN if paper.customers[customer][column] in words] == []
        await page.close()


async def log_a_meeting_step_by_step(rm01: Player) -> None:
    """From the card, with photo and place; a command in between parks the form."""
    await rm01.presses("记拜访", sees="拜访登记 2/4")
    await rm01.picks("方式", "面访")
    await rm01.picks("结果", "接通")
    await rm01.presses("下一步", sees="谈了什么？")
    await rm01.says("聊了理财续期", sees="有现场照片吗？")
    await rm01.says("待办", sees="没有未完成的待办")
    await rm01.sees("“拜访登记”先搁下了")
    await rm01.says("继续", sees="接着填“拜访登记”。")
    await rm01.sends("照片", "示例照片", sees="收到照片 1 张")
    await rm01.presses("没有了", sees="要留下见面的位置吗？")
    await rm01.sends("位置", "示例大厦", sees="几时再联系？")
    checked = await rm01.says("今天下午三点", sees="请核对，没问题就保存")
    for words in ("面访", "照片 1 张", "示例大厦", "今天 11月23日 15:00"):
        await expect(checked).to_contain_text(words)
    await rm01.presses("保存", sees="拜访已保存")


async def log_a_call_in_one_line(rm02: Player) -> None:
    """What was understood is shown, and changed before it is saved."""
    await rm02.says("拜访 wxl 电话 未接通 聊了定投 明天上午十点回访", sees="请核对，没问题就保存")
    await rm02.drops_down("要改哪一项", "结果")
    await rm02.presses("改这一项", sees="联系上了吗")
    checked = await rm02.presses("接通", sees="请核对，没问题就保存")
    await expect(checked).not_to_contain_text("未接通")
    await rm02.presses("保存", sees="拜访已保存")


async def take_it_back_and_log_it_again(rm02: Player) -> None:
    await rm02.presses("撤销", sees="已撤销，这条拜访不再计入联系记录")
    await rm02.says("待办", sees="没有未完成的待办")
    await rm02.says("拜访 王秀兰 电话 接通 聊了定投 明天上午十点回访", sees="请核对，没问题就保存")
    await rm02.says("保存", sees="拜访已保存")
    mine = await rm02.says("我的", sees="本周拜访")
    await expect(mine).to_contain_text("1 次")


async def put_off_be_reminded_and_finish(table: Table, rm01: Player) -> None:
    """Nothing comes before its time, and at its time the reminder does."""
    listed = await rm01.says("待办", sees="我的待办")
    await expect(listed).to_contain_text("今天 15:00")
    await rm01.presses("稍后", sees="推迟到什么时候？")
    await rm01.presses("1小时后", sees="再提醒您：王秀兰")
    await expect(rm01.answers.filter(has_text="待办提醒")).to_have_count(0)
    await table.tool("+1小时")
    await rm01.sees("待办提醒")
    await rm01.presses("完成", sees="已完成：王秀兰 回访客户")
    await rm01.says("待办", sees="没有未完成的待办")


async def be_reminded_the_next_morning(table: Table, rm02: Player) -> None:
    await table.tool("到明早9点")
    await expect(table.page.get_by_test_id("clock")).to_contain_text("11月24日 周二")
    await rm02.enters(sees="您好，今天从哪里开始？")
    await expect(rm02.answers.filter(has_text="待办提醒")).to_have_count(0)
    await table.tool("+1小时")
    await rm02.sees("待办提醒")
    await rm02.presses("查客户", sees="未结待办：1 件")


async def see_only_what_a_supervisor_may(supervisor: Player) -> None:
    """Both customers of that name, neither by name nor to the yuan."""
    await supervisor.taps_hint("查 王秀兰", sees="您要找哪一位？")
    await supervisor.ticks("1.")
    card = await supervisor.presses("就是这位", sees="数据截至")
    await expect(card).to_contain_text("王*兰")
    await expect(card).to_contain_text(re.compile(r"\d+–\d+ 万"))
    said = " ".join(await supervisor.answers.all_inner_texts())
    assert said.replace("例如：查 王秀兰", "").count("王秀兰") == 0


async def be_refused_and_find_the_way(auditor: Player) -> None:
    """No customers for an auditor; a word nobody knows is answered with buttons that work."""
    await auditor.says("查 王秀兰", sees="您当前的岗位「审计员」不能做这件事。回复「帮助」看看可以做什么。")
    await auditor.says("代办", sees="没看懂这句话，您是不是想：")
    await auditor.presses("我的待办", sees="没有未完成的待办")
    helped = await auditor.taps_hint("帮助", sees="您可以这样用（共 8 项）")
    await expect(helped).not_to_contain_text("查客户")


async def expect_nothing_went_wrong(table: Table) -> None:
    """As the page shows it: everything taken in and answered (how soon is for `rmbot bench`), no limit broken, no text
    said twice.
    """
    badges = await table.badges()
    assert badges
    assert [badge for badge in badges if not re.fullmatch(r"(回应|收下) [\d.]+ (毫秒|秒)", badge)] == []
    await expect(table.page.locator(".badge").filter(has_text="超出限制")).to_have_count(0)
    await expect(table.page.locator(".unanswered")).to_have_count(0)
    references = Counter(REFERENCE.findall(" ".join(await table.page.get_by_test_id("bubble").all_inner_texts())))
    assert [reference for reference, times in references.items() if times > 1] == []


async def expect_clean_books(house: House, paper: Paper) -> None:
    """What stayed behind: each visit and to-do once, each message once, nothing WeCom would complain about."""
    await house.settled()
    await house.books_are_whole()
    visits = await house.look(sa.select(schema.visit.c.userid, schema.visit.c.customer_id, schema.visit.c.undone_at))
    kept = {(rm, paper.named("王秀兰", rm)) for rm in ("rm01", "rm02")}
    assert sorted((row[0], row[1]) for row in visits if row[2] is None) == sorted(kept)
    assert len(visits) == 3
    deliveries = [each for each in await house.world.deliveries() if each["fate"] == "delivered"]
    tasks = Counter((each["userid"], str(each["body"])) for each in deliveries)
    assert [task for task, times in tasks.items() if times > 1] == []
