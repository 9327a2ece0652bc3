"""审计 in the chat: who saw a customer, what a colleague did; numbers, no names; and the auditor is seen too."""

import asyncio
import json

import pytest
import sqlalchemy as sa

from storage import schema
from tests.chats.complaining import chat
from tests.chats.talking import Chat, options_of
from tests.chats.traces import messages, trail

WANG, ASK = "C00000001", "看谁看过这位客户"
JOB = schema.cron_run.c.job


@pytest.fixture
def auditor(house) -> Chat:  # type: ignore[no-untyped-def]
    return chat(house, "audit01")


async def test_who_saw_a_customer_and_what_somebody_did(house, auditor) -> None:
    rm = chat(house, "rm01")
    await rm.says("查 王秀兰", hears="数据截至")
    await auditor.says("审计", hears=ASK)
    card = await auditor.says(f"审计 {WANG}", hears=f"谁看过 {WANG}")
    assert "rm01 看客户资料" in card.text
    line = next(option for option in options_of(card)["看哪一条"] if "看客户资料" in option)
    await auditor.clicks("详情", hears="目的：服务", choosing={"看哪一条": line})
    assert len([each for each in await auditor.live() if "详情" in each.buttons]) == 1  # the list stays
    told = "\n".join(await messages(house, "audit01"))
    assert "在哪里看的：企微·摘要" in told
    assert "谁：rm01（客户经理）" in told
    assert "与客户的关系：管户" in told
    assert "权限版本：权限包第 1 版" in told
    card = await auditor.says("审计 RM01 11月23日", hears="rm01 做过什么")
    assert "2026年11月23日" in card.text
    assert f"{WANG} 看客户资料" in card.text
    assert "王秀兰" not in "\n".join(await messages(house, "audit01"))

    for said in ("审计 rm01 2026-11-24", "审计 rm01 11月1日 到 昨天"):
        await auditor.says(said, hears="这段时间没有记录")
    await auditor.says("审计 rm01 大概前几天", hears="没看懂日期")
    for said in ("审计 rm01 9999-12-31", "审计 rm01 0001-01-01", "审计 rm01 2026-11-23 至 2026-11-22"):
        await auditor.says(said, hears="日期不对：开始的日子不能晚于结束的日子")
    await auditor.says("审计 王秀兰", hears="没有这个客户号或账号")

    asked = [(body["action"], about) for body, about in await trail(house) if body["actor"] == "audit01"]
    assert [each for each in asked if each[0] in ("audit.who", "audit.did", "audit.looked")] == [
        ("audit.who", [WANG]), ("audit.looked", [WANG]),
        ("audit.did", []), ("audit.did", []), ("audit.did", []), ("audit.who", []),
    ]  # fmt: skip
    card = await auditor.says("审计 audit01", hears="audit01 做过什么")
    assert "查谁看过客户" in card.text


async def test_pages_go_back_to_the_first_record(house, auditor) -> None:
    rm = chat(house, "rm01")
    for _ in range(4):
        await rm.says("查 王秀兰", hears="数据截至")
    card = await auditor.says(f"审计 {WANG}", hears=f"谁看过 {WANG}")
    pages = 1
    while "更早的" in card.buttons:
        card = await auditor.clicks("更早的", hears=f"谁看过 {WANG}")
        pages += 1
    assert pages > 1
    await auditor.clicks("回最新", hears="更早的")


async def until(look, wanted) -> None:  # type: ignore[no-untyped-def]
    async with asyncio.timeout(20):
        while not await look(wanted):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_the_post_that_keeps_digests_is_told_every_night(house) -> None:
    keeper, other = chat(house, "comp01"), chat(house, "audit01")
    await other.says("帮助", hears="审计")
    audit = house.settings.audit.model_copy(update={"tell_post": "合规岗"})
    house.settings = house.settings.model_copy(update={"audit": audit})
    await house.restart()
    await until(house.look, sa.select(JOB).where(JOB == "audit.checkpoint"))  # nights count from the first one it saw
    told = await keeper.passes(hours=18, hears="审计检查点")
    assert "核验时与检查点文件对照" in told.text
    lines = [json.loads(line) for line in house.settings.notary.checkpoints.read_bytes().splitlines()]
    begins = lines[-1]["hash"][:16]
    shown = " ".join(begins[at : at + 4] for at in range(0, 16, 4))
    assert f"到第 {lines[-1]['seq']} 条，摘要 {shown}。" in told.text
    assert "审计检查点" not in await other.log(), "nobody else"


async def test_others_may_not_ask(house) -> None:
    await chat(house, "rm01").says(f"审计 {WANG}", hears="您的岗位不能用“审计”")
    await chat(house, "sysadmin01").says(f"审计 {WANG}", hears="您的岗位不能用“审计”")


async def test_a_colleague_may_be_named(house) -> None:
    """By the whole name, also who has left; a customer's name is nobody's account and stays out of the trail."""
    auditor = chat(house, "audit01")
    await house.phone("rm01").says("我的")
    await auditor.says("审计 李明", hears="rm01 做过什么")
    await auditor.says("审计 彭勇", hears="rmold01 做过什么")
    await auditor.says("审计 王秀兰", hears="没有这个客户号或账号")
    assert "王秀兰" not in str(await trail(house))
