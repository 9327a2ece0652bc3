"""紧急查看: who stands at the counter and is nobody of ours is looked up for a reason, and not behind anybody's back."""

from functools import partial

import sqlalchemy as sa

from domain.ids import ApprovalId, CustomerId, UserId
from storage import restrictions, schema
from tests.chats.complaining import chat
from tests.chats.talking import Chat
from tests.chats.test_grants import asks
from tests.chats.test_import_live import imports, rewrite
from tests.chats.traces import browse, trail

NOBODY, THEIRS, LOOK = "没有找到这位客户", "C00000001", "“紧急查看”，只能查看，不能办理"
DEEDS = (
    "拜访 {} 电话 接通 聊了续期", "投诉 {} 说到期没有提醒", "推荐 {}", "适当性 {} 样例理财101号", "登记同意 {}", "隐私 {}",
    "调层 {}", "案件 {}",
)  # fmt: skip


async def breaks(rm: Chat, number: str, hears: str = "已开放到", purpose: str = "服务") -> None:
    await rm.says(f"紧急查看 {number}", hears="为了什么")
    await rm.clicks(purpose, hears="为什么现在就要看")
    await rm.says("客户在柜台等着，客户经理休假联系不上", hears="请核对")
    await rm.clicks("保存", hears=hears)


async def test_a_customer_of_somebody_else_for_two_hours(house) -> None:
    rm, head = chat(house, "rm02"), chat(house, "sup01")
    await rm.says(f"查 {THEIRS}", hears=NOBODY)
    await breaks(rm, THEIRS)
    await rm.hears("王*兰 · 客户号 尾号0001")
    told = await head.hears("紧急查看")
    assert THEIRS not in told.text
    assert "客户在柜台等着" in told.text
    await head.clicks("知道了", hears="正在查看；您已知悉")
    assert (await head.card("收回")).buttons == ["收回"], "who has seen it can still take it back"
    await rm.says(f"查 {THEIRS}", hears="王*兰")
    await rm.passes_quietly(hours=2.1)
    await rm.says(f"查 {THEIRS}", hears=NOBODY)
    acts = [(body["action"], who) for body, who in await trail(house) if body["action"].startswith("access.")]
    assert acts == [("access.glass_broken", [THEIRS]), ("access.glass_seen", [THEIRS])]


async def test_the_superior_takes_it_back_at_once(house) -> None:
    rm, head = chat(house, "rm02"), chat(house, "sup01")
    await breaks(rm, THEIRS)
    await head.hears("紧急查看")
    await head.clicks("收回", hears="已收回")
    await rm.hears("您的紧急查看已被")
    await rm.says(f"查 {THEIRS}", hears=NOBODY)


async def test_compliance_looks_at_it_the_next_working_morning(house) -> None:
    rm, compliance, guard = chat(house, "rm02"), chat(house, "comp01"), chat(house, "secadmin01")
    await breaks(rm, THEIRS)
    await compliance.passes(hears="紧急查看待复核", hours=25)
    await compliance.clicks("有疑问", hears="有疑问，已转安全管理员")
    await guard.hears("被合规岗认为有疑问")


async def test_what_is_not_there_or_ones_own_is_asked_again(house) -> None:
    rm = chat(house, "rm02")
    await rm.says("紧急查看 C00000009", hears="这位客户您本来就能查")
    await rm.says("紧急查看 王秀兰", hears="要写完整的客户号，不能用姓名")
    await rm.says("紧急查看", hears="哪一位客户")
    await rm.says("C00000009", hears="为了什么")
    await rm.says("服务", hears="至少 4 个字")
    await rm.says("客户在柜台", hears="请核对")
    await rm.clicks("保存", hears="这位客户您本来就能查")
    await rm.says("取消", hears="取消")
    await rm.says(f"紧急查看 {THEIRS}", hears="为了什么")
    await rm.says("尽调", hears="请选一项：服务、投诉、贷后（")  # what the post may not use is not offered
    await rm.says("服务", hears="至少 4 个字，最多 100 个字")


async def test_three_a_day_are_enough(house) -> None:
    rm = chat(house, "rm02")
    for number in ("C00000001", "C00000002", "C00000003"):
        await breaks(rm, number)
    await rm.says("紧急查看 C00000004", hears="到了上限")


async def test_somebody_frozen_is_nobody_and_numbers_cannot_be_tried(house) -> None:
    rm = chat(house, "rm02")
    hold = partial(
        restrictions.hold, customer_id=CustomerId(THEIRS), approval_id=ApprovalId("a1"), asked_by=UserId("comp01")
    )
    await house.app.database.do(hold, "test.freeze")
    for number in (THEIRS, "C99999999", "C88888888"):
        await breaks(rm, number, hears=f"没有可以紧急查看的客户“{number}”，请核对完整的客户号")
    await rm.says("紧急查看 C00000004", hears="到了上限")
    told = [each.replace(THEIRS, "C99999999") for each in (await rm.log()).split("\n") if "没有可以紧急查看" in each]
    assert told[0] == told[1], "nothing tells them apart"
    assert [who for _, who in await trail(house, "access.glass_missed")] == [[THEIRS], [], []]
    assert "C88888888" not in str(await trail(house)), "what is nobody's number is not kept"


async def test_it_is_a_masked_look_and_nothing_else(house) -> None:
    """Everything that is done about a customer says whom to ask; two persons' 授权 is what opens it."""
    rm, admin, second = (chat(house, who) for who in ("rm02", "secadmin01", "sec01"))
    await breaks(rm, THEIRS)
    card = await rm.hears("王*兰 · 客户号 尾号0001")
    assert not {"记拜访", "登记投诉"} & set(card.buttons)
    assert "客户等级" not in card.text, "what has no mask is not shown"
    status, page = await browse(house, "rm02", card.link("详情"))
    assert status == 200
    assert "王*兰" in page
    assert not any(word in page for word in ("王秀兰", THEIRS, "查看明文", "稳健型"))
    for words in DEEDS:
        await rm.says(words.format(THEIRS), hears=LOOK)
    related = await rm.says(f"关系 {THEIRS}", hears="关系：家庭")
    assert related.buttons == ["查客户"]
    for table in (schema.visit, schema.case_file, schema.suitability_decision, schema.tie, schema.consent):
        assert await house.look(sa.select(table)) == []

    await asks(admin, "刘芳", "客户", THEIRS)
    await second.clicks("同意", hears="已同意")
    await rm.hears("您获得授权")
    await rm.says("拜访 C00000001 电话 接通 聊了续期", hears="请核对")
    await rm.clicks("保存", hears="拜访已保存")
    await rm.says(f"关系 {THEIRS}", hears="关系：家庭")


async def test_a_superior_who_may_not_take_it_back_hears_of_it_and_somebody_who_may_gets_the_card(house, feed) -> None:
    rewrite(feed / "staff.csv", "sup01", posts="客户经理|主管")  # acts as the first of them
    assert (await imports(house, feed)).ok
    await house.settled()
    rm, above, head = (chat(house, who) for who in ("rm02", "sup01", "subhead01"))
    await breaks(rm, THEIRS)
    await above.hears("刘芳（rm02） 正在紧急查看客户尾号0001")
    assert "您现在的岗位不能收回，卡片已发给梁文斌" in await above.log()
    await head.hears("紧急查看")
    await head.clicks("收回", hears="已收回")
    await rm.says(f"查 {THEIRS}", hears=NOBODY)


async def test_the_head_of_a_branch_answers_to_head_office(house) -> None:
    branch, over = chat(house, "branch01"), chat(house, "exec01")
    customer = schema.customer.c
    there = sa.select(sa.func.min(customer.customer_id)).where(customer.unit_id.like("B02%"))
    [(number,)] = await house.look(there)
    await branch.says(f"紧急查看 {number}", hears="为了什么")
    await branch.says("服务", hears="为什么现在就要看")
    await branch.says("客户在柜台等着，那边的人联系不上", hears="请核对")
    await branch.clicks("保存", hears="已开放到")
    await over.hears("紧急查看")
    await over.clicks("收回", hears="已收回")
    await branch.says(f"查 {number}", hears=NOBODY)
