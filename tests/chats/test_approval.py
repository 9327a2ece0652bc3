"""What needs a second person's word: found again in 待办, acted on once, told to everybody, whichever way it goes."""

import asyncio

import pytest
import sqlalchemy as sa

from storage import schema
from tests.chats.administering import all_done, greys, last_request
from tests.chats.talking import Chat
from tests.chats.test_freeze import freezes
from tests.chats.traces import trail

WISH = "冻结 王*兰 · 客户号 尾号0001"


@pytest.fixture
def officer(house, phone) -> Chat:
    """余立新, who asks."""
    return Chat(house, phone("comp01"))


@pytest.fixture
def second(house, phone) -> Chat:
    """曹静, who decides."""
    return Chat(house, phone("cp01"))


async def frozen(house) -> bool:
    return bool(await house.look(sa.select(schema.restricted.c.customer_id)))


async def steps(house) -> list[str]:
    return [body["action"] for body, _ in await trail(house) if body["action"].startswith("freeze.")]


async def test_days_later_it_is_found_again_and_agreed_to_once(house, officer, second) -> None:
    await freezes(officer, "冻结")
    old = await second.hears(WISH)
    own = await officer.card("撤回")
    assert "发给：曹静" in own.text
    await second.phone.clicks("同意", old, force=True, as_user="comp01")
    await officer.phone.hears("这张卡片是发给别人的，您点的操作没有生效")
    await officer.phone.does("press", bubble=own.id, key="approval.agree.1", selected={}, force=True)
    await officer.hears("已提交，还没有生效")
    assert not await frozen(house)
    await second.passes_quietly(hours=73)
    await second.phone.clicks("同意", old, force=True)
    again = await second.hears("请审批，一人决定即算数")
    assert "这张卡片已过期" in await second.heard()
    newest = await second.says("待办", hears="请审批，一人决定即算数")
    assert (await second.is_now(again)).replace_text == "请看下面"
    assert not await frozen(house)
    await second.clicks("同意", hears=f"{WISH}：已同意（曹静），现在起除保存外停止一切处理")
    await officer.phone.hears(f"{WISH}：已同意（曹静），现在起")
    await second.phone.clicks("同意", newest, force=True)
    await second.hears(f"{WISH}：今天 10:00 已同意（曹静）。")
    await officer.phone.clicks("撤回", own, force=True)
    await officer.hears(f"{WISH}：今天 10:00 已同意（曹静）。")
    assert await steps(house) == ["freeze.requested", "freeze.agreed"]
    await second.says("待办")
    await house.settled()
    assert WISH not in await second.heard()


async def test_decided_and_taken_back_at_once(house, officer, second) -> None:
    await freezes(officer, "冻结")
    theirs, own = await second.hears(WISH), await officer.card("撤回")
    await asyncio.gather(second.phone.clicks("同意", theirs), officer.phone.clicks("撤回", own))
    await all_done(house)
    face = "已同意（曹静）" if await frozen(house) else "已撤回（余立新）"
    for each in (officer, second):
        await greys(each, face)
        assert f"{WISH}：" in await each.log()
    assert await steps(house) == ["freeze.requested", "freeze.agreed" if await frozen(house) else "freeze.withdrawn"]


@pytest.mark.parametrize(
    ("who", "button", "face"), [("cp01", "退回", "已退回（曹静）"), ("comp01", "撤回", "已撤回（余立新）")]
)
async def test_closed_without_effect(house, officer, second, who, button, face) -> None:
    await freezes(officer, "冻结")
    await second.hears(WISH)
    decider, other = (second, officer) if who == "cp01" else (officer, second)
    await decider.clicks(button, hears=f"{WISH}：{face}，没有冻结")
    await greys(other, face)
    await other.phone.clicks("同意" if other is second else "撤回", await last_request(other), force=True)
    await other.hears(face)
    assert not await frozen(house)
    await freezes(officer, "冻结")
    await second.hears("请审批，一人决定即算数")


async def test_who_asked_and_left_hears_nothing_more(house, officer, second) -> None:
    await freezes(officer, "冻结")
    await second.hears(WISH)
    staff = schema.rows_of(schema.staff)
    await house.app.database.do(
        lambda unit: unit.execute(staff.update().where(staff.c.userid == "comp01").values(status="left")) and None
    )
    await officer.phone.marks()
    await second.clicks("同意", hears=f"{WISH}：已同意（曹静），现在起")
    await house.settled()
    await officer.phone.hears_nothing(0)


async def test_who_lost_the_post_neither_decides_nor_reads(house, officer, second) -> None:
    await freezes(officer, "冻结")
    old = await second.hears(WISH)
    staff = schema.rows_of(schema.staff)
    moved = staff.update().where(staff.c.userid == "cp01").values(posts="客服坐席")
    await house.app.database.do(lambda unit: unit.execute(moved) and None)
    await house.settled()
    await second.phone.clicks("同意", old, force=True)
    await second.hears("您的岗位已变")
    await second.says("待办")
    assert "请审批" not in await second.heard()
    assert not await frozen(house)
