"""A photo that WeCom does not hand out: its sender is asked for it once, and the next picture takes its place."""

import asyncio
import base64
from hashlib import sha256

import orjson
import pytest
import sqlalchemy as sa

from simulator import samples
from storage import schema
from tests.chats.complaining import NO, PLAIN, chat, saved
from tests.chats.talking import Chat

NOTHING_OPEN = "现在没有在填的记录"
VISIT = "您11月23日登记的拜访"


@pytest.fixture
def rm(house, phone) -> Chat:
    return Chat(house, phone("rm01"))


async def log_with_photos(rm: Chat, count: int) -> None:
    await rm.says("拜访 单雄信 面访 接通 看了样板间", hears="请核对")
    await rm.says("改 照片", hears="有现场照片吗？")
    for number in range(1, count + 1):
        await rm.sends_photo(hears=f"收到照片 {number} 张")
    await rm.says("完成", hears="请核对")
    await rm.clicks("保存", hears="拜访已保存")


async def photo_states(house) -> list[str]:
    return [state for (state,) in await house.look(sa.select(schema.photo.c.state).order_by(schema.photo.c.id))]


async def actions_on_photos(house) -> list[str]:
    """What the audit chain says of photos, in order."""
    bodies = [orjson.loads(body) for (body,) in await house.look(sa.select(schema.audit.c.body).order_by("seq"))]
    return [body["action"] for body in bodies if body["action"].startswith("photo.")]


async def test_it_is_asked_for_once_and_may_be_sent_again(house, rm) -> None:
    await house.world.fails("media/get", "errcode", 40007)
    await log_with_photos(rm, 1)
    await rm.hears(f"照片没有收到：{VISIT}缺 1 张。请直接把照片重新发过来，就会补上。")
    assert await photo_states(house) == ["lost"]
    await rm.passes_quietly(days=1)
    picture = samples.picture()
    await rm.sends_photo(hears=f"收到照片，补到{VISIT}里。", data=base64.b64encode(picture).decode())
    [(state, digest)] = await house.look(sa.select(schema.photo.c.state, schema.photo.c.sha256))
    assert (state, digest) == ("kept", sha256(picture).hexdigest())
    assert await actions_on_photos(house) == ["photo.lost", "photo.replaced", "photo.kept"]
    await rm.sends_photo(hears=NOTHING_OPEN)


async def test_several_are_put_back_one_by_one_and_a_week_later_none(house, rm) -> None:
    await house.world.fails("media/get", "errcode", 40007, times=2)
    await log_with_photos(rm, 2)
    await rm.hears("缺 2 张")
    await rm.sends_photo(hears="还缺 1 张，请接着发。")
    assert sorted(await photo_states(house)) == ["kept", "lost"]
    await rm.passes_quietly(days=7, minutes=1)
    await rm.sends_photo(hears=NOTHING_OPEN)


async def test_one_of_a_case_is_asked_of_who_filed(house, rm) -> None:
    await house.world.fails("media/get", "errcode", 40007)
    cs = chat(house, "cs01")
    await cs.says("投诉 欧阳静 收到的账单不对", hears="办理渠道")
    await cs.sends_photo(hears="收到照片 1 张")
    await cs.clicks("下一步", hears="关于哪类业务", choosing=PLAIN)
    await cs.clicks("下一步", hears="为什么不满意", choosing={"关于哪类业务？": "信用卡"})
    await cs.clicks("下一步", hears="涉及客户经理", choosing={"为什么不满意？": "信息披露"})
    await cs.clicks("下一步", hears="请核对", choosing=NO)
    number = await saved(cs)
    await cs.hears(f"照片没有收到：案件 {number} 缺 1 张")
    await rm.sends_photo(hears=NOTHING_OPEN)
    await cs.sends_photo(hears=f"收到照片，补到案件 {number} 里。")
    assert await photo_states(house) == ["kept"]


async def test_nobody_is_asked_for_one_of_what_was_taken_back(house, rm) -> None:
    await house.world.fails("media/get", "timeout_before", 0.2, times=2)
    await log_with_photos(rm, 1)
    await rm.says("撤销", hears="已撤销，这条拜访不再计入联系记录")
    await house.world.request("DELETE", "/faults")
    await house.world.fails("media/get", "errcode", 40007)
    async with asyncio.timeout(30):
        while await photo_states(house) != ["lost"]:  # noqa: ASYNC110 - what others do with a database
            await asyncio.sleep(0.05)
    await rm.passes_quietly(minutes=1)
    await rm.sends_photo(hears=NOTHING_OPEN)
