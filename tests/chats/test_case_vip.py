"""24 hours: the branch president by card and SMS, on the second, at night too, once; and who stands there instead."""

import json
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from bot.sections import Sms
from storage import schema
from tests.chats.complaining import accepted, chat, confirm, decide, file, goes_by, inform, is_now, opened_at, propose
from tests.chats.conftest import SHANGHAI
from tests.chats.paper import Paper
from tests.chats.test_case_clocks import heard
from tests.chats.test_import_live import imports, rewrite

WORDS = "高净值客户的投诉超过 24 小时没有关闭（S3）"
A_DAY = timedelta(hours=24)
NIGHT = datetime(2026, 11, 23, 23, 30, tzinfo=SHANGHAI)


@pytest.fixture
async def texting(house):  # type: ignore[no-untyped-def]
    """The house sends by the bank's own gateway."""
    sms = Sms(provider="http", url=f"{house.sim.url}/sms")
    house.settings = house.settings.model_copy(update={"sms": sms})
    await house.restart()
    return house


def mobile(bank, userid: str) -> str:  # type: ignore[no-untyped-def]
    return next(row["mobile"] for row in Paper(bank).rows("staff") if row["userid"] == userid)


async def sent(house) -> list[tuple[str, str]]:  # type: ignore[no-untyped-def]
    return [(sms["mobile"].replace("-", "").replace(" ", ""), sms["text"]) for sms in await house.world.sms()]


@pytest.mark.parametrize("night", [False, True], ids=["morning", "night"])
async def test_on_the_second_by_card_and_sms_and_once(texting, bank, night: bool) -> None:
    house = texting
    if night:
        await is_now(house, NIGHT)
    number = await file(chat(house, "cs01"))
    filed = await opened_at(house, number)
    timer = schema.timer.c
    due = await house.look(sa.select(timer.due_at).where(timer.kind == "case.fire.vip", timer.state == "armed"))
    assert due == [(filed + A_DAY,)]
    await is_now(house, filed + A_DAY - timedelta(seconds=60))
    assert (await heard(house, "branch01", number), await sent(house)) == (0, [])
    await is_now(house, filed + A_DAY + timedelta(seconds=1))
    assert await heard(house, "branch01", WORDS) == 1
    assert await sent(house) == [(mobile(bank, "branch01"), f"案件 {number} 已升级：分行行长，请登录企业微信查看")]
    head = chat(house, "branch01")
    await head.clicks("经过", hears="超时提醒（重要客户升级·分行行长）：高建国")
    await goes_by(house, days=20)
    assert await heard(house, "branch01", WORDS) == 1
    assert len(await sent(house)) == 1


async def test_what_is_closed_in_time_does_not_rise(texting) -> None:
    house = texting
    cs, rm, sup = (chat(house, who) for who in ("cs01", "rm02", "sup01"))
    await accepted(cs, rm)
    await propose(rm)
    await sup.hears("请审批处理方案")
    await sup.clicks("同意", hears="已同意")
    await rm.hears("方案已同意")
    await decide(rm)
    await inform(rm)
    await confirm(rm)
    await goes_by(house, hours=30)
    assert (await heard(house, "branch01", WORDS), await sent(house)) == (0, [])


async def test_informed_is_not_yet_closed(texting) -> None:
    house = texting
    cs, rm, sup = (chat(house, who) for who in ("cs01", "rm02", "sup01"))
    await accepted(cs, rm)
    await propose(rm)
    await sup.hears("请审批处理方案")
    await sup.clicks("同意", hears="已同意")
    await rm.hears("方案已同意")
    await decide(rm)
    await inform(rm)
    await goes_by(house, hours=24)
    assert await heard(house, "branch01", WORDS) == 1
    assert len(await sent(house)) == 1


async def test_the_president_is_away_and_the_stand_in_is_called(texting, bank) -> None:
    house = texting
    head, deputy = chat(house, "branch01"), chat(house, "exec01")
    await head.says("委托 郭振国", hears="从什么时候开始")
    await head.clicks("跳过", hears="到什么时候为止")
    await head.clicks("下周五", hears="请核对")
    await head.clicks("保存", hears="已委托：郭振国")
    await deputy.hears("高建国 委托您代办")
    number = await file(chat(house, "cs01"))
    await goes_by(house, hours=24)
    assert (await heard(house, "branch01", WORDS), await heard(house, "exec01", WORDS)) == (0, 1)
    assert await sent(house) == [(mobile(bank, "exec01"), f"案件 {number} 已升级：分行行长，请登录企业微信查看")]


async def test_there_is_no_president_and_head_office_is_called(texting, bank, feed) -> None:
    house = texting
    rewrite(feed / "staff.csv", "branch01", status="left")
    report = await imports(house, feed)
    assert report.ok, report.lines()
    await file(chat(house, "cs01"))
    await goes_by(house, hours=24)
    assert await heard(house, "exec01", WORDS) == 1
    assert [number for number, _ in await sent(house)] == [mobile(bank, "exec01")]


async def test_an_sms_says_nothing_but_number_and_level(texting, bank) -> None:
    house = texting
    await file(chat(house, "cs01"))
    await goes_by(house, hours=24)
    [(_, text)] = await sent(house)
    names = [row["name"] for row in Paper(bank).rows("customers")] + [row["name"] for row in Paper(bank).rows("staff")]
    assert not [name for name in names if name in text]
    assert "理财" not in json.dumps(text, ensure_ascii=False)
