"""A change of a command needs a second person: who may decide, what everybody sees, and that it holds at once."""

import asyncio

import pytest

from bot.app import App
from storage import schema
from tests.chats.administering import (
    CHANGES,
    LIST,
    STOPPED,
    agrees,
    all_done,
    asks,
    greys,
    in_force,
    last_request,
    stops,
)
from tests.chats.talking import Chat, options_of, rows_of
from tests.chats.traces import trail

# --- four eyes --------------------------------------------------------------------------------------------------------


async def test_the_requester_can_only_take_it_back(house, admin, security) -> None:
    rm = Chat(house, house.phone("rm01"))
    await asks(admin, "停用", "拜访")
    own = await admin.card("撤回")
    assert own.buttons == ["撤回"]
    assert rows_of(own) == {"申请人": "吕颖", "现在": "启用", "改为": "停用"}
    assert "发给：卢静、任洁" in own.text
    theirs = await security.phone.hears("停用命令 拜访")
    await security.phone.clicks("同意", theirs, force=True, as_user="bizadmin01")
    await admin.phone.hears("这张卡片是发给别人的，您点的操作没有生效")
    for key in ("approval.agree.1", "approval.reject.1"):
        await admin.phone.does("press", bubble=own.id, key=key, selected={}, force=True)
        own = await admin.hears("已提交，还没有生效")
    await rm.says("拜访 单雄信 电话 接通 聊了理财", hears="请核对")
    await admin.clicks("撤回", hears="停用命令 拜访：已撤回（吕颖），没有改动。")
    second = Chat(house, house.phone("bizadmin02"))
    for other in (security, second):
        await greys(other, "已撤回（吕颖）")
        await other.phone.clicks("同意", await last_request(other), force=True)
        await other.hears(" 已撤回（吕颖）。")
    assert await in_force(house) == []


async def test_nobody_else_to_confirm(house, admin) -> None:
    """The post is there, its holders are not: told so, and nothing is left behind."""
    rm = Chat(house, house.phone("rm01"))
    staff = schema.rows_of(schema.staff)
    leave = staff.update().where(staff.c.userid.in_(["bizadmin02", "secadmin01"]))
    await house.app.database.do(lambda unit: unit.execute(leave.values(status="left")) and None)
    await admin.says("管理 命令", hears=LIST)
    await admin.phone.chooses({LIST: "6.拜访"})
    await admin.phone.clicks("停用")
    await admin.hears("没有第二个人可以确认：除您以外，没有在岗的业务管理员或安全管理员。什么都没有改")
    assert await house.look(CHANGES) == []
    await rm.says("拜访 单雄信 电话 接通 聊了理财", hears="请核对")


async def test_rejected_nothing_changes(house, admin, security) -> None:
    rm = Chat(house, house.phone("rm01"))
    await asks(admin, "停用", "拜访")
    await security.phone.hears("停用命令 拜访")
    await security.clicks("退回", hears="停用命令 拜访：已退回（任洁），没有改动。")
    await admin.phone.hears("停用命令 拜访：已退回（任洁），没有改动。")
    for other in (admin, Chat(house, house.phone("bizadmin02"))):
        await greys(other, "已退回（任洁）")
    await rm.says("拜访 单雄信 电话 接通 聊了理财", hears="请核对")
    assert await in_force(house) == []


async def test_two_decide_at_once_and_every_copy_shows_the_one_decision(house, admin, security) -> None:
    second = Chat(house, house.phone("bizadmin02"))
    await asks(admin, "停用", "拜访")
    cards = [await each.phone.hears("停用命令 拜访") for each in (security, second)]
    await all_done(house)
    await asyncio.gather(
        security.phone.clicks("同意", cards[0], force=True), second.phone.clicks("退回", cards[1], force=True)
    )
    await all_done(house)
    [(state, by)] = await house.look(CHANGES)
    face = {"agreed": "已同意（任洁）", "rejected": "已退回（卢静）"}[state]
    assert by == {"agreed": "secadmin01", "rejected": "bizadmin02"}[state]
    for each in (admin, security, second):
        await greys(each, face)
    loser = second if state == "agreed" else security
    assert f" {face}。" in await loser.log()
    assert f"停用命令 拜访：{face}，" in await admin.log()
    assert len(await in_force(house)) == (state == "agreed")
    decided = [body["action"] for body, _ in await trail(house) if body["action"].startswith("command.")]
    assert decided == ["command.requested", f"command.{state}"]


async def test_a_copy_that_takes_no_update_is_told_in_words(house, admin, security) -> None:
    """Sent days ago and found again from the list: its code is no good any more."""
    second = Chat(house, house.phone("bizadmin02"))
    await asks(admin, "停用", "拜访")
    await second.phone.hears("停用命令 拜访")
    await security.passes_quietly(hours=73)
    await security.says("管理", hears="待确认")
    await security.clicks("待确认的申请", hears="停用命令 拜访")
    await security.clicks("同意", hears="停用命令 拜访：已同意（任洁）")
    await second.phone.hears("“停用命令 拜访”已同意（任洁）。")
    await admin.phone.hears("“停用命令 拜访”已同意（任洁）。")


# --- time goes by -----------------------------------------------------------------------------------------------------


async def test_a_restart_in_every_gap(house) -> None:
    admin, security, rm = (
        Chat(house, house.phone(each), restless=True) for each in ("bizadmin01", "secadmin01", "rm01")
    )
    await asks(admin, "改别名", "拜访", "加 跑客户")
    await security.says("管理", hears="待确认")
    await security.clicks("待确认的申请", hears="改命令的别名 拜访")
    await security.clicks("同意", hears="改命令的别名 拜访：已同意（任洁），现在起生效。")
    await rm.says("跑客户 单雄信 电话 接通 聊了理财", hears="请核对")


async def test_an_old_list_does_not_act_on_what_changed(house, admin, security) -> None:
    old = await admin.says("管理 命令", hears=LIST)
    second = Chat(house, house.phone("bizadmin02"))
    await stops(second, security)
    await admin.phone.chooses({LIST: "6.拜访"})
    await admin.phone.clicks("停用", old)
    await admin.hears("命令刚刚有变化，请发“管理 命令”看最新的列表。")
    new = await admin.says("管理 命令", hears=LIST)
    assert rows_of(new)["拜访"].startswith("停用 · ")
    assert (await admin.is_now(old)).replace_text == "请看最新的列表"
    await admin.phone.chooses({LIST: "6.拜访"})
    await admin.phone.clicks("停用", new)
    await admin.hears("“拜访”现在就是这样，没有要改的。")


async def test_a_request_that_was_overtaken_cannot_come_into_force(house, admin, security) -> None:
    """Both want 拜访's aliases changed; the one that is decided second no longer means what it showed."""
    rm = Chat(house, house.phone("rm01"))
    second = Chat(house, house.phone("bizadmin02"))
    await asks(admin, "改别名", "拜访", "加 跑客户")
    await asks(second, "改别名", "拜访", "加 登门")
    await security.phone.hears("登门")
    await security.clicks("同意", hears="改命令的别名 拜访：已同意（任洁）")
    await security.phone.clicks("同意")
    await security.hears("这个命令在申请之后又变过，这件申请已经不能生效。请退回")
    await security.clicks("退回", hears="已退回（任洁），没有改动")
    await rm.says("登门 单雄信 电话 接通 聊了理财", hears="请核对")


async def test_requests_are_found_again(house, admin, security) -> None:
    await asks(admin, "停用", "拜访")
    first = await security.phone.hears("停用命令 拜访")
    card = await admin.says("管理 命令", hears=LIST)
    assert rows_of(card)["拜访"].startswith("待确认 · 启用 · ")
    system = Chat(house, house.phone("sysadmin01"))
    assert (await system.says("管理", hears="1 件")).buttons == ["命令", "停用同事", "恢复同事"]
    await admin.says("管理", hears="1 件")
    again = await admin.clicks("待确认的申请", hears="停用命令 拜访")
    assert again.buttons == ["撤回"]
    await security.says("管理", hears="1 件")
    again = await security.clicks("待确认的申请", hears="停用命令 拜访")
    assert again.buttons == ["同意", "退回"]
    assert (await security.is_now(first)).replace_text == "请看下面"
    await agrees(security, "停用命令 拜访")
    await security.says("管理", hears="停用 1 个")
    await security.phone.clicks("同意", first, force=True)
    await security.hears(" 已同意（任洁）。")


async def test_every_step_is_on_record_without_the_words(house, admin, security) -> None:
    await asks(admin, "改别名", "拜访", "加 跑客户")
    await agrees(security, "改命令的别名 拜访")
    steps = [body for body, _ in await trail(house) if body["action"].startswith("command.")]
    assert [(body["actor"], body["action"], body["resource"]) for body in steps] == [
        ("bizadmin01", "command.requested", "command:visit"),
        ("secadmin01", "command.agreed", "command:visit"),
    ]
    [digest] = {body["detail"]["body"] for body in steps}
    assert len(digest) == 64, "decided on what was asked"
    assert "跑客户" not in str(await trail(house))


# --- more commands, more replicas -------------------------------------------------------------------------------------


async def test_commands_added_later_are_on_the_list(house, admin, security, more_commands) -> None:
    """Nine and more: paged, and each can be picked where it stands."""
    rm = Chat(house, house.phone("rm01"))
    first = await admin.says("管理 命令", hears="第 1/")
    assert len(options_of(first)[LIST]) == 6
    await stops(admin, security, "备忘丙")
    await rm.says("备忘丙", hears="这个命令已停用（备忘丙）")
    await rm.says("备忘乙", hears="没有未完成的待办")


@pytest.fixture
async def more_commands(house, packs) -> None:
    pack = packs / "default.yaml"
    more = "".join(
        f"  - {{key: memo{n}, verb: todo.list, word: 备忘{word}, usage: 备忘, example: 备忘, help: 备忘。}}\n"
        for n, word in enumerate("甲乙丙")
    )
    pack.write_text(pack.read_text("utf-8").replace("\ncontrols:\n", f"{more}\ncontrols:\n"), "utf-8")
    await house.restart()


async def test_the_next_message_to_any_replica_knows(house, backend, admin, security) -> None:
    """PostgreSQL: a second replica that was running all along. SQLite, which one process has: after a restart."""
    rm = Chat(house, house.phone("rm01"))
    if backend == "sqlite":
        await stops(admin, security)
        await house.restart()
        await rm.says("拜访 单雄信 电话", hears=STOPPED)
        return
    other = App(house.settings)
    await other.start()
    try:
        await rm.says("拜访 单雄信 电话", hears="联系上了吗")
        await rm.says("取消", hears="已取消")
        await stops(admin, security)
        await house.world.app(callback_url=f"http://127.0.0.1:{other.public_port}/wecom/callback")
        await rm.says("拜访 单雄信 电话", hears=STOPPED)
        await asks(admin, "启用", "拜访")
        await agrees(security, "启用命令 拜访")
        await house.world.app(callback_url=f"http://127.0.0.1:{house.app.public_port}/wecom/callback")
        await rm.says("拜访 单雄信 电话", hears="联系上了吗")
    finally:
        await other.stop()


async def test_a_request_outlives_the_command_it_is_about(house, admin, security, more_commands, monkeypatch) -> None:
    """A newer pack lacks the command: the request can be found and closed, and cannot come into force."""
    await asks(admin, "停用", "备忘丙")
    await security.phone.hears("停用命令 备忘丙")
    monkeypatch.undo()
    await house.restart()
    await security.says("管理", hears="待确认")
    await security.clicks("待确认的申请", hears="停用命令 memo2")
    await security.phone.clicks("同意")
    await security.hears("现在的包里没有这个命令了")
    await security.clicks("退回", hears="停用命令 memo2：已退回（任洁），没有改动。")
    assert await in_force(house) == []


async def test_what_the_bank_changed_outlives_a_newer_pack(house, admin, security, more_commands, monkeypatch) -> None:
    """What is left of it holds, and what has no place any more is named to the administrators."""
    rm = Chat(house, house.phone("rm01"))
    await stops(admin, security)
    await stops(admin, security, "备忘丙")
    monkeypatch.undo()
    await house.restart()
    await rm.says("拜访 单雄信 电话", hears=STOPPED)
    await rm.says("备忘丙", hears="没看懂")
    await admin.says("管理 命令", hears="包里没有“memo2”这个命令，行内对它的改动不起作用")
