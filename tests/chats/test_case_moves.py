"""What can be done with a complaint: taken on, handed on, worked on together, decided, closed, opened again."""

import pytest

from storage import schema
from tests.chats.complaining import (
    accepted,
    case_of,
    chat,
    decide,
    does,
    file,
    goes_by,
    inform,
    part,
    propose,
    state,
)
from tests.chats.test_import_live import imports, rewrite

LINK = schema.case_link.c


async def test_not_taken_on_with_a_reason(house) -> None:
    cs, rm, sup = (chat(house, who) for who in ("cs01", "rm02", "sup01"))
    number = await file(cs)
    assert "不予受理" not in str((await rm.hears("新的投诉")).card)  # not the handler's to decide
    await sup.hears("抄送")
    await does(sup, "不予受理", "怎么告知的")
    await sup.clicks("书面", hears="告知了什么")
    await sup.says("同一事由已由仲裁受理", hears="请写明理由")
    await sup.says("已进入仲裁程序", hears="请核对")
    await sup.clicks("保存", hears="已不予受理")
    await cs.hears("案件不予受理，已告知客户")
    trail = await sup.clicks("经过", hears="理由：已进入仲裁程序")
    assert "告知方式：书面" in trail.text
    assert await state(house, number) == "declined"


async def test_a_name_that_several_have(house, feed) -> None:
    rewrite(feed / "staff.csv", "rm03", name="李明")
    assert (await imports(house, feed)).ok
    cs, rm = chat(house, "cs01"), chat(house, "rm02")
    number = await file(cs)
    await rm.hears("新的投诉请您处理")
    await does(rm, "转办", "转给谁")
    await rm.says("李明", hears="请写明理由")
    await rm.says("他更熟悉", hears="请核对")
    card = await rm.card("保存")
    asked = await rm.clicks("保存", hears="叫“李明”的有 2 位，请写账号")
    assert "rm01（" in asked.text
    assert "rm03（" in asked.text
    assert (await rm.is_now(card)).replace_text == "还有一项要改"
    await rm.says("rm03", hears="请核对")
    await rm.says("保存", hears="已转办")
    assert await part(house, number, "handler") == "rm03"
    await chat(house, "rm03").hears("转办给您的投诉")
    await chat(house, "sup02").hears("转办给您的投诉")  # the supervisor goes with the handler
    await rm.says(f"案件 {number}", hears=number)  # who had it may still look


async def test_departments_work_together_and_every_word_is_kept(house) -> None:
    cs, rm, risk, legal = (chat(house, who) for who in ("cs01", "rm02", "risk01", "comp01"))
    number = await accepted(cs, rm)
    await does(rm, "协办", "请哪些部门协办")
    await rm.clicks("下一步", hears="请他们做什么", choosing={"请哪些部门协办？": ["风控", "合规"]})
    await rm.says("核对交易记录和双录", hears="请核对")
    await rm.clicks("保存", hears="已协办")
    first = await risk.hears("风控协办")
    assert "协办事项：核对交易记录和双录" in first.text
    await legal.hears("合规协办")
    await rm.phone.marks()
    await risk.clicks("看案件", hears="答复")  # to look first does not cost the answer
    await risk.clicks("答复", hears="协办的结果")
    await risk.says("交易无异常", hears="有照片吗")
    await risk.clicks("没有了", hears="请核对")
    await risk.clicks("保存", hears="已答复")
    await rm.phone.hears_nothing()  # one is still to come
    await legal.clicks("答复", hears="协办的结果")
    await legal.says("双录完整", hears="有照片吗")
    await legal.sends_photo(hears="还可以再发 2 张")
    await legal.says("完成", hears="请核对")
    await legal.clicks("保存", hears="已答复")
    await rm.hears("各部门的协办都已答复")
    trail = await rm.clicks("经过", hears="【经过】")
    for words in (
        "叶青 答复风控协办",
        "答复：交易无异常",
        "余立新 答复合规协办",
        "答复：双录完整",
        "照片：1 张",
        "协办全部完成",
    ):
        assert words in trail.text, words
    case = await case_of(house, number)
    assert (case.data["risk_reply"], case.data["legal_reply"]) == ("交易无异常", "双录完整")


async def test_contact_and_a_proposal_that_is_sent_back(house) -> None:
    cs, rm, sup = (chat(house, who) for who in ("cs01", "rm02", "sup01"))
    number = await accepted(cs, rm)
    await rm.clicks("联系客户", hears="怎么联系的")
    await rm.clicks("电话", hears="谈了什么")
    await rm.says("客户要求赔偿利息损失", hears="请核对")
    await rm.clicks("保存", hears="已联系客户")
    assert (await case_of(house, number)).clocks["contact"].state == "stopped"
    await propose(rm)
    asked = await sup.hears("请审批处理方案")
    assert "赔付金额：1,000 元" in asked.text
    await sup.clicks("退回", hears="请写明理由")
    await sup.says("金额没有依据", hears="请核对")
    await sup.clicks("保存", hears="已退回")
    assert await state(house, number) == "handling"
    await rm.hears("方案被退回，请点“经过”看理由")
    trail = await rm.clicks("经过", hears="理由：金额没有依据")
    assert "许志强 退回" in trail.text
    await propose(rm, "按利息损失赔付", "860元")
    await sup.hears("赔付金额：860 元")
    await sup.clicks("同意", hears="已同意")


async def test_a_proposal_is_taken_back_before_it_is_decided(house) -> None:
    cs, rm, sup = (chat(house, who) for who in ("cs01", "rm02", "sup01"))
    number = await accepted(cs, rm)
    await propose(rm)
    card = await sup.hears("请审批处理方案")
    await does(rm, "收回方案", "已收回方案")
    await sup.hears("处理人收回了方案，不用再审批")
    assert (await sup.is_now(card)).replace_text == "刘芳 已收回方案"
    await sup.phone.clicks("同意", card, force=True)
    await sup.hears("这个审批已经失效")
    assert await state(house, number) == "handling"


async def test_the_customer_objects_and_the_second_decision_stands(house) -> None:
    cs, rm, sup = (chat(house, who) for who in ("cs01", "rm02", "sup01"))
    number = await accepted(cs, rm)
    await propose(rm)
    await sup.hears("请审批处理方案")
    await sup.clicks("同意", hears="已同意")
    await rm.hears("方案已同意")
    await decide(rm)
    await inform(rm)
    stopped = (await case_of(house, number)).clocks["statutory"]
    await cs.says(f"案件 {number}", hears="已告知待确认")
    await cs.clicks("客户异议", hears="客户对什么不满意")  # the call centre hears it first
    await cs.says("认为赔付太少", hears="请核对")
    await cs.clicks("保存", hears="已客户异议")
    await sup.hears("客户有异议，请继续处理")
    await rm.hears("客户有异议，请继续处理")
    running = (await case_of(house, number)).clocks["statutory"]
    assert (stopped.state, running.state, running.begun) == ("stopped", "running", stopped.begun)
    await propose(rm, "再加赔五百元", "1500元")
    await sup.hears("再加赔五百元")
    assert await state(house, number) == "proposed"


@pytest.mark.parametrize("how", ["card", "list"])
async def test_closing_too_early_is_refused_in_words(house, how: str) -> None:
    cs, rm, sup = (chat(house, who) for who in ("cs01", "rm02", "sup01"))
    number = await accepted(cs, rm)
    await propose(rm)
    await sup.hears("请审批处理方案")
    await sup.clicks("同意", hears="已同意")
    await rm.hears("方案已同意")
    await decide(rm)
    await inform(rm)
    await sup.says(f"案件 {number}" if how == "card" else "案件 欧阳静", hears="已告知待确认")
    card = await sup.card("办所选")
    await does(sup, "关闭", "告知客户不满一天，请等客户答复")
    assert (await sup.is_now(card)).replace_text == "没有生效"
    await goes_by(house, hours=25)
    await sup.says(f"案件 {number}", hears="已告知待确认")
    await does(sup, "关闭", "请写明理由")
    await sup.says("客户不再答复", hears="请核对")
    await sup.clicks("保存", hears="已关闭")
    assert await state(house, number) == "closed"
    await cs.hears("案件由主管关闭")
