"""A word by SMS beside WeCom: once for each case and level, through restarts and past open forms; a loss is told."""

import asyncio
from typing import Any

from domain.ids import UserId
from domain.text_message import escalation
from domain.update import Update, UpdateKind
from handlers.reply import Say, Sms, say
from handlers.speaking import speak
from storage.outbox import Lane
from tests.chats.talking import Chat
from tests.chats.traces import plain, trail

PRESIDENT = UserId("branch01")


async def escalated(house: Any, key: str, to: str = PRESIDENT, *said: Any) -> None:
    """What the unit of an escalation does: a notice by WeCom, perhaps, and a text message."""
    number, _, level = key.partition(".")
    part = Sms(to=UserId(to), key=key, text=escalation(number, {"president": "分行行长"}.get(level, level)))
    now = house.app.clock.business()

    def unit(unit: Any) -> None:
        update = Update(UpdateKind.TIMER, UserId(to), f"timer:{key}:{now}", now)
        unit.now = now
        speak(unit, house.app.house, update, (*said, part))

    await house.app.database.do(unit)


async def texts(house: Any, count: int) -> list[tuple[str, str]]:
    """The gateway's messages, once there are so many."""
    async with asyncio.timeout(20):
        while len(inbox := await house.world.sms()) < count:  # noqa: ASYNC110 - it lives in the simulator
            await asyncio.sleep(0.05)
    return [(sms["mobile"], sms["text"]) for sms in inbox]


async def test_the_president_is_texted_once_through_restarts(house: Any) -> None:
    await escalated(house, "C26110001.president")
    arrived = [("19999000002", "案件 C26110001 已升级：分行行长，请登录企业微信查看")]
    assert await texts(house, 1) == arrived
    await house.restart()
    await escalated(house, "C26110001.president")
    await escalated(house, "C26110002.president", PRESIDENT, *say("C26110002 已升级到您"))
    await house.phone("branch01").hears("C26110002 已升级到您")
    assert len(await texts(house, 2)) == 2
    assert [record["resource"] for record, _ in await trail(house, "sms.kept")] == [
        "sms:C26110001.president",
        "sms:C26110002.president",
    ]


async def test_an_open_form_holds_the_notice_and_not_the_text_message(house: Any, phone: Any) -> None:
    rm = Chat(house, phone("rm01"))
    await rm.says("拜访", hears="哪位客户")
    notice = Say(say("C26110001 快到期了")[0].message, to=UserId("rm01"), lane=Lane.DEADLINE)  # type: ignore[union-attr]
    await escalated(house, "C26110001.warning", "rm01", notice)
    assert [mobile for mobile, _ in await texts(house, 1)] == ["19999000007"]
    assert "快到期了" not in await rm.log()
    await rm.says("取消", hears="快到期了")


async def test_a_text_message_that_is_refused_is_told_to_the_operator_once(house: Any, phone: Any) -> None:
    operator = phone("sysadmin01")
    await house.world.fails("sms", "http", 400)
    await escalated(house, "C26110001.president")
    await operator.hears("给 branch01 的短信没有发出（C26110001.president）")
    await house.restart()
    await escalated(house, "C26110001.president")
    await escalated(house, "C26110003.president")
    assert len(await texts(house, 1)) == 1
    (words,) = [plain(text) for text in await operator.texts()]
    assert words.endswith("：短信网关拒收（HTTP 400）。请另行通知本人；原因见 rmbot doctor 和服务日志。")
    ((record, _),) = await trail(house, "sms.dead")
    assert record["detail"] == {"to": "branch01", "why": "短信网关拒收（HTTP 400）"}


async def test_who_has_left_is_not_texted(house: Any, phone: Any) -> None:
    await escalated(house, "C26110001.rm", "rmold01")
    await phone("sysadmin01").hears("给 rmold01 的短信没有发出（C26110001.rm）：没有登记手机号")
    ((record, _),) = await trail(house, "sms.no_mobile")
    assert record["detail"]["to"] == "rmold01"
    assert await house.world.sms() == []
