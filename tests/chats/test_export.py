"""导出: a list becomes a file for one person; who has to agree, what it holds, how often it can be had, whose it was."""

from io import BytesIO
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from domain.export.watermark import SIGNS, copies_in
from storage import schema
from tests.chats.complaining import chat
from tests.chats.paper import Paper
from tests.chats.talking import Chat, rows_of
from tests.chats.traces import browse, downloads, trail

BARE = dict.fromkeys(map(ord, SIGNS))


async def asks(who: Chat, words: str, *, form: str = "Excel", purpose: str = "服务", plain: str = "") -> Any:
    """Everything up to the card that shows what would be made."""
    await who.says(words, hears="导出清单")
    await who.clicks("下一步", hears="写明编号或理由", choosing={"格式": form, "目的": purpose})
    await who.says("季度盘点 2026-118")
    if "要手机号明文吗" in await who.heard():
        await who.clicks(plain or "否，脱敏")
    if "要缩小范围吗" in await who.heard():
        await who.clicks("跳过")
    return await who.hears("行数")


async def page_of(who: Chat) -> str:
    """The way to the file that was made."""
    return str((await who.hears("文件做好了")).link("去下载"))


def table(data: bytes) -> list[list[str]]:
    """An Excel file as it is read by another program: notice, heads, rows."""
    sheet = CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0)
    return [[str(cell) for cell in row] for row in sheet.to_python()]


def near(paper: Paper, userid: str) -> set[str]:
    """Whom somebody keeps or serves, out of the bank's files."""
    kept = {key for key, row in paper.customers.items() if row["rm_userid"] == userid}
    served = [row for row in paper.rows("service_team") if row["userid"] == userid]
    return kept | {row["customer_id"] for row in served if row["from"] <= "2026-11-23" <= (row["until"] or "9999")}


async def test_a_short_list_is_made_at_once_and_had_three_times(house, bank: Path) -> None:
    rm, paper = chat(house, "rm01"), Paper(bank)
    card = await asks(rm, "导出 客户")
    mine = near(paper, "rm01")
    assert rows_of(card)["行数"] == f"{len(mine)} 行"
    assert "9 列：客户号、姓名" in rows_of(card)["列"]
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
    assert "已经下载满 3 次" in (await browse(house, "rm01", address, {}))[1]
    assert (await browse(house, "rm01", address))[0] == 200, "the page says what to do"
    records = [(body["action"], len(subjects)) for body, subjects in await trail(house)]
    assert ("export.read", len(mine)) in records
    assert [action for action, _ in records].count("file.downloaded") == 3
    assert not [body for body, _ in await trail(house, "export.made") if "王秀兰" in str(body)]
