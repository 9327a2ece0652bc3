"""To whom a complaint goes, and who must neither handle nor see it: on no surface, old cards and lists included."""

import pytest

from tests.chats.complaining import NO, PLAIN, chat, does, file, part, records
from tests.chats.talking import Chat
from tests.chats.test_import_live import imports, rewrite
from tests.chats.traces import messages

UNKNOWN = "没有找到这个案件。请核对编号"
NONE = "没有您能看到的案件。请核对客户"


async def sees_nothing(who: Chat, number: str, customer: str) -> None:
    """By number, customer, list, 我的, 待办 and 查: as if there were no such case."""
    heard = [await who.says(f"案件 {number}", hears=UNKNOWN)]
    heard += [await who.says(f"案件 {customer}", hears=NONE)] if customer else []
    heard += [await who.says("案件", hears="案件"), await who.says("我的", hears="名下客户")]
    heard += [await who.says("待办", hears="待办")]
    heard += [await who.says(f"查 {customer}", hears="")] if customer else []
    assert not [bubble.text for bubble in heard if number in bubble.text]


async def test_private_banking_takes_the_wealthiest_and_their_wealth_products(house) -> None:
    cs, pb, head = chat(house, "cs01"), chat(house, "pb01"), chat(house, "branch01")
    number = await file(cs, "陈建华 说收益和说的不一样", cause="产品收益")
    await pb.hears("新的投诉请您处理")
    await head.hears("抄送：新的投诉")  # their superior
    assert (await part(house, number, "handler"), await part(house, number, "supervisor")) == ("pb01", "branch01")


async def test_an_rm_complained_about_neither_handles_nor_sees_it(house) -> None:
    cs, rm, sup = (chat(house, who) for who in ("cs01", "rm02", "sup01"))
    before = (await rm.says("隐私 欧阳静", hears="· 隐私")).text.partition("〔")[0]
    number = await file(cs, flags={"涉及客户经理": "是"})
    await sup.hears("新的投诉请您处理")
    assert (await part(house, number, "handler"), await part(house, number, "supervisor")) == ("sup01", "subhead01")
    after = (await rm.says("隐私 欧阳静", hears="· 隐私")).text.partition("〔")[0]
    assert after == before, "neither as a case nor as somebody's look"
    await sup.says("隐私 欧阳静", hears="案件和投诉：1 条")
    await sees_nothing(rm, number, "欧阳静")
    assert not [text for text in await messages(house, "rm02") if number in text]
    await sup.says(f"案件 {number}", hears=number)
    await sup.clicks("受理", hears="已受理")
    await rm.passes_quietly(days=3)  # no level of any ladder reaches the RM
    await sees_nothing(rm, number, "欧阳静")


async def test_no_level_tells_the_rm_of_it(house) -> None:
    """A second complaint, which the RM may see, is no graver for the hidden one; a third is, for the second."""
    cs, rm, sup = (chat(house, who) for who in ("cs01", "rm02", "sup01"))
    hidden = await file(cs, flags={"涉及客户经理": "是"})
    second = await file(cs)
    await rm.hears("新的投诉请您处理：自营理财，服务态度及质量（S3）")
    assert hidden not in (await rm.clicks("经过", hears=second)).text
    await sup.says(f"案件 {second}", hears=second)
    await sup.clicks("经过", hears=f"关联：{hidden}")  # who may see both is shown both
    await file(cs)
    await rm.hears("新的投诉请您处理：自营理财，服务态度及质量（S2）")


async def test_also_when_the_rm_filed_it(house) -> None:
    rm, sup = chat(house, "rm02"), chat(house, "sup01")
    await rm.says("投诉 欧阳静 说我没有提醒理财到期", hears="办理渠道")
    await rm.clicks("下一步", hears="关于哪类业务", choosing=PLAIN)
    await rm.clicks("下一步", hears="为什么不满意", choosing={"关于哪类业务？": "自营理财"})
    await rm.clicks("下一步", hears="涉及客户经理", choosing={"为什么不满意？": "服务态度及质量"})
    old = await rm.clicks("下一步", hears="请核对", choosing={**NO, "涉及客户经理": "是"})
    await rm.clicks("保存", hears="由其他同事办理，经过对您不显示")
    number = (await sup.hears("新的投诉请您处理")).text.split("客户投诉 ")[1][:10]
    await sees_nothing(rm, number, "欧阳静")
    await rm.phone.clicks("保存", old, force=True)
    assert number not in (await rm.hears("")).text


async def test_nobody_hands_it_to_who_has_to_keep_out(house, feed) -> None:
    cs, sup = chat(house, "cs01"), chat(house, "sup01")
    number = await file(cs, flags={"涉及客户经理": "是"})
    await sup.hears("新的投诉请您处理")
    await does(sup, "转办", "转给谁")
    await sup.says("刘芳", hears="请写明理由")
    await sup.says("熟悉情况", hears="请核对")
    await sup.clicks("保存", hears="刘芳要回避这件事")
    rewrite(feed / "customers.csv", "C00000007", rm_userid="rm01")  # the customer changes hands: it was not about 李明
    assert (await imports(house, feed)).ok
    await sup.says("李明", hears="请核对")
    check = await sup.card("保存")
    assert "熟悉情况" in check.text  # the rest of the form is kept
    await sup.clicks("保存", hears="已转办")
    assert await part(house, number, "handler") == "rm01"
    rm = chat(house, "rm01")
    await rm.hears("转办给您的投诉")
    await rm.says(f"案件 {number}", hears=number)
    await rm.clicks("受理", hears="已受理")
    await sees_nothing(chat(house, "rm02"), number, "")  # whom it is about, whosever customer it is now


@pytest.mark.parametrize(
    ("said", "asked"), [("马冬梅", "本行没有叫“马冬梅”的在职员工"), ("彭勇", "本行没有叫“彭勇”的在职员工")]
)
async def test_a_name_that_nobody_has_is_asked_again(house, said: str, asked: str) -> None:
    cs, rm = chat(house, "cs01"), chat(house, "rm02")
    number = await file(cs)
    await rm.hears("新的投诉请您处理")
    await does(rm, "转办", "转给谁")
    await rm.says(said, hears="请写明理由")
    await rm.says("不是我的业务", hears="请核对")
    await rm.clicks("保存", hears=asked)
    await rm.says("RM04", hears="请核对")  # by userid, however it is spelt
    await rm.clicks("保存", hears="已转办")
    assert await part(house, number, "handler") == "rm04"
    assert [record.shown is not None for record in await records(house, number)] == [True, True]
