"""Doctor: everything right is ✓, each single fault is ✗ with its repair."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import datetime
from functools import partial
from pathlib import Path

import pytest
from aiohttp import web

from bot import control, doctor
from bot.app import App
from bot.clock import SHANGHAI
from bot.commands.errands import perform
from bot.demo.alone import connection
from bot.doctor.sms import gateway
from bot.sections import Sms
from bot.settings import load
from simulator import app as simulator
from simulator.app import Running
from simulator.client import World
from storage.imports.progress import nobody
from tests.bot.rmbot_process import Rmbot
from tests.bot.sms_clouds import TEMPLATES, cloud
from tests.storage.import_bank import write_bank

STAFF = ("ZhangWei", "rm01", "rm02", "SunGuo")


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("RMBOT_")]:
        monkeypatch.delenv(name)


@pytest.fixture
async def world() -> AsyncIterator[Running]:
    running = await simulator.start()
    running.world.clock.set(datetime(2026, 10, 31, 12, 0, tzinfo=SHANGHAI))
    yield running
    await running.close()


@pytest.fixture
async def bank(
    world: Running, database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[App]:
    """A bot at work with its people, connected to the simulator."""
    for line in connection(world):
        monkeypatch.setenv(*line.split("=", 1))
    monkeypatch.setenv("RMBOT_DATABASE__URL", database_url)
    for name in ("RMBOT_HTTP__PORT", "RMBOT_HTTP__ADMIN_PORT"):
        monkeypatch.setenv(name, "0")
    settings = load(None, tmp_path)
    app = App(settings)
    await app.start()
    monkeypatch.setenv("RMBOT_HTTP__PUBLIC_URL", f"http://127.0.0.1:{app.public_port}")
    write_bank(tmp_path / "feed")
    given = {"folder": str(tmp_path / "feed"), "as_of": "2026-10-31", "max_bad": "0", "dry_run": False}
    await asyncio.to_thread(perform, app.database, app.clock, "import", given, nobody, nobody)
    async with World(world.url) as console:
        await console.post("/directory/load", folder=str(tmp_path / "feed"))
    yield app
    await app.stop()


async def examined(tmp_path: Path) -> tuple[bool, list[str]]:
    said: list[str] = []
    fine = await asyncio.to_thread(doctor.examine, None, tmp_path, said.append)
    return fine, said


def only(said: list[str], sign: str) -> list[str]:
    return [line for line in said if line.startswith(sign)]


@pytest.fixture
async def served(bank: App, tmp_path: Path) -> AsyncIterator[App]:
    """The same, with its control socket open as `rmbot serve` has it."""
    with control.listening(tmp_path, partial(perform, bank.database, bank.clock, settings=load(None, tmp_path))):
        yield bank


async def test_everything_is_right(served: App, tmp_path: Path) -> None:
    fine, said = await examined(tmp_path)
    assert (fine, only(said, "✗")) == (True, [])
    assert [line.split("：")[0] for line in only(said, "✓")] == [
        "✓ 设置", "✓ 密钥文件", "✓ 审计签名密钥", "✓ 数据库", "✓ 工作日历", "✓ 数据到位", *fonts(said), "✓ 时钟", "✓ 短信",
        "✓ access_token", "✓ 应用", "✓ 可见范围", "✓ 对外地址", "✓ 回调",
    ]  # fmt: skip
    assert "在职员工 4 人" in next(line for line in said if "数据库" in line)
    assert said[-1] == "全部正常"


def fonts(said: list[str]) -> list[str]:
    """The machine that runs the tests may have no way to list its fonts."""
    return [line.split("：")[0] for line in said if line.startswith("✓ 中文字体")]


FAULTS = {
    "secret": ("RMBOT_WECOM__SECRET", "wrong", "✗ 企业微信：Secret 不对"),
    "corp id": ("RMBOT_WECOM__CORP_ID", "ww-other", "✗ 企业微信：企业 ID 不对"),
    "agent id": ("RMBOT_WECOM__AGENT_ID", "7", "✗ 企业微信：AgentId 不是这个应用的"),
    "token": ("RMBOT_WECOM__TOKEN", "Other", "✗ 回调："),
    "aes key": ("RMBOT_WECOM__AES_KEY", "B" * 42 + "A", "✗ 回调："),
    "public url": ("RMBOT_HTTP__PUBLIC_URL", "http://127.0.0.1:1", "✗ 对外地址：http://127.0.0.1:1 访问不到"),
    "sms url": ("RMBOT_SMS__URL", "http://127.0.0.1:1/sms", "✗ 短信：http 通道没有正常回答（ClientConnectorError）"),
    "api base": ("RMBOT_WECOM__API_BASE", "http://127.0.0.1:1", "✗ 企业微信：连不上"),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_one_wrong_setting_is_found(
    served: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    name, value, says = FAULTS[fault]
    monkeypatch.setenv(name, value)
    fine, said = await examined(tmp_path)
    assert fine is False
    assert [line for line in only(said, "✗") if line.startswith(says)] != []
    assert said[-1].startswith("有问题")


@pytest.mark.parametrize(
    ("path", "body", "says"),
    [
        ("/app", {"trusted_ip": False}, "✗ 企业微信：本机的出口 IP 不在企业可信 IP 里"),
        ("/directory", {"users": [{"userid": name, "name": name} for name in STAFF[:2]], "visible": ["rm01"]},
         "✗ 可见范围：3 名在职员工收不到消息（rm02、SunGuo、ZhangWei）"),
    ],
    ids=["trusted ip", "visible range"],
)  # fmt: skip
async def test_what_the_console_says_is_checked(
    served: App, world: Running, tmp_path: Path, path: str, body: dict[str, object], says: str
) -> None:
    method = "PUT" if path == "/app" else "POST"
    async with World(world.url) as console:
        await console.request(method, path, body)
    fine, said = await examined(tmp_path)
    assert fine is False
    assert [line[: len(says)] for line in only(said, "✗")] == [says]


async def test_a_bare_shell_beside_a_service_has_it_look_at_itself(
    served: App, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A demo's and a systemd service's settings are nobody else's."""
    for name in [name for name in os.environ if name.startswith("RMBOT_")]:
        monkeypatch.delenv(name)
    fine, said = await examined(tmp_path)
    assert (fine, only(said, "✗"), said[-1]) == (True, [], "全部正常")
    assert said[0] == "✓ 设置：齐全（运行中的服务的）"
    served.settings.key_file.chmod(0o640)
    fine, said = await examined(tmp_path)
    assert (fine, len(only(said, "✗")), said[-1]) == (False, 1, doctor.WRONG)


async def test_a_key_that_others_can_read(served: App, tmp_path: Path) -> None:
    served.settings.key_file.chmod(0o640)
    fine, said = await examined(tmp_path)
    assert fine is False
    assert only(said, "✗") == [
        f"✗ 密钥文件：{served.settings.key_file} 的权限是 0640，其他账号能读到：请执行 chmod 600 {served.settings.key_file}"
    ]


@pytest.mark.parametrize(
    ("today", "says"),
    [
        ("2026-10-31", "✓ 工作日历：已确认到 2026-12-31"),
        ("2026-11-01", "! 工作日历：2027 年的放假安排还没有确认"),
        ("2026-12-31", "! 工作日历：2027 年的放假安排还没有确认"),
        ("2028-03-01", "! 工作日历：2028 年的放假安排还没有确认"),
    ],
)
async def test_the_end_of_the_calendar_is_told_sixty_days_before(
    served: App, world: Running, tmp_path: Path, today: str, says: str
) -> None:
    world.world.clock.set(datetime.fromisoformat(f"{today}T12:00:00+08:00"))
    await served.clock.reread()
    fine, said = await examined(tmp_path)
    (told,) = (line for line in said if "工作日历" in line)
    assert (fine, told[: len(says)]) == (True, says)
    assert told.endswith("rmbot calendar import FILE --confirm") == (told[0] == "!")


@pytest.mark.parametrize(
    ("name", "answers", "changes", "says"),
    [
        ("tencent", [], {}, "✓ 短信：tencent 通道能连上"),
        ("aliyun", [], {}, "✓ 短信：aliyun 通道能连上"),
        (
            "tencent",
            [],
            {"secret_key": "x"},
            "✗ 短信：tencent 不让发：请核对 RMBOT_SMS__SECRET_ID 和 RMBOT_SMS__SECRET_KEY",
        ),
        (
            "aliyun",
            [],
            {"secret_key": "x"},
            "✗ 短信：aliyun 不让发：请核对 RMBOT_SMS__SECRET_ID 和 RMBOT_SMS__SECRET_KEY",
        ),
        ("aliyun", ["isv.AMOUNT_NOT_ENOUGH"], {}, "✗ 短信：aliyun 不让发：短信余额不足或已欠费"),
        ("tencent", ["InternalError"], {}, "✗ 短信：tencent 通道没有正常回答（InternalError）"),
    ],
)
async def test_a_cloud_is_asked_and_sends_nothing(
    name: str, answers: list[str], changes: dict[str, str], says: str
) -> None:
    async with cloud(name) as server:
        server.answers = answers
        settings = Sms.model_validate({"provider": name, **server.settings(), **TEMPLATES[name], **changes})
        assert str(await gateway(settings)).startswith(says)
    assert server.taken == []


async def test_a_log_is_no_gateway() -> None:
    assert str(await gateway(Sms())).startswith("– 短信：通道是 log，只记日志，不会发出")


@pytest.mark.parametrize(("status", "sign"), [(200, "✓"), (403, "✓"), (405, "✓"), (500, "✗"), (503, "✗")])
async def test_a_gateway_that_answers_is_there(status: int, sign: str) -> None:
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.method)
        return web.Response(status=status)

    runner = web.AppRunner(web.Application(), access_log=None)
    runner.app.router.add_route("*", "/sms", answer)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/sms"
    assert (await gateway(Sms(provider="http", url=url))).sign == sign
    await runner.cleanup()
    assert asked == ["OPTIONS"]


def test_an_empty_installation(tmp_path: Path) -> None:
    said = Rmbot(tmp_path / "state", {"RMBOT_WECOM__API_BASE": "http://127.0.0.1:1"}).does("doctor")
    assert said.code == 1
    assert "✗ 设置：RMBOT_WECOM__SECRET：还没有设置" in said.out
    assert "– 数据库：还是空的" in said.out
    assert "– 时钟：连不上" in said.out
    assert not (tmp_path / "state").exists()


def test_unusable_settings_are_all_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RMBOT_HTTP__PROT", "1")
    said: list[str] = []
    assert doctor.examine(None, tmp_path, said.append) is False
    assert said == ["✗ 设置：环境变量 RMBOT_HTTP__PROT：没有这个设置项。是不是 RMBOT_HTTP__PORT？"]
