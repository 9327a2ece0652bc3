"""The SMS gateway: strict about a message, one for each id, and failing when told to."""

import asyncio
from typing import Any

import aiohttp
import pytest

SMS = {"id": "s1", "mobile": "19900000001", "text": "案件 C26110001 已升级：分行行长，请登录企业微信查看"}


async def hand_in(app: Any, sms: Any) -> int:
    async with app.http.post(f"{app.url}/sms", json=sms, timeout=aiohttp.ClientTimeout(total=1)) as reply:
        return int(reply.status)


async def test_the_same_id_twice_is_one_message(app: Any, world: Any) -> None:
    assert [await hand_in(app, SMS) for _ in range(2)] == [200, 200]
    assert await hand_in(app, SMS | {"id": "s2"}) == 200
    assert [(sms["id"], sms["copies"]) for sms in await world.sms()] == [("s1", 2), ("s2", 1)]


@pytest.mark.parametrize("change", [{"mobile": "19900000002"}, {"text": "另一句"}])
async def test_the_same_id_with_other_words_is_refused(app: Any, world: Any, change: dict[str, str]) -> None:
    assert [await hand_in(app, SMS), await hand_in(app, SMS | change)] == [200, 400]
    [kept] = await world.sms()
    assert {name: kept[name] for name in SMS} == SMS
    assert kept["copies"] == 1


@pytest.mark.parametrize(
    "sms",
    [
        {},
        [],
        "sms",
        SMS | {"more": 1},
        SMS | {"text": ""},
        SMS | {"text": 7},
        SMS | {"text": "长" * 501},
        SMS | {"mobile": "199-0000"},
        SMS | {"mobile": "分行行长"},
        {"id": "s1", "mobile": "19900000001"},
    ],
)
async def test_what_is_no_message_is_refused(app: Any, world: Any, sms: Any) -> None:
    assert await hand_in(app, sms) == 400
    assert await world.sms() == []


@pytest.mark.parametrize(("kind", "value", "status"), [("http", 503, 503), ("http", 429, 429), ("errcode", 1, 400)])
async def test_it_refuses_on_demand_and_keeps_nothing(app: Any, world: Any, kind: str, value: int, status: int) -> None:
    await world.fails("sms", kind, value)
    assert await hand_in(app, SMS) == status
    assert await world.sms() == []
    assert await hand_in(app, SMS) == 200


@pytest.mark.parametrize(("kind", "copies"), [("timeout_before", 1), ("timeout_after", 2)])
async def test_it_is_silent_on_demand(app: Any, world: Any, kind: str, copies: int) -> None:
    await world.fails("sms", kind, 0.05)
    with pytest.raises((aiohttp.ClientError, asyncio.TimeoutError)):
        await hand_in(app, SMS)
    assert await hand_in(app, SMS) == 200
    assert [sms["copies"] for sms in await world.sms()] == [copies]
