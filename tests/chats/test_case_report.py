"""举报: it goes to the branch's 消保岗; the accused and their line see it nowhere, no leader finds it in a list."""

import pytest
import sqlalchemy as sa

from storage import schema
from tests.chats.complaining import NO, PLAIN, case_of, chat, does, part, saved
from tests.chats.talking import Chat
from tests.chats.test_case_recusal import NONE, UNKNOWN, sees_nothing
from tests.chats.test_import_live import imports, rewrite
from tests.chats.traces import messages

LINE = ("rm01", "sup01", "subhead01", "branch01", "exec01")
"""The accused and all their superiors."""


async def report(who: Chat, accused: str, line: str = "C00000001 私下代客操作账户", business: str = "自营理财") -> str:
    await written(who, accused, line, business)
    return await saved(who)


async def written(
    who: Chat, accused: str, line: str = "C00000001 私下代客操作账户", business: str = "自营理财"
) -> None:
    """All but 保存."""
    await who.says(f"投诉 {line}", hears="办理渠道")
    await who.clicks("下一步", hears="关于哪类业务", choosing={**PLAIN, "性质": "举报"})
    await who.clicks("下一步", hears="涉及客户经理", choosing={"关于哪类业务？": business})
    await who.clicks("下一步", hears="举报的是谁", choosing=NO)
    await who.says(accused, hears="请核对")


async def test_the_accused_and_the_whole_line_see_it_nowhere(house) -> None:
    rm, cp = chat(house, "rm02"), chat(house, "cp01")
    number = await report(rm, "李明", "李国强 说李明私下代客操作账户")
    card = await cp.hears("新的举报请您处理：自营理财（S3）")
    assert "李明私下代客操作账户" in card.text
    assert (await part(house, number, "handler"), await part(house, number, "supervisor")) == ("cp01", "complaint01")
    case = await case_of(house, number)
    assert set(case.excluded) == set(LINE)
    assert not {"statutory", "vip"} & set(case.clocks)  # those are for a 投诉 alone
    for who in LINE:
        await sees_nothing(chat(house, who), number, "李国强" if who != "rm01" else "")
    await cp.clicks("受理", hears="已受理")
    await rm.passes_quietly(days=30)
    for who in LINE:
        assert not [text for text in await messages(house, who) if number in text]
        await sees_nothing(chat(house, who), number, "")


async def test_other_leaders_do_not_find_it_and_who_takes_part_does(house) -> None:
    rm = chat(house, "rm02")
    number = await report(rm, "rm01", "李国强 说李明私下代客操作账户")
    for who in ("sup02", "subhead02", "comp01"):
        await chat(house, who).says(f"案件 {number}", hears=UNKNOWN)
        assert number not in (await chat(house, who).says("案件", hears="案件")).text
    await chat(house, "comp01").says("案件 李国强", hears=NONE)
    for who in ("rm02", "cp01", "complaint01"):
        await chat(house, who).says(f"案件 {number}", hears=number)


async def test_an_outsider_is_registered_with_a_word_of_warning(house) -> None:
    cs = chat(house, "cs01")
    number = await report(cs, "行外 冒充客户经理的中介")
    assert "“行外 冒充客户经理的中介”按行外人员登记，没有人因此回避" in await cs.heard()
    assert not (await case_of(house, number)).excluded
    rm = chat(house, "rm01")
    await sees_nothing(rm, number, "")  # confidential all the same: the customer's own manager finds nothing


async def test_nobody_hears_of_a_report_whose_accused_is_not_recognised(house) -> None:
    cs, rm = chat(house, "cs01"), chat(house, "rm01")
    await written(cs, "刘芬", "李国强 说刘芳私下代客操作账户")
    await cs.clicks("保存", hears="本行没有叫“刘芬”的在职员工，还没有登记")
    assert "确实是行外人员，请写成：行外 刘芬" in await cs.heard()
    assert await house.look(sa.select(schema.case_file.c.id)) == []
    await cs.says("改 被举报人", hears="举报的是谁")
    await cs.says("客户经理刘芳", hears="请核对")
    number = await saved(cs)
    assert set((await case_of(house, number)).excluded) == {"rm02", *LINE} - {"rm01"}
    for who in ("rm02", *LINE[1:]):
        assert not [text for text in await messages(house, who) if number in text]
    await sees_nothing(rm, number, "")


@pytest.mark.parametrize("written_so", ["主管 许志强", "支行行长梁文斌", "SUP01"])
async def test_a_post_in_front_of_the_name_is_no_part_of_it(house, written_so: str) -> None:
    number = await report(chat(house, "cs01"), written_so)
    assert "subhead01" in (await case_of(house, number)).excluded


async def test_an_accused_whose_name_several_have_is_asked_again(house, feed) -> None:
    rewrite(feed / "staff.csv", "rm03", name="李明")
    assert (await imports(house, feed)).ok
    cs = chat(house, "cs01")
    await written(cs, "客户经理李明")
    await cs.clicks("保存", hears="叫“客户经理李明”的有 2 位，请写账号")
    await cs.says("rm03", hears="请核对")
    number = await saved(cs)
    excluded = (await case_of(house, number)).excluded
    assert ("rm03" in excluded, "rm01" in excluded) == (True, False)


async def test_a_report_is_not_handed_to_the_line(house) -> None:
    rm, cp = chat(house, "rm02"), chat(house, "cp01")
    number = await report(rm, "李明", "李国强 说李明私下代客操作账户")
    await cp.hears("新的举报请您处理")
    await does(cp, "转办", "转给谁")
    await cp.says("梁文斌", hears="请写明理由")
    await cp.says("支行自查", hears="请核对")
    await cp.clicks("保存", hears="梁文斌要回避这件事")
    await cp.says("蔡国华", hears="请核对")
    await cp.clicks("保存", hears="已转办")
    assert await part(house, number, "handler") == "complaint01"
    rows = await house.look(sa.select(schema.case_file.c.confidential))
    assert rows == [(True,)]
