"""导出 in chats: asking for a list, the bank's own numbers, and the file as another program reads it."""

import asyncio
import csv
import re
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

from python_calamine import CalamineWorkbook

from bot.commands.errands import perform
from domain.export.watermark import SIGNS
from storage.imports.progress import nobody
from tests.chats.paper import Paper
from tests.chats.talking import Chat

BARE = dict.fromkeys(map(ord, SIGNS))


async def asks(who: Chat, words: str, *, form: str = "Excel", purpose: str = "服务", plain: str = "") -> Any:
    """Everything up to the card that shows what would be made."""
    card = await who.says(words, hears="导出清单")
    if purpose in card.buttons:  # few enough, and nothing else is asked beside it
        await who.clicks(purpose, hears="写明编号或理由")
    else:
        known = {} if form in words else {"格式": form}
        await who.clicks("下一步", hears="写明编号或理由", choosing={**known, "目的": purpose})
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


async def limits(house: Any, packs: Path, **numbers: int) -> None:
    """The bank writes other numbers into its policy."""
    file = packs / "policy.yaml"
    text = file.read_text("utf-8")
    for key, value in numbers.items():
        text = re.sub(rf"(key: {key}, .*?value: )\d+", rf"\g<1>{value}", text)
    file.write_text(text, "utf-8")
    await house.restart()


async def does(house: Any, command: str, **arguments: Any) -> str:
    """A command on the running service; what it says."""
    told: list[str] = []
    given = {"actor": "cli:tester", **arguments}
    await asyncio.to_thread(perform, house.app.database, house.app.clock, command, given, told.append, nobody)
    await house.settled()
    return "\n".join(told)


def lines(data: bytes) -> list[list[str]]:
    """A CSV file as another program reads it."""
    return list(csv.reader(StringIO(data.decode("utf-8-sig"), newline="")))
