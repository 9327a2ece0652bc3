"""撤销 of a decision: by button and in words inside five minutes; it goes back to who decides, and all hear of it."""

from tests.chats.complaining import accepted, case_of, chat, decide, propose, state
from tests.chats.talking import Chat

LATE = "已经过了可以撤销的时间"


async def agreed(house) -> tuple[str, Chat, Chat]:  # type: ignore[no-untyped-def]
    rm, sup = chat(house, "rm02"), chat(house, "sup01")
    number = await accepted(chat(house, "cs01"), rm)
    await propose(rm)
    await sup.hears("请审批处理方案")
    await sup.clicks("同意", hears="已同意")
    await rm.hears("方案已同意")
    return number, rm, sup


async def test_by_button_and_the_decision_is_open_again(house) -> None:
    number, rm, sup = await agreed(house)
    mine = await rm.card("处理决定")
    await sup.clicks("撤销", hears="已撤销")
    again = await sup.hears("请审批处理方案")
    assert "由刘芳提请" in again.text
    assert await state(house, number) == "proposed"
    await rm.hears("刚才的决定已撤销，案件又是“方案待审批”")
    assert (await rm.is_now(mine)).replace_text == "许志强 已撤销"
    await rm.phone.clicks("处理决定", mine, force=True)
    await rm.hears("这张卡片已经过时")
    await sup.clicks("退回", hears="请写明理由")
    await sup.says("赔付过高", hears="请核对")
    await sup.clicks("保存", hears="已退回")
    await rm.hears("方案被退回")


async def test_in_words(house) -> None:
    number, _, sup = await agreed(house)
    await sup.passes_quietly(minutes=3)
    await sup.says("拜访 李国强 电话 接通 聊了理财", hears="请核对")
    await sup.says("保存", hears="拜访已保存")
    await sup.says("撤销", hears="这条拜访不再计入联系记录")  # the later of the two first
    await sup.says("撤销", hears="请审批处理方案")
    assert await state(house, number) == "proposed"
    await sup.clicks("同意", hears="已同意")
    assert await state(house, number) == "approved"


async def test_after_five_minutes_it_stands(house) -> None:
    number, _, sup = await agreed(house)
    card = await sup.card("撤销")
    await sup.passes_quietly(minutes=5, seconds=30)
    await sup.phone.clicks("撤销", card)
    await sup.hears(LATE)
    assert (await sup.is_now(card)).replace_text == "没有生效"
    await sup.says("撤销", hears=LATE)
    assert await state(house, number) == "approved"
    assert not [bubble for bubble in await sup.live() if "撤销" in bubble.buttons]


async def test_once_somebody_has_gone_on_it_stands(house) -> None:
    number, rm, sup = await agreed(house)
    card = await sup.card("撤销")
    await decide(rm)
    await sup.phone.clicks("撤销", card, force=True)
    await sup.hears("这张卡片已经过时")
    await sup.says("撤销", hears="没有可以撤销的")
    assert (await state(house, number), len((await case_of(house, number)).approvals)) == ("decided", 1)
