"""update_template_card: both forms, one use, 72 hours, who can be updated."""

from typing import Any

import pytest

URL = "https://example.invalid"
VOTE = {
    "card_type": "vote_interaction",
    "main_title": {"title": "选择产品"},
    "checkbox": {"question_key": "q", "option_list": [{"id": "1", "text": "理财", "is_checked": False}]},
    "submit_button": {"text": "提交", "key": "submit"},
}
BUTTONS = {
    "card_type": "button_interaction",
    "task_id": "t1",
    "main_title": {"title": "拜访提醒"},
    "button_list": [{"text": "完成", "key": "done"}],
}
NOTICE = {
    "card_type": "text_notice",
    "task_id": "t2",
    "main_title": {"title": "到期"},
    "card_action": {"type": 1, "url": URL},
    "action_menu": {"desc": "更多", "action_list": [{"text": "稍后", "key": "later"}]},
}
DONE = {"button": {"replace_name": "已处理"}}


async def code_of(app: Any, card: dict[str, Any] = BUTTONS, to: str = "rm01|rm02") -> str:
    return str((await app.card(card, to))["response_code"])


async def test_form_a_greys_the_button_of_one_copy(app: Any, world: Any) -> None:
    assert await app.update(await code_of(app), ["RM01"], **DONE) == {"errcode": 0, "errmsg": "ok"}
    assert (await world.phone("rm01").last_card()).replace_text == "已处理"
    assert (await world.phone("rm02").last_card()).live


async def test_form_b_replaces_the_card(app: Any, world: Any) -> None:
    await app.update(await code_of(app), ["rm01"], template_card={**VOTE, "replace_text": "已提交"})
    card = await world.phone("rm01").last_card()
    assert (card.card["card_type"], card.live, card.replace_text) == ("vote_interaction", False, "已提交")
    assert [u["form"] for u in card.json["updates"]] == ["card"]


async def test_atall_reaches_every_receiver(app: Any, world: Any) -> None:
    assert (await app.update(await code_of(app), [], atall=1, **DONE))["errcode"] == 0
    assert [(await world.phone(u).last_card()).live for u in ("rm01", "rm02")] == [False, False]


async def test_a_party_reaches_its_members_who_received(app: Any, world: Any) -> None:
    assert (await app.update(await code_of(app, to="rm01"), [], partyids=[2], **DONE))["errcode"] == 0
    assert not (await world.phone("rm01").last_card()).live


async def test_a_code_serves_once(app: Any) -> None:
    code = await code_of(app)
    answers = [await app.update(code, ["rm01"], **DONE) for _ in range(2)]
    assert [a["errcode"] for a in answers] == [0, 60140]


async def test_a_refused_update_spends_nothing(app: Any) -> None:
    code = await code_of(app)
    assert (await app.update(code, ["mgr01"], **DONE))["errcode"] == 82102
    assert (await app.update(code, ["rm01"], **DONE))["errcode"] == 0


@pytest.mark.parametrize(("hours", "errcode"), [(71.9, 0), (72.1, 60140)])
async def test_a_code_lives_72_business_hours(app: Any, world: Any, hours: float, errcode: int) -> None:
    code = await code_of(app)
    await world.clock.advance(hours=hours)
    await app.login()
    assert (await app.update(code, ["rm01"], **DONE))["errcode"] == errcode


async def test_strangers_are_listed(app: Any) -> None:
    answer = await app.update(await code_of(app, to="rm01"), ["rm01", "rm02"], **DONE)
    assert (answer["errcode"], answer["invaliduser"]) == (0, ["rm02"])


# The form, further fields, errcode, documented.
REFUSED: list[tuple[dict[str, Any], dict[str, Any], int, bool]] = [
    (DONE, {"userids": []}, 82101, True),
    (DONE, {"userids": ["mgr01"]}, 82102, True),
    (DONE, {"userids": ["u"] * 1001}, 40032, True),
    (DONE, {"partyids": [1] * 101}, 82002, True),
    (DONE, {"tagids": [1] * 101}, 82003, True),
    (DONE, {"agentid": 7}, 42015, True),
    (DONE, {"agentid": "1000002"}, 40056, True),
    (DONE, {"response_code": "unknown"}, 60140, True),
    (DONE, {"userids": "rm01"}, 40035, False),
    (DONE, {"extra": 1}, 40058, False),
    ({}, {}, 40058, False),
    ({**DONE, "template_card": VOTE}, {}, 40058, False),
    ({"button": {"replace_name": ""}}, {}, 40058, False),
    ({"template_card": {**VOTE, "card_type": "unknown"}}, {}, 42031, True),
    ({"template_card": {**VOTE, "task_id": "another"}}, {}, 42014, False),
    ({"template_card": {**VOTE, "main_title": {}}}, {}, 42033, True),
    ({"template_card": {**NOTICE, "replace_text": "x"}}, {}, 40058, False),
    ({"template_card": {**BUTTONS, "button_list": []}}, {}, 40058, False),
]


@pytest.mark.parametrize(("form", "more", "errcode", "documented"), REFUSED)
async def test_a_violation_is_refused(
    app: Any, world: Any, form: dict[str, Any], more: dict[str, Any], errcode: int, documented: bool
) -> None:
    body = {"userids": ["rm01"], "agentid": app.config.agent_id, "response_code": await code_of(app), **form, **more}
    answer = await app.post("message/update_template_card", body)
    assert answer["errcode"] == errcode, answer["errmsg"]
    assert (await world.phone("rm01").last_card()).card == BUTTONS


async def test_a_notice_has_no_button_to_replace(app: Any) -> None:
    assert (await app.update(await code_of(app, NOTICE), ["rm01"], **DONE))["errcode"] == 40058


async def test_a_notice_without_menu_gives_no_code(app: Any) -> None:
    plain = {k: v for k, v in NOTICE.items() if k not in ("task_id", "action_menu")}
    assert "response_code" not in await app.card(plain)


async def test_updates_may_disable_questions_and_leave_out_the_submit_button(app: Any, world: Any) -> None:
    box = {**VOTE["checkbox"], "disable": True}
    card = {"card_type": "vote_interaction", "main_title": {"title": "已选"}, "checkbox": box, "replace_text": "已提交"}
    assert (await app.update(await code_of(app), ["rm01"], template_card=card))["errcode"] == 0


async def test_a_click_brings_its_own_code(app: Any, world: Any, listener: Any) -> None:
    await code_of(app)
    phone = world.phone("rm01")
    await phone.clicks("完成")
    await world.idle(quiet=0)
    xml = (await world.callbacks())[-1]["xml"]
    code = xml.split("<ResponseCode><![CDATA[")[1].split("]]>")[0]
    assert (await app.update(code, ["rm01"], **DONE))["errcode"] == 0
    assert (await app.update(code, ["rm01"], **DONE))["errcode"] == 60140
