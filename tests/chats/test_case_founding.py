"""The founding example: a complaint of a 高净值 customer from the call centre to the closed case, through restarts."""

from tests.chats.complaining import NO, PLAIN, chat, confirm, decide, inform, saved, state


async def test_from_filing_to_the_closed_case_and_the_bot_stops_wherever_it_hurts(house) -> None:
    cs, rm, sup = (chat(house, who) for who in ("cs01", "rm02", "sup01"))
    await cs.says("投诉 欧阳静 说理财到期没有人提醒", hears="办理渠道")
    await cs.clicks("下一步", hears="关于哪类业务", choosing=PLAIN)
    await house.restart()  # in the middle of the form
    await cs.clicks("下一步", hears="为什么不满意", choosing={"关于哪类业务？": "自营理财"})
    await cs.clicks("下一步", hears="涉及客户经理", choosing={"为什么不满意？": "服务态度及质量"})
    await cs.clicks("下一步", hears="请核对", choosing=NO)
    await house.restart()  # nothing is left to do but 保存
    number = await saved(cs)
    await house.restart()  # filed, and nobody has looked at it
    await rm.hears("新的投诉请您处理")
    await sup.hears("抄送")
    await rm.clicks("受理", hears="已受理")
    await cs.hears("您登记的案件已受理")
    await rm.clicks("提交方案", hears="打算怎么处理")
    await rm.says("赔付并道歉", hears="要赔付多少钱")
    await house.restart()  # in the middle of the proposal
    await rm.says("1000元", hears="请核对")
    await rm.clicks("保存", hears="已提交方案")
    await sup.hears("请审批处理方案")
    await house.restart()  # proposed, not decided
    await sup.clicks("同意", hears="已同意")
    await rm.hears("方案已同意")
    await house.restart()  # inside the window for 撤销
    await sup.clicks("撤销", hears="请审批处理方案")
    assert await state(house, number) == "proposed"
    await house.restart()
    await sup.clicks("同意", hears="已同意")
    await decide(rm)
    await house.restart()
    await inform(rm)
    await confirm(rm)
    await cs.hears("客户已确认，案件关闭")
    await sup.says("案件 欧阳静", hears="已关闭")
    trail = await sup.clicks("经过", hears="【经过】")
    for words in (
        "袁晓燕 登记",
        "刘芳 受理",
        "刘芳 提交方案",
        "撤销了刚才的决定",
        "刘芳 处理决定",
        "刘芳 告知",
        "刘芳 客户确认",
    ):
        assert words in trail.text
    assert trail.text.count("许志强 同意") == 2
    assert await state(house, number) == "closed"
    assert not [bubble for who in (cs, rm, sup) for bubble in await who.live() if "受理" in bubble.buttons]
