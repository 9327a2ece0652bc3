"""Callbacks: sealed so that another implementation opens them, retried, tripled and reordered in bad weather."""

import asyncio
import re
from typing import Any

import pytest
from aiohttp import web
from wechatpy.work.crypto import WeChatCrypto
from wechatpy.work.parser import parse_message


def opened(app: Any, query: dict[str, str], body: str) -> str:
    crypto = WeChatCrypto(app.config.token, app.config.aes_key, app.config.corp_id)
    plain = crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
    return plain if isinstance(plain, str) else plain.decode()


async def only_plain(app: Any, world: Any, listener: Any) -> str:
    await world.idle(quiet=0)
    [(query, body)] = listener.requests
    return opened(app, query, body)


async def test_a_text_arrives_as_written(app: Any, world: Any, listener: Any) -> None:
    await world.phone("rm01").says("查 王秀兰 ]]> & <b>")
    message = parse_message(await only_plain(app, world, listener))
    assert (message.type, message.source, message.content) == ("text", "RM01", "查 王秀兰 ]]> & <b>")
    assert message.agent == app.config.agent_id
    assert message.id > 2**62


@pytest.mark.parametrize(
    ("action", "body", "expected"),
    [
        ("photo", {}, "<MsgType><![CDATA[image]]></MsgType>|<PicUrl>|<MediaId>"),
        ("voice", {}, "<Format><![CDATA[amr]]></Format>"),
        ("video", {}, "<ThumbMediaId>"),
        ("link", {"title": "标题", "url": "https://example.invalid"}, "<Title><![CDATA[标题]]></Title>"),
        ("location", {"lat": 31.5, "lng": 121, "label": "示例路"}, "<Location_X>31.5</Location_X>"),
        ("enter", {}, "<Event><![CDATA[enter_agent]]></Event><EventKey><![CDATA[]]></EventKey>"),
        ("event", {"event": "unsubscribe"}, "<Event><![CDATA[unsubscribe]]></Event>"),
        ("event", {"event": "LOCATION", "fields": {"Latitude": 1.5}}, "<Latitude>1.5</Latitude>"),
        ("raw", {"xml": "<xml>原样</xml>"}, "<xml>原样</xml>"),
    ],
)
async def test_everything_a_member_does_is_told(
    app: Any, world: Any, listener: Any, action: str, body: dict[str, Any], expected: str
) -> None:
    await world.phone("rm01").does(action, **body)
    plain = await only_plain(app, world, listener)
    assert all(part in plain for part in expected.split("|"))


async def test_a_card_press_carries_key_task_type_code_and_selection(app: Any, world: Any, listener: Any) -> None:
    card = {
        "card_type": "multiple_interaction",
        "task_id": "m-1",
        "main_title": {"title": "登记"},
        "select_list": [
            {
                "question_key": "how",
                "title": "方式",
                "option_list": [{"id": "f", "text": "面谈"}, {"id": "t", "text": "电话"}],
            },
            {"question_key": "what", "title": "结果", "option_list": [{"id": "y", "text": "接通"}]},
        ],
        "submit_button": {"text": "提交", "key": "submit.1"},
    }
    await app.card(card)
    await world.phone("rm01").submits({"方式": "电话"})
    plain = await only_plain(app, world, listener)
    for part in (
        "<Event><![CDATA[template_card_event]]></Event>",
        "<EventKey><![CDATA[submit.1]]></EventKey>",
        "<TaskId><![CDATA[m-1]]></TaskId>",
        "<CardType><![CDATA[multiple_interaction]]></CardType>",
        "<QuestionKey><![CDATA[how]]></QuestionKey><OptionIds><OptionId><![CDATA[t]]></OptionId></OptionIds>",
        "<QuestionKey><![CDATA[what]]></QuestionKey><OptionIds><OptionId><![CDATA[y]]></OptionId></OptionIds>",
    ):
        assert part in plain
    assert re.search(r"<ResponseCode><!\[CDATA\[.{20,}\]\]></ResponseCode>", plain)


async def test_the_corner_menu_is_its_own_event(app: Any, world: Any, listener: Any) -> None:
    await app.card(
        {
            "card_type": "text_notice",
            "task_id": "n1",
            "sub_title_text": "到期",
            "card_action": {"type": 1, "url": "https://example.invalid"},
            "action_menu": {"desc": "更多", "action_list": [{"text": "稍后", "key": "later"}]},
        }
    )
    await world.phone("rm01").clicks("稍后")
    plain = await only_plain(app, world, listener)
    assert "<Event><![CDATA[template_card_menu_event]]></Event><EventKey><![CDATA[later]]></EventKey>" in plain
    assert "SelectedItems" not in plain


@pytest.mark.parametrize(("retries", "answers", "tries", "state"), [
    (3, [500, 503, 200], 3, "acked"),
    (3, [500] * 9, 4, "failed"),
    (2, [500] * 9, 3, "failed"),
    (2, [302, 201, 200], 3, "acked"),
])  # fmt: skip
async def test_a_failure_is_retried(
    world: Any, listener: Any, retries: int, answers: list[int], tries: int, state: str
) -> None:
    await world.settings(retries=retries)
    listener.answers = answers
    await world.phone("rm01").says("在吗")
    await world.idle(quiet=0)
    [callback] = await world.callbacks()
    assert (len(listener.requests), callback["state"]) == (tries, state)
    assert len({body for _, body in listener.requests}) == 1


async def test_a_slow_application_is_cut_off_and_tried_again(world: Any, listener: Any) -> None:
    await world.settings(ack_limit=0.05)
    slow = web.Application()

    async def dawdle(_: web.Request) -> web.Response:
        await asyncio.sleep(0.2)
        return web.Response()

    slow.router.add_post("/wecom/callback", dawdle)
    runner = web.AppRunner(slow, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await world.app(callback_url=f"http://127.0.0.1:{runner.addresses[0][1]}/wecom/callback")
    await world.phone("rm01").says("在吗")
    await world.idle(quiet=0)
    [callback] = await world.callbacks()
    assert [c["error"] for c in callback["copies"]] == ["0.05 秒内没有回答"] * 4
    await runner.cleanup()


async def test_an_answer_with_words_is_a_violation(world: Any, listener: Any) -> None:
    listener.words = "success"
    await world.phone("rm01").says("在吗")
    await world.idle(quiet=0)
    assert [v["text"] for v in await world.violations()] == ["回调须回答空正文，收到 'success'"]


async def test_nobody_listening_is_noted(world: Any) -> None:
    await world.app(callback_url="http://127.0.0.1:9/wecom/callback")
    await world.settings(retry_delay=0)
    await world.phone("rm01").says("在吗")
    await world.idle(quiet=0)
    [callback] = await world.callbacks()
    assert callback["state"] == "failed"
    assert callback["copies"][0]["error"].startswith("连不上")


async def test_bad_weather_sends_three_copies_two_alike(app: Any, world: Any, listener: Any) -> None:
    await world.weather("bad")
    await world.phone("rm01").says("查 王秀兰")
    await world.idle(quiet=0)
    assert len(listener.requests) == 3
    assert len({body for _, body in listener.requests}) == 2
    assert len({query["nonce"] for query, _ in listener.requests}) == 2
    assert len({opened(app, *request) for request in listener.requests}) == 1


async def test_bad_weather_keeps_one_persons_order_and_mixes_the_others(app: Any, world: Any, listener: Any) -> None:
    await world.weather("bad")
    for n in range(6):
        for who in ("rm01", "rm02", "mgr01"):
            await world.phone(who).says(f"第 {n} 句")
    await world.idle(quiet=0)
    firsts = dict.fromkeys(opened(app, *request) for request in listener.requests)
    words = [(m.source.lower(), m.content) for m in map(parse_message, firsts)]
    for who in ("rm01", "rm02", "mgr01"):
        assert [text for name, text in words if name == who] == [f"第 {n} 句" for n in range(6)]
    assert [name for name, _ in words] != ["rm01", "rm02", "mgr01"] * 6


async def test_a_persons_next_message_waits_for_the_first_answer(app: Any, world: Any, listener: Any) -> None:
    await world.settings(retry_delay=0.2)
    listener.answers = [500]
    phone = world.phone("rm01")
    await phone.says("一")
    await phone.says("二")
    await world.idle(quiet=0)
    assert [parse_message(opened(app, *request)).content for request in listener.requests] == ["一", "一", "二"]
    assert [c["state"] for c in await world.callbacks()] == ["acked", "acked"]


@pytest.mark.parametrize(("mode", "same_body"), [("same", True), ("reencrypt", False), ("late", False)])
async def test_an_old_callback_can_be_replayed(app: Any, world: Any, listener: Any, mode: str, same_body: bool) -> None:
    await world.phone("rm01").says("一")
    await world.idle(quiet=0)
    [callback] = await world.callbacks()
    assert (await world.replay(callback["id"], mode))["status"] == 200
    first, again = listener.requests
    assert (first[1] == again[1]) is same_body
    assert opened(app, *again) == callback["xml"]
    age = int(first[0]["timestamp"]) - int(again[0]["timestamp"])
    assert (age >= 599) is (mode == "late")


async def test_the_url_check_wants_the_plain_echo(world: Any, listener: Any, app: Any) -> None:
    assert (await world.verifies_callback())["ok"] is False  # the listener knows no GET
    echo = web.Application()

    async def reply(request: web.Request) -> web.Response:
        crypto = WeChatCrypto(app.config.token, app.config.aes_key, app.config.corp_id)
        q = request.query
        plain = crypto.check_signature(q["msg_signature"], q["timestamp"], q["nonce"], q["echostr"])
        return web.Response(text=plain if isinstance(plain, str) else plain.decode())

    echo.router.add_get("/cb", reply)
    runner = web.AppRunner(echo, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await world.app(callback_url=f"http://127.0.0.1:{runner.addresses[0][1]}/cb")
    assert (await world.verifies_callback())["ok"] is True
    await runner.cleanup()
