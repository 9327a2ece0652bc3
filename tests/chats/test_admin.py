"""管理 命令: every command can be stopped, renamed and given to other posts, and everything follows."""

import pytest
import sqlalchemy as sa

from storage import schema
from tests.chats.administering import (
    CHANGES,
    EVERYTHING,
    LIST,
    STOPPED,
    agrees,
    asks,
    finds,
    in_force,
    menu,
    menu_becomes,
    picks,
    stops,
)
from tests.chats.complaining import PLAIN, accepted
from tests.chats.talking import Chat, rows_of

# --- seeing ----------------------------------------------------------------------------------------------------------


async def test_what_each_administrator_sees(house, admin) -> None:
    overview = await admin.says("管理", hears="也可以直接发：管理 命令")
    assert overview.buttons == ["命令"]
    assert rows_of(overview)["命令"].startswith("共 ")
    card = await admin.clicks("命令", hears="哪一个命令")
    assert rows_of(card)["查"] == "启用 · 所有人 · 查询、查一下、查找、查看、查客户、客户"
    assert rows_of(card)["拜访"] == "启用 · 7 个岗位 · 记拜访、拜访登记、登记拜访、走访"
    assert [button for button in card.buttons if button != "下一页"] == ["详情", "停用", "启用", "改别名", "改谁能用"]
    whole = await admin.clicks("详情", choosing={LIST: "6.拜访"}, hears="记一次联系")
    assert rows_of(whole) == {
        "状态": "启用",
        "别名": "记拜访、拜访登记、登记拜访、走访",
        "谁能用": "客户经理、私行经理、理财顾问、主管、支行行长、分行行长、催收岗",
        "用法": "拜访 <客户> [方式] [结果] [内容] [几时回访]",
    }
    assert whole.buttons == ["停用", "改别名", "改谁能用", "全部命令"]
    for userid in ("sysadmin01", "secadmin01"):
        watching = Chat(house, house.phone(userid))
        await watching.says("管理 命令", hears="哪一个命令")
        whole = await watching.clicks("详情", choosing={LIST: "6.拜访"}, hears="记一次联系")
        assert whole.buttons == ["全部命令"], userid


async def test_who_has_nothing_to_administer_is_told(house) -> None:
    rm = Chat(house, house.phone("rm01"))
    await rm.says("管理 命令", hears="您的岗位不能用“管理”")
    await Chat(house, house.phone("audit01")).says("管理", hears="您的岗位不能用“管理”")
    await Chat(house, house.phone("bizadmin01")).says("管理 天气", hears="没有这一项。现在可以管理的有：命令、数据。")


async def test_nothing_chosen_changes_nothing(house, admin) -> None:
    card = await admin.says("管理 命令", hears=LIST)
    for chosen in ([], ["99"], ["1", "2"]):
        await admin.phone.does(
            "press", bubble=card.id, key="command.disable.0", selected={"command": chosen}, force=True
        )
        await admin.hears("请先在下拉里选一个命令")
    assert await house.look(CHANGES) == []


# --- stopping and starting --------------------------------------------------------------------------------------------


async def test_a_stopped_command_is_stopped_for_everybody_everywhere(house, admin, security) -> None:
    """Typed, on an old card, in the menu, on the help, in an open form: nothing of it goes on."""
    rm = Chat(house, house.phone("rm01"))
    await house.menu_is_there()
    old_help = await rm.says("帮助", hears="点一下，或直接发文字")
    summary = await rm.says("查 单雄信", hears="数据截至")
    assert "记拜访" in summary.buttons
    busy = Chat(house, house.phone("rm02"))
    await busy.says("拜访 欧阳静", hears="拜访登记 2/4")
    await busy.says("电话 接通", hears="谈了什么")

    await stops(admin, security)

    await rm.says("拜访 单雄信 电话", hears=STOPPED)
    await rm.says("记拜访", hears=STOPPED)
    await rm.phone.clicks("记拜访", old_help)
    await rm.hears(STOPPED)
    await rm.phone.clicks("记拜访", summary)
    await rm.hears(STOPPED)
    await menu_becomes(house, "查客户", "登记投诉", "我的待办", "看案件", "我的", "帮助")
    told = await rm.says("帮助", hears="点一下，或直接发文字")
    assert "记拜访" not in told.buttons
    assert "记拜访" not in (await rm.says("查 单雄信", hears="数据截至")).buttons
    assert "记拜访" not in (await rm.says("我的", hears="名下客户")).buttons
    assert "记拜访" not in (await rm.says("白访", hears="没看懂")).buttons
    await rm.says("待办", hears="没有未完成的待办")
    await busy.says("聊了理财续期", hears=STOPPED)
    await busy.says("继续", hears="没有进行中的填写")
    assert await house.look(sa.select(schema.visit.c.id)) == []


async def test_a_stopped_complaint_is_not_filed_and_those_that_are_there_go_on(house, admin, security) -> None:
    stopped = STOPPED.replace("拜访", "投诉")
    filing, picking, late = (Chat(house, house.phone(each)) for each in ("cs01", "rm01", "rm02"))
    number = await accepted(Chat(house, house.phone("cs02")), late)
    await filing.says("投诉 欧阳静 说理财到期没有人提醒", hears="办理渠道")
    await picking.says("查 单雄信", hears="数据截至")
    await picking.clicks("登记投诉", hears="发生了什么")
    old = await late.says("查 李国强", hears="登记投诉")
    await late.says(f"案件 {number}", hears=number)
    await late.clicks("提交方案", hears="打算怎么处理")

    await stops(admin, security, "投诉")

    await filing.phone.chooses(PLAIN)
    await filing.phone.clicks("下一步")
    await filing.hears(stopped)
    await filing.says("继续", hears="没有进行中的填写")
    await picking.says("网点排队太久", hears=stopped)
    await late.says("赔付并道歉", hears="要赔付多少钱")
    await late.says("1000元", hears="请核对")
    await late.clicks("保存", hears="已提交方案")
    await late.phone.clicks("登记投诉", old)
    await late.hears(stopped)
    assert await house.look(sa.select(schema.case_file.c.id)) == [(number,)]


async def test_a_stopped_command_called_from_a_menu_that_has_not_followed_yet(house, admin, security) -> None:
    rm = Chat(house, house.phone("rm01"))
    await menu_becomes(house, *EVERYTHING)
    await house.world.fails("menu/create", "errcode", -1)
    await stops(admin, security)
    assert "记拜访" in await menu(house)
    await rm.phone.opens_menu("记拜访")
    await rm.hears(STOPPED)
    await menu_becomes(house, "查客户", "登记投诉", "我的待办", "看案件", "我的", "帮助")


async def test_a_command_comes_back(house, admin, security) -> None:
    rm = Chat(house, house.phone("rm01"))
    await stops(admin, security)
    card = await picks(admin, "详情", "拜访", hears="用法")
    assert rows_of(card)["状态"] == "停用"
    assert card.buttons == ["启用", "改别名", "改谁能用", "全部命令"]
    await admin.clicks("启用", hears="已提交，还没有生效")
    await rm.says("拜访 单雄信 电话 接通 聊了理财", hears=STOPPED)
    await agrees(security, "启用命令 拜访")
    await rm.says("拜访 单雄信 电话 接通 聊了理财", hears="请核对")
    await rm.says("保存", hears="拜访已保存")
    await menu_becomes(house, *EVERYTHING)
    assert await in_force(house) == [(2, "{}")], "what the pack says anyway is no change"


async def test_a_menu_of_quick_changes_ends_as_the_last_one(house, admin, security) -> None:
    """WeCom is away for the first of them; what leaves later is what holds by then."""
    await menu_becomes(house, *EVERYTHING)
    await house.world.fails("menu/create", "errcode", -1, times=2)
    await stops(admin, security)
    await stops(admin, security, "我的")
    await asks(admin, "启用", "拜访")
    await agrees(Chat(house, house.phone("bizadmin02")), "启用命令 拜访")
    await menu_becomes(house, "查客户", "记拜访", "登记投诉", "我的待办", "看案件", "帮助")
    made = len(await house.world.ledger("menu/create"))
    await house.restart()
    await menu_becomes(house, "查客户", "记拜访", "登记投诉", "我的待办", "看案件", "帮助")
    assert len(await house.world.ledger("menu/create")) == made, "what is in its place already is left alone"


async def test_a_menu_of_which_nothing_is_left_goes(house, admin, security, short_menu) -> None:
    await menu_becomes(house, "我的待办")
    await stops(admin, security, "待办")
    await menu_becomes(house)


@pytest.fixture
async def short_menu(house, packs) -> None:
    """A pack whose menu is a single command."""
    pack = packs / "default.yaml"
    head, rest = pack.read_text("utf-8").split("menu:\n", 1)
    short = f"{head}menu:\n  - {{name: 我的待办, command: todo}}\n\ntexts:{rest.split('texts:', 1)[1]}"
    pack.write_text(short, "utf-8")
    await house.restart()


async def test_what_leads_back_cannot_be_stopped(house, admin) -> None:
    for word in ("帮助", "管理"):
        card, option = await finds(admin, word)
        await admin.phone.chooses({LIST: option})
        await admin.phone.clicks("停用", card)
        await admin.hears(f"“{word}”不能停用")
    assert await house.look(CHANGES) == []


# --- other words ------------------------------------------------------------------------------------------------------


async def test_an_alias_is_usable_at_once(house, admin, security) -> None:
    rm = Chat(house, house.phone("rm01"))
    await rm.says("跑客户 单雄信 电话 接通 聊了理财", hears="没看懂")
    request = await asks(admin, "改别名", "拜访", "加 跑客户 去 走访")
    assert "跑客户" in request
    request = await security.phone.hears("改命令的别名 拜访")
    assert rows_of(request) == {"申请人": "吕颖", "加上": "跑客户", "去掉": "走访"}
    await rm.says("跑客户 单雄信 电话 接通 聊了理财", hears="没看懂")
    await agrees(security, "改命令的别名 拜访")
    await rm.says("跑客户 单雄信 电话 接通 聊了理财", hears="请核对")
    await rm.says("取消", hears="已取消")
    await rm.says("走访 单雄信", hears="没看懂")


CANNOT_BE = {
    "加 待办": "“待办”已经是别的命令或控制词",
    "待办": "“待办”已经是别的命令或控制词",
    "加 撤销": "“撤销”已经是别的命令或控制词",
    "加 面访": "“面访”是填表时的回答",
    "加 一起去跑客户的那些日子": "最多 10 个字，不含空格、斜线、冒号",
    "记拜访、拜访登记、登记拜访、走访": "现在就是这样",
}


async def test_a_word_that_cannot_be_is_asked_again(house, admin) -> None:
    """Even one that is a command itself is an answer here; with a slash it is the command."""
    await picks(admin, "改别名", "拜访", hears="改成哪些别名")
    for said, why in CANNOT_BE.items():
        await admin.says(said, hears=why)
    await admin.says("/待办", hears="没有未完成的待办")
    await admin.says("继续", hears="改成哪些别名")
    await admin.says("加 跑客户", hears="已提交，还没有生效")
    assert len(await house.look(CHANGES)) == 1


async def test_a_word_taken_while_the_request_waited(admin, security) -> None:
    """Two requests want the same word: the second cannot come into force, and says so where it is decided."""
    await asks(admin, "改别名", "拜访", "加 登门")
    first = await security.phone.hears("改命令的别名 拜访")
    await asks(admin, "改别名", "我的", "加 登门")
    late = await security.phone.hears("改命令的别名 我的")
    await security.phone.clicks("同意", first)
    await security.hears("改命令的别名 拜访：已同意")
    await security.phone.clicks("同意", late)
    await security.hears("“登门”已经是别的命令或控制词")
    await security.clicks("退回", hears="改命令的别名 我的：已退回（任洁），没有改动。")


# --- other posts ------------------------------------------------------------------------------------------------------


async def test_who_may_is_changed(house, admin, security) -> None:
    rm = Chat(house, house.phone("rm01"))
    summary = await rm.says("查 单雄信", hears="数据截至")
    await asks(admin, "改谁能用", "拜访", "主管、分行行长")
    request = await security.phone.hears("改命令谁能用 拜访")
    assert rows_of(request) == {"申请人": "吕颖", "去掉": "客户经理、私行经理、理财顾问、支行行长、催收岗"}
    await agrees(security, "改命令谁能用 拜访")
    await rm.says("拜访 单雄信 电话", hears="您的岗位不能用“拜访”")
    await rm.phone.clicks("记拜访", summary)
    await rm.hears("您的岗位不能用“拜访”")
    assert "记拜访" not in (await rm.says("帮助", hears="点一下，或直接发文字")).buttons
    await Chat(house, house.phone("sup01")).says("拜访 单雄信 电话 接通 聊了理财", hears="请核对")
    await asks(admin, "改谁能用", "拜访", "加 客户经理")
    await agrees(security, "改命令谁能用 拜访")
    await rm.says("拜访 单雄信 电话 接通 聊了理财", hears="请核对")


async def test_a_command_gives_nobody_what_the_policy_keeps(house, admin, security) -> None:
    warning = "审计员没有办这件事的权限，加上也用不了；权限不在这里改。"
    assert warning in await asks(admin, "改谁能用", "拜访", "加 审计员")
    assert warning in (await security.phone.hears("改命令谁能用 拜访")).text
    await agrees(security, "改命令谁能用 拜访")
    auditor = Chat(house, house.phone("audit01"))
    await auditor.says("拜访 单雄信 电话", hears="您当前的岗位「审计员」不能做这件事")
    assert "记拜访" not in (await auditor.says("帮助", hears="点一下，或直接发文字")).buttons


async def test_an_unknown_post_and_a_lock_out_are_refused(admin) -> None:
    await picks(admin, "改谁能用", "管理", hears="哪些岗位能用")
    await admin.says("加 大堂经里", hears="没有“大堂经里”这个岗位")
    await admin.says("系统管理员、安全管理员", hears="至少要留下：业务管理员")
    await admin.says("去 系统管理员", hears="已提交，还没有生效")
