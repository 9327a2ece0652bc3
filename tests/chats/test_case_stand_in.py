"""委托: somebody acts for me in a window of time, before and after it not; and who cannot be asked."""

import pytest
import sqlalchemy as sa

from storage import schema
from tests.chats.complaining import accepted, case_of, chat, is_now, part, propose, state
from tests.chats.talking import Chat
from tests.chats.test_case_clocks import at
from tests.chats.test_import_live import imports, rewrite


async def stands_in(who: Chat, name: str, *, until: str, start: str = "跳过") -> None:
    await who.says(f"委托 {name}", hears="从什么时候开始")
    await who.says(start, hears="到什么时候为止")
    await who.says(until, hears="请核对")
    await who.clicks("保存", hears=f"已委托：{name}")


async def test_before_inside_and_after_the_window(house) -> None:
    cs, rm, sup, head = (chat(house, who) for who in ("cs01", "rm02", "sup01", "subhead01"))
    await stands_in(sup, "梁文斌", start="明天上午九点", until="后天上午九点")
    told = await head.hears("许志强 委托您代办")
    assert "明天 09:00 起，到 11月25日 09:00 为止" in told.text
    number = await accepted(cs, rm)
    await propose(rm)
    await sup.hears("请审批处理方案")  # today it is still the supervisor's
    assert "请审批处理方案" not in await head.heard()
    await head.says(f"案件 {number}", hears="方案待审批")
    assert "同意" not in [label for bubble in await head.live() for label in bubble.buttons]
    await is_now(house, at(11, 24, 10))
    await head.says("案件", hears="等您办 1 件")
    await head.clicks("看清单", hears="等您办的案件", choosing={"看哪些": "等您办 1 件"})
    await head.clicks("打开", hears="请审批处理方案", choosing={"看哪一件": f"1.{number} 欧*静"})
    await is_now(house, at(11, 25, 9, 30))
    card = await head.card("同意")
    await head.phone.clicks("同意", card)
    await head.hears("“方案审批”不由您来审批")
    assert (await head.is_now(card)).replace_text == "没有生效"
    assert await state(house, number) == "proposed"


async def test_inside_the_window_the_trail_says_for_whom(house) -> None:
    cs, rm, sup, head = (chat(house, who) for who in ("cs01", "rm02", "sup01", "subhead01"))
    number = await accepted(cs, rm)
    await stands_in(sup, "梁文斌", until="下周五")
    await propose(rm)
    await head.hears("请审批处理方案")
    await head.clicks("同意", hears="已同意")
    await head.clicks("经过", hears="梁文斌（代 许志强） 同意")
    [ballot] = (await case_of(house, number)).approvals[0].ballots
    assert (ballot.voter, ballot.principal) == ("subhead01", "sup01")


async def test_who_is_away_gets_no_new_work_and_takes_it_back_by_ending_it(house) -> None:
    cs, rm, other = (chat(house, who) for who in ("cs01", "rm02", "rm01"))
    await stands_in(rm, "李明", until="下周五")
    number = await accepted(cs, other)
    assert await part(house, number, "handler") == "rm01"
    await other.clicks("经过", hears="处理人：李明（代 刘芳）")
    await other.clicks("查客户", hears="欧*静 · 客户号 尾号0007")  # not one of their own: masked, while it lasts
    await other.says("查 欧阳静", hears="欧*静 · 客户号 尾号0007")
    await rm.says("委托", hears="我的委托")
    await rm.clicks("结束委托", hears="委托已结束")
    await other.hears("刘芳 已结束对您的委托")
    await rm.says("委托", hears="委托给哪位同事")


async def test_who_cannot_stand_in_is_asked_again(house) -> None:
    rm = chat(house, "rm02")
    for wrong, why in (("刘芳", "不能委托给自己"), ("马冬梅", "本行没有叫“马冬梅”的在职员工")):
        await rm.says(f"委托 {wrong}", hears=why)
        await rm.says("委托", hears="委托给哪位同事")
        await rm.says(wrong, hears="从什么时候开始")
        await rm.says("跳过", hears="到什么时候为止")
        await rm.says("下周五", hears="请核对")
        await rm.clicks("保存", hears=why)
        await rm.says("李明", hears="请核对")
        await rm.clicks("取消", hears="已取消")


@pytest.mark.parametrize(
    ("principal", "wrong", "why", "right"),
    [
        (
            "cp01",
            "刘芳",
            "刘芳不能替您办。请写{place}的消保岗同事，或您的上级（高建国、郭振国）",
            "高建国",
        ),  # another post
        ("sup01", "李明", "李明不能替您办。请写{place}的主管同事，或您的上级（梁文斌、高建国、郭振国）", "韩雪梅"),
        ("comp01", "杜鹏", "杜鹏不能替您办。请写总行的合规岗同事，或您的上级（郭振国）", "郭振国"),
    ],
)
async def test_only_the_same_post_of_the_branch_or_a_superior(house, principal, wrong, why, right) -> None:
    who = chat(house, principal)
    unit = schema.org_unit.c
    [(place,)] = await house.look(sa.select(unit.name).where(unit.unit_id == "B01"))
    await who.says(f"委托 {wrong} 下周五", hears=why.format(place=place))
    assert await house.look(sa.select(schema.stand_in.c.id)) == []
    await who.says(f"委托 {right} 明天 下周五", hears="请核对")
    said = await who.clicks("保存", hears=f"已委托：{right}")
    assert "新派给您的案件归他，到期后也由他办完" in said.text
    assert "您手上的案件和审批，您和他都可以办" in said.text


async def test_the_same_post_of_another_branch(house, feed) -> None:
    rewrite(feed / "staff.csv", "rm01", unit_id="B02S01")
    assert (await imports(house, feed)).ok
    rm = chat(house, "rm02")
    await rm.says("委托", hears="委托给哪位同事")
    await rm.says("李明", hears="从什么时候开始")
    await rm.says("跳过", hears="到什么时候为止")
    await rm.says("下周五", hears="请核对")
    await rm.clicks("保存", hears="李明不能替您办")


async def test_all_of_it_on_one_line(house) -> None:
    rm = chat(house, "rm02")
    card = await rm.says("委托 李明 明天上午九点 下周五", hears="请核对")
    assert "明天 11月24日 09:00" in card.text
    await rm.clicks("保存", hears="已委托：李明 明天 09:00 起替您办，到 12月4日 为止")


async def test_a_window_that_ends_before_it_begins(house) -> None:
    rm = chat(house, "rm02")
    await rm.says("委托 李明", hears="从什么时候开始")
    await rm.says("后天上午九点", hears="到什么时候为止")
    await rm.says("明天上午九点", hears="请核对")
    await rm.clicks("保存", hears="结束时间要晚于开始时间")
    await rm.says("下周五", hears="请核对")
    await rm.clicks("保存", hears="已委托：李明")
