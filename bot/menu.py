"""The application menu follows the pack: compared with what WeCom has, replaced when it differs."""

import asyncio
from typing import Any

import orjson
import structlog

from bot.outside import Unanswered
from bot.wecom_client import WecomClient, WecomError
from domain.pack import MenuTop, Pack
from handlers.context import House

RETRY_SECONDS = 60.0
NO_MENU = 46003
log = structlog.get_logger("menu")


def menu_of(pack: Pack) -> dict[str, Any]:
    """The pack's menu as menu/create takes it (page 90231)."""
    return {"button": [_top(pack, top) for top in pack.menu]}


def _top(pack: Pack, top: MenuTop) -> dict[str, Any]:
    if top.command is not None:
        return _click(pack, top.name, top.command)
    return {"name": top.name, "sub_button": [_click(pack, entry.name, entry.command) for entry in top.items]}


def _click(pack: Pack, name: str, command: str) -> dict[str, Any]:
    return {"type": "click", "name": name, "key": pack.command(command).event_key}


async def keep_menu(wecom: WecomClient, house: House) -> None:
    """Put the menu in place; tried again until WeCom takes it."""
    wanted = menu_of(house.pack)
    agent = {"agentid": str(house.agent_id)}
    while wanted["button"]:
        try:
            if await _present(wecom, agent) != wanted["button"]:
                await wecom.call("POST", "menu/create", params=agent, body=orjson.dumps(wanted))
                log.info("menu_created", entries=len(wanted["button"]))
            return
        except (WecomError, Unanswered) as error:
            log.warning("menu_not_created", error=str(error))
        await asyncio.sleep(RETRY_SECONDS)


async def _present(wecom: WecomClient, agent: dict[str, str]) -> object:
    try:
        answer = await wecom.call("GET", "menu/get", params=agent)
    except WecomError as error:
        if error.errcode == NO_MENU:
            return None
        raise
    return answer.get("button")
