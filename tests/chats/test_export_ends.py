"""导出 that comes to nothing, or to less: refused, and what was true when it was asked for and no longer is."""

from functools import partial
from pathlib import Path

import sqlalchemy as sa

from domain.ids import ApprovalId, CustomerId, UserId
from storage import books, restrictions, schema
from tests.chats.complaining import chat
from tests.chats.exporting import asks, does, limits, lines, near, page_of
from tests.chats.paper import Paper
from tests.chats.talking import rows_of
from tests.chats.traces import browse, downloads


async def test_a_refused_export_is_over_on_its_old_card_too(house) -> None:
    rm, superior = chat(house, "rm01"), chat(house, "sup01")
    card = await asks(rm, "导出 客户", plain="是，要明文")
    await rm.clicks("提交审批", hears="等许志强审批")
    await superior.hears("导出客户清单")
    await superior.clicks("退回", hears="没有生成文件；需要时请重新发“导出”")
    await rm.hears("已退回（许志强），没有生成文件；需要时请重新发“导出”")
    await rm.phone.clicks("提交审批", card, force=True)
    await rm.hears("导出客户清单：没有生成文件；需要时请重新发“导出”。")


async def test_a_file_is_not_had_once_a_customer_in_it_is_frozen_and_two_short_lists_are_one_long(
    house, packs: Path
) -> None:
    rm = chat(house, "rm01")
    await limits(house, packs, export_alone=60)
    card = await asks(rm, "导出 客户")
    rows = int(rows_of(card)["行数"].split()[0])
    assert 30 < rows <= 60, "two of them are above the limit"
    await rm.clicks("确认导出", hears="正在生成")
    address = await page_of(rm)
    assert (await downloads(house, "rm01", address))[0] == 200
    hold = partial(
        restrictions.hold, customer_id=CustomerId("C00000001"), approval_id=ApprovalId("a1"), asked_by=UserId("comp01")
    )
    await house.app.database.do(hold, "test.freeze")
    assert (await downloads(house, "rm01", address))[0] == 403
    status, told = await browse(house, "rm01", address)
    assert (status, "里面有客户被冻结" in told, "重新发“导出”" in told) == (403, True, True)
    card = await asks(rm, "导出 客户")
    assert rows_of(card)["审批"] == "上级、数据安全岗 先后同意"
    assert rows_of(card)["合计"] == f"24 小时内连同这次 {2 * rows - 1} 行，按合计审批"
    await rm.clicks("提交审批", hears="等许志强审批")


async def test_before_it_is_confirmed_it_says_what_stays_empty_and_that_nobody_could_agree(house, bank: Path) -> None:
    superior, paper = chat(house, "sup01"), Paper(bank)
    one = sorted(near(paper, "rm01"))[0]
    give = partial(books.give_customers, customers=[one], before=UserId("rm01"), after=UserId("sup01"), why="test")
    await house.app.database.do(give, "test.give")
    card = await asks(superior, "导出 客户 CSV", form="CSV")
    others = int(rows_of(card)["行数"].split()[0]) - 1
    assert rows_of(card)["留空"] == f"职业、手机号：辖内客户的 {others} 行没有"
    await superior.clicks("取消", hears="没有导出")

    rm = chat(house, "rm01")
    await does(house, "staff.leave", person="sec01", reason="离职")
    await rm.says("导出 客户 CSV", hears="为了什么")
    await rm.clicks("服务", hears="写明编号或理由")
    await rm.says("季度盘点 2026-118")
    told = await rm.clicks("是，要明文", hears="审批的人不够：要由 3 个不同的人先后同意")
    assert "没有手机号明文、24 小时内合计不超过 100 行的，不用审批" in told.text
    card = await rm.clicks("否，脱敏", hears="行数")
    assert rows_of(card)["审批"] == "不用"
    await rm.clicks("确认导出", hears="正在生成")
    _, _, data = await downloads(house, "rm01", await page_of(rm))
    assert {row[0] for row in lines(data)[2:]} == near(paper, "rm01") - {one}


async def test_before_the_first_labels_a_tier_narrows_nothing_and_it_says_what_does(house, packs: Path) -> None:
    await limits(house, packs, export_rows=30)
    rm = chat(house, "rm01")
    await rm.says("导出 客户 高净值 Excel", hears="为了什么")
    await rm.clicks("服务", hears="写明编号或理由")
    await rm.says("季度盘点 2026-118")
    told = await rm.clicks("否，脱敏", hears="现在不能按分层缩小，没有提交。请改写机构名")
    assert "超过一次最多" not in told.text
    assert await house.look(sa.select(schema.export.c.id)) == []
