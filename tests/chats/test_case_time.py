"""What time does to a complaint that people move: extensions, pauses, reopening, review, the second complaint."""

from datetime import timedelta

from tests.chats.complaining import (
    accepted,
    case_of,
    chat,
    decide,
    does,
    file,
    goes_by,
    inform,
    propose,
    records,
    state,
)
from tests.chats.talking import Chat


async def extension(who: Chat, action: str, why: str) -> None:
    await does(who, action, "为什么要延期")
    await who.says(why, hears="请核对")
    await who.clicks("保存", hears=f"已{action}")


async def announced(who: Chat, action: str) -> None:
    await does(who, action, "怎么告知的")
    await who.clicks("书面", hears="告知了什么")
    await who.says("延期的理由和新的期限", hears="请核对")
    await who.clicks("保存", hears=f"已{action}")


async def test_an_extension_has_no_effect_before_it_is_announced(house) -> None:
    cs, rm, desk, executive = (chat(house, who) for who in ("cs01", "rm02", "complaint01", "exec01"))
    number = await accepted(cs, rm)
    await extension(rm, "申请延期", "需要第三方鉴定")
    asked = await desk.hears("申请法定期限延至 30 日")
    assert "延期理由：需要第三方鉴定" in asked.text
    await desk.clicks("同意", hears="已同意")
    await rm.hears("延期已批准，告知客户后才生效")
    assert (await case_of(house, number)).clocks["statutory"].length == 15
    await announced(rm, "延期告知")
    trail = await rm.clicks("经过", hears="【时限】")
    assert "法定期限：30 日（自然日，11月23日当日不计，不暂停），12月23日 24:00 到期" in trail.text
    await goes_by(house, minutes=2)
    await extension(rm, "申请再次延期", "鉴定机构排期")
    await executive.hears("申请法定期限延至 60 日")
    await executive.clicks("同意", hears="已同意")
    assert (await case_of(house, number)).clocks["statutory"].length == 30
    await announced(rm, "再次延期告知")
    assert (await case_of(house, number)).clocks["statutory"].length == 60


async def test_an_extension_that_is_refused(house) -> None:
    cs, rm, desk = (chat(house, who) for who in ("cs01", "rm02", "complaint01"))
    number = await accepted(cs, rm)
    await extension(rm, "申请延期", "事情多")
    await desk.hears("申请法定期限延至 30 日")
    await desk.clicks("退回", hears="请写明理由")
    await desk.says("不属于情况复杂", hears="请核对")
    await desk.clicks("保存", hears="已退回")
    await rm.hears("延期没有批准，请按原期限办理")
    card = await rm.card("办所选")
    assert "延期告知" not in str(card.card)
    assert (await case_of(house, number)).clocks["statutory"].length == 15


async def test_a_pause_stops_only_the_inner_clocks_and_has_limits(house) -> None:
    cs, rm, sup = (chat(house, who) for who in ("cs01", "rm02", "sup01"))
    number = await accepted(cs, rm)
    for _ in range(2):  # twice five working days are all there is
        await does(rm, "暂停等待", "在等什么")
        await rm.clicks("客户补件", hears="请核对")
        await rm.clicks("保存", hears="已暂停等待")
        await sup.hears("处理人暂停了内部时限，法定期限照走")
        clocks = (await case_of(house, number)).clocks
        assert {key for key, clock in clocks.items() if clock.state == "paused"} == {"contact", "propose", "resolve"}
        await goes_by(house, days=7)
        assert (await case_of(house, number)).clocks["resolve"].state == "running"  # by itself
        await rm.says(f"案件 {number}", hears="处理中")
    await does(rm, "暂停等待", "累计暂停已满，不能再暂停")
    assert (await case_of(house, number)).clocks["resolve"].state == "running"
    assert (await case_of(house, number)).clocks["statutory"].begun == (await records(house, number))[0].at


async def test_a_pause_is_ended_by_hand_when_the_customer_answers(house) -> None:
    cs, rm = chat(house, "cs01"), chat(house, "rm02")
    number = await accepted(cs, rm)
    await does(rm, "暂停等待", "在等什么")
    await rm.clicks("客户补件", hears="请核对")
    await rm.clicks("保存", hears="已暂停等待")
    await rm.clicks("经过", hears="现在暂停，不计时")
    await cs.says(f"案件 {number}", hears="处理中")
    await does(cs, "恢复办理", "已恢复办理")
    assert (await case_of(house, number)).clocks["resolve"].state == "running"


async def test_withdrawn_and_opened_again(house) -> None:
    cs, rm, sup = (chat(house, who) for who in ("cs01", "rm02", "sup01"))
    number = await accepted(cs, rm)
    await does(rm, "撤回", "客户怎么提出的")
    await rm.clicks("书面", hears="请写明理由")
    await rm.says("客户来函撤诉", hears="请核对")
    await rm.clicks("保存", hears="已撤回")
    await cs.hears("客户撤回，案件终止")
    before = (await case_of(house, number)).clocks["statutory"]
    await goes_by(house, days=2)
    await sup.says(f"案件 {number}", hears="已撤回")
    await does(sup, "重开", "请写明理由")
    await sup.says("客户又来投诉", hears="请核对")
    await sup.clicks("保存", hears="已重开")
    await rm.hears("案件已重开")
    after = await case_of(house, number)
    assert (after.state, after.clocks["statutory"].begun) == ("handling", before.begun)  # never from the beginning
    assert after.clocks["vip"].begun - before.begun >= timedelta(days=2)


async def test_a_second_complaint_about_the_same_thing_is_linked_and_graver(house) -> None:
    cs, rm, other = (chat(house, who) for who in ("cs01", "rm02", "rm01"))
    first = await file(cs)
    await rm.hears("新的投诉请您处理")
    await goes_by(house, days=20)
    second = await file(cs, "欧阳静 又没有人提醒")
    await rm.hears("新的投诉请您处理：自营理财，服务态度及质量（S2）")
    trail = await rm.clicks("经过", hears=f"关联：{first}")
    assert second in trail.text
    third = await file(cs, "欧阳静 手续费太高", cause="定价收费")
    await rm.hears("新的投诉请您处理：自营理财，定价收费（S3）")
    await rm.says(f"案件 {third}", hears=third)
    await does(rm, "关联案件", "和哪个案件有关")
    await rm.says("C999999999", hears="请核对")
    await rm.clicks("保存", hears="没有找到案件“C999999999”")
    await rm.says(second.removeprefix("C"), hears="请核对")
    await rm.clicks("保存", hears="已关联案件")
    await rm.clicks("经过", hears=f"关联：{second}")
    await other.says(f"案件 {third}", hears="没有找到这个案件")


async def closed(house, number: str, rm: Chat, sup: Chat) -> None:  # type: ignore[no-untyped-def]
    await propose(rm)
    await sup.hears("请审批处理方案")
    await sup.clicks("同意", hears="已同意")
    await rm.hears("方案已同意")
    await decide(rm)
    await inform(rm)
    await rm.clicks("客户确认", hears="客户满意吗")
    await rm.clicks("不满意", hears="请核对")
    await rm.clicks("保存", hears="已客户确认")
    assert await state(house, number) == "closed"


async def test_a_review_within_thirty_days_and_not_after(house) -> None:
    cs, rm, sup, desk = (chat(house, who) for who in ("cs01", "rm02", "sup01", "complaint01"))
    number = await accepted(cs, rm)
    await closed(house, number, rm, sup)
    await goes_by(house, days=29)
    await cs.says(f"案件 {number}", hears="已关闭")
    await does(cs, "申请核查", "客户对决定有什么异议")
    await cs.says("认为责任认定不对", hears="请核对")
    await cs.clicks("保存", hears="已申请核查")
    await desk.hears("客户申请核查，请在期限内作出核查决定")
    await desk.clicks("核查决定", hears="结论是什么")
    await desk.clicks("维持原决定", hears="为什么")
    await desk.says("责任认定有据", hears="请核对")
    await desk.clicks("保存", hears="已核查决定")
    await rm.hears("核查已有决定")
    assert await state(house, number) == "closed"
    await goes_by(house, days=2)
    await cs.says(f"案件 {number}", hears="已关闭")
    await does(cs, "申请核查", "核查要在收到决定后 30 日内申请，现在请引导客户调解、仲裁或诉讼")
    before = (await case_of(house, number)).clocks["statutory"]
    await does(cs, "重开", "请写明理由")
    await cs.says("客户补充了新的证据", hears="请核对")
    await cs.clicks("保存", hears="已重开")
    await rm.hears("案件已重开")
    after = await case_of(house, number)
    assert (after.state, after.clocks["statutory"].begun) == ("handling", before.begun)
