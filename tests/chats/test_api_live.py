"""Another system writes a row while people chat: who left, or has another post, is out with their next step."""

from typing import Any

import aiohttp
import orjson

from storage import api_keys
from storage.imports.ownership import read_grant
from tests.chats.traces import browse

CARD, NOBODY = "数据截至", "没有找到这位客户"
RM02 = {"name": "徐思远", "unit_id": "B01S01", "leader_userid": None, "mobile": None}


async def puts(house: Any, path: str, row: dict[str, object]) -> dict[str, Any]:
    """As the bank's own system does it: over the admin port, with its key."""
    grant = read_grant([path.partition("/")[0]])
    key = await house.app.database.do(lambda unit: api_keys.add(unit, "人力系统", grant, 30))
    url = f"http://127.0.0.1:{house.app.admin_port}/api/v1/{path}"
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    async with aiohttp.request("PUT", url, data=orjson.dumps(row), headers=headers) as answer:
        told: dict[str, Any] = await answer.json(content_type=None)
    assert answer.status == 200, told
    return told


async def test_who_leaves_is_out_with_the_next_step(house, phone) -> None:
    rm = phone("rm02")
    await rm.says("查 欧阳静")
    card = await rm.hears(CARD)
    page = card.link("详情")
    assert (await browse(house, "rm02", page))[0] == 200
    assert (await puts(house, "staff/rm02", RM02 | {"posts": ["客户经理"], "status": "left"}))["result"] == "updated"
    await rm.says("查 欧阳静")
    assert "欧阳静" not in (await rm.hears("您已离职或账号已停用")).text
    status, text = await browse(house, "rm02", page)
    assert status == 403
    assert "欧阳静" not in text


async def test_who_has_another_post_may_no_more_what_went_with_the_old(house, phone) -> None:
    rm = phone("rm02")
    await rm.says("查 欧阳静")
    await rm.hears(CARD)
    await puts(house, "staff/rm02", RM02 | {"posts": "产品岗", "status": "active"})
    await rm.says("查 欧阳静")
    await rm.hears("不能做这件事")
    await puts(house, "staff/rm02", RM02 | {"posts": "客户经理", "status": "active"})
    await rm.says("查 欧阳静")
    await rm.hears(CARD)
