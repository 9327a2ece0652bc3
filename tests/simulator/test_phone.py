"""A phone in a test reads like a chat log: saying, hearing, pressing, choosing, and what a phone refuses."""

from typing import Any

import pytest

from simulator.client import NotHeard, PhoneError

CARD = {
    "card_type": "button_interaction",
    "task_id": "t1",
    "main_title": {"title": "王秀兰（示例）"},
    "horizontal_content_list": [
        {"keyname": "资产", "value": "52.3 万", "type": 1, "url": "https://example.invalid/h5"}
    ],
    "button_selection": {
        "question_key": "dim",
        "title": "看什么",
        "option_list": [{"id": "a", "text": "资产"}, {"id": "b", "text": "负债"}],
    },
    "button_list": [
        {"text": "记拜访", "key": "visit.1"},
        {"text": "详情", "type": 1, "url": "https://example.invalid/more"},
    ],
}
VOTE = {
    "card_type": "vote_interaction",
    "task_id": "v1",
    "main_title": {"title": "聊了什么"},
    "checkbox": {
        "question_key": "topic",
        "mode": 1,
        "option_list": [
            {"id": "1", "text": "续期", "is_checked": False},
            {"id": "2", "text": "保险", "is_checked": False},
        ],
    },
    "submit_button": {"text": "提交", "key": "submit.1"},
}
SINGLE = {**VOTE, "task_id": "v2", "checkbox": {**VOTE["checkbox"], "mode": 0}}  # type: ignore[dict-item]


async def test_hearing_only_what_came_after_the_last_action(app: Any, world: Any, listener: Any) -> None:
    zhang = world.phone("rm01")
    await app.text("以前的话")
    await zhang.says("查 王秀兰")
    with pytest.raises(NotHeard, match="没有听到“以前的话”"):
        await zhang.hears("以前的话", timeout=0.1)
    await app.card(CARD)
    assert (await zhang.hears("52.3 万")).buttons == ["记拜访", "详情"]
    assert (await zhang.texts())[0] == "以前的话"


async def test_pressing_is_not_hearing_but_an_update_is(app: Any, world: Any, listener: Any) -> None:
    zhang = world.phone("rm01")
    code = (await app.card(CARD))["response_code"]
    await zhang.clicks("记拜访")
    await zhang.hears_nothing(0.05)
    assert (await zhang.last_card()).json["card_state"]["waiting"] is True
    await app.update(code, ["rm01"], button={"replace_name": "已记录"})
    assert (await zhang.hears("已记录")).json["card_state"]["waiting"] is False
    with pytest.raises(NotHeard, match="不该听到"):
        await zhang.hears_nothing(0)


async def test_the_reply_is_timed(app: Any, world: Any, listener: Any) -> None:
    zhang = world.phone("rm01")
    await zhang.says("帮助")
    await world.idle(quiet=0)
    await app.text("你可以……")
    said = (await zhang.bubbles())[0]
    assert 0 < said.callback["ack_ms"] <= said.callback["reply_ms"]


async def test_choosing_in_words(app: Any, world: Any, listener: Any) -> None:
    zhang = world.phone("rm01")
    await app.card(CARD)
    await zhang.chooses({"看什么": "负债"})
    await zhang.clicks("记拜访")
    await app.card(VOTE)
    await zhang.submits({"聊了什么": ["续期", "保险"]})
    await world.idle(quiet=0)
    first, second = [c["xml"] for c in await world.callbacks()]
    assert "<OptionIds><OptionId><![CDATA[b]]></OptionId></OptionIds>" in first
    assert "<OptionId><![CDATA[1]]></OptionId><OptionId><![CDATA[2]]></OptionId>" in second
    assert (await zhang.last_card()).json["card_state"]["selected"] == {"topic": ["1", "2"]}


async def test_without_a_choice_the_default_goes(app: Any, world: Any, listener: Any) -> None:
    await app.card(CARD)
    await world.phone("rm01").clicks("记拜访")
    await world.idle(quiet=0)
    assert "<OptionId><![CDATA[a]]></OptionId>" in (await world.callbacks())[0]["xml"]


async def test_links_on_a_card(app: Any, world: Any) -> None:
    await app.card(CARD)
    card = await world.phone("rm01").last_card()
    assert (card.link("详情"), card.link("52.3 万")) == ("https://example.invalid/more", "https://example.invalid/h5")
    with pytest.raises(PhoneError, match="没有通往"):
        card.link("别处")


async def test_opening_a_page_signed_in(app: Any, world: Any) -> None:
    await app.card(CARD)
    address = await world.phone("rm01").opens("详情")
    async with app.http.get(address, allow_redirects=False) as reply:
        assert (reply.headers["Location"], reply.cookies["sim_user"].value) == ("https://example.invalid/more", "rm01")


async def test_a_grey_card_is_pressed_only_by_force(app: Any, world: Any, listener: Any) -> None:
    zhang = world.phone("rm01")
    code = (await app.card(CARD))["response_code"]
    old = await zhang.last_card()
    await app.update(code, ["rm01"], button={"replace_name": "已记录"})
    with pytest.raises(PhoneError, match="没有一张还能按的卡片"):
        await zhang.clicks("记拜访")
    with pytest.raises(PhoneError, match="已置灰：已记录"):
        await zhang.clicks("记拜访", on=old)
    await zhang.clicks("记拜访", on=old, force=True)
    await world.idle(quiet=0)
    assert "visit.1" in (await world.callbacks())[0]["xml"]


async def test_a_forwarded_click_comes_from_somebody_else(app: Any, world: Any, listener: Any) -> None:
    await app.card(CARD)
    await world.phone("rm01").clicks("记拜访", as_user="rm02")
    await world.idle(quiet=0)
    assert "<FromUserName><![CDATA[rm02]]></FromUserName>" in (await world.callbacks())[0]["xml"]
    assert (await world.phone("rm01").last_card()).json["card_state"]["waiting"] is False


async def test_a_recalled_card_is_dead(app: Any, world: Any, listener: Any) -> None:
    msgid = (await app.card(CARD))["msgid"]
    old = await world.phone("rm01").last_card()
    await app.post("message/recall", {"msgid": msgid})
    with pytest.raises(PhoneError, match="已撤回"):
        await world.phone("rm01").clicks("记拜访", on=old)


@pytest.mark.parametrize(("selected", "words"), [
    ({"nowhere": ["1"]}, "没有问题"),
    ({"topic": ["9"]}, "没有选项 9"),
    ({"topic": ["1", "2"]}, "只能选一项"),
])  # fmt: skip
async def test_a_phone_cannot_choose_what_is_not_there(
    app: Any, world: Any, selected: dict[str, list[str]], words: str
) -> None:
    await app.card(SINGLE)
    bubble = await world.phone("rm01").last_card()
    with pytest.raises(PhoneError, match=words):
        await world.phone("rm01").does("press", bubble=bubble.id, key="submit.1", selected=selected)


@pytest.mark.parametrize(("action", "body", "words"), [
    ("say", {}, "缺少字段"),
    ("dance", {}, "没有这个动作"),
    ("press", {"bubble": "b99", "key": "x"}, "没有这个气泡"),
    ("menu", {"name": "没有"}, "菜单没有"),
    ("photo", {"data": "%%%"}, "不是 base64"),
    ("photo", {"data": "R0lGODlh"}, "JPG 或 PNG"),
])  # fmt: skip
async def test_a_mistake_in_a_test_is_told(app: Any, world: Any, action: str, body: dict[str, Any], words: str) -> None:
    with pytest.raises(PhoneError, match=words):
        await world.phone("rm01").does(action, **body)


async def test_nobodys_phone(world: Any) -> None:
    with pytest.raises(PhoneError, match="没有成员“ghost”"):
        await world.phone("ghost").says("在吗")


async def test_unknown_words_are_told_with_the_known_ones(app: Any, world: Any) -> None:
    await app.card(VOTE)
    with pytest.raises(LookupError, match="续期"):
        await world.phone("rm01").submits({"聊了什么": "天气"})
