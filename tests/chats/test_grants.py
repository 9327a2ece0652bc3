"""授权 and 权限预览: two people give, everybody sees it end; who keeps the policy sees forms and no value."""

import re
from functools import partial

import pytest
import sqlalchemy as sa

from domain.ids import ApprovalId, CustomerId, UserId
from domain.refusal import Refused
from storage import restrictions, schema
from tests.chats.complaining import chat
from tests.chats.talking import Chat, rows_of
from tests.chats.test_import_live import imports, rewrite
from tests.chats.test_staff_leaving import errand
from tests.chats.traces import trail

CARD, NOBODY = "数据截至", "没有找到这位客户"


async def asks(admin: Chat, who: str, kind: str, what: str, until: str = "明天下午五点", hears: str = "已提交") -> None:
    await admin.says("授权", hears="个人授权")
    await admin.clicks("新授权", hears="给哪位同事授权")
    await admin.says(who, hears="授什么")
    await admin.clicks("下一步", hears="写明是哪一项", choosing={"授什么": kind})
    await admin.says(what, hears="到什么时候为止")
    await admin.says(until, hears="为什么授权")
    await admin.says("临时顶班", hears="请核对")
    await admin.clicks("保存", hears=hears)


async def refused(who: Chat, label: str, hears: str, choosing: dict[str, str | list[str]] | None = None) -> None:
    """A button that changes nothing: the card stays as it was."""
    card = await who.card(label)
    await who.phone.chooses(choosing or {})
    await who.phone.clicks(label, card)
    await who.hears(hears)


async def test_a_customer_for_a_time(house) -> None:
    admin, second, rm = (chat(house, who) for who in ("secadmin01", "sec01", "rm02"))
    await rm.says("查 C00000001", hears=NOBODY)
    await asks(admin, "刘芳", "客户", "c00000001")
    await rm.says("查 C00000001", hears=NOBODY)  # nothing holds before a second person agreed
    await second.hears("客户 C00000001")
    await second.clicks("同意", hears="已同意")
    await rm.hears("您获得授权：客户 C00000001，到 明天 17:00 为止")
    await rm.says("查 王秀兰", hears="王秀兰 · 客户号 C00000009")  # of two of that name, one's own comes first
    await rm.says("查 C00000001", hears="王*兰 · 客户号 尾号0001")
    await admin.says("授权", hears="共 1 项")
    await admin.clicks("收回", hears="已撤回", choosing={"哪一项": "1.刘芳 C00000001"})
    await rm.hears("您的授权已收回")
    await rm.says("查 C00000001", hears=NOBODY)
    done = [body["action"] for body, _ in await trail(house) if body["action"].startswith("access.")]
    assert done == ["access.requested", "access.agreed", "access.given", "access.revoked"]
    assert [who for body, who in await trail(house, "access.given")] == [["C00000001"]]


async def test_a_denial_beats_the_post_and_ends_by_itself(house) -> None:
    admin, second, rm = (chat(house, who) for who in ("secadmin01", "sec01", "rm02"))
    await asks(admin, "刘芳", "禁止", "customer:search", until="今天下午五点")
    await second.clicks("同意", hears="已同意")
    await rm.says("查 C00000009", hears="不能做这件事")
    await rm.passes_quietly(hours=9)
    await rm.says("查 C00000009", hears=CARD)


async def test_nobody_agreed_in_time(house) -> None:
    admin, second = (chat(house, who) for who in ("secadmin01", "sec01"))
    await asks(admin, "刘芳", "禁止", "customer:search", until="今天下午五点")
    wish = await second.hears("请确认")
    said = "授权 刘芳 禁止 查找客户（customer:search）：有效期内没有全部同意，已过期，没有授权；需要时请重新申请"
    await admin.passes(hours=9, hears=said)
    assert (await second.is_now(wish)).replace_text == "已过期"
    await second.phone.clicks("同意", wish, force=True)
    await second.hears("有效期内没有全部同意，已过期。")
    await house.restart()
    assert (await admin.log()).count(said) == 1
    done = [body["action"] for body, _ in await trail(house) if body["action"].startswith("access.")]
    assert done == ["access.requested", "access.expired"]
    ((state, decided_at),) = await house.look(sa.select(schema.approval.c.state, schema.approval.c.decided_at))
    assert (state, decided_at is not None) == ("expired", True)


async def test_what_is_refused_asks_again(house) -> None:
    admin = chat(house, "secadmin01")
    for who, kind, what, until, why in (
        ("任洁", "客户", "C00000001", "明天下午五点", "不能给自己授权"),
        ("刘芳", "客户", "C99999999", "明天下午五点", "没有客户号为“C99999999”的客户"),
        ("刘芳", "权限", "customer:serch", "明天下午五点", "没有“customer:serch”这个权限"),
        ("刘芳", "权限", "customer:search", "明天下午五点", "本来就可以"),
        ("魏东", "权限", "customer:search", "明天下午五点", "明确不许"),
        ("魏东", "范围", "全行", "明天下午五点", "不看客户"),
        ("刘芳", "范围", "全省", "明天下午五点", "范围只能写"),
        ("刘芳", "机构", "没有的支行", "明天下午五点", "没有叫“没有的支行”的机构"),
        ("刘芳", "客户", "C00000001", "2027年6月1日", "授权最长 90 天"),
    ):
        await asks(admin, who, kind, what, until, hears=why)
        await admin.says("取消", hears="已取消")
    assert [body for body, _ in await trail(house, "access.requested")] == []


async def test_a_preview_shows_forms_and_reasons_and_no_value(house) -> None:
    admin, keeper = chat(house, "secadmin01"), chat(house, "sec01")
    await admin.says("管理", hears="管理")
    await admin.clicks("权限预览", hears="以哪位同事看")
    own = await keeper.says("权限预览 刘芳 C00000009", hears="刘芳（rm02）· 客户经理")
    assert "看客户 C00000009：管户，目的服务" in own.text
    assert rows_of(own)["验证后明文"] == "证件号、手机号、地址、留言"
    assert rows_of(own)["看不到"] == "贡献度、反洗钱信息"
    why = await keeper.clicks("逐项依据", hears="权限包第 1 版")
    assert "姓名：明文（第 1 条，管户：看明文、导出、发企微）" in why.text
    assert "能做：登记案件、看隐私登记、登记客户同意、紧急查看、打开客户页面、看客户资料" in why.text
    assert not re.search(r"[a-z]+[:_][a-z]+", own.text + why.text), "words, no keys"
    assert "贡献度：不给看（没有一条写给这个岗位和目的）" in why.text
    assert "王秀兰" not in own.text + why.text
    other = await keeper.says("权限预览 rm02 C00000001", hears="看客户 C00000001")
    assert "看不到这位客户" in other.text
    await keeper.says("权限预览 梁文斌 C00000009", hears="看客户 C00000009：辖内")
    await keeper.clicks("逐项依据", hears="证件号：企业微信不给看，页面打码，验证后打码，导出不给看")
    await keeper.says("权限预览 魏东 C00000009", hears="看不到任何客户")
    frozen = partial(
        restrictions.hold, customer_id=CustomerId("C00000009"), approval_id=ApprovalId("a"), asked_by=UserId("comp01")
    )
    await house.app.database.do(frozen, "test.freeze")
    await keeper.says("权限预览 刘芳 C00000009", hears="已冻结：现在谁都不能查看")
    records = await trail(house, "policy.previewed")
    seen = [(body["actor"], body["resource"], subjects) for body, subjects in records]
    assert seen[0] == ("sec01", "staff:rm02", ["C00000009"])
    assert len(seen) == 7


async def test_what_was_given_ends_with_the_post_and_does_not_come_back(house, feed) -> None:
    admin, second, rm = (chat(house, who) for who in ("secadmin01", "sec01", "rm02"))
    for kind, what in (("范围", "本分行"), ("禁止", "visit:log")):
        await asks(admin, "刘芳", kind, what)
        await second.hears("请确认")
        await second.clicks("同意", hears="已同意")
    await rm.says("查 C00000001", hears="王*兰")
    rewrite(feed / "staff.csv", "rm02", unit_id="B02S01")
    assert (await imports(house, feed)).ok
    await house.settled()
    await rm.says("查 C00000001", hears=NOBODY)
    customer = schema.customer.c
    there = (await house.look(sa.select(customer.customer_id).where(customer.unit_id == "B02S01")))[0][0]
    await rm.says(f"查 {there}", hears=NOBODY)  # 本分行 was agreed to at another branch
    assert "个人授权结束 1 项" in await admin.log()
    rewrite(feed / "staff.csv", "rm02", unit_id="B01S01")
    assert (await imports(house, feed)).ok
    await house.settled()
    await rm.says("查 C00000001", hears=NOBODY)
    await rm.says("拜访 C00000009", hears="不能做这件事")


async def test_what_was_asked_before_a_move_is_not_given_after_it(house, feed) -> None:
    """本分行 meant another branch; what takes something away holds wherever they are."""
    admin, second = (chat(house, who) for who in ("secadmin01", "sec01"))
    await asks(admin, "刘芳", "范围", "本分行")
    wish = await second.hears("范围 本分行")
    rewrite(feed / "staff.csv", "rm02", unit_id="B02S01")
    assert (await imports(house, feed)).ok
    await house.settled()
    await second.phone.clicks("同意", wish)
    await second.hears("刘芳的岗位或机构在申请之后变了，不能授权，请退回；需要时请重新申请。")
    assert await house.look(sa.select(schema.access)) == []
    await second.clicks("退回", hears="已退回")


async def test_nobody_is_given_anything_after_leaving(house, feed) -> None:
    admin, second = (chat(house, who) for who in ("secadmin01", "sec01"))
    await asks(admin, "刘芳", "客户", "C00000001")
    await second.hears("请确认")
    rewrite(feed / "staff.csv", "rm02", status="left")
    assert (await imports(house, feed)).ok
    await house.settled()
    await second.phone.clicks("同意")
    await second.hears("刘芳已离职或停用，不能授权，请退回")
    assert await house.look(sa.select(schema.access.c.id)) == []
    await second.clicks("退回", hears="已退回")


async def test_the_end_of_a_denial_is_given_by_two_others(house, feed) -> None:
    """To take away needs one person; what takes it back gives, and never to who asks for it or agrees."""
    rewrite(feed / "staff.csv", "bizadmin02", posts="安全管理员")
    assert (await imports(house, feed)).ok
    await house.settled()
    admin, second, keeper = (chat(house, who) for who in ("secadmin01", "bizadmin02", "sec01"))
    await asks(second, "任洁", "禁止", "staff:stop")
    await keeper.hears("禁止")
    await keeper.clicks("同意", hears="已同意")
    await admin.says("授权", hears="共 1 项")
    await refused(admin, "收回", "这项禁止是对您本人的", {"哪一项": "1.任洁 staff:stop"})
    await admin.says("停用 刘芳", hears="不能做这件事")

    await second.says("授权", hears="共 1 项")
    await second.clicks("收回", hears="已提交，还没有生效", choosing={"哪一项": "1.任洁 staff:stop"})
    await second.says("授权", hears="待解除")
    await refused(second, "收回", "已经有一件在等确认", {"哪一项": "1.任洁 staff:stop"})
    assert "解除 任洁" not in await admin.log(), "nobody is asked about themselves"
    await admin.says("停用 刘芳", hears="不能做这件事")
    [(number,)] = await house.look(sa.select(schema.access.c.id))
    with pytest.raises(Refused, match="解除它要两个人"):
        await errand(house, "grant.revoke", number=number, reason="不需要了")
    await keeper.hears("解除 任洁 禁止")
    await keeper.clicks("同意", hears="已同意（丁凯），禁止现在起解除")
    await admin.says("停用 刘芳", hears="只停一个岗位吗")


async def test_a_wish_of_somebody_who_was_stopped_is_agreed_to_by_nobody(house) -> None:
    admin, second = chat(house, "secadmin01"), chat(house, "sec01")
    await asks(admin, "刘芳", "客户", "C00000001")
    await second.hears("客户 C00000001")
    await errand(house, "staff.leave", person="secadmin01", reason="离职")
    await house.settled()
    await refused(second, "同意", "申请人已离职或停用，这件申请不能再同意，请点“退回”")
    assert await house.look(sa.select(schema.access)) == []
    await second.clicks("退回", hears="已退回")


async def test_a_card_that_waited_behind_a_form_and_was_settled_meanwhile_never_comes(house) -> None:
    admin, second = chat(house, "secadmin01"), chat(house, "sec01")
    await second.says("权限预览", hears="以哪位同事看")
    await asks(admin, "刘芳", "客户", "C00000001")
    await admin.clicks("撤回", hears="已撤回")
    await asks(admin, "刘芳", "客户", "C00000002")
    await second.says("取消", hears="已取消")
    await second.hears("客户 C00000002")
    assert "C00000001" not in await second.log(), "neither the card nor word of what became of it"
    out = schema.outbox.c
    states = await house.look(sa.select(out.state).where(out.recipient == "sec01", out.task_id.is_not(None)))
    assert sorted(row[0] for row in states if row[0] != "sent") == ["superseded"]


async def test_numbers_are_found_however_their_letters_are_typed(house, feed) -> None:
    """A bank may number its customers in small letters."""
    rows = (feed / "customers.csv").read_text("utf-8").splitlines(keepends=True)
    own = next(row for row in rows if row.startswith("C00000001,"))
    text = "".join([*rows, own.replace("C00000001,", "cust-0001,").replace("王秀兰", "钱多多")])
    (feed / "customers.csv").write_text(text, "utf-8")
    assert (await imports(house, feed)).ok
    admin, keeper, rm, auditor = (chat(house, who) for who in ("secadmin01", "sec01", "rm02", "audit01"))
    await keeper.says("权限预览 李明 CUST-0001", hears="看客户 cust-0001")
    await auditor.says("审计 Cust-0001", hears="谁看过 cust-0001")
    await rm.says("紧急查看 CUST-0001", hears="为了什么")
    await rm.clicks("服务", hears="为什么现在就要看")
    await rm.says("客户在柜台等着", hears="请核对")
    await rm.clicks("保存", hears="已开放到")
    await asks(admin, "刘芳", "客户", "CUST-0001")
    await keeper.hears("客户 cust-0001")
    sup = chat(house, "sup01")
    await sup.says("交接 李明 刘芳", hears="移交哪些客户")
    await sup.clicks("指定客户", hears="哪些客户？")
    await sup.says("Cust-0001、c00000001", hears="请核对")
    await sup.clicks("保存", hears="已提交，等")
