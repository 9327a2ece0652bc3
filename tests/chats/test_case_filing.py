"""Filing: by whom, about whom, from where; what is kept of it and who reads what on the first card."""

import sqlalchemy as sa

from storage import schema
from tests.chats.complaining import NO, PLAIN, case_of, chat, does, file, filled, part, saved, state
from tests.chats.talking import rows_of


async def test_an_agent_files_and_each_reads_what_is_theirs(house) -> None:
    cs, rm, sup, adviser = (chat(house, who) for who in ("cs01", "rm02", "sup01", "adv01"))
    number = await file(cs)
    served = await adviser.hears("抄送：您服务的高净值客户有新的投诉，自营理财（S3）")
    assert rows_of(served)["客户"] == "欧阳静 · 客户号 C00000007"
    case = await case_of(house, number)
    kept = {"nature": "complaint", "source": "customer", "code_a": "a_counter", "code_b": "b_wealth"}
    kept |= {"code_c": "c_service", "summary": "说理财到期没有人提醒", "severity": "S3"}
    assert kept.items() <= dict(case.data).items()
    mine = await rm.hears("新的投诉请您处理：自营理财，服务态度及质量（S3）")
    assert rows_of(mine)["客户"] == "欧阳静 · 客户号 C00000007"
    assert "说理财到期没有人提醒" in mine.text
    assert "AUM 860.00 万" in mine.text  # what the RM need not look up: the customer's summary (S46)
    theirs = await sup.hears("抄送：新的投诉")
    assert rows_of(theirs)["客户"] == "欧*静 · 客户号 尾号0007"
    assert "欧阳静" not in theirs.text
    assert "600–1000 万" in theirs.text
    assert "8600000" not in theirs.text
    own = await cs.says("我的", hears="名下客户")
    assert f"{number} 已登记" in own.text


async def test_an_rm_files_for_an_own_customer(house) -> None:
    rm, sup = chat(house, "rm02"), chat(house, "sup01")
    adviser = chat(house, "adv01")
    number = await file(rm, "李国强 说柜台排队太久", business="储蓄", cause="制度规则与流程")
    await adviser.phone.hears_nothing(0)  # his tier's programme has no adviser
    await sup.hears("抄送：新的投诉")
    assert (await part(house, number, "filer"), await part(house, number, "handler")) == ("rm02", "rm02")
    await rm.clicks("受理", hears="已受理")


async def test_from_the_card_of_a_customer(house) -> None:
    rm = chat(house, "rm02")
    await rm.says("查 李国强", hears="数据截至")
    await rm.clicks("登记投诉", hears="发生了什么，客户要求什么？")
    await rm.says("网点排队太久", hears="办理渠道")
    number = await filled(rm, business="储蓄", cause="制度规则与流程")
    assert (await case_of(house, number)).customer == "C00000008"


async def test_a_supervisor_files_for_a_customer_of_the_team(house) -> None:
    sup, rm = chat(house, "sup01"), chat(house, "rm02")
    number = await file(sup, "李国强 网银登录不上", business="电子银行", cause="服务设施与系统")
    await rm.hears("新的投诉请您处理")
    assert (await part(house, number, "filer"), await part(house, number, "supervisor")) == ("sup01", "sup01")


async def test_a_complainant_who_is_no_customer(house) -> None:
    cs, desk = chat(house, "cs01"), chat(house, "complaint01")
    await cs.says("投诉", hears="是哪位客户的事？")
    await cs.says("跳过", hears="发生了什么，客户要求什么？")
    await cs.says("路过网点的周女士，门口台阶太滑，摔了一跤", hears="办理渠道")
    await cs.clicks("下一步", hears="关于哪类业务", choosing=PLAIN)
    await cs.clicks("下一步", hears="为什么不满意", choosing={"关于哪类业务？": "其他业务"})
    await cs.clicks("下一步", hears="涉及客户经理", choosing={"为什么不满意？": "服务设施与系统"})
    await cs.clicks("下一步", hears="请核对", choosing=NO)
    number = await saved(cs)
    card = await desk.hears("新的投诉请您处理")
    assert "周女士" in card.text
    assert "客户" not in rows_of(card)
    assert "查客户" not in card.buttons
    case = await case_of(house, number)
    assert (case.customer, case.roles["handler"], "vip" in case.clocks) == (None, "complaint01", False)


async def test_what_the_regulator_passed_on(house) -> None:
    cs, rm = chat(house, "cs01"), chat(house, "rm02")
    await cs.says("投诉 欧阳静 来信反映费用不明", hears="办理渠道")
    await cs.clicks("下一步", hears="关于哪类业务", choosing={**PLAIN, "来源": "监管转办"})
    await cs.clicks("下一步", hears="为什么不满意", choosing={"关于哪类业务？": "自营理财"})
    await cs.clicks("下一步", hears="涉及客户经理", choosing={"为什么不满意？": "定价收费"})
    await cs.clicks("下一步", hears="监管转办的文号", choosing=NO)
    await cs.says("样例转办〔2026〕31号", hears="要在哪天之前回函")
    await cs.says("12月2日", hears="请核对")
    number = await saved(cs)
    card = await rm.hears("新的投诉请您处理：自营理财，定价收费（S1）")  # from the regulator: the highest
    assert rows_of(card)["严重度"] == "S1"
    trail = await rm.clicks("经过", hears="【时限】")
    assert "监管回函" in trail.text
    assert "12月2日 24:00 到期" in trail.text
    assert "法定期限：15 日（自然日，11月23日当日不计，不暂停），12月8日 24:00 到期" in trail.text
    assert "监管文号：样例转办〔2026〕31号" in trail.text
    assert (await case_of(house, number)).data["document_no"] == "样例转办〔2026〕31号"


async def test_a_question_and_a_praise_have_no_statutory_clock_and_are_answered(house) -> None:
    cs, rm = chat(house, "cs01"), chat(house, "rm02")
    for nature in ("咨询", "建议", "表扬"):
        await cs.says("投诉 李国强 想知道提前还款怎么算", hears="办理渠道")
        await cs.clicks("下一步", hears="关于哪类业务", choosing={**PLAIN, "性质": nature})
        await cs.clicks("下一步", hears="涉及客户经理", choosing={"关于哪类业务？": "个人贷款"})
        await cs.clicks("下一步", hears="请核对", choosing=NO)
        number = await saved(cs)
        await rm.hears(f"新的{nature}请您处理：个人贷款（S4）")
        case = await case_of(house, number)
        assert not {"statutory", "vip", "regulator"} & set(case.clocks)
        await does(rm, "答复办结", "怎么告知的")
        await rm.clicks("电话", hears="告知了什么")
        await rm.says("已说明算法", hears="请核对")
        await rm.clicks("保存", hears="已答复办结")
        assert await state(house, number) == "closed"


async def test_a_photo_and_what_can_be_added_before_saving(house) -> None:
    cs, rm = chat(house, "cs01"), chat(house, "rm02")
    await cs.says("投诉 欧阳静 收到的账单不对", hears="办理渠道")
    await cs.sends_photo(hears="收到照片 1 张")
    await cs.clicks("下一步", hears="关于哪类业务", choosing=PLAIN)
    await cs.clicks("下一步", hears="为什么不满意", choosing={"关于哪类业务？": "信用卡"})
    await cs.clicks("下一步", hears="涉及客户经理", choosing={"为什么不满意？": "信息披露"})
    await cs.clicks("下一步", hears="请核对", choosing=NO)
    await cs.says("改 涉及金额", hears="涉及多少钱")
    await cs.says("60万", hears="请核对")
    number = await saved(cs)
    await rm.hears("新的投诉请您处理：信用卡，信息披露（S2）")  # half a million and more
    trail = await rm.clicks("经过", hears="【经过】")
    assert "照片：1 张" in trail.text
    assert "涉及金额：600,000 元" in trail.text
    assert await house.look(sa.select(schema.photo.c.state)) == [("kept",)]
    assert (await case_of(house, number)).data["amount"] == 60_000_000


async def test_who_may_not_file_is_told_and_nothing_is_filed(house) -> None:
    for who in ("risk01", "branch01", "audit01"):
        await chat(house, who).says("投诉 欧阳静 试一试", hears="您的岗位不能用“投诉”")
    assert await house.look(sa.select(schema.case_file.c.id)) == []
