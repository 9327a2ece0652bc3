"""Coming in: the card of the day by post, the menu, words nobody understood, help, and those who do not belong."""

import aiohttp

from simulator.delivery import seal

STRANGER = "您还没有开通 RM 管家"
UNREADABLE = "暂时看不了这类消息"


CARD_OF_THE_DAY = {
    "rm01": ["我的待办", "查客户", "记拜访", "登记投诉", "看案件", "我的"],
    "branch01": ["我的待办", "看案件", "查客户", "记拜访", "帮助"],
    "cs01": ["登记投诉", "看案件", "查客户", "我的待办", "帮助"],
    "audit01": ["审计", "我的待办", "看案件", "帮助"],
}


async def test_the_card_of_the_day_comes_once_a_day(house) -> None:
    people = {house.phone(userid): buttons for userid, buttons in CARD_OF_THE_DAY.items()}
    for person, buttons in people.items():
        await person.enters()
        assert (await person.hears("直接发命令也行")).buttons == buttons
        await person.enters()
    await house.settled()
    for person in people:
        assert await person.heard() == []
    await house.world.clock.advance(hours=24)
    for person, buttons in people.items():
        await person.enters()
        assert (await person.hears("直接发命令也行")).buttons == buttons
        await person.clicks("我的待办")
        await person.hears("待办")


async def test_the_menu_does_what_it_says(house, phone) -> None:
    rm = phone("rm01")
    await house.menu_is_there()
    for entry, answer in {
        "查客户": "要查哪一位客户？",
        "记拜访": "这次联系的是哪位客户？",
        "登记投诉": "是哪位客户的事？",
        "我的待办": "待办",
        "看案件": "案件",
        "我的": "客户经理",
        "帮助": "您可以这样用",
    }.items():
        await rm.opens_menu(entry)
        await rm.hears(answer)


async def test_what_nobody_understands_becomes_three_buttons_that_work(phone) -> None:
    rm = phone("rm01")
    for said, first, answer in [
        ("代办", "我的待办", "待办"),
        ("daiban", "我的待办", "待办"),
        ("chakehu", "查客户", "要查哪一位客户？"),
        ("bangzhu", "帮助", "您可以这样用"),
        ("bai访", "记拜访", "这次联系的是哪位客户？"),
    ]:
        await rm.says(said)
        card = await rm.hears("没看懂这句话，您是不是想：")
        assert f"“{said}”" in card.text
        assert (len(card.buttons), card.buttons[0]) == (3, first), said
        await rm.clicks(first)
        await rm.hears(answer)
        await rm.says("取消")
    await rm.says("今天天气不错")
    assert len((await rm.hears("没看懂这句话")).buttons) == 3
    await rm.says("查客护")
    await rm.hears("没有找到这位客户")


async def test_help_lists_exactly_what_each_post_may_do(phone) -> None:
    book, sell, tiers = ["查客户", "记拜访", "登记投诉"], ["适当性", "推荐产品"], ["分层", "调层", "隐私", "登记同意"]
    todo, mine, staff, files = ["看案件", "我的待办"], ["我的", "委托"], ["停用", "恢复"], ["导出"]
    leads, knows, last = ["交接", "撤回交接"], ["关系", "紧急查看"], ["切岗", "帮助"]
    rare = [*staff, "冻结", "解冻", "保全", "解除保全", "到期数据", "个人信息", *knows, *last]
    own = ["管理", "审计", "授权", "权限预览"]
    everything = [*own, *book, *todo, *sell, *tiers, *files, *mine, *leads, *rare]
    for userid, buttons in {
        "rm01": [*book, *todo, *sell, *tiers, *files, *mine, *knows, *last],
        "branch01": ["查客户", "记拜访", *todo, *sell, *tiers, *files, *mine, *leads, *knows, *last],
        "cs01": ["查客户", "登记投诉", *todo, "分层", "隐私", "登记同意", *mine, *last],
        "audit01": ["审计", *todo, "适当性", *mine, *last],
        "sysadmin01": ["管理", *todo, *mine, *staff, *last],
        "secadmin01": ["管理", "授权", "权限预览", *todo, *mine, *staff, *last],
    }.items():
        person = phone(userid)
        await person.says("帮助")
        await person.hears(f"您可以这样用（共 {len(buttons)} 项）")
        card = await person.hears("点一下，或直接发文字")
        assert card.buttons == buttons[:6]
        told = "".join(bubble.text for bubble in await person.heard())
        assert [word for word in everything if f"\n{word}：" in told] == buttons


async def test_posts_without_customers_are_told_so(phone) -> None:
    for userid, post in [("audit01", "审计员"), ("sysadmin01", "系统管理员"), ("secadmin01", "安全管理员")]:
        person = phone(userid)
        await person.says("查 王秀兰")
        answer = await person.hears("不能做这件事")
        assert post in answer.text
        assert "帮助" in answer.text
        await person.says("拜访 王秀兰 电话")
        await person.hears("发“帮助”看能用的命令")


async def test_who_left_and_who_is_unknown_hear_one_sentence_an_hour(house) -> None:
    """Both are still in WeCom's directory; the bank's own list decides."""
    await house.world.people(
        *({"userid": userid, "name": userid} for userid in ("rm01", "rmold01", "visitor")),
    )
    for userid, told in (("rmold01", "您已离职或账号已停用"), ("visitor", "请联系本行业务管理员登记")):
        stranger = house.phone(userid)
        await stranger.says("查 王秀兰")
        await stranger.hears(told)
        await stranger.says("你好")
        await stranger.enters()
        await stranger.sends_voice()
        await house.settled()
        await stranger.hears_nothing(0)
        assert len(await stranger.texts()) == 1
    await house.world.clock.advance(minutes=59)
    await stranger.says("在吗")
    await house.settled()
    await stranger.hears_nothing(0)
    await house.world.clock.advance(minutes=2)
    await house.app.clock.reread()
    await stranger.says("在吗")
    await stranger.hears(STRANGER)


async def test_what_cannot_be_read_is_answered_once_an_hour(house, phone) -> None:
    rm = phone("rm01")
    await rm.sends_voice()
    assert "请发文字、照片或位置" in (await rm.hears(UNREADABLE)).text
    await rm.sends_video()
    await house.settled()
    await rm.hears_nothing(0)
    await rm.sends_link("新闻", "https://example.com/")
    await house.settled()
    await rm.hears_nothing(0)
    await house.world.clock.advance(minutes=61)
    await rm.marks()
    assert await arrives(house, "hologram") == 200
    await rm.hears(UNREADABLE)
    await rm.says("查 王秀兰")
    await rm.hears("数据截至")


async def arrives(house, kind: str) -> int:  # type: ignore[no-untyped-def]
    """A message of a type that no document names."""
    world = house.sim.world
    xml = (
        f"<xml><ToUserName>{world.app.corp_id}</ToUserName><FromUserName>rm01</FromUserName>"
        f"<CreateTime>{world.clock.epoch()}</CreateTime><MsgType>{kind}</MsgType>"
        f"<MsgId>77</MsgId><AgentID>{world.app.agent_id}</AgentID></xml>"
    )
    envelope = seal(world.app, xml, world.clock.epoch())
    async with aiohttp.ClientSession() as http, http.post(envelope.url, data=envelope.body) as answer:
        return answer.status


async def test_a_bare_name_is_carried_over_to_the_command_that_was_meant(phone) -> None:
    """王秀兰 without 查 is not understood; the button below looks for her all the same."""
    rm = phone("rm01")
    await rm.says("王秀兰")
    await rm.hears("没看懂")
    await rm.clicks("查客户")
    await rm.hears("C00000001")
    await rm.says("chakehu")
    await rm.hears("没看懂")
    await rm.clicks("查客户")
    await rm.hears("要查哪一位客户")
