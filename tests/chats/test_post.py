"""切岗: one post at a time; a card acts in the post written on it; what is no longer held acts nowhere."""

import sqlalchemy as sa

from storage import schema
from tests.chats.complaining import chat
from tests.chats.test_import_live import imports, rewrite
from tests.chats.traces import trail

CARD = "数据截至"


async def test_a_manager_who_also_keeps_a_book(house, feed) -> None:
    rewrite(feed / "staff.csv", "rm04", posts="客户经理|主管")
    assert (await imports(house, feed)).ok
    rm = chat(house, "rm04")
    await rm.says("查 C00000001", hears="没有找到这位客户")
    await rm.says("我的", hears="客户经理 · ")
    await rm.says("切岗", hears="现在是：客户经理")
    await rm.clicks("主管", hears="已切换到「主管」")
    await rm.says("我的", hears="主管 · ")
    seen = await rm.says("查 C00000001", hears=CARD)
    assert "王*兰 · 客户号 尾号0001" in seen.text
    await rm.says("切岗 客户经理", hears="已切换到「客户经理」")
    await rm.says("查 C00000001", hears="没有找到这位客户")
    again = await rm.clicks("查看", hears=CARD)  # on the card that was sent to the 主管
    assert "王*兰" in again.text
    await rm.says("查 C00000001", hears="没有找到这位客户")
    reads = [body for body, _ in await trail(house, "customer.read") if body["actor"] == "rm04"]
    assert {record["post"] for record in reads} == {"主管"}
    assert {record["detail"]["policy"] for record in reads} == {house.app.house.policy.version}
    switched = [body["detail"] for body, _ in await trail(house, "post.switched")]
    assert [(each["before"], each["after"]) for each in switched] == [("客户经理", "主管"), ("主管", "客户经理")]


async def test_words_for_every_other_case(house) -> None:
    rm, dual = chat(house, "rm01"), chat(house, "rm04")
    await rm.says("切岗", hears="您只有一个岗位：客户经理")
    await rm.says("切岗 主管", hears="您没有“主管”这个岗位。您的岗位：客户经理")
    await dual.says("切岗 客户经理", hears="您现在就是「客户经理」")
    await dual.says("我的", hears="理财顾问（发“切岗”）")


async def test_posts_that_one_person_must_not_hold(house) -> None:
    """However they came to be held, nobody goes from one to the other."""
    rows = schema.rows_of(schema.staff)
    held = rows.update().where(rows.c.userid == "rm04").values(posts="客户经理|合规岗")
    await house.app.database.do(lambda unit: unit.execute(held))
    rm = chat(house, "rm04")
    await rm.says("切岗 合规岗", hears="「客户经理」和「合规岗」不能由同一个人兼任")
    assert await house.look(sa.select(schema.acting_post)) == []


async def test_an_import_takes_nobody_with_such_posts(house, feed) -> None:
    rewrite(feed / "staff.csv", "rm04", posts="客户经理|审计员")
    report = await imports(house, feed)
    [refused] = report.rejections
    assert refused.reason == "「客户经理」和「审计员」不能由同一个人兼任：办业务、合规审批和审计要由不同的人做"
    assert not report.ok
