"""Approval by buttons: one decision whoever presses when; four eyes; what was shown is what was decided on."""

import asyncio

import sqlalchemy as sa

from storage import schema
from tests.chats.complaining import accepted, case_of, chat, goes_by, propose, records, state
from tests.chats.talking import Chat
from tests.chats.test_case_stand_in import stands_in
from tests.chats.test_case_time import extension
from tests.chats.test_import_live import imports, rewrite

CARD = schema.card.c
NAMES = {"sup01": "许志强", "subhead01": "梁文斌", "complaint01": "蔡国华", "cs02": "蒋丽", "exec01": "郭振国"}
NOT_YOURS = "这张卡片是发给别人的，您点的操作没有生效"


async def proposed(house, plan: str = "赔付并道歉") -> tuple[str, Chat, Chat]:  # type: ignore[no-untyped-def]
    rm, sup = chat(house, "rm02"), chat(house, "sup01")
    number = await accepted(chat(house, "cs01"), rm)
    await propose(rm, plan)
    await sup.hears("请审批处理方案")
    return number, rm, sup


async def one_decision(house, number, pressing: list[Chat], looking: list[Chat]) -> None:
    """All these press 同意 at once; the first one's word holds, and every copy of the card says whose it is."""
    cards = {who.phone.userid: await who.card("同意") for who in (*pressing, *looking)}
    await asyncio.gather(*(who.phone.clicks("同意", cards[who.phone.userid]) for who in pressing))
    await house.settled()
    [ballot] = (await case_of(house, number)).approvals[0].ballots
    name = NAMES[ballot.voter]
    for who in pressing:
        mine, now = ballot.voter == who.phone.userid, await who.is_now(cards[who.phone.userid])
        assert (f"{name}已于 11月23日 09:" in await who.heard()) is not mine
        assert now.replace_text in (["已选：同意"] if mine else ["没有生效", f"{name} 已同意"])
    for who in looking:
        assert (await who.is_now(cards[who.phone.userid])).replace_text == f"{name} 已同意"
    assert not [bubble for who in (*pressing, *looking) for bubble in await who.live() if "同意" in bubble.buttons]
    assert len(await records(house, number)) == 4  # filed, taken on, asked, decided


async def test_supervisor_and_stand_in_at_once_are_one_decision_and_both_cards_say_whose(house) -> None:
    sup, head = chat(house, "sup01"), chat(house, "subhead01")
    rm = chat(house, "rm02")
    number = await accepted(chat(house, "cs01"), rm)
    await stands_in(sup, "梁文斌", until="下周五")
    await propose(rm)
    await head.hears("请审批处理方案")
    await sup.says(f"案件 {number}", hears="请审批处理方案")  # who is away may decide all the same
    await one_decision(house, number, [sup, head], [])
    assert await state(house, number) == "approved"
    await rm.hears("方案已同意")


async def test_approvers_of_an_extension_at_once_are_one_decision_and_all_cards_say_whose(house, feed) -> None:
    rewrite(feed / "staff.csv", "cs02", posts="投诉管理岗")  # two who may decide, one of them away
    assert (await imports(house, feed)).ok
    rm, desk, second, deputy = (chat(house, who) for who in ("rm02", "complaint01", "cs02", "exec01"))
    await stands_in(desk, "郭振国", until="下周五")
    for customer, pressing, looking in (
        ("欧阳静", [second, deputy], [desk]),
        ("李国强", [desk, deputy], [second]),
    ):
        number = await accepted(chat(house, "cs01"), rm, f"{customer} 说理财到期没有人提醒")
        await extension(rm, "申请延期", "需要第三方鉴定")
        for who in (second, deputy):
            await who.hears(number)
        await desk.says(f"案件 {number}", hears="申请法定期限延至 30 日")
        await one_decision(house, number, pressing, looking)
        assert (await case_of(house, number)).data["ext1_agreed"] is True
        await rm.hears("延期已批准，告知客户后才生效")


async def test_a_double_tap_and_a_forwarded_card(house) -> None:
    number, _, sup = await proposed(house)
    card, other = await sup.card("同意"), chat(house, "branch01")
    await sup.phone.clicks("同意", card, as_user="branch01")
    await other.hears(NOT_YOURS)
    assert await state(house, number) == "proposed"
    await sup.clicks("同意", hears="已同意")
    await sup.phone.clicks("同意", card, force=True)
    again = await sup.hears("许志强已于 11月23日 09:")
    assert "同意" in again.text
    assert (await sup.is_now(card)).replace_text == "已选：同意"
    assert len((await case_of(house, number)).approvals[0].ballots) == 1


async def test_a_card_of_three_days_ago_does_not_act_and_a_new_one_does(house) -> None:
    number, _, sup = await proposed(house)
    card, head = await sup.card("同意"), chat(house, "subhead01")
    await stands_in(sup, "梁文斌", until="下周五")
    await head.says(f"案件 {number}", hears="请审批处理方案")
    await goes_by(house, hours=73)
    await sup.phone.clicks("同意", card, force=True)
    await sup.hears("请审批处理方案")
    assert "这张卡片已过期，操作没有生效。" in await sup.heard()
    assert "请重新发起" not in await sup.heard()
    assert (await sup.is_now(card)).replace_text == "已过期"
    assert await state(house, number) == "proposed"
    await sup.clicks("同意", hears="已同意")
    assert await state(house, number) == "approved"
    await head.hears(f"“方案审批 {number}”许志强 已同意")  # in words: WeCom redraws no card that old


async def test_an_old_card_after_a_second_proposal(house) -> None:
    number, rm, sup = await proposed(house)
    card = await sup.card("同意")
    await sup.clicks("退回", hears="请写明理由")
    await sup.says("金额没有依据", hears="请核对")
    await sup.clicks("保存", hears="已退回")
    await rm.hears("方案被退回")
    await propose(rm, "按利息赔付", "860元")
    await sup.hears("按利息赔付")
    await sup.phone.clicks("同意", card, force=True)
    await sup.hears("许志强已于")
    assert "退回" in await sup.heard()
    assert await state(house, number) == "proposed"


async def test_what_was_shown_is_kept(house) -> None:
    number, rm, sup = await proposed(house)
    first = (await sup.card("同意")).card["task_id"]
    await sup.clicks("退回", hears="请写明理由")
    await sup.says("金额没有依据", hears="请核对")
    await sup.says("保存", hears="已退回")  # in words: it still rests on the card that was sent back
    await rm.hears("方案被退回")
    await propose(rm)
    await sup.hears("请审批处理方案")
    second = (await sup.card("同意")).card["task_id"]
    await sup.clicks("同意", hears="已同意")
    digests = {row.task_id: row.digest for row in await house.look(sa.select(CARD.task_id, CARD.digest))}
    votes = [record.shown for record in await records(house, number) if type(record.event).__name__ == "Vote"]
    assert votes == [digests[first], digests[second]]


async def test_a_long_proposal_is_read_whole_and_the_decision_names_it(house) -> None:
    plan = "".join(f"第{number}条，按合同约定逐笔核对并退还费用。" for number in range(1, 26))[:500]
    assert len(plan) > 400
    _, _, sup = await proposed(house, plan)
    bubbles = [bubble for bubble in await sup.phone.bubbles() if bubble.json["side"] == "app"]
    whole = next(place for place, bubble in enumerate(bubbles) if plan in bubble.text.replace("\n", ""))
    card = next(place for place, bubble in enumerate(bubbles) if "同意" in bubble.buttons)
    assert whole == card - 1
    mark = bubbles[whole].text.split("（全文 ")[1][:8]
    assert f"全文见上一条（{mark}）" in bubbles[card].text


async def test_nobody_decides_on_what_they_asked_for(house) -> None:
    rm, sup, head = (chat(house, who) for who in ("rm02", "sup01", "subhead01"))
    await stands_in(rm, "许志强", until="下周五")
    await sup.hears("刘芳 委托您代办")
    number = await accepted(chat(house, "cs01"), sup)  # the stand-in of the RM gets it
    await propose(sup)
    await head.hears("请审批处理方案")  # not the supervisor, who asked in the RM's place
    assert "请审批处理方案" not in await sup.heard()
    await sup.says(f"案件 {number}", hears="方案待审批")
    assert "同意" not in [label for bubble in await sup.live() for label in bubble.buttons]
    await head.clicks("同意", hears="已同意")


async def test_who_became_the_stand_in_of_the_asker_is_no_second_pair_of_eyes(house) -> None:
    number, rm, sup = await proposed(house)
    await stands_in(rm, "许志强", until="下周五")
    await sup.hears("刘芳 委托您代办")
    card = await sup.card("同意")
    await sup.phone.clicks("同意", card)
    await sup.hears("“方案审批”是您或您代办的人提请的，要由别人审批")
    assert (await sup.is_now(card)).replace_text == "没有生效"
    assert await state(house, number) == "proposed"
