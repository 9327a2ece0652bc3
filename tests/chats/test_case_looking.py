"""案件: found by number and by customer, one silence for what is not there and what is not theirs, lists by state."""

from tests.chats.complaining import accepted, chat, file
from tests.chats.talking import options_of, rows_of
from tests.chats.traces import plain, trail

HIDDEN = "只显示办到哪一步；具体内容只有参与办理的人能看"


async def test_a_number_however_it_is_written(house) -> None:
    rm = chat(house, "rm02")
    number = await file(rm)
    digits = number.removeprefix("C")
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in number)
    for said in (number, digits, number.lower(), wide, f"c {digits}", f"  {number}  "):
        assert (await rm.says(f"案件 {said}", hears=f"客户投诉 {number}")).live


async def test_what_is_not_there_and_what_is_not_theirs_sound_alike(house) -> None:
    number = await file(chat(house, "rm02"))
    stranger = chat(house, "rm03")
    theirs = await stranger.says(f"案件 {number}", hears="没有找到")
    nothing = await stranger.says("案件 C261123999", hears="没有找到")
    bare = await stranger.says(f"案件 {number.removeprefix('C')}", hears="没有找到")
    assert plain(theirs.text) == plain(nothing.text) == plain(bare.text)
    not_theirs = await stranger.says("案件 欧阳静", hears="没有您能看到的案件")
    nobody = await stranger.says("案件 上官不存在", hears="没有您能看到的案件")
    assert plain(not_theirs.text) == plain(nobody.text)


async def test_who_oversees_sees_the_steps_and_not_the_words(house) -> None:
    rm, control = chat(house, "rm02"), chat(house, "comp01")
    number = await accepted(rm, rm)
    card = await control.says(f"案件 {number}", hears=number)
    assert rows_of(card)["状态"] == "处理中"
    assert rows_of(card)["客户"] == "欧*静 · 客户号 尾号0007"
    steps = await control.clicks("经过", hears="【经过】")
    assert HIDDEN in steps.text
    assert "刘芳 受理" in steps.text
    assert "到期没有人提醒" not in await control.heard() + card.text
    mine = await rm.clicks("经过", hears="【经过】")
    assert HIDDEN not in mine.text
    assert "事由：说理财到期没有人提醒" in mine.text
    reads = [(body["actor"], body["detail"]["in_full"]) for body, _ in await trail(house, "case.read")]
    assert reads == [("comp01", False), ("rm02", True)]


async def test_the_customer_is_shown_and_the_case_can_still_be_worked_on(house) -> None:
    rm = chat(house, "rm02")
    number = await file(rm)
    await rm.says(f"案件 {number}", hears=number)
    await rm.clicks("查客户", hears="数据截至")
    shown = [bubble.text for bubble in await rm.phone.heard() if bubble.live]
    assert ["数据截至" in text for text in shown] == [True, False], "the customer first, then the case"
    assert f"客户投诉 {number}" in shown[1]
    await rm.clicks("受理", hears="已受理")


async def test_several_cases_of_a_customer(house) -> None:
    rm = chat(house, "rm02")
    first, second = await file(rm), await file(rm, "欧阳静 手续费太高", cause="定价收费")
    card = await rm.says("案件 oyj", hears="共 2 件")
    assert [line.split(" ")[0] for line in options_of(card)["看哪一件"]] == [f"1.{second}", f"2.{first}"]
    await rm.clicks("打开", hears=f"客户投诉 {first}", choosing={"看哪一件": f"2.{first} 欧阳静"})


async def test_a_leader_sees_what_is_open_by_state_and_age_and_page_by_page(house) -> None:
    sup, filers = chat(house, "sup01"), ("cs01", "cs02", "complaint01", "cp01")
    told = [(who, f"{name} 反映{who}号问题") for who in filers for name in ("欧阳静", "李国强")]
    numbers = [await file(chat(house, who), line, cause="其他原因") for who, line in told]
    rm = chat(house, "rm02")
    await rm.says(f"案件 {numbers[0]}", hears=numbers[0])
    await rm.clicks("受理", hears="已受理")
    await house.world.clock.advance(hours=26)
    await house.app.clock.reread()
    board = await sup.says("案件", hears="案件总览")
    rows = rows_of(board)
    assert rows["已登记"].startswith("7 件，最久 1 天 2 小时")
    assert rows["处理中"].startswith("1 件，最久 1 天 2 小时")
    page = await sup.clicks("看清单", hears="共 7 件，第 1/2 页", choosing={"看哪些": "已登记 7 件"})
    assert [line.split(" ")[0].split(".")[1] for line in options_of(page)["看哪一件"]] == numbers[1:7]
    last = await sup.clicks("下一页", hears="第 2/2 页")
    assert options_of(last)["看哪一件"] == [f"7.{numbers[7]} 李*强"]
    await sup.clicks("打开", hears=f"客户投诉 {numbers[7]}", choosing={"看哪一件": f"7.{numbers[7]} 李*强"})
    other = await chat(house, "sup02").says("案件", hears="案件")
    assert not [number for number in numbers if number in other.text]
