"""Every night the staff are looked up in WeCom; who is gone there is out here, unless too many seem to be."""

import asyncio
import csv
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from bot.clock import SHANGHAI
from bot.commands.errands import perform
from storage import schema
from storage.imports.progress import nobody
from tests.chats.complaining import chat, is_now
from tests.chats.conftest import PATIENCE
from tests.chats.traces import trail

STAFF = schema.staff.c


async def members(  # type: ignore[no-untyped-def]
    house, bank: Path, without: str = "", disabled: str = "", **more: object
) -> None:
    """WeCom's contacts are the staff, but for one who is gone and one who is disabled."""
    with (bank / "staff.csv").open(encoding="utf-8") as text:
        rows = [row for row in csv.DictReader(text) if row["userid"] != without]
    users = [
        {"userid": row["userid"], "name": row["name"], "status": 2 if row["userid"] == disabled else 1} for row in rows
    ]
    await house.world.post("/directory", users=users, departments=[], **{"visible": None, "unlicensed": [], **more})


async def night_falls(house, day: int) -> None:  # type: ignore[no-untyped-def]
    """The sweep begins by itself, and is over when nothing is left to send."""
    run = schema.cron_run.c
    await is_now(house, datetime(2026, 11, day, 2, 30, tzinfo=SHANGHAI))
    marked = sa.select(run.slot).where(run.job == "staff.sweep", run.slot == f"2026-11-{day}")
    async with asyncio.timeout(PATIENCE):
        while not await house.look(marked):  # noqa: ASYNC110 - what others do with a database
            await asyncio.sleep(0.05)
    await house.settled()


async def stopped(house) -> list[str]:  # type: ignore[no-untyped-def]
    here = sa.select(STAFF.userid).where(STAFF.status == "left", STAFF.userid != "rmold01").order_by(STAFF.userid)
    return [row[0] for row in await house.look(here)]


async def test_who_is_gone_by_night_is_out_and_comes_back(house, bank) -> None:
    sup = chat(house, "sup01")
    await members(house, bank, without="rm02", disabled="rm04")
    await night_falls(house, 24)
    assert await stopped(house) == ["rm02", "rm04"]
    await sup.phone.hears("刘芳（rm02）已离职或停用")
    assert len(await trail(house, "staff.left")) == 2
    await members(house, bank)
    await night_falls(house, 25)
    assert await stopped(house) == []
    assert len(await trail(house, "staff.returned")) == 2


async def test_nobody_is_stopped_when_the_visible_range_went_wrong(house, bank) -> None:
    admin = chat(house, "sysadmin01")
    await members(house, bank, visible=["sysadmin01", "rm01"])
    await night_falls(house, 24)
    told = await admin.phone.hears("夜间核对成员")
    assert "没有自动停用任何人：请核对应用的可见范围" in told.text
    assert await stopped(house) == []


async def test_compare_names_who_is_on_one_side_alone(house, bank) -> None:
    """By hand, from the command line, beside the running service."""
    await members(house, bank, without="rm02", disabled="rm04")
    users = [each["userid"] for each in (await house.world.get("/world"))["members"]]
    assert "rm02" not in users
    said: list[str] = []
    app = house.app
    asked = (app.database, app.clock, "staff.compare", {}, said.append, nobody)
    await asyncio.to_thread(perform, *asked, settings=house.settings)
    assert said[:2] == ["rm02  在职，企业微信里没有或不在应用的可见范围里", "rm04  在职，企业微信里已停用"]
    assert said[-1].endswith("不一致 2 处")
