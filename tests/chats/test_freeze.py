"""登记同意, 隐私 and 冻结: what a customer said holds at once; frozen data is kept and nothing more."""

import pytest
import sqlalchemy as sa

from storage import schema
from tests.chats.complaining import accepted, chat
from tests.chats.talking import Chat, rows_of
from tests.chats.test_break_glass import breaks
from tests.chats.test_handover import asks
from tests.chats.test_import_live import imports, rewrite
from tests.chats.test_labels import asks as asks_for_tier
from tests.chats.test_todo import promises
from tests.chats.traces import browse

WANG, FROZEN = "C00000001", "已冻结：除保存外停止一切处理"


@pytest.fixture
def rm(house, phone) -> Chat:
    return Chat(house, phone("rm01"))


async def records(rm: Chat, kind: str, wish: str, day: str) -> str:
    """The register as it stands after one more word."""
    await rm.says("登记同意 王秀兰", hears="项目")
    answers = {"项目": kind, "客户的意思": wish, "渠道": "网点书面"}
    await rm.clicks("下一步", hears="客户哪一天说的", choosing=answers)
    await rm.says(day, hears="凭证在哪里")
    await rm.says("授权书2026-118", hears="请核对")
    return (await rm.clicks("保存", hears="· 隐私")).text


async def test_what_a_customer_said_last_holds(house, rm) -> None:
    before = (await rm.says("隐私 王秀兰", hears="· 隐私")).text
    assert "营销：同意" in before
    assert "向行外提供：没有登记过" in before
    after = await records(rm, "营销", "撤回", "昨天")
    assert "营销：不同意" in after
    assert "撤回营销，网点书面" in after
    await rm.says("推荐 王秀兰", hears="暂不宜营销")
    assert "营销：不同意" in await records(rm, "营销", "同意", "11月1日"), "an older paper says nothing new"
    assert "营销：同意" in await records(rm, "营销", "同意", "今天")
    assert "暂不宜营销" not in (await rm.says("推荐 王秀兰", hears="推荐")).text
    assert "向行外提供：同意" in await records(rm, "向行外提供", "同意", "今天")
    said = await house.look(sa.select(schema.consent.c.evidence))
    assert len(said) == 4, "each word a row"
    assert not any("授权书".encode() in row.evidence for row in said)


async def test_frozen_data_is_kept_and_nothing_more(house, phone, rm) -> None:
    officer, second = Chat(house, phone("comp01")), Chat(house, phone("cp01"))
    await rm.says("冻结 王秀兰", hears="不能")
    await freezes(officer, "冻结")
    await rm.says("查 王秀兰", hears="数据截至")  # asked for is not agreed
    await officer.phone.marks()
    card = await second.hears("冻结")
    assert "客户书面要求" in card.text
    await second.clicks("同意", hears="已同意（曹静），现在起除保存外停止一切处理")
    await officer.hears("已同意")
    for words in ("查 王秀兰", "推荐 王秀兰", "分层 王秀兰", "关系 王秀兰", "适当性 王秀兰 样例理财101号"):
        await rm.says(words, hears="已冻结：除保存外停止一切处理，现在不能查看。如有需要请联系余立新")
    assert "冻结：已冻结" in (await second.says(f"隐私 {WANG}", hears="· 隐私")).text
    await freezes(officer, "解冻")
    await second.clicks("同意", hears="现在起恢复正常使用")
    await rm.says("查 王秀兰", hears="数据截至")


async def frozen(house) -> None:  # type: ignore[no-untyped-def]
    await freezes(chat(house, "comp01"), "冻结")
    await chat(house, "cp01").hears("冻结")
    await chat(house, "cp01").clicks("同意", hears="现在起除保存外停止一切处理")


async def test_frozen_data_is_told_nowhere_and_added_to_by_nobody(house, rm) -> None:
    """Lists, reminders, pages, cases and searches name nobody, nothing is written; what the law asks for goes on."""
    head, agent = chat(house, "sup01"), chat(house, "cs01")
    page = (await rm.says("查 王秀兰", hears="数据截至")).link("详情")
    number = await accepted(agent, rm, f"{WANG} 说到期没有提醒")
    await promises(rm, "王秀兰", "今天上午十点")
    await rm.says("拜访 王秀兰 电话 接通 聊了续期", hears="请核对")
    await frozen(house)
    await rm.clicks("保存", hears=FROZEN)
    for words in ("拜访 王秀兰 电话 接通 聊了续期", "调层 王秀兰", "关系 王秀兰"):
        await rm.says(words, hears=FROZEN)
    assert len(await house.look(sa.select(schema.visit))) == 1
    await breaks(chat(house, "rm02"), WANG, hears="没有可以紧急查看的客户")
    assert [row.state for row in await house.look(sa.select(schema.access))] == ["rejected"], (
        "it counts, and opens nothing"
    )
    status, text = await browse(house, "rm01", page)
    assert status != 200
    assert FROZEN in text
    assert "王秀兰" not in text
    case = await rm.says(f"案件 {number}", hears=number)
    assert not any(word in case.text for word in ("王秀兰", "王*兰", "AUM", "客户分层"))
    assert "王" not in str(rows_of(await rm.says("待办", hears="等您办")))
    await rm.passes_quietly(hours=1, minutes=5)  # what was promised rests

    await head.says("查 王秀兰", hears="王*兰 · 客户号 尾号0009")  # of two of that name only one can be meant
    assert "王" not in (await head.says(f"查 {WANG}", hears=FROZEN)).text
    await rm.says(f"登记同意 {WANG}", hears="项目")
    await rm.says("取消", hears="已取消")
    await agent.says(f"投诉 {WANG} 又来问", hears="办理渠道")


async def test_who_is_no_customer_any_more_is_frozen_by_number(house, phone, feed) -> None:
    rows = (feed / "customers.csv").read_text("utf-8").splitlines(keepends=True)
    (feed / "customers.csv").write_text("".join(row for row in rows if not row.startswith(WANG)), "utf-8")
    (feed / "staff.csv").unlink()
    assert (await imports(house, feed)).ok
    officer, second = Chat(house, phone("comp01")), Chat(house, phone("cp01"))
    await freezes(officer, "冻结")
    card = await second.hears("冻结 业务关系已结束的客户 · 客户号 尾号0001")
    assert "王" not in card.text
    await second.clicks("同意", hears="现在起除保存外停止一切处理")
    assert await house.look(sa.select(schema.restricted.c.customer_id)) == [(WANG,)]
    await freezes(officer, "解冻")
    await second.hears("解冻 业务关系已结束的客户")
    await second.clicks("同意", hears="现在起恢复正常使用")
    assert await house.look(sa.select(schema.restricted.c.customer_id)) == []


async def test_whoever_asks_is_sent_to_somebody_at_work(house, rm, feed) -> None:
    await frozen(house)
    rewrite(feed / "staff.csv", "comp01", status="left")
    assert (await imports(house, feed)).ok
    await rm.says("查 王秀兰", hears="如有需要请联系合规岗或消保岗。")
    await rm.says("隐私 王秀兰", hears="请联系合规岗或消保岗")


async def test_somebody_answers_for_what_is_stored(house, rm) -> None:
    """A frozen customer goes over with the book, and the briefing says no more than that."""
    head, boss, new = (chat(house, who) for who in ("sup01", "subhead01", "rm02"))
    await frozen(house)
    await asks(head, "交接 李明 刘芳")
    await boss.clicks("同意", hears="已同意")
    card = await new.hears("已接手 李明 的客户")
    await new.says(f"查 {WANG}", hears=FROZEN)
    told = card.text
    while "下一页" in card.buttons and "信息已冻结的客户" not in told:
        card = await new.clicks("下一页", hears="已接手 李明 的客户")
        told += card.text
    assert "信息已冻结的客户" in told
    assert "王秀兰" not in told


async def test_what_was_asked_before_the_freeze_is_not_agreed_to_after_it(house, rm) -> None:
    head = chat(house, "sup01")
    await asks_for_tier(rm, "超高净值", "30天", "行外资产已见证明")
    card = await head.hears("申请调整分层")
    await frozen(house)
    await head.phone.clicks("同意", card)
    await head.hears(FROZEN)
    assert await house.look(sa.select(schema.tier_override)) == []
    await head.clicks("退回", hears="已退回")
    told = await rm.hears("已退回")
    assert "信息已冻结的客户" in told.text
    assert "王秀兰" not in told.text


async def freezes(officer: Chat, wish: str) -> None:
    await officer.says(f"{wish} {WANG}", hears=f"为什么{wish}")
    await officer.says("客户书面要求", hears="请核对")
    await officer.clicks("保存", hears="已提交，还没有生效")
