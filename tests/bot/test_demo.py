"""The demo: from an empty folder to an answered question, twice, with everything kept in between."""

import asyncio
import re
import resource
import signal
import socket
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.clock import SHANGHAI
from bot.demo.opening import CUSTOMERS, opening_of
from bot.demo.ports import choose_ports
from bot.settings import load
from domain.refusal import Refused
from simulator.client import World
from tests.bot.rmbot_process import Rmbot, Service
from tests.storage.import_bank import write_bank

READY = "按 Ctrl-C"


@pytest.mark.parametrize(
    ("today", "opens"),
    [
        (date(2026, 11, 23), date(2026, 11, 23)),  # a Monday
        (date(2026, 11, 28), date(2026, 11, 30)),  # a Saturday
        (date(2026, 10, 1), date(2026, 10, 8)),  # National Day: a week off
        (date(2026, 10, 10), date(2026, 10, 10)),  # a Saturday that is worked
        (date(2050, 1, 1), date(2050, 1, 3)),  # beyond the published calendar
    ],
)
def test_opens_on_a_working_day_at_nine(today: date, opens: date) -> None:
    assert opening_of(today) == datetime(opens.year, opens.month, opens.day, 9, tzinfo=SHANGHAI)


def test_a_taken_port_gives_way_unless_it_was_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        found = choose_ports(load(None, tmp_path), port)
        assert found.sim != port
        assert f"手机页面的端口 {port} 已被占用，改用 {found.sim}" in found.moved
        monkeypatch.setenv("RMBOT_HTTP__ADMIN_PORT", str(port))
        with pytest.raises(Refused, match=f"管理端口 {port} 已被占用"):
            choose_ports(load(None, tmp_path), 0)


@pytest.fixture
def rmbot(tmp_path: Path) -> Rmbot:
    return Rmbot(tmp_path / "state", {"RMBOT_HTTP__PORT": "0", "RMBOT_HTTP__ADMIN_PORT": "0", "SIM_PORT": "0"})


def page(service: Service) -> str:
    found = re.search(r"http://127\.0\.0\.1:\d+", service.said)
    assert found
    return found.group()


LABELS = ("分层 单雄信", "客户标签，数据截至")
VISIT = (
    ("查 单雄信", "单雄信"),
    ("拜访 单雄信 电话 接通 聊了理财续期 下周三回访", "请核对"),
    ("保存", "拜访已保存"),
)
KEPT = ("查 单雄信", "今天 电话 · 拜访")  # not among the to-dos: how many pages they fill depends on the day


async def talk(url: str, *lines: tuple[str, str]) -> datetime:
    """Say and hear as 李明 on his phone; the business time at the end."""
    async with World(url) as world:
        for says, hears in lines:
            await world.phone("rm01").says(says)
            await world.phone("rm01").hears(hears, timeout=15)
        assert await world.violations() == []
        return datetime.fromisoformat(await world.clock.now())


def worked() -> float:
    """Seconds of CPU that ended children have used: what a start costs, however busy the machine is otherwise."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.timeout(180)
def test_two_starts(rmbot: Rmbot) -> None:
    rmbot = replace(rmbot, from_nothing=True)
    before = worked()
    with rmbot.running("demo", ready=READY) as first:
        ended = asyncio.run(talk(page(first), LABELS, *VISIT))
        assert ended.hour == 9
        records = count(rmbot.does("audit", "verify").out)
        first.stop(signal.SIGKILL)
    assert worked() - before < 40
    with (rmbot.state / "bank" / "customers.csv").open(encoding="utf-8") as lines:
        assert sum(1 for _ in lines) == CUSTOMERS + 1
    before = worked()
    with rmbot.running("demo", ready=READY) as again:
        continued = asyncio.run(talk(page(again), KEPT))
        assert (continued - ended).total_seconds() > -2
        assert count(rmbot.does("audit", "verify").out) > records > len(VISIT)
        code, seconds = again.stop(signal.SIGINT)
    assert code == 0
    assert seconds < 10
    assert worked() - before < 8


def count(verdict: str) -> int:
    found = re.search(r"审计链完整：共 (\d+) 条", verdict)
    assert found
    return int(found.group(1))


def test_the_simulator_alone(rmbot: Rmbot, tmp_path: Path) -> None:
    write_bank(tmp_path / "feed")
    words = (
        "--port",
        "0",
        "--bank",
        str(tmp_path / "feed"),
        "--corp-id",
        "ww-mine",
        "--at",
        "2026-11-23T09:00:00+08:00",
    )
    with rmbot.running("sim", *words, ready=READY) as running:
        said = dict(line.split("=", 1) for line in running.said.splitlines() if line.startswith("RMBOT_"))
        assert said["RMBOT_WECOM__CORP_ID"] == "ww-mine"
        started = asyncio.run(look(said["RMBOT_WECOM__API_BASE"]))
        code, _ = running.stop(signal.SIGTERM)
    assert code == 0
    assert started.isoformat(timespec="minutes") == "2026-11-23T09:00+08:00"


async def look(url: str) -> datetime:
    async with World(url) as world:
        assert {member["userid"] for member in (await world.get("/world"))["members"]} >= {"rm01", "rm02"}
        return datetime.fromisoformat(await world.clock.now())
