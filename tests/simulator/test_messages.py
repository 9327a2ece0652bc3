"""message/send besides cards: types, limits, receivers, duplicates, rates, recall."""

from typing import Any

import pytest

URL = "https://example.invalid/x"
TEXT = {"content": "你好"}
TEXTCARD = {"title": "标题", "description": "说明", "url": URL, "btntxt": "详情"}
ARTICLE = {"title": "标题", "url": URL}

# kind, content, other top-level fields, errcode, documented
REFUSED: list[tuple[str, Any, dict[str, Any], int, bool]] = [
    ("voicemail", {}, {}, 40008, True),
    ("markdown_v2", TEXT, {}, 40008, True),
    ("text", TEXT, {"touser": ""}, 81012, True),
    ("text", TEXT, {"touser": "nobody"}, 81013, True),
    ("text", TEXT, {"touser": "gone"}, 81013, True),
    ("text", TEXT, {"touser": "", "toparty": "77"}, 81013, True),
    ("text", TEXT, {"touser": "|".join(f"u{n}" for n in range(1001))}, 40032, True),
    ("text", TEXT, {"toparty": "|".join(str(n) for n in range(101))}, 82002, True),
    ("text", TEXT, {"totag": "|".join(str(n) for n in range(101))}, 82003, True),
    ("text", TEXT, {"agentid": "1000002"}, 40056, True),
    ("text", TEXT, {"agentid": 7}, 301002, True),
    ("text", TEXT, {"safe": 2}, 40058, False),
    ("text", TEXT, {"unknown": 1}, 40058, False),
    ("text", TEXT, {"enable_duplicate_check": 2}, 40058, False),
    ("text", TEXT, {"duplicate_check_interval": 14401}, 40058, False),
    ("text", TEXT, {"touser": ["rm01"]}, 40035, False),
    ("text", {"content": ""}, {}, 44004, True),
    ("text", {}, {}, 44004, True),
    ("text", {"content": 5}, {}, 40035, False),
    ("markdown", {"content": ""}, {}, 44004, True),
    ("markdown", {"content": "长" * 683}, {}, 45002, False),
    ("markdown", TEXT, {"safe": 1}, 40058, False),
    ("textcard", {**TEXTCARD, "title": ""}, {}, 41016, True),
    ("textcard", {**TEXTCARD, "description": ""}, {}, 41033, True),
    ("textcard", {**TEXTCARD, "url": ""}, {}, 41010, False),
    ("textcard", {**TEXTCARD, "url": "example.invalid"}, {}, 45034, True),
    ("textcard", {**TEXTCARD, "url": "https://example.invalid/" + "x" * 2048}, {}, 40039, True),
    ("image", {"media_id": ""}, {}, 40007, True),
    ("image", {"media_id": "unknown"}, {}, 40007, True),
    ("file", {"media_id": "unknown"}, {}, 40007, True),
    ("news", {"articles": []}, {}, 45008, True),
    ("news", {"articles": [ARTICLE] * 9}, {}, 45008, True),
    ("news", {"articles": [{"url": URL}]}, {}, 41016, True),
    ("news", {"articles": [{"title": "x"}]}, {}, 41010, False),
    ("news", {"articles": [ARTICLE]}, {"safe": 1}, 40074, True),
    ("template_card", None, {}, 40035, False),
]


@pytest.mark.parametrize(("kind", "content", "more", "errcode", "documented"), REFUSED)
async def test_a_violation_is_refused_and_shows_nothing(
    app: Any, world: Any, kind: str, content: Any, more: dict[str, Any], errcode: int, documented: bool
) -> None:
    answer = await app.send(kind, content, more.pop("touser", "rm01"), **more)
    assert answer["errcode"] == errcode, answer["errmsg"]
    assert await world.phone("rm01").bubbles() == []


@pytest.mark.parametrize(
    ("kind", "content"),
    [("text", TEXT), ("markdown", TEXT), ("textcard", TEXTCARD), ("news", {"articles": [ARTICLE] * 8})],
)
async def test_each_type_is_shown(app: Any, world: Any, kind: str, content: dict[str, Any]) -> None:
    answer = await app.send(kind, content)
    assert (answer["errcode"], "response_code" in answer) == (0, False)
    [bubble] = await world.phone("rm01").bubbles()
    assert (bubble.json["kind"], bubble.json["content"], bubble.json["msgid"]) == (kind, content, answer["msgid"])


@pytest.mark.parametrize("raw", [b"", b"[]", b"{", b"\xff", b'"text"'])
async def test_no_json_object_is_refused(app: Any, raw: bytes) -> None:
    assert (await app.post("message/send", raw))["errcode"] == 40035


async def test_escaped_characters_are_refused(app: Any) -> None:
    raw = b'{"touser":"rm01","msgtype":"text","agentid":1000002,"text":{"content":"\\u4f60"}}'
    assert (await app.post("message/send", raw))["errcode"] == 40033


async def test_missing_agentid(app: Any) -> None:
    assert (await app.post("message/send", {"touser": "rm01", "msgtype": "text", "text": TEXT}))["errcode"] == 41011


async def test_long_text_is_cut_and_counted_as_a_violation(app: Any, world: Any) -> None:
    assert (await app.text("长" * 700))["errcode"] == 0
    [bubble] = await world.phone("rm01").bubbles()
    assert bubble.json["text"] == "长" * 682
    assert [v["text"] for v in await world.violations()] == ["text.content 2100 字节，超过 2048，已截断"]


@pytest.mark.parametrize(("name", "limit"), [("title", 128), ("description", 512)])
async def test_long_text_card_is_cut(app: Any, world: Any, name: str, limit: int) -> None:
    await app.send("textcard", {**TEXTCARD, name: "x" * (limit + 1)})
    assert len((await world.phone("rm01").bubbles())[0].json["content"][name]) == limit
    assert len(await world.violations()) == 1


async def test_receivers_are_told_apart(app: Any, world: Any) -> None:
    await world.people(
        {"userid": "rm01", "name": "甲"},
        {"userid": "rm02", "name": "乙"},
        {"userid": "far", "name": "丙"},
        visible=["rm01", "rm02"],
        unlicensed=["rm02"],
    )
    answer = await app.text("大家好", "RM01|rm01|Rm02|FAR|nobody")
    assert answer["invaliduser"] == "far|nobody"
    assert answer["unlicenseduser"] == "rm02"
    assert [d["userid"] for d in await world.deliveries()] == ["rm01"]


@pytest.mark.parametrize("target", [{"touser": "@all"}, {"touser": "", "toparty": "1"}])
async def test_everybody_means_active_visible_members(app: Any, world: Any, target: dict[str, str]) -> None:
    await app.text("通知", target.pop("touser"), **target)
    assert {d["userid"] for d in await world.deliveries()} >= {"rm01", "rm02", "mgr01"}
    assert await world.phone("gone").bubbles() == []


async def test_an_identical_body_is_swallowed_and_visible(app: Any, world: Any) -> None:
    first = await app.text("待办", enable_duplicate_check=1)
    again = await app.text("待办", enable_duplicate_check=1)
    other = await app.text("待办 2", enable_duplicate_check=1)
    assert (first["errcode"], again, other["errcode"]) == (0, {"errcode": 0, "errmsg": "ok"}, 0)
    assert [c["duplicate"] for c in await world.ledger("message/send")] == [False, True, False]
    assert len(await world.phone("rm01").bubbles()) == 2


async def test_without_the_flag_nothing_is_swallowed(app: Any, world: Any) -> None:
    await app.text("待办")
    await app.text("待办")
    assert len(await world.phone("rm01").bubbles()) == 2


async def test_the_duplicate_window_is_machine_time(app: Any, world: Any) -> None:
    await app.text("待办", enable_duplicate_check=1, duplicate_check_interval=1)
    await world.clock.advance(hours=1)
    assert "msgid" not in await app.text("待办", enable_duplicate_check=1, duplicate_check_interval=1)


async def test_a_swallowed_answer_can_repeat_the_first(app: Any, world: Any) -> None:
    await world.settings(duplicate_answer="same")
    first = await app.text("待办", enable_duplicate_check=1)
    assert await app.text("待办", enable_duplicate_check=1) == first


async def test_a_refused_body_is_no_duplicate_later(app: Any, world: Any) -> None:
    assert (await app.text("待办", "new", enable_duplicate_check=1))["errcode"] == 81013
    await world.people({"userid": "new", "name": "新"})
    assert "msgid" in await app.text("待办", "new", enable_duplicate_check=1)


async def test_the_31st_message_of_a_minute_is_dropped_without_a_word(app: Any, world: Any) -> None:
    answers = [await app.text(f"第 {n} 条") for n in range(31)]
    assert {a["errcode"] for a in answers} == {0}
    assert len(await world.phone("rm01").bubbles()) == 30
    assert [d["fate"] for d in await world.deliveries()][-2:] == ["delivered", "dropped_minute"]
    await app.text("别人照收", "rm02")
    assert (await world.deliveries())[-1]["fate"] == "delivered"


async def test_the_hour_has_its_own_limit(app: Any, world: Any) -> None:
    await world.settings(per_minute=100, per_hour=3)
    for n in range(4):
        await app.text(f"第 {n} 条")
    assert [d["fate"] for d in await world.deliveries()] == ["delivered"] * 3 + ["dropped_hour"]


async def test_recall_within_a_day(app: Any, world: Any) -> None:
    msgid = (await app.text("发错了"))["msgid"]
    await world.clock.advance(hours=23)
    await app.login()
    assert (await app.post("message/recall", {"msgid": msgid}))["errcode"] == 0
    assert (await world.phone("rm01").bubbles())[0].json["recalled"] is True


async def test_recall_too_late_or_unknown(app: Any, world: Any) -> None:
    msgid = (await app.text("发错了"))["msgid"]
    await world.clock.advance(hours=25)
    await app.login()
    assert (await app.post("message/recall", {"msgid": msgid}))["errcode"] == 42052
    assert (await app.post("message/recall", {"msgid": "unknown"}))["errcode"] == 40058


async def test_interactive_cards_need_a_callback(app: Any, world: Any) -> None:
    await world.app(has_callback=False)
    card = {
        "card_type": "button_interaction",
        "task_id": "t1",
        "main_title": {"title": "x"},
        "button_list": [{"text": "好", "key": "ok"}],
    }
    assert (await app.card(card))["errcode"] == 43012
    plain = {"card_type": "text_notice", "sub_title_text": "x", "card_action": {"type": 1, "url": URL}}
    assert (await app.card(plain))["errcode"] == 0


async def test_a_task_id_serves_once(app: Any) -> None:
    card = {
        "card_type": "vote_interaction",
        "task_id": "t1",
        "main_title": {"title": "x"},
        "checkbox": {"question_key": "q", "option_list": [{"id": "1", "text": "甲", "is_checked": False}]},
        "submit_button": {"text": "", "key": "ok"},
    }
    assert [(await app.card(card))["errcode"] for _ in range(2)] == [0, 42014]
