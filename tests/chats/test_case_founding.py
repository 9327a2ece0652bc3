"""The founding example: a complaint of a 高净值 customer from the call centre to the closed case; restarts between."""

import pytest

from tests.chats.complaining import accepted, chat, confirm, decide, file, inform, propose, state

LONG_ENOUGH = pytest.mark.timeout(600)  # each of a dozen restarts takes seconds where the machine is busy


async def test_from_filing_to_the_closed_case(house) -> None:
    cs, rm, sup = (chat(house, who) for who in ("cs01", "rm02", "sup01"))
    number = await file(cs)
    await rm.hears("新的投诉请您处理")
    await sup.hears("抄送")
    await rm.clicks("受理", hears="已受理")
    await cs.hears("您登记的案件已受理")
    await propose(rm)
    await sup.hears("请审批处理方案")
    await sup.clicks("同意", hears="已同意")
    await rm.hears("方案已同意")
    await decide(rm)
    await inform(rm)
    await confirm(rm)
    await cs.hears("客户已确认，案件关闭")
    await sup.says("案件 欧阳静", hears="已关闭")
    trail = await sup.clicks("经过", hears="【经过】")
    for words in ("袁晓燕 登记", "刘芳 受理", "刘芳 提交方案", "许志强 同意", "刘芳 处理决定", "刘芳 告知", "刘芳 客户确认"):
        assert words in trail.text
    assert await state(house, number) == "closed"
    assert not [bubble for who in (cs, rm, sup) for bubble in await who.live() if "受理" in bubble.buttons]


@LONG_ENOUGH
async def test_restarts_while_it_is_filed_and_taken_on(house) -> None:
    cs, rm, sup = (chat(house, who, restless=True) for who in ("cs01", "rm02", "sup01"))
    number = await file(cs)
    await rm.hears("新的投诉请您处理")
    await sup.hears("抄送")
    await rm.clicks("受理", hears="已受理")
    assert await state(house, number) == "handling"


@LONG_ENOUGH
async def test_restarts_while_it_is_proposed_and_decided(house) -> None:
    rm, sup = chat(house, "rm02"), chat(house, "sup01", restless=True)
    number = await accepted(chat(house, "cs01"), rm)
    rm.restless = True
    await propose(rm)
    await sup.hears("请审批处理方案")
    await sup.clicks("同意", hears="已同意")
    await rm.hears("方案已同意")
    await decide(rm)
    assert await state(house, number) == "decided"


@LONG_ENOUGH
async def test_restarts_while_the_customer_is_told_and_confirms(house) -> None:
    rm, sup = chat(house, "rm02"), chat(house, "sup01")
    number = await accepted(chat(house, "cs01"), rm)
    await propose(rm)
    await sup.hears("请审批处理方案")
    await sup.clicks("同意", hears="已同意")
    await rm.hears("方案已同意")
    await decide(rm)
    rm.restless = True
    await inform(rm)
    await confirm(rm)
    assert await state(house, number) == "closed"
