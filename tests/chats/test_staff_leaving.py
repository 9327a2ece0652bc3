"""Who leaves or loses a post is out at once: five ways to learn it, the same for all of them."""

import asyncio
from functools import partial

import pytest
import sqlalchemy as sa

from bot.commands.errands import perform
from domain.ids import UserId
from domain.update import Update, UpdateKind
from handlers.context import HOUSE_ITSELF
from handlers.dispatch import dispatch
from handlers.staffing.leaving import FOLLOW, subject_of
from scheduler.staff import StaffWatch
from storage import overrides, schema
from storage.unit import Unit
from tests.chats.talking import Chat
from tests.chats.test_import_live import imports, rewrite
from tests.chats.traces import browse, trail

CARD = "数据截至"
GONE = "您已离职或账号已停用"


def chat(house, userid: str) -> Chat:  # type: ignore[no-untyped-def]
    return Chat(house, house.phone(userid))


async def by_import(house, feed) -> None:  # type: ignore[no-untyped-def]
    rewrite(feed / "staff.csv", "rm02", status="left")
    assert (await imports(house, feed)).ok


async def by_missing_from_the_import(house, feed) -> None:  # type: ignore[no-untyped-def]
    lines = (feed / "staff.csv").read_text("utf-8").splitlines(keepends=True)
    (feed / "staff.csv").write_text("".join(line for line in lines if not line.startswith("rm02,")), "utf-8")
    (feed / "customers.csv").unlink()
    assert (await imports(house, feed)).ok


async def by_an_administrator(house, _feed) -> None:  # type: ignore[no-untyped-def]
    admin = chat(house, "sysadmin01")
    await admin.says("停用 刘芳", hears="只停一个岗位吗")
    await admin.says("跳过", hears="为什么停用")
    await admin.says("手机丢失", hears="刘芳（rm02，北京城东支行）")
    await admin.clicks("保存", hears="已停用 刘芳，即刻生效")


async def by_the_command_line(house, _feed) -> None:  # type: ignore[no-untyped-def]
    await errand(house, "staff.leave", person="RM02", reason="离职")


async def by_wecom(house, _feed) -> None:  # type: ignore[no-untyped-def]
    await house.phone("rm02").does("event", event="unsubscribe")
    await house.settled()


async def errand(house, command: str, **arguments: str) -> list[str]:  # type: ignore[no-untyped-def]
    said: list[str] = []
    given = {**arguments, "actor": "cli:ops"}
    await asyncio.to_thread(
        partial(perform, house.app.database, house.app.clock, command, given, said.append, said.append)
    )
    return said


WAYS = (by_import, by_missing_from_the_import, by_an_administrator, by_the_command_line, by_wecom)


@pytest.mark.parametrize("learnt", WAYS, ids=lambda way: way.__name__)
async def test_whichever_way_it_is_learnt(house, feed, learnt) -> None:
    rm, boss, security = (chat(house, who) for who in ("rm02", "sup01", "secadmin01"))
    summary = await rm.says("查 欧阳静", hears=CARD)
    page = summary.link("详情")
    assert (await browse(house, "rm02", page))[0] == 200
    await rm.says("委托 李明", hears="从什么时候开始")
    await rm.says("跳过", hears="到什么时候为止")
    await rm.says("下周五", hears="请核对")
    await rm.clicks("保存", hears="已委托")
    await rm.says("拜访 欧阳静 电话 接通 聊了续期", hears="请核对")

    await learnt(house, feed)
    await house.settled()

    told = await boss.phone.hears("刘芳（rm02）已离职或停用")
    assert "名下客户" in told.text
    assert "没填完的表单 1 份" in told.text
    await security.phone.hears("刘芳（rm02）已离职或停用：已退出登录，发出的卡片已作废")
    await chat(house, "rm01").phone.hears("与刘芳有关的委托已结束")
    assert await rm.live() == []
    assert (await rm.is_now(summary)).replace_text == "您已离职或停用"
    await rm.phone.clicks("查看", summary, force=True)
    await rm.phone.hears(GONE)
    await rm.phone.says("继续")
    await rm.phone.says("查 欧阳静")
    await house.settled()
    assert CARD not in await rm.heard()
    status, text = await browse(house, "rm02", page)
    assert (status, "欧阳静" in text) == (403, False)
    session, talk = schema.web_session.c, schema.conversation.c
    assert await house.look(sa.select(session.userid).where(session.userid == "rm02")) == []
    assert await house.look(sa.select(talk.status).where(talk.person == "rm02", talk.form == "visit")) == [("parked",)]
    assert len(await trail(house, "staff.left")) == 1


async def test_the_feed_that_repeats_itself_brings_nobody_back(house, feed) -> None:
    rm = chat(house, "rm02")
    await by_the_command_line(house, feed)
    assert (await imports(house, feed)).ok  # HR still has her at work
    await rm.says("我的")
    await rm.phone.hears(GONE)
    rewrite(feed / "staff.csv", "rm02", status="left")
    assert (await imports(house, feed)).ok
    assert await house.look(sa.select(schema.override.c.row_key)) == [], "the feed says so itself by now"
    rewrite(feed / "staff.csv", "rm02", status="active")
    assert (await imports(house, feed)).ok  # hired again
    await rm.says("我的", hears="名下客户")


async def test_coming_back_needs_a_second_administrator(house, feed) -> None:
    admin, second, rm = (chat(house, who) for who in ("sysadmin01", "secadmin01", "rm02"))
    await by_an_administrator(house, feed)
    await admin.says("停用 不存在", hears="本行没有叫“不存在”的在职员工")
    await admin.says("恢复 李明", hears="“李明”没有被停用。停用中的有：刘芳（rm02）")
    await admin.says("恢复", hears="恢复哪位同事")
    await admin.says("李明", hears="为什么恢复")
    await admin.says("找回了手机", hears="请核对")
    await admin.clicks("保存", hears="“李明”没有被停用。停用中的有：刘芳（rm02）")
    await admin.says("刘芳", hears="请核对")
    await admin.clicks("保存", hears="已提交，还没有生效；发给：任洁")
    await rm.says("我的", hears=GONE)
    await second.phone.hears("恢复 刘芳")
    await second.clicks("同意", hears="恢复 刘芳：已同意（任洁），现在起可以使用")
    await admin.phone.hears("恢复 刘芳：已同意（任洁），现在起可以使用")
    await rm.says("我的", hears="名下客户")
    assert len(await trail(house, "staff.returned")) == 1


async def test_wecom_brings_back_only_whom_it_had_stopped(house, feed) -> None:
    rm, other = chat(house, "rm02"), chat(house, "rm01")
    await by_wecom(house, feed)
    await rm.phone.does("event", event="subscribe")
    await rm.says("我的", hears="名下客户")
    await errand(house, "staff.leave", person="rm01", reason="离职")
    await other.phone.does("event", event="subscribe")
    await other.says("我的", hears=GONE)


async def test_a_lost_post_takes_cards_forms_and_pages_along(house, feed) -> None:
    """The manager becomes an auditor: what was shown, begun and opened as a manager answers no more."""
    rm = chat(house, "rm02")
    summary = await rm.says("查 欧阳静", hears=CARD)
    page = summary.link("详情")
    assert (await browse(house, "rm02", page))[0] == 200
    form = await rm.says("拜访 欧阳静 电话 接通 聊了续期", hears="请核对")
    rewrite(feed / "staff.csv", "rm02", posts="审计员")
    assert (await imports(house, feed)).ok
    await house.settled()
    assert (await rm.is_now(summary)).replace_text == "您的岗位已变"
    await rm.phone.clicks("保存", form, force=True)
    await rm.phone.hears("您的岗位已变。这张卡片是按原来的岗位发的，操作没有生效")
    await rm.phone.clicks("查看", summary, force=True)
    await rm.phone.hears("您的岗位已变")
    await rm.says("保存", hears="")
    assert "拜访已保存" not in await rm.log()
    status, text = await browse(house, "rm02", page)
    assert (status, "欧阳静" in text) == (404, False), "a page is of the post of its card"
    assert await house.look(sa.select(schema.visit.c.id)) == []


async def test_one_post_of_two_is_taken_and_stays_taken_while_others_are_added(house, feed) -> None:
    rm, admin = chat(house, "rm04"), chat(house, "sysadmin01")
    await admin.says("停用 邓婷 主管", hears="为什么停用")
    await admin.says("资格过期", hears="请核对")
    await admin.clicks("保存", hears="邓婷没有“主管”这个岗位，现有：客户经理、理财顾问")
    await admin.says("理财顾问", hears="请核对")
    await admin.clicks("保存", hears="已停用 邓婷 的岗位“理财顾问”，即刻生效")
    rewrite(feed / "staff.csv", "rm04", posts="客户经理|理财顾问|催收岗")
    assert (await imports(house, feed)).ok
    posts = schema.staff.c.posts
    assert await house.look(sa.select(posts).where(schema.staff.c.userid == "rm04")) == [("客户经理|催收岗",)]
    await rm.says("我的", hears="邓婷")


async def test_a_decision_in_its_undo_window_is_not_taken_back_by_who_left(house, feed) -> None:
    rm = chat(house, "rm02")
    await rm.says("拜访 欧阳静 电话 接通 聊了续期", hears="请核对")
    saved = await rm.clicks("保存", hears="拜访已保存")
    await by_the_command_line(house, feed)
    await house.settled()
    await rm.phone.clicks("撤销", saved, force=True)
    await rm.phone.hears(GONE)
    await rm.phone.says("撤销")
    await house.settled()
    assert await house.look(sa.select(schema.visit.c.state)) == [("saved",)]


async def test_an_old_card_is_no_way_around_a_lost_permission(house, feed) -> None:
    """A list of commands, found again days after its reader stopped being an administrator."""
    admin = chat(house, "bizadmin02")
    card = await admin.says("管理 命令", hears="共 ")
    await admin.passes_quietly(hours=80)
    rewrite(feed / "staff.csv", "bizadmin02", posts="产品岗")
    assert (await imports(house, feed)).ok
    await house.settled()
    await admin.phone.clicks("详情", card, force=True)
    await admin.hears("您的岗位已变。这张卡片是按原来的岗位发的，操作没有生效")
    assert await admin.live() == [], "no fresh list of commands"


async def test_nobody_is_told_twice_when_replicas_watch(house) -> None:
    """Two watches at once: the row of the last standing decides."""
    put = partial(overrides.put, cell=overrides.STATUS, keys=["rm02"], value="left", why="test")
    await house.app.database.do(put)
    watch = StaffWatch(house.app.database, house.app.house)
    await asyncio.gather(watch(), watch(), watch())
    await house.settled()
    assert len(await trail(house, "staff.left")) == 1
    told = [text for text in await house.phone("sup01").texts() if "已离职或停用" in text]
    assert len(told) == 1


async def test_who_is_gone_is_told_so_although_the_watch_holds_back_what_was_not_sent(house) -> None:
    """Their own step is handled before the watch notices; nothing has left in between."""
    rm, boss, app = chat(house, "rm02"), chat(house, "sup01"), house.app

    def story(unit: Unit) -> None:
        overrides.put(unit, overrides.STATUS, ["rm02"], "left", "test")
        said = Update(UpdateKind.SAID, UserId("rm02"), "their step", unit.now, text="我的")
        watched = Update(UpdateKind.TIMER, HOUSE_ITSELF, "the watch", unit.now, FOLLOW, subject_of(UserId("rm02")))
        for update in (said, watched):
            dispatch(unit, app.house, update)

    await app.database.do(story)
    await rm.phone.hears(GONE)
    await boss.phone.hears("刘芳（rm02）已离职或停用")
    await house.settled()
    assert len(await trail(house, "staff.left")) == 1


async def test_the_reason_is_kept_sealed_and_the_trail_has_its_number(house) -> None:
    """What somebody types about a colleague lies in plain nowhere, and goes into no export."""
    await by_an_administrator(house, None)
    await errand(house, "staff.post", person="rm04", post="理财顾问", reason="资格过期")
    kept = [str(row) for row in await house.look(sa.select(schema.override))]
    kept += [str(body) for body, _ in await trail(house)]
    assert not [text for text in kept if "手机丢失" in text or "资格过期" in text]
    said = "\n".join(await errand(house, "staff.stopped"))
    assert "rm02  停用  手机丢失" in said
    assert "rm04  岗位只留 客户经理  资格过期" in said
    did = "\n".join(await errand(house, "audit.did", userid="sysadmin01", since="", until=""))
    assert "停用员工 staff:rm02  原因：手机丢失" in did
