"""Keys change while people chat: every cell that the house ever wrote opens, and nobody notices."""

import asyncio

import pytest

from bot.app import App
from bot.commands.errands import perform
from storage.imports.progress import nobody
from storage.resealing import reseal
from storage.vault_error import VaultError
from tests.chats.complaining import chat, file
from tests.chats.talking import Chat


@pytest.fixture
def rm(house, phone) -> Chat:
    return Chat(house, phone("rm01"))


async def rotate(house) -> list[str]:
    """As the command does it through the running service."""
    told: list[str] = []
    app = house.app
    arguments = {"actor": "cli:tester"}
    await asyncio.to_thread(perform, app.database, app.clock, "keys.rotate", arguments, told.append, nobody)
    return told


async def test_nobody_notices_a_change_of_keys(house, rm) -> None:
    await rm.says("拜访 单雄信 电话 接通 想等月底", hears="请核对")
    await rm.says("保存", hears="拜访已保存")
    number = await file(chat(house, "cs01"))
    await rm.says("拜访 王秀兰 电话", hears="联系上了吗")
    told, _ = await asyncio.gather(rotate(house), rm.says("接通", hears="谈了什么"))
    assert "已换下" in told[-1]
    await rm.says("想买基金", hears="几时再联系")
    await rm.says("跳过", hears="请核对")
    await rm.says("保存", hears="拜访已保存")
    await chat(house, "cs01").says(f"案件 {number}", hears=number)
    await house.settled()
    assert not (await asyncio.to_thread(reseal, house.app.database, lambda table, seen: None)).damaged
    told = await rotate(house)
    assert "已换下" in told[-1]
    await house.restart()
    await rm.says("查 王秀兰", hears="数据截至")


async def test_a_signing_key_that_others_can_read_stops_the_start(house) -> None:
    house.settings.notary.key_file.chmod(0o640)
    with pytest.raises(VaultError, match=r"rmbot-audit\.key 能被其他用户读取：请执行 chmod 600"):
        App(house.settings)
