"""What the stories of administrators have in common: asking for a change, agreeing to it, and what came of it."""

import asyncio
from typing import Any

import sqlalchemy as sa

from simulator.client import Bubble
from storage import schema
from tests.chats.talking import Chat, options_of

STOPPED = "这个命令已停用（拜访），发“帮助”看现在能用的命令。"
LIST = "哪一个命令"
EVERYTHING = ("查客户", "记拜访", "登记投诉", "我的待办", "看案件", "我的", "帮助")
CHANGES = sa.select(schema.approval.c.state, schema.approval.c.decided_by)
_TO_HANDLE = sa.select(schema.inbox.c.id).where(schema.inbox.c.state == "new")
_TO_SEND = sa.select(schema.outbox.c.id).where(schema.outbox.c.state.in_(["new", "leased"]))


async def finds(admin: Chat, word: str) -> tuple[Bubble, str]:
    """The page of the list that has the command, and its option."""
    card = await admin.says("管理 命令", hears="共 ")
    while not (found := [option for option in options_of(card)[LIST] if option.endswith(f".{word}")]):
        card = await admin.clicks("下一页", hears="页")
    return card, found[0]


async def picks(admin: Chat, button: str, word: str, hears: str) -> Bubble:
    """Press the button for a command."""
    _, option = await finds(admin, word)
    return await admin.clicks(button, choosing={LIST: option}, hears=hears)


async def asks(admin: Chat, button: str, word: str, answer: str = "") -> str:
    """A request that is handed in; what its card says."""
    if not answer:
        return (await picks(admin, button, word, hears="已提交，还没有生效")).text
    await picks(admin, button, word, hears="改成哪些别名" if button == "改别名" else "哪些岗位能用")
    return (await admin.says(answer, hears="已提交，还没有生效")).text


async def agrees(one: Chat, what: str) -> None:
    await one.phone.hears(what)
    await one.clicks("同意", hears=f"{what}：已同意")


async def stops(admin: Chat, security: Chat, word: str = "拜访") -> None:
    await asks(admin, "停用", word)
    await agrees(security, f"停用命令 {word}")


async def menu(house: Any) -> list[str]:
    """What the menu of the application offers, flat."""
    tops = ((await house.world.get("/world"))["menu"] or {"button": []})["button"]
    return [entry["name"] for top in tops for entry in top.get("sub_button") or [top]]


async def menu_becomes(house: Any, *entries: str) -> None:
    """It follows soon, and nothing is on its way that changes it again."""
    coming = _TO_SEND.where(schema.outbox.c.kind == "menu")
    async with asyncio.timeout(15):
        while await menu(house) != list(entries) or await house.look(coming):  # noqa: ASYNC110 - it lives there
            await asyncio.sleep(0.05)


async def all_done(house: Any) -> None:
    """Everything that was sent to the bot is handled, and everything it has to say is said."""
    async with asyncio.timeout(15):
        await house.settled()
        while await house.look(_TO_HANDLE) or await house.look(_TO_SEND):  # noqa: ASYNC110 - it lives in the database
            await asyncio.sleep(0.05)
        await house.settled()


async def in_force(house: Any) -> list[tuple[int, str]]:
    """The row that holds what the bank changed."""
    return [tuple(row) for row in await house.look(sa.select(schema.setting.c.version, schema.setting.c.body))]


async def last_request(chat: Chat) -> Bubble:
    """The newest card of a request, whatever it says by now."""
    return [bubble for bubble in await chat.phone.bubbles() if bubble.card and "申请人" in bubble.text][-1]


async def greys(chat: Chat, face: str) -> None:
    """The newest copy of the request says what was decided."""
    await all_done(chat.house)
    assert (await last_request(chat)).replace_text == face
