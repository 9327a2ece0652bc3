"""交接: a book and all that hangs on it goes to a colleague when a superior agrees to exactly what was shown."""

import asyncio
from dataclasses import replace

import orjson
import pytest
import sqlalchemy as sa

from domain.process.codec import dump
from storage import cases, schema, tiers
from tests.chats.complaining import accepted, chat, does, file, part
from tests.chats.paper import Paper
from tests.chats.talking import Chat, options_of, rows_of
from tests.chats.test_import_live import imports, rewrite
from tests.chats.test_staff_leaving import errand
from tests.chats.test_todo import promises
from tests.chats.traces import trail

CUSTOMER, TODO = schema.customer.c, schema.todo.c
BOOK = sa.select(CUSTOMER.customer_id, CUSTOMER.rm_userid).where(CUSTOMER.rm_userid.in_(["rm01", "rm02"]))
TODOS = sa.select(TODO.id, TODO.owner, TODO.state)


async def asks(who: Chat, line: str, which: str = "全部客户") -> None:
    """The form, down to the request."""
    await who.says(line, hears="移交哪些客户")
    await who.clicks(which, hears="请核对")
    await who.clicks("保存", hears="已提交，等")


async def books(house) -> dict[str, str]:  # type: ignore[no-untyped-def]
    return {row[0]: row[1] for row in await house.look(BOOK)}


async def kept(house, customer: str) -> str:  # type: ignore[no-untyped-def]
    [(keeper,)] = await house.look(sa.select(CUSTOMER.rm_userid).where(CUSTOMER.customer_id == customer))
    return str(keeper)


async def test_a_leaver_s_book_goes_over_in_one_piece_and_back(house) -> None:
    rm, new, sup, head, cs = (chat(house, who) for who in ("rm02", "rm01", "sup01", "subhead01", "cs01"))
    number = await accepted(cs, rm)
    await promises(rm, "欧阳静", "周五下午三点")
    await promises(rm, "吴敏", "周五下午四点")
    await rm.says("待办", hears="我的待办")
    await rm.clicks("完成", hears="已完成", choosing={"处理哪一件": options_of(await rm.card("完成"))["处理哪一件"][1]})
    await rm.says("拜访 李国强 电话 接通 聊了续期", hears="请核对")
    before = await books(house)
    await errand(house, "staff.leave", person="rm02", reason="离职")
    await house.settled()

    await asks(sup, "交接 刘芳 李明")
    card = await head.phone.hears("移交 刘芳 → 李明")
    mine = sum(keeper == "rm02" for keeper in before.values())
    assert rows_of(card) == {
        "申请人": "许志强", "范围": "全部客户", "客户": f"{mine} 位", "待办": "1 件", "其中回访": "1 件", "案件": "1 件",
        "没填完": "1 份", "服务团队": "1 席",
    }  # fmt: skip
    assert await books(house) == before, "nothing moves before it is agreed to"
    await new.phone.hears("将移交给您，正在审批")

    await head.clicks("同意", hears="移交 刘芳 → 李明：今天 09:00 已同意（梁文斌）")
    assert set((await books(house)).values()) == {"rm01"}
    assert await part(house, number, "handler") == "rm01"
    done, open_ = sorted(await house.look(TODOS), key=lambda row: row[2])
    assert (done[1:], open_[1:]) == (("rm02", "done"), ("rm01", "open")), "finished items stay whose they were"
    await new.hears("已接手 刘芳 的客户")
    await sup.phone.hears("移交 刘芳 → 李明：今天 09:00 已同意（梁文斌）")
    await new.says("查 欧阳静", hears="欧阳静 · 客户号 C00000007")
    await new.says("继续", hears="接着填“拜访登记”")
    await new.says("取消", hears="已取消")
    [(record, subjects)] = await trail(house, "handover.applied")
    assert len(subjects) == mine

    await head.clicks("撤回移交", hears="已撤回移交（梁文斌）")
    assert await books(house) == before
    assert await part(house, number, "handler") == "rm02"
    assert sorted(owner for _, owner, _ in await house.look(TODOS)) == ["rm02", "rm02"]
    assert await house.look(sa.select(schema.override.c.row_key).where(schema.override.c.feed == "customers")) == []
    assert record["detail"]["from"] == "rm02"


async def test_the_briefing_says_what_was_promised(house) -> None:
    rm, new, sup, head, cs = (chat(house, who) for who in ("rm02", "rm01", "sup01", "subhead01", "cs01"))
    number = await accepted(cs, rm)
    await promises(rm, "欧阳静", "周五下午三点")
    await asks(sup, "交接 刘芳 李明")
    await head.clicks("同意", hears="已同意")
    card = await new.phone.hears("已接手 刘芳 的客户")
    [question] = options_of(card)
    while not (pick := [each for each in options_of(card)[question] if each.endswith("欧阳静")]):
        card = await new.clicks("下一页", hears="已接手 刘芳 的客户")
    told = await new.clicks("看交接说明", choosing={question: pick[0]}, hears="交接说明：欧阳静")
    assert "上次约定：今天 09:00 约定 11月27日 15:00 回访客户（上次电话）（还没办）" in told.text
    assert f"案件：{number} 处理中" in told.text
    assert "上次联系：今天" in told.text
    await new.says("待办", hears="欧阳静 回访客户")
    await new.passes(days=4, hours=6, hears="待办提醒")


async def test_a_seat_in_a_service_team_goes_along_is_named_and_comes_back(house, feed, bank) -> None:
    rm, new, sup, head = (chat(house, who) for who in ("rm02", "rm04", "sup01", "subhead01"))
    number = "C00000002"
    name = Paper(bank).customers[number]["name"]
    team = (bank / "service_team.csv").read_text("utf-8")
    (feed / "service_team.csv").write_text(f"{team}{number},rm02,理财顾问,2026-01-01,\n", "utf-8")
    assert (await imports(house, feed)).ok
    await rm.says(f"查 {number}", hears=f"{name} · 客户号 {number}")
    await new.says(f"查 {number}", hears="没有找到这位客户")
    await asks(sup, "交接 刘芳 邓婷")
    assert rows_of(await head.phone.hears("移交 刘芳 → 邓婷"))["服务团队"] == "2 席"
    await head.clicks("同意", hears="已同意")
    card = await new.phone.hears("已接手 刘芳 的客户")
    [question] = options_of(card)
    while not (pick := [each for each in options_of(card)[question] if each.endswith(name)]):
        card = await new.clicks("下一页", hears="已接手 刘芳 的客户")
    told = await new.clicks("看交接说明", choosing={question: pick[0]}, hears=f"交接说明：{name}")
    assert "服务团队：您接替刘芳的理财顾问" in told.text
    await new.says(f"查 {number}", hears=f"{name} · 客户号 {number}")
    await rm.says(f"查 {number}", hears="没有找到这位客户")
    await head.clicks("撤回移交", hears="已撤回移交（梁文斌）")
    await new.says(f"查 {number}", hears="没有找到这位客户")
    await rm.says(f"查 {number}", hears=f"{name} · 客户号 {number}")


async def test_what_changed_meanwhile_comes_back_with_the_difference(house, feed) -> None:
    rm, sup, head = (chat(house, who) for who in ("rm02", "sup01", "subhead01"))
    await promises(rm, "欧阳静", "周五下午三点")
    await asks(sup, "交接 刘芳 李明")
    await head.phone.hears("移交 刘芳 → 李明")
    rewrite(feed / "customers.csv", "C00000008", rm_userid="rm04")
    assert (await imports(house, feed)).ok
    before = await books(house)
    old = await head.card("同意")
    fresh = await head.clicks("同意", hears="清单有变：客户")
    assert (await head.is_now(old)).replace_text == "清单有变"
    assert await books(house) == before
    assert fresh.live
    await head.phone.clicks("同意", old, force=True)
    await head.phone.hears("移交 刘芳 → 李明")
    assert await books(house) == before, "the old card decides nothing"
    await head.clicks("同意", hears="已同意（梁文斌）")
    assert await kept(house, "C00000008") == "rm04"
    assert await kept(house, "C00000007") == "rm01"


async def test_two_managers_hand_over_the_same_customer(house) -> None:
    sup, head, branch = (chat(house, who) for who in ("sup01", "subhead01", "branch01"))
    await asks(sup, "交接 刘芳 李明")
    await asks(head, "交接 刘芳 邓婷")
    one, two = await head.card("同意"), await branch.phone.hears("移交 刘芳 → 邓婷")
    await asyncio.gather(head.phone.clicks("同意", one), branch.phone.clicks("同意", two))
    await house.settled()
    keepers = {keeper for key, keeper in (await house.look(sa.select(CUSTOMER.customer_id, CUSTOMER.rm_userid)))
               if key in ("C00000007", "C00000008", "C00000009")}  # fmt: skip
    assert keepers in ({"rm01"}, {"rm04"}), "one of them, and all of it"
    states = sorted(row[0] for row in await house.look(sa.select(schema.handover.c.state)))
    assert states == ["agreed", "over"]
    for who, card in ((head, one), (branch, two)):
        assert (await who.is_now(card)).replace_text
    told = "\n".join([await head.log(), await branch.log()])
    assert "现在已经没有可以移交的了，申请到此结束" in told


@pytest.mark.parametrize("repeats", [True, False], ids=["repeats", "says-otherwise"])
async def test_the_feed_that_repeats_itself_does_not_undo_it(house, feed, repeats) -> None:
    sup, head, rm = (chat(house, who) for who in ("sup01", "subhead01", "rm01"))
    await asks(sup, "交接 刘芳 李明")
    await head.clicks("同意", hears="已同意")
    rewrite(feed / "customers.csv", "C00000007", occupation="新的职业", **({} if repeats else {"rm_userid": "rm04"}))
    assert (await imports(house, feed)).ok
    assert await kept(house, "C00000007") == ("rm01" if repeats else "rm04")
    assert await kept(house, "C00000009") == "rm01"
    await rm.says("查 欧阳静", hears="欧阳静 · 客户号" if repeats else "没有找到这位客户")


async def test_a_case_that_the_successor_must_keep_out_of_stays_and_is_told(house) -> None:
    """A complaint about 李明 that was passed to 刘芳 does not come to him with her book."""
    cs, sup, head, complaints = (chat(house, who) for who in ("cs01", "sup01", "subhead01", "complaint01"))
    number = await file(cs, "单雄信 说态度不好", flags={"涉及客户经理": "是"})
    await does(sup, "转办", hears="转给谁")
    await sup.says("刘芳", hears="请写明理由")
    await sup.says("另请一位来办", hears="请核对")
    await sup.clicks("保存", hears="已转办")
    assert await part(house, number, "handler") == "rm02"
    await asks(sup, "交接 刘芳 李明")
    card = await head.phone.hears("移交 刘芳 → 李明")
    assert ("案件" in rows_of(card), rows_of(card)["回避"]) == (False, "1 件")
    assert "有 1 件案件接手人要回避，不会移交，请另行转办" in card.text
    await head.clicks("同意", hears="已同意")
    assert await part(house, number, "handler") == "rm02"
    await complaints.phone.hears(f"案件 {number}：刘芳的工作已移交，这几件没有随同移交，请转办")


async def test_a_case_that_the_manager_is_kept_out_of_is_told_to_who_may_see_it_alone(house) -> None:
    cs, rm, sup, head = (chat(house, who) for who in ("cs01", "rm02", "sup01", "subhead01"))
    number = await accepted(cs, rm)
    await keep_out(house, number, "sup01")
    await asks(sup, "交接 刘芳 李明")
    card = await head.phone.hears("移交 刘芳 → 李明")
    assert "案件" not in rows_of(card)
    assert "回避" not in rows_of(card)
    await head.clicks("同意", hears="已同意")
    assert await part(house, number, "handler") == "rm02"
    await chat(house, "complaint01").hears(f"案件 {number}：刘芳的工作已移交，这几件没有随同移交，请转办")
    assert "没有随同移交" not in "".join([await who.log() for who in (sup, rm, chat(house, "rm01"))])


async def test_a_part_of_the_book_by_tier_or_by_number(house) -> None:
    sup, head = chat(house, "sup01"), chat(house, "subhead01")
    before = await books(house)
    theirs = sorted(key for key, keeper in before.items() if keeper == "rm02")
    await sup.says("交接 刘芳 李明", hears="移交哪些客户")
    await sup.clicks("指定客户", hears="哪些客户？")
    await sup.says("C00000001、C00000007", hears="请核对")
    await sup.clicks("保存", hears="这些客户号不在刘芳名下：C00000001")
    await sup.says("c00000007、C00000009", hears="请核对")
    await sup.clicks("保存", hears="已提交，等")
    assert rows_of(await head.phone.hears("移交 刘芳 → 李明"))["客户"] == "2 位"
    await head.clicks("同意", hears="已同意")
    moved = {key for key, keeper in (await books(house)).items() if keeper != before[key]}
    assert moved == {"C00000007", "C00000009"}

    tier_of = await house.app.database.read(lambda unit: tiers.tiers_of(unit, theirs))
    rich = {key for key in set(theirs) - moved if tier_of[key].value == "富裕"}
    assert rich, "the bank has somebody of that tier"
    await sup.says("交接 刘芳 李明", hears="移交哪些客户")
    await sup.clicks("按客户等级", hears="哪些等级")
    await sup.clicks("下一步", hears="请核对", choosing={"哪些等级的客户？": "富裕"})
    await sup.clicks("保存", hears="已提交，等")
    await head.clicks("同意", hears="已同意")
    assert {key for key, keeper in (await books(house)).items() if keeper != before[key]} == moved | rich


async def keep_out(house, number: str, person: str) -> None:  # type: ignore[no-untyped-def]
    """The case as if this person had been named in it."""

    def barred(unit):  # type: ignore[no-untyped-def]
        case = cases.load_case(unit, number)
        after = replace(case, excluded=case.excluded | {person})
        sealed = unit.vault.seal_bytes("case_file", "body", number, orjson.dumps(dump(after)))
        unit.execute(schema.case_file.update().where(schema.case_file.c.id == number).values(body=sealed))

    await house.app.database.do(barred)


async def test_the_successor_declines_and_the_requester_takes_it_back(house) -> None:
    new, sup, head = (chat(house, who) for who in ("rm01", "sup01", "subhead01"))
    await asks(sup, "交接 刘芳 李明")
    await new.phone.hears("将移交给您")
    await new.clicks("不接", hears="移交 刘芳 → 李明：今天 09:00 接手人不接（李明）")
    await sup.phone.hears("接手人不接（李明）")
    assert await head.live() == []
    await asks(sup, "交接 刘芳 邓婷")
    await sup.clicks("撤回申请", hears="已撤回申请（许志强）")
    state = schema.handover.c.state
    assert await house.look(sa.select(state).order_by(state)) == [("declined",), ("withdrawn",)]


async def test_one_customer_by_name_and_who_may_not(house) -> None:
    sup, head, other, rm = (chat(house, who) for who in ("sup01", "subhead01", "sup02", "rm01"))
    await rm.says("交接 刘芳 邓婷", hears="您的岗位不能用“交接”")
    await other.says("交接 刘芳 邓婷", hears="移交哪些客户")
    await other.clicks("全部客户", hears="请核对")
    await other.clicks("保存", hears="刘芳不在您管辖的机构里")
    await sup.says("交接 欧阳静 李明", hears="请核对")
    await sup.clicks("保存", hears="已提交，等梁文斌审批")
    await head.phone.hears("移交 刘芳 → 李明")
    await head.clicks("同意", hears="已同意")
    assert await kept(house, "C00000007") == "rm01"
    assert await kept(house, "C00000009") == "rm02"


async def test_who_asked_and_has_left_is_told_nothing(house) -> None:
    sup, head = chat(house, "sup01"), chat(house, "subhead01")
    await asks(sup, "交接 刘芳 李明")
    await errand(house, "staff.leave", person="sup01", reason="离职")
    await house.settled()
    await sup.phone.marks()
    await head.clicks("同意", hears="已同意（梁文斌）")
    await chat(house, "rm01").phone.hears("已接手 刘芳 的客户")
    await sup.phone.hears_nothing(0)


async def test_a_book_goes_to_nobody_who_has_left(house) -> None:
    sup, head = chat(house, "sup01"), chat(house, "subhead01")
    before = await books(house)
    await asks(sup, "交接 刘芳 李明")
    wish = await head.phone.hears("移交 刘芳 → 李明")
    await errand(house, "staff.leave", person="rm01", reason="离职")
    await house.settled()
    await sup.phone.hears("移交 刘芳 → 李明：今天 09:00 已失效。李明现在接不了客户")
    assert (await head.is_now(wish)).replace_text == "已失效"
    await head.phone.clicks("同意", wish, force=True)
    await head.phone.hears("移交 刘芳 → 李明：今天 09:00 已失效。")
    assert await books(house) == before


async def test_who_was_to_agree_is_gone_or_elsewhere(house, feed) -> None:
    """It goes on to the next superior; nobody who is no superior any more agrees, however fast."""
    sup, head, branch = (chat(house, who) for who in ("sup01", "subhead01", "branch01"))
    before = await books(house)
    await asks(sup, "交接 刘芳 李明")
    wish = await head.phone.hears("移交 刘芳 → 李明")
    rewrite(feed / "staff.csv", "subhead01", unit_id="B02S01", leader_userid="branch02")
    rewrite(feed / "staff.csv", "sup01", leader_userid="branch01")
    assert (await imports(house, feed)).ok
    await house.settled()
    assert (await head.is_now(wish)).replace_text in ("已转给高建国", "您的岗位已变")
    await branch.phone.hears("移交 刘芳 → 李明")
    await head.phone.clicks("同意", wish, force=True)
    await house.settled()
    assert await books(house) == before
    assert "移交" not in (await head.says("待办", hears="待办")).text
    await errand(house, "staff.leave", person="branch01", reason="离职")
    await house.settled()
    await chat(house, "exec01").phone.hears("移交 刘芳 → 李明")
    await chat(house, "exec01").clicks("同意", hears="已同意（郭振国）")
    assert await kept(house, "C00000007") == "rm01"
    assert [body["action"] for body, _ in await trail(house, "handover.passed_on")] == ["handover.passed_on"] * 2


async def test_who_moved_to_another_branch_leaves_the_customers_of_this_one(house, feed) -> None:
    """Their old manager hands over what stayed; what they keep elsewhere is not touched."""
    rewrite(feed / "staff.csv", "rm02", unit_id="B02S01", leader_userid="branch02")
    rewrite(feed / "customers.csv", "C00000009", unit_id="B02S01")
    assert (await imports(house, feed)).ok
    await house.settled()
    sup, head, other = (chat(house, who) for who in ("sup01", "subhead01", "sup02"))
    before = await books(house)
    await other.says("交接 刘芳 黄磊", hears="移交哪些客户")
    await other.clicks("全部客户", hears="请核对")
    await other.clicks("保存", hears="刘芳不在您管辖的机构里")
    await asks(sup, "交接 刘芳 李明")
    assert "部分客户" in (await head.phone.hears("移交 刘芳 → 李明")).text
    await head.clicks("同意", hears="已同意")
    assert (await kept(house, "C00000007"), await kept(house, "C00000009")) == ("rm01", "rm02")
    assert {key for key, keeper in (await books(house)).items() if keeper != before[key]} >= {"C00000007", "C00000008"}
