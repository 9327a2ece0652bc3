"""导出: a list becomes a file for one person; who has to agree, what it holds, how often it can be had, whose it was."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from domain.export.watermark import copies_in
from storage import schema
from tests.chats.complaining import chat, file
from tests.chats.conftest import AS_OF
from tests.chats.exporting import BARE, asks, does, limits, lines, near, page_of, table
from tests.chats.paper import Paper
from tests.chats.talking import Chat, rows_of
from tests.chats.test_grants import refused
from tests.chats.test_labels import make_labels
from tests.chats.traces import browse, downloads, trail


async def test_a_short_list_is_made_at_once_and_had_three_times(house, bank: Path) -> None:
    rm, paper = chat(house, "rm01"), Paper(bank)
    card = await asks(rm, "导出 客户")
    mine = near(paper, "rm01")
    assert rows_of(card)["行数"] == f"{len(mine)} 行"
    assert "9 列：客户号、姓名" in rows_of(card)["内容"]
    assert rows_of(card)["审批"] == "不用"
    assert await house.look(sa.select(schema.made_file.c.id)) == [], "nothing is made before it is confirmed"
    await rm.clicks("确认导出", hears="正在生成")
    address = await page_of(rm)
    status, shown = await browse(house, "rm01", address)
    assert (status, "还可下载" in shown, f"{len(mine)} 行 × 9 列" in shown) == (200, True, True)
    status, name, data = await downloads(house, "rm01", address)
    assert status == 200
    (copy,) = copies_in("".join(map("".join, table(data))))
    assert name == f"客户清单-20261123-{copy}.xlsx"
    notice, heads, *rows = table(data)
    said = notice[0].translate(BARE)
    assert said == f"仅供李明（rm01）用于“服务”，不得转发或提供给行外 · 2026-11-23 09:00 · 副本号 {copy}"
    assert {row[0] for row in rows} == mine, "keys stay clean"
    for row in rows:
        whose, cells = paper.customers[row[0]], dict(zip(heads, row, strict=True))
        assert cells["姓名"].translate(BARE) == whose["name"]
        mobile = whose["mobile"]
        assert cells["手机号"] == (f"{mobile[:3]}****{mobile[-4:]}" if mobile else "")
        assert copies_in(cells["姓名"]) == [copy]
    assert (await downloads(house, "rm02", address))[0] == 404
    assert [(await downloads(house, "rm01", address))[0] for _ in range(3)] == [200, 200, 403]
    spent = (await browse(house, "rm01", address, {}))[1]
    assert "不能下载" in spent
    assert "已经下载满 3 次" in spent
    assert (await browse(house, "rm01", address))[0] == 200, "the page says what to do"
    records = [(body["action"], len(subjects)) for body, subjects in await trail(house)]
    assert ("export.read", len(mine)) in records
    assert [action for action, _ in records].count("file.downloaded") == 3
    assert not [body for body, _ in await trail(house, "export.made") if "王秀兰" in str(body)]


async def test_numbers_in_full_leave_when_three_others_have_agreed(house, bank: Path) -> None:
    rm, paper = chat(house, "rm01"), Paper(bank)
    superior, guard, officer = (chat(house, who) for who in ("sup01", "sec01", "comp01"))
    card = await asks(rm, "导出 客户 CSV", form="CSV", plain="是，要明文")
    assert rows_of(card)["审批"] == "上级、数据安全岗、合规岗 先后同意"
    await rm.clicks("提交审批", hears="等许志强审批")
    for decides in (superior, guard, officer):
        asked = await decides.hears("导出客户清单")
        assert (rows_of(asked)["手机号"], rows_of(asked)["原因"]) == ("明文", "季度盘点 2026-118")
        await decides.clicks("同意", hears="已同意")
    address = await page_of(rm)
    _, name, data = await downloads(house, "rm01", address)
    notice, heads, *rows = lines(data)
    assert name.endswith(".csv")
    assert notice[0].startswith("# ")
    full = {row[0]: dict(zip(heads, row, strict=True))["手机号"] for row in rows}
    assert full == {key: paper.customers[key]["mobile"] for key in near(paper, "rm01")}
    copies = copies_in("".join(rows[3]))
    told = await does(house, "export.trace", copies=copies)
    assert "李明（rm01，客户经理）" in told
    assert "许志强（sup01）、丁凯（sec01）、余立新（comp01）" in told
    assert "下载  1 次" in told
    await house.world.clock.advance(hours=25)
    await house.app.clock.reread()
    assert "已过期并删除" in (await browse(house, "rm01", address))[1]
    while await house.look(sa.select(schema.made_part.c.number)):  # noqa: ASYNC110 - it is the clock's work
        await asyncio.sleep(0.05)


async def test_who_leaves_before_the_last_word_gets_nothing(house, packs: Path) -> None:
    guard = await _agreed_but_by_the_guard(house, packs)
    await does(house, "staff.leave", person="rm01", reason="离职")
    await refused(guard, "同意", "申请人已离职或停用")
    assert await trail(house, "file.undone") == []
    await _nothing_was_made(house)


async def test_who_loses_the_post_before_the_last_word_gets_nothing(house, packs: Path) -> None:
    guard = await _agreed_but_by_the_guard(house, packs)
    rm = chat(house, "rm01")
    await rm.phone.marks()
    await does(house, "staff.post", person="rm01", post="客户经理", reason="轮岗")
    await guard.clicks("同意", hears="已同意")
    assert [body["detail"]["reason"] for body, _ in await trail(house, "file.undone")] == [
        "owner left or changed posts"
    ]
    await _nothing_was_made(house)
    assert "去下载" not in await rm.heard()


async def _agreed_but_by_the_guard(house: Any, packs: Path) -> Chat:
    """rm01 wishes for the list of customers, and the superior has agreed; who has the last word."""
    await limits(house, packs, export_alone=10)
    rm, superior, guard = (chat(house, who) for who in ("rm01", "sup01", "sec01"))
    card = await asks(rm, "导出 客户")
    assert rows_of(card)["审批"] == "上级、数据安全岗 先后同意"
    await rm.clicks("提交审批", hears="等许志强审批")
    await superior.hears("导出客户清单")
    await superior.clicks("同意", hears="已同意")
    await guard.hears("导出客户清单")
    return guard


async def _nothing_was_made(house: Any) -> None:
    assert await trail(house, "export.read") == []
    assert await trail(house, "export.made") == []
    assert await house.look(sa.select(schema.made_part.c.number)) == []


async def test_too_much_and_too_often_say_what_to_do(house, packs: Path) -> None:
    await limits(house, packs, export_rows=30, export_day=1)
    make_labels(house, AS_OF + timedelta(days=1))
    rm, admin = chat(house, "rm01"), chat(house, "secadmin01")
    await rm.says("导出 客户 Excel", hears="为了什么")
    await rm.clicks("服务", hears="写明编号或理由")
    await rm.says("季度盘点 2026-118")
    await rm.clicks("否，脱敏", hears="要缩小范围吗")
    await rm.clicks("跳过", hears="客户超过一次最多 30 行，没有提交。请缩小范围")
    await rm.says("钻石", hears="没看懂“钻石”")
    await rm.says("高净值", hears="行数")
    await rm.clicks("取消", hears="已取消，没有导出")
    assert await house.look(sa.select(schema.made_file.c.id)) == []
    await asks(rm, "导出 客户 高净值")
    await rm.clicks("确认导出", hears="正在生成")
    await rm.hears("文件做好了")
    await rm.says("导出 客户", hears="您今天已经申请导出 1 次，到了上限")
    assert "李明（rm01）" in (await admin.hears("申请导出已达 1 次")).text
    await chat(house, "aml01").says("导出 客户", hears="您的岗位不能用“导出”")


async def test_visits_todos_and_complaints(house, bank: Path) -> None:
    rm, officer = chat(house, "rm01"), chat(house, "cp01")
    await rm.says("拜访 王秀兰 面访 接通 =1+1，客户想买基金 下周三回访", hears="请核对")
    await rm.clicks("保存", hears="拜访已保存")
    number = await file(chat(house, "cs01"))
    heads, row = await _only_row(house, rm, "导出 拜访 CSV")
    assert heads == ["时间", "客户号", "姓名", "方式", "结果", "登记人"]
    assert row == ["2026-11-23 09:00", "C00000001", "王秀兰", "面访", "接通", "李明"]
    heads, row = await _only_row(house, rm, "导出 待办 CSV")
    assert [row[at] for at in (1, 2, 3, 4)] == ["C00000001", "王秀兰", "回访客户（上次面访）", "未到期"]
    heads, row = await _only_row(house, officer, "导出 投诉 CSV", purpose="投诉")
    assert row[0] == number
    whose = Paper(bank).customers["C00000007"]["name"]
    assert dict(zip(heads, row, strict=True))["姓名"] == f"{whose[0]}*{whose[2:]}", "masked for who keeps nobody"


async def _only_row(house: Any, who: Chat, words: str, purpose: str = "服务") -> tuple[list[str], list[str]]:
    """The file of one row that comes of it, without its marks."""
    await asks(who, words, form="CSV", purpose=purpose)
    await who.clicks("确认导出", hears="正在生成")
    _, _, data = await downloads(house, who.phone.userid, await page_of(who))
    _, heads, row = lines(data)
    return heads, [cell.translate(BARE) for cell in row]
