"""The control API's world half: clock, settings, directory files, live changes, SMS, ledger, idle."""

import asyncio
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from simulator.app import SimConfig, start
from simulator.client import NotHeard, PhoneError
from simulator.client import World as Client
from simulator.settings import Settings

METHODS = ("GET", "POST", "PUT", "DELETE")
PUBLISHED = Path(__file__).parents[2] / "docs" / "simulator.md"


async def test_the_clock_moves_and_keeps_running(world: Any) -> None:
    await world.clock.set("2026-11-23T09:00:00+08:00")
    await world.clock.advance(days=1, hours=1)
    first = datetime.fromisoformat(await world.clock.now())
    await asyncio.sleep(0.02)
    second = datetime.fromisoformat(await world.clock.now())
    assert first.isoformat()[:16] == "2026-11-24T10:00"
    assert first.utcoffset() == second.utcoffset()
    assert 0 < (second - first).total_seconds() < 5


@pytest.mark.parametrize(("path", "body", "words"), [
    ("/clock/set", {"now": "2026-11-23T09:00:00"}, "时区"),
    ("/clock/set", {"now": "昨天"}, "请求不对"),
    ("/clock/set", {}, "请求不对"),
    ("/faults", {"kind": "magic", "value": 1}, "kind 只能是"),
    ("/directory", {}, "请求不对"),
    ("/directory/load", {"folder": "/nowhere"}, "请求不对"),
    ("/callbacks/c1/replay", {}, "没有这个回调"),
])  # fmt: skip
async def test_a_bad_request_is_told(world: Any, path: str, body: dict[str, Any], words: str) -> None:
    with pytest.raises(PhoneError, match=words):
        await world.post(path, **body)


@pytest.mark.parametrize("change", [{"weather": "windy"}, {"retries": 4}, {"per_minute": "many"}, {"colour": "red"}])
async def test_settings_are_checked(world: Any, change: dict[str, Any]) -> None:
    before = await world.get("/settings")
    with pytest.raises(PhoneError):
        await world.settings(**change)
    assert await world.get("/settings") == before


async def test_the_default_weather_is_bad() -> None:
    assert Settings().weather == "bad"


async def test_people_from_the_banks_files(world: Any, tmp_path: Path) -> None:
    (tmp_path / "org_units.csv").write_text(
        "unit_id,name,kind,parent_id\nSB1,示例支行,sub_branch,HO\nHO,示例银行,head_office,\n", encoding="utf-8"
    )
    (tmp_path / "staff.csv").write_text(
        "userid,name,posts,unit_id,leader_userid,mobile,status\n"
        "Rm01,示例·张三,客户经理|理财顾问,SB1,zh01,,active\nzh01,示例·李四,支行行长,SB1,,,active\nold,示例,客户经理,SB1,zh01,,left\n",
        encoding="utf-8",
    )
    await world.load(str(tmp_path))
    seen = await world.get("/world")
    people = {m["userid"]: m for m in seen["members"]}
    assert [(d["id"], d["unit_id"], d["parentid"]) for d in seen["departments"]] == [(1, "HO", 0), (2, "SB1", 1)]
    assert (people["rm01"]["posts"], people["rm01"]["direct_leader"]) == (["客户经理", "理财顾问"], ["zh01"])
    assert (people["zh01"]["is_leader_in_dept"], people["zh01"]["department_name"]) == ([1], "示例支行")
    assert people["old"]["status"] == 5
    found = await world.get("/members?q=行长")
    assert ([m["userid"] for m in found["members"]], found["total"]) == (["zh01"], 1)


async def test_a_long_poll_wakes_up(app: Any, world: Any) -> None:
    seq = (await world.get("/updates"))["seq"]
    waiting = asyncio.create_task(world.get(f"/updates?after={seq}&wait=5&userid=rm01"))
    await asyncio.sleep(0.02)
    await app.text("给别人", "rm02")
    await app.text("你好")
    changes = (await waiting)["changes"]
    assert [(c["kind"], c["bubble"]["text"]) for c in changes] == [("bubble", "你好")]


async def test_server_sent_events(app: Any, world: Any, running: Any) -> None:
    seq = (await world.get("/updates"))["seq"]
    async with app.http.get(f"{running.url}/_sim/v1/events?after={seq}") as stream:
        await app.text("你好")
        lines = [(await stream.content.readline()).decode() for _ in range(2)]
    assert lines[0] == f"id: {seq + 1}\n"
    assert json.loads(lines[1].removeprefix("data: "))["bubble"]["text"] == "你好"


async def test_unread_is_counted_and_read(app: Any, world: Any) -> None:
    await app.text("一")
    await app.text("二")
    unread = {m["userid"]: m["unread"] for m in (await world.get("/world"))["members"]}
    assert (unread["rm01"], unread["rm02"]) == (2, 0)
    await world.post("/members/rm01/read")
    assert {m["unread"] for m in (await world.get("/world"))["members"]} == {0}


async def test_a_reset_forgets_what_happened_only(app: Any, world: Any) -> None:
    await app.text("一")
    await world.reset()
    assert (await world.phone("rm01").bubbles(), await world.ledger()) == ([], [])
    assert (await app.text("二"))["errcode"] == 0


async def test_a_cleared_ledger(app: Any, world: Any) -> None:
    await app.text("长" * 700)
    await world.request("DELETE", "/ledger")
    assert await world.violations() == []


async def test_idle_tells_when_something_is_still_on_its_way(world: Any) -> None:
    await world.app(callback_url="http://127.0.0.1:9/")
    await world.settings(retry_delay=2, retries=2)
    await world.phone("rm01").says("在吗")
    with pytest.raises(NotHeard, match="在途"):
        await world.idle(timeout=0.05)
    await world.settings(retry_delay=0)
    await world.idle(timeout=20, quiet=0)


async def test_the_phone_page_is_served_beside_the_api(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>手机</p>", encoding="utf-8")
    (tmp_path / "phone.js").write_text("1", encoding="utf-8")
    running = await start(config=SimConfig(static=tmp_path))
    async with aiohttp.ClientSession(running.url) as http:
        pages = [await (await http.get(path)).text() for path in ("/", "/phone.js", "/_sim/v1/clock")]
    await running.close()
    assert pages[:2] == ["<p>手机</p>", "1"]
    assert pages[2].startswith('{"now"')


async def test_every_published_path_exists(running: Any) -> None:
    """The page documents `METHOD /_sim/v1/…`; each is a route."""
    words = [line.split() for line in PUBLISHED.read_text(encoding="utf-8").splitlines()]
    documented = {(w[0], w[1].split("?")[0].split("[")[0]) for w in words
                  if len(w) > 1 and w[0] in METHODS and w[1].startswith(("/_sim", "/sms"))}  # fmt: skip
    assert len(documented) >= 25
    assert documented <= {(r.method, r.resource.canonical) for r in running.runner.app.router.routes()}


async def test_the_documented_story_runs(running: Any, world: Any, app: Any, listener: Any) -> None:
    """The client example of the page, against an application that answers by hand."""
    form = {
        "card_type": "multiple_interaction",
        "task_id": "m1",
        "main_title": {"title": "记拜访"},
        "select_list": [
            {"question_key": "a", "title": "方式", "option_list": [{"id": "1", "text": "电话"}]},
            {"question_key": "b", "title": "结果", "option_list": [{"id": "1", "text": "接通"}]},
        ],
        "submit_button": {"text": "提交", "key": "submit"},
    }
    async with Client(running.url) as again:
        zhang = again.phone("rm01")
        await zhang.says("拜访 王秀兰")
        await app.card(form)
        await zhang.hears("记拜访")
        await zhang.submits({"方式": "电话", "结果": "接通"})
        await app.text("已保存")
        await zhang.hears("已保存")
        await again.idle()
        assert await again.violations() == []
