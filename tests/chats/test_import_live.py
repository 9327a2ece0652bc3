"""A new feed while people chat: who lost a customer or left the bank is out at once, also from old cards and pages."""

import asyncio
import csv
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from storage import schema
from storage.imports.format import CUSTOMERS
from storage.imports.intake import Order, take_in
from storage.imports.judging import AT_ONCE
from storage.imports.load import run_import
from storage.imports.reader import Row, rows_of
from tests.chats.traces import browse

CARD, NOBODY = "数据截至", "没有找到这位客户"


def rewrite(file: Path, key: str, **changes: str) -> None:
    """Change one row of a feed file."""
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    for row in rows:
        if next(iter(row.values())) == key:
            row.update(changes)
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


async def imports(house, folder: Path):  # type: ignore[no-untyped-def]
    """As the service does it: through its own database, beside the chats."""
    now = house.app.clock.business()
    return await asyncio.to_thread(
        run_import, house.app.database, folder, as_of=now.date(), now=now, clock=time.monotonic,
        post_rules=house.app.house.policy.post_rules,
    )  # fmt: skip


async def test_a_customer_who_changes_hands(house, phone, feed) -> None:
    old, new = phone("rm01"), phone("rm02")
    await old.says("查 单雄信")
    card = await old.hears(CARD)
    page = card.link("详情")
    assert (await browse(house, "rm01", page))[0] == 200

    rewrite(feed / "customers.csv", "C00000004", rm_userid="rm02")
    report, *_ = await asyncio.gather(imports(house, feed), *(old.says(f"查 {name}") for name in ("wxl", "曾志伟")))
    assert report.ok, report.lines()

    for said in ("查 单雄信", "查 shanxiongxin", "查 C00000004"):
        await old.says(said)
        await old.hears(NOBODY)
    await old.chooses({"想看什么": "资产信息"})
    await old.clicks("查看", card)
    await old.hears(NOBODY)
    await old.says("查 尉迟恭")
    await old.hears(CARD)
    await old.clicks("记拜访", card)
    await old.hears(NOBODY)
    status, text = await browse(house, "rm01", page)
    assert status == 404
    assert "单雄信" not in text
    await new.says("查 sxx")
    assert "单雄信 · 客户号 C00000004" in (await new.hears(CARD)).text


async def test_who_leaves_is_out_at_once(house, phone, feed) -> None:
    rm = phone("rm02")
    await rm.says("查 欧阳静")
    card = await rm.hears(CARD)
    page = card.link("详情")
    rewrite(feed / "staff.csv", "rm02", status="left")
    report = await imports(house, feed)
    assert report.ok, report.lines()
    await rm.clicks("查看", card)
    await rm.hears("您已离职或账号已停用")
    await rm.says("查 欧阳静")
    await house.settled()
    await rm.hears_nothing(0)
    status, text = await browse(house, "rm02", page)
    assert status == 403
    assert "欧阳静" not in text


async def test_a_refused_file_changes_nothing(house, phone, feed) -> None:
    rm = phone("rm01")
    rewrite(feed / "customers.csv", "C00000004", rm_userid="rm02")
    rewrite(feed / "customers.csv", "C00000005", kyc_risk="很高")
    report = await imports(house, feed)
    assert not report.ok
    assert "kyc_risk" in "\n".join(report.lines())
    for name in ("单雄信", "曾志伟"):
        await rm.says(f"查 {name}")
        await rm.hears(f"{name} · 客户号")


async def test_a_form_ends_when_its_customer_went_to_somebody_else(house, phone, feed) -> None:
    rm = phone("rm01")
    await rm.says("拜访 单雄信 电话 接通 聊了续期")
    confirm = await rm.hears("请核对")
    rewrite(feed / "customers.csv", "C00000004", rm_userid="rm02")
    assert (await imports(house, feed)).ok
    await rm.clicks("保存", confirm)
    await rm.hears("这位客户已不在您名下或辖内，这次登记没有保存")
    grey = [bubble for bubble in await rm.bubbles() if bubble.id == confirm.id]
    assert [bubble.replace_text for bubble in grey] == ["未保存"]
    await rm.says("继续")
    await rm.hears("现在没有进行中的填写")


def with_many_more(path: Path, go_on: threading.Event) -> Iterator[Row]:
    """The rows of the file and so many new ones that they are written in several units; then a pause."""
    rows = list(rows_of(path))
    yield from rows
    last = rows[-1]
    for number in range(AT_ONCE):
        yield Row(last.line + 1 + number, (f"N{number:08}", "新样客", *last.cells[2:]))
    go_on.wait()


async def test_who_asks_meanwhile_sees_the_old_state_and_then_the_new(house, phone, feed) -> None:
    """A thousand rows are already written under the next version while nobody sees one of them."""
    old, new = phone("rm01"), phone("rm02")
    rewrite(feed / "customers.csv", "C00000004", rm_userid="rm02")
    database, now, go_on = house.app.database, house.app.clock.business(), threading.Event()
    order = Order(CUSTOMERS, "customers.csv", now.date(), now)
    rows = schema.rows_of(schema.customer).c
    written = sa.select(sa.func.count()).select_from(schema.rows_of(schema.customer)).where(rows.since == 2)
    running = asyncio.create_task(
        asyncio.to_thread(take_in, database, order, with_many_more(feed / "customers.csv", go_on))
    )
    try:
        while not await database.read(lambda unit: unit.execute(written).scalar()):  # noqa: ASYNC110 - rows, no event
            await asyncio.sleep(0.02)
        assert not running.done()
        await old.says("查 单雄信")
        await old.hears(CARD)
        await new.says("查 单雄信")
        await new.hears(NOBODY)
    finally:
        go_on.set()
    report = await running
    assert (report.inserted, report.updated, report.refused) == (AT_ONCE, 1, False)
    await old.says("查 单雄信")
    await old.hears(NOBODY)
    await new.says("查 单雄信")
    await new.hears(CARD)
