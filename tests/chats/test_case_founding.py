"""The founding example: a complaint of a 高净值 customer from the call centre to the closed case."""

from tests.chats.complaining import chat, confirm, decide, file, inform, propose, state


async def test_from_filing_to_the_closed_case(house) -> None:
    cs, rm, sup = (chat(house, who) for who in ("cs01", "rm02", "sup01"))
    number = await file(cs)
    await rm.hears("新的投诉请您处理")
    await sup.hears("抄送")
    await rm.clicks("受理", hears="已受理")
    await propose(rm)
    await sup.hears("请审批处理方案")
    await sup.clicks("同意", hears="已同意")
    await rm.hears("方案已同意")
    await decide(rm)
    await inform(rm)
    await confirm(rm)
    await sup.says("案件 欧阳静", hears="已关闭")
    await sup.clicks("经过", hears="【经过】")
    assert await state(house, number) == "closed"


async def test_a_restart_between_any_two_steps(house) -> None:
    cs, rm, sup = (chat(house, who, restless=True) for who in ("cs01", "rm02", "sup01"))
    number = await file(cs)
    await rm.hears("新的投诉请您处理")
    await rm.clicks("受理", hears="已受理")
    await propose(rm)
    await sup.hears("请审批处理方案")
    await sup.clicks("同意", hears="已同意")
    await rm.hears("方案已同意")
    await decide(rm)
    await inform(rm)
    await confirm(rm)
    assert await state(house, number) == "closed"
