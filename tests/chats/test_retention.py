"""保全 and 到期数据: what is held stays, what is due goes after two people's word, and who may not know hears nothing."""

import asyncio
from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from bot.clock import SHANGHAI
from bot.packs import shipped_retention
from handlers.retention import applying
from handlers.retention.reporting import NIGHT
from storage import cron, schema, sweeps
from tests.chats.complaining import file, is_now
from tests.chats.talking import Chat
from tests.chats.test_import_live import imports
from tests.chats.traces import trail

WANG, OTHER = "C00000001", "C00000002"
LONG_AGO = datetime(2019, 5, 6, 10, tzinfo=SHANGHAI)
NIGHTS = sa.select(schema.cron_run.c.slot).where(schema.cron_run.c.job == NIGHT)
PATIENCE = 30.0
PAPER = "(2026)沪01民初1号"


@pytest.fixture
def officer(house, phone) -> Chat:
    """余立新, compliance."""
    return Chat(house, phone("comp01"))


@pytest.fixture
def chief(house, phone) -> Chat:
    """郭振国, of the head office, who decides about holds."""
    return Chat(house, phone("exec01"))


async def old_visits(house) -> None:
    def write(unit: Any) -> None:
        for customer in (WANG, OTHER):
            row = {"id": f"old-{customer}", "customer_id": customer, "userid": "rm01", "kind": "电话", "reached": True}
            unit.execute(schema.visit.insert().values(**row, at=LONG_AGO, interaction_id=f"visit-old-{customer}"))

    await house.app.database.do(write)


async def visits(house) -> list[str]:
    rows = await house.look(sa.select(schema.visit.c.customer_id).order_by(schema.visit.c.id))
    return [str(row.customer_id) for row in rows]


async def night(house, day: int) -> None:
    """The night before a day of November; a bank's first is the one after it was opened. Nobody looks at the staff."""
    await house.app.database.do(lambda unit: cron.mark(unit, sweeps.JOB, f"2026-11-{day}"))
    await report_is_made(house, 23)
    await is_now(house, datetime(2026, 11, day, 3, 1, tzinfo=SHANGHAI))
    await report_is_made(house, day)
    await house.settled()


async def report_is_made(house, day: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while f"2026-11-{day}" not in [each.slot for each in await house.look(NIGHTS)]:  # noqa: ASYNC110
            await asyncio.sleep(0.05)


async def holds(officer: Chat, chief: Chat, command: str, effect: str, what: str = WANG) -> None:
    """One asks on a single line, another decides."""
    card = await officer.says(f"{command} {what} 法院调取 {PAPER}", hears="请核对")
    assert "法院调取" in card.text
    assert PAPER in card.text
    await chief.phone.marks()
    await officer.clicks("保存", hears="已提交，还没有生效")
    wish = await chief.hears(f"{command} ")
    assert PAPER in wish.text
    await chief.clicks("同意", hears=f"现在起{effect}")
    await officer.hears("已同意（郭振国）")


async def test_what_is_held_stays_and_the_rest_goes_after_two_peoples_word(house, phone, officer, chief) -> None:
    guard, rm = Chat(house, phone("sec01")), Chat(house, phone("rm01"))
    await rm.says(f"保全 {WANG}", hears="不能")
    await old_visits(house)
    await holds(officer, chief, "保全", "保全，到期也不删除")
    shown = (await officer.says(f"隐私 {WANG}", hears="· 隐私")).text
    assert f"保全：{PAPER}（法院调取）" in shown
    assert "· 拜访记录：1 条，保全中，到期也不删除" in shown
    plain = (await rm.says(f"隐私 {WANG}", hears="· 隐私")).text
    assert "保全" not in plain
    assert "· 客户身份资料：业务关系结束后 10 年" in plain
    assert "· 拜访记录：1 条，最后一条到 2024年5月6日，已到期等删除" in plain
    assert "客户要求删除：法定保留期内不删除，由消保岗、合规岗冻结" in plain
    await officer.phone.marks()
    await night(house, 24)
    card = await officer.hears("1 行数据到期")
    assert "拜访记录 1 行" in card.text
    assert "保全中" in card.text
    assert await visits(house) == [WANG, OTHER], "a report erases nothing"
    await guard.phone.marks()
    await officer.clicks("申请删除", hears="已提交，还没有生效")
    await guard.hears("拜访记录 1 行")
    await guard.clicks("同意", hears="现在开始删除")
    await guard.phone.marks()
    await is_now(house, datetime(2026, 11, 24, 3, 3, tzinfo=SHANGHAI))
    await guard.hears("到期数据已删除：1 行")
    assert await visits(house) == [WANG]
    ((record, subjects),) = await trail(house, "retention.erased")
    assert (record["detail"]["table"], record["detail"]["rows"], subjects) == ("visit", 1, [])


async def test_a_report_is_told_once_and_a_released_hold_lets_go(house, officer, chief) -> None:
    await old_visits(house)
    await holds(officer, chief, "保全", "保全，到期也不删除")
    await officer.says(f"解除保全 {WANG} 结案 (2026)别的号", hears="请核对")
    await officer.clicks("保存", hears=f"现有：{PAPER}")
    await officer.says("取消", hears="取消")
    await officer.phone.marks()
    await night(house, 24)
    await officer.hears("1 行数据到期")
    await officer.phone.marks()
    await house.restart()
    await night(house, 25)
    await house.settled()
    await officer.phone.hears_nothing(0)
    await holds(officer, chief, "解除保全", "不再保全，到期的照保留期删除")
    await night(house, 26)
    assert "2 行数据到期" in (await officer.says("到期数据", hears="数据到期")).text


async def test_a_case_is_held_with_whoever_it_is_filed_under(house, phone, officer, chief) -> None:
    case = await file(Chat(house, phone("rm01")), "王秀兰 说理财到期没有人提醒")
    laid = f"保全：{PAPER}（案件 {case}，法院调取）"
    await holds(officer, chief, "保全", "保全，到期也不删除", case)
    for words in (f"案件 {case}", f"隐私 {WANG}"):
        await officer.says(words)
        await officer.hears(laid)
    await officer.says(f"保全 {case} 法院调取 {PAPER}", hears="请核对")
    await officer.clicks("保存", hears="已经在保全中了")
    await officer.says("取消", hears="取消")
    await holds(officer, chief, "解除保全", "不再保全，到期的照保留期删除", case)
    await officer.phone.marks()
    await officer.says(f"案件 {case}", hears=case)
    await house.settled()
    assert laid not in await officer.heard()


async def test_a_look_ahead_is_not_acted_upon_and_who_agreed_hears_when_nothing_is_erased(
    house, phone, officer
) -> None:
    guard, database = Chat(house, phone("sec01")), house.app.database

    async def reported(day: date) -> None:
        await asyncio.to_thread(applying.make, database, shipped_retention(), day, "cli:ops")

    await old_visits(house)
    await officer.phone.marks()
    await night(house, 24)
    await officer.hears("2 行数据到期")
    await officer.clicks("申请删除", hears="已提交，还没有生效")
    await guard.hears("拜访记录 2 行")
    await reported(date(2035, 1, 1))
    assert "2 行数据到期" in (await officer.says("到期数据", hears="数据到期")).text
    await guard.clicks("同意", hears="现在开始删除")
    await database.do(
        lambda unit: unit.execute(schema.visit.delete().where(schema.visit.c.customer_id == OTHER)) and None
    )
    await reported(date(2026, 11, 24))
    for each in (officer, guard):
        await each.phone.marks()
    await is_now(house, datetime(2026, 11, 24, 3, 3, tzinfo=SHANGHAI))
    for each in (officer, guard):
        await each.hears("没有删完：那份报告已经过期")
    assert await visits(house) == [WANG]


async def test_who_is_no_customer_any_more_is_held_and_let_go_by_number(house, phone, officer, chief, feed) -> None:
    """The data that falls due is theirs; whoever has a book or a branch finds nobody of that number."""
    rows = (feed / "customers.csv").read_text("utf-8").splitlines(keepends=True)
    (feed / "customers.csv").write_text("".join(row for row in rows if not row.startswith(WANG)), "utf-8")
    (feed / "staff.csv").unlink()
    assert (await imports(house, feed)).ok
    await officer.says("保全 C99999999 法院调取 (2026)沪01民初1号", hears="没有找到这位客户")
    await officer.says("取消", hears="已取消")
    await holds(officer, chief, "保全", "保全，到期也不删除", WANG.lower())
    assert await house.look(sa.select(schema.legal_hold.c.customer_id)) == [(WANG,)]
    assert "业务关系已结束的客户 · 客户号 尾号0001" in await chief.log()
    assert "王" not in await chief.log()
    await Chat(house, phone("branch01")).says(f"查 {WANG}", hears="没有找到这位客户")
    await holds(officer, chief, "解除保全", "不再保全，到期的照保留期删除")
    assert await house.look(sa.select(schema.legal_hold.c.id).where(schema.legal_hold.c.released_at.is_(None))) == []
