"""The application menu follows the commands in force: compared with what WeCom has, replaced when it differs."""

from typing import Any

import orjson
import structlog

from bot.wecom_client import WecomClient, WecomError
from domain.pack import MenuTop, Pack
from handlers.context import House
from storage import command_changes
from storage.database import Database

NO_MENU = 46003
log = structlog.get_logger("menu")


def menu_of(pack: Pack) -> dict[str, Any]:
    """The menu as menu/create takes it (page 90231); what is stopped is not on it."""
    return {"button": [top for each in pack.menu if (top := _top(pack, each))]}


def _top(pack: Pack, top: MenuTop) -> dict[str, Any] | None:
    if top.command is not None:
        return _click(pack, top.name, top.command)
    entries = [click for entry in top.items if (click := _click(pack, entry.name, entry.command))]
    return {"name": top.name, "sub_button": entries} if entries else None


def _click(pack: Pack, name: str, key: str) -> dict[str, Any] | None:
    command = pack.command(key)
    return {"type": "click", "name": name, "key": command.event_key} if command.enabled else None


class Menu:
    """WeCom's menu of this application."""

    def __init__(self, wecom: WecomClient, database: Database, house: House) -> None:
        self._wecom, self._database, self._house = wecom, database, house
        self._agent = {"agentid": str(house.agent_id)}

    async def renew(self) -> None:
        """Put what is in force now in its place; raises as `WecomClient.call`. A pack without a menu leaves it be."""
        if not self._house.pack.menu:
            return
        in_force = await self._database.read(lambda unit: command_changes.in_force(unit, self._house.pack))
        try:
            await self._replace(menu_of(in_force.pack)["button"])
        except WecomError as error:
            log.warning("menu_not_created", error=str(error))
            raise

    async def _replace(self, wanted: list[dict[str, Any]]) -> None:
        present = await self._present()
        if wanted and present != wanted:
            await self._wecom.call("POST", "menu/create", params=self._agent, body=orjson.dumps({"button": wanted}))
            log.info("menu_created", entries=len(wanted))
        elif not wanted and present:
            await self._wecom.call("GET", "menu/delete", params=self._agent)
            log.info("menu_deleted")

    async def _present(self) -> object:
        try:
            answer = await self._wecom.call("GET", "menu/get", params=self._agent)
        except WecomError as error:
            if error.errcode == NO_MENU:
                return None
            raise
        return answer.get("button")
