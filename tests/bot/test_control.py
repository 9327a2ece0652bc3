"""The control socket: commands go to the running service, wherever its folder lies, and only one service has a
folder.
"""

import asyncio
import errno
import io
import os
import signal
import socket
import stat
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import orjson
import pytest

from bot import control
from bot.commands.passing import PassingLine
from bot.control import Say
from domain.refusal import Refused
from simulator import app as simulator
from simulator.app import Running
from storage.imports.progress import nobody
from storage.vault_error import VaultError
from tests.bot.rmbot_process import Rmbot, Service
from tests.storage.import_bank import BANK, write_bank

ROWS = sum(text.count("\n") - 1 for text in BANK.values())
"""What the lines of the bank's files tell: a cell that breaks its line counts twice."""


def echo(command: str, arguments: Mapping[str, Any], say: Say, passing: Say) -> None:
    if command == "refuse":
        raise Refused("不行：换一个")
    if command == "no_place":
        raise PermissionError(errno.EACCES, "denied", "/somewhere/export")
    if command == "bad_key":
        raise VaultError("密钥文件 rmbot.key 已损坏")
    if command == "break":
        raise KeyError("王秀兰")
    for number in range(3):
        passing(f"{number} of 3")
        say(f"{command} {arguments['word']} {number}")


def asked(state: Path, command: str, **arguments: Any) -> list[str]:
    heard: list[str] = []
    assert control.call(state, command, arguments, heard.append, nobody)
    return heard


@pytest.mark.parametrize("depth", [1, 8])
def test_a_command_is_answered_line_by_line(depth: int) -> None:
    """Also where the path exceeds what a unix socket allows."""
    with TemporaryDirectory() as short:
        answers_line_by_line(Path(short).joinpath(*["客户经理的状态目录"] * depth), depth)


def answers_line_by_line(state: Path, depth: int) -> None:
    with control.hold(state), control.listening(state, echo):
        assert (len(os.fsencode(state / control.NAME)) > 108) == (depth == 8)
        assert asked(state, "say", word="好") == ["say 好 0", "say 好 1", "say 好 2"]
        assert stat.S_IMODE((state / control.NAME).stat().st_mode) == 0o600
    assert not (state / control.NAME).exists()
    assert control.call(state, "say", {"word": ""}, nobody, nobody) is False


def test_what_is_said_in_passing_comes_at_once_and_apart(tmp_path: Path) -> None:
    heard: list[str] = []
    with control.listening(tmp_path, echo):
        assert control.call(tmp_path, "say", {"word": "好"}, heard.append, heard.append)
    assert heard == ["0 of 3", "say 好 0", "1 of 3", "say 好 1", "2 of 3", "say 好 2"]


def test_who_goes_away_stops_nothing(tmp_path: Path) -> None:
    """Ctrl-C at the command line, while the service imports: what it says in passing finds nobody, and it goes on."""
    gone, done = threading.Event(), threading.Event()

    def work(_command: str, _arguments: Mapping[str, Any], _say: Say, passing: Say) -> None:
        gone.wait(20)
        for _ in range(100):
            passing("x" * 10_000)
        done.set()

    with control.listening(tmp_path, work):
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(tmp_path / control.NAME))
            client.sendall(b'{"command": "work", "arguments": {}}\n')
        gone.set()
        assert done.wait(20)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_passing_line_is_written_over_on_a_terminal() -> None:
    screen = Terminal()
    line = PassingLine(screen)
    line("一")
    line("二")
    line.over()
    line.over()
    assert screen.getvalue() == "\r一\x1b[K\r二\x1b[K\r\x1b[K"


def test_elsewhere_it_is_a_line_now_and_then() -> None:
    written, now = io.StringIO(), [0.0]
    line = PassingLine(written, lambda: now[0])
    for second in range(25):
        now[0] = float(second)
        line(f"{second} 秒")
    line.over()
    assert written.getvalue() == "10 秒\n20 秒\n"


def test_refusals_come_back_in_words(tmp_path: Path) -> None:
    with control.listening(tmp_path, echo):
        with pytest.raises(Refused, match="不行：换一个"):
            asked(tmp_path, "refuse")
        with pytest.raises(Refused, match="读写 /somewhere/export 失败：没有权限"):
            asked(tmp_path, "no_place")
        with pytest.raises(Refused, match=r"密钥文件 .* 已损坏"):
            asked(tmp_path, "bad_key")
        with pytest.raises(Refused, match="程序出错（KeyError）") as broken:
            asked(tmp_path, "break")
        assert "王秀兰" not in broken.value.text


@pytest.mark.parametrize("line", [b"\n", b"{}\n", b"[1]\n", b'{"command": 1, "arguments": {}}\n', b"\xff\n", b""])
def test_nonsense_is_answered(tmp_path: Path, line: bytes) -> None:
    with control.listening(tmp_path, echo), socket.socket(socket.AF_UNIX) as client:
        client.connect(str(tmp_path / control.NAME))
        client.sendall(line)
        client.shutdown(socket.SHUT_WR)
        with client.makefile("rb") as answer:
            assert "看不懂的请求" in orjson.loads(answer.readline())["error"]


def test_a_dead_socket_is_nobody(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / control.NAME))
    assert (tmp_path / control.NAME).exists()
    assert control.call(tmp_path, "say", {}, nobody, nobody) is False
    with control.listening(tmp_path, echo):
        assert len(asked(tmp_path, "say", word="x")) == 3


def test_a_service_that_ends_is_told_from_one_that_is_done(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / control.NAME))
        server.listen()

        def die() -> None:
            client, _ = server.accept()
            with client:
                client.sendall(b'{"progress": "begun"}\n')

        dying = threading.Thread(target=die)
        dying.start()
        heard: list[str] = []
        with pytest.raises(Refused, match="服务在命令做完之前停止了"):
            control.call(tmp_path, "say", {}, heard.append, nobody)
        dying.join()
        assert heard == ["begun"]


def test_one_service_a_folder(tmp_path: Path) -> None:
    with control.hold(tmp_path), pytest.raises(Refused, match="正由另一个 rmbot 服务使用"):
        control.hold(tmp_path)
    control.hold(tmp_path).close()


# --- with a real service --------------------------------------------------------------------------------------------


@contextmanager
def world() -> Iterator[Running]:
    """A simulator on a loop of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    running = asyncio.run_coroutine_threadsafe(simulator.start(), loop).result(10)
    try:
        yield running
    finally:
        asyncio.run_coroutine_threadsafe(running.close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.fixture
def rmbot(tmp_path: Path, database_url: str) -> Iterator[Rmbot]:
    """All that a service needs, in a folder whose path is too long for a socket."""
    from bot.demo.alone import connection

    with world() as running:
        connected = dict(line.split("=", 1) for line in connection(running))
        ports = {"RMBOT_HTTP__PORT": "0", "RMBOT_HTTP__ADMIN_PORT": "0"}
        state = tmp_path.joinpath(*["a-folder-with-a-long-name"] * 6)
        yield Rmbot(state, connected | ports | {"RMBOT_DATABASE__URL": database_url})


@pytest.fixture
def service(rmbot: Rmbot) -> Iterator[Service]:
    with rmbot.running("serve") as running:
        yield running


@pytest.mark.timeout(180)
def test_commands_through_the_service(rmbot: Rmbot, service: Service, tmp_path: Path) -> None:
    write_bank(tmp_path / "feed")
    relative = rmbot("import", "feed", "--as-of", "2026-11-22", "--state", str(rmbot.state), cwd=tmp_path)
    assert (relative.code, relative.err) == (0, "")
    assert "staff.csv 读 5 行：新增 5" in relative.out
    given = {"folder": str(tmp_path / "feed"), "as_of": "2026-11-22", "max_bad": "0", "dry_run": True}
    passing: list[str] = []
    assert control.call(rmbot.state, "import", given, nobody, passing.append)
    assert passing[0] == f"org_units.csv：共 0 / {ROWS} 行"
    (tmp_path / "feed" / "mystery.csv").write_text("a\n1\n", "utf-8")
    refused = rmbot.does("import", str(tmp_path / "feed"))
    assert refused.code == 1
    assert "mystery.csv：不认识的文件名" in refused.err
    assert rmbot.does("inbox", "dead").out == "共 0 条\n"
    assert "审计链完整" in rmbot.does("audit", "verify").out
    (tmp_path / "days.csv").write_text("day,workday,name,unit_id\n2026-11-28,1,周六营业,S1\n", "utf-8")
    relative = rmbot("calendar", "import", "days.csv", "--confirm", "--state", str(rmbot.state), cwd=tmp_path)
    assert relative.out == "days.csv 读 1 行：写入 1 天（2026 年，机构 S1）\n"
    assert rmbot.does("calendar", "hours", "08:00-12:00", "--unit", "B1").code == 0
    assert "平常的时段 08:00-12:00（一天 4 小时）" in rmbot.does("calendar", "show", "2026", "--unit", "S1").out
    second = rmbot.does("serve")
    assert second.code == 1
    assert "正由另一个 rmbot 服务使用" in second.err
    code, seconds = service.stop(signal.SIGTERM)
    assert code == 0
    assert seconds < 10
    assert "审计链完整" in rmbot.does("audit", "verify").out


def test_a_killed_service_leaves_nothing_in_the_way(rmbot: Rmbot) -> None:
    with rmbot.running("serve") as running:
        running.stop(signal.SIGKILL)
    assert (rmbot.state / control.NAME).exists()
    assert "审计链完整" in rmbot.does("audit", "verify").out
    with rmbot.running("serve") as running:
        assert running.stop(signal.SIGINT)[0] == 0


def test_ports_in_use_are_told(rmbot: Rmbot) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = Rmbot(rmbot.state, {**rmbot.settings, "RMBOT_HTTP__PORT": port}).does("serve")
    assert said.code == 1
    assert f"不能监听 127.0.0.1:{port}" in said.err
    assert "Traceback" not in said.err
