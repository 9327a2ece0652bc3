"""The control socket: a command given while the service runs is carried out by the service itself (design decision 15).

A client writes one line of JSON `{"command": …, "arguments": {…}}` and reads lines until the last:
`{"progress": text}` (it stays) and `{"passing": text}` (of the moment) any number of times, then `{"result": {}}` or
`{"error": text}`.
"""

import fcntl
import os
import socket
import socketserver
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import orjson
import structlog

from bot.commands.mishap import foreseen
from domain.refusal import Refused

NAME, LOCK = "rmbot.sock", "rmbot.lock"
LONGEST_PATH = 100  # bytes; Linux takes 107, macOS 103
LONGEST_REQUEST = 64 * 1024

Say = Callable[[str], None]
Perform = Callable[[str, Mapping[str, Any], Say, Say], None]
log = structlog.get_logger("control")


class ServiceGone(Refused):
    """The service went away before it answered."""

    def __init__(self) -> None:
        super().__init__("服务在命令做完之前停止了：已完成的部分有效，请在服务恢复后重新执行")


def hold(state: Path) -> IO[str]:
    """Keep this state folder for one service until the handle closes or the process ends; raises Refused."""
    state.mkdir(parents=True, exist_ok=True)
    handle = open(state / LOCK, "a", encoding="utf-8")  # noqa: SIM115 - held until close
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        handle.close()
        raise Refused(f"状态目录 {state} 正由另一个 rmbot 服务使用：请先停止它，或用 --state 另选目录") from None
    return handle


@contextmanager
def listening(state: Path, perform: Perform) -> Iterator[None]:
    """Carry out commands while the block runs; the caller holds the state folder, so an older socket is dead."""
    path = state / NAME
    path.unlink(missing_ok=True)
    server = _Server(path, perform)
    thread = threading.Thread(target=server.serve_forever, args=(0.1,), name="control", daemon=True)
    thread.start()
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        server.shutdown()
        server.server_close()
        thread.join()


def call(state: Path, command: str, arguments: Mapping[str, Any], say: Say, passing: Say) -> bool:
    """Have the running service do it; False when none runs on this folder. Raises Refused with its words."""
    with socket.socket(socket.AF_UNIX) as client:
        try:
            with _short(state / NAME) as address:
                client.connect(address)
        except (FileNotFoundError, ConnectionRefusedError):
            return False
        except PermissionError:
            raise Refused(f"没有权限使用 {state / NAME}：请用运行服务的同一个系统账号执行") from None
        with suppress(BrokenPipeError):
            client.sendall(orjson.dumps({"command": command, "arguments": arguments}) + b"\n")
        _follow(client, say, passing)
    return True


def _follow(client: socket.socket, say: Say, passing: Say) -> None:
    with client.makefile("rb") as lines, suppress(ConnectionResetError):
        for line in lines:
            told = orjson.loads(line)
            if "progress" in told:
                say(told["progress"])
            elif "passing" in told:
                passing(told["passing"])
            elif "error" in told:
                raise Refused(told["error"])
            else:
                return
    raise ServiceGone


@contextmanager
def _short(path: Path) -> Iterator[str]:
    """An address of this socket that the system accepts: where the path is too long, by way of a symbolic link."""
    if len(os.fsencode(path)) <= LONGEST_PATH:
        yield str(path)
        return
    near = "/tmp" if len(os.fsencode(tempfile.gettempdir())) > LONGEST_PATH // 2 else None
    with tempfile.TemporaryDirectory(prefix="rmbot-", dir=near) as folder:
        link = Path(folder, "s")
        link.symlink_to(path.parent.absolute())
        yield str(link / path.name)


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """One thread a command; they are daemons, so a long command never holds up the end of the service."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, path: Path, perform: Perform) -> None:
        self.perform = perform
        super().__init__(str(path), _Conversation, bind_and_activate=False)
        before = os.umask(0o177)
        try:
            with _short(path) as address:
                self.socket.bind(address)
        finally:
            os.umask(before)
        self.server_activate()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Somebody hung up; what was asked is done or undone as a whole."""
        log.info("control_client_gone")


class _Conversation(socketserver.StreamRequestHandler):
    """One command: its progress, then its end."""

    def handle(self) -> None:
        asked = _request(self.rfile.readline(LONGEST_REQUEST))
        if asked is None:
            return self._tell(error="看不懂的请求：客户端与服务的版本可能不同，请重启服务")
        try:
            self._perform(*asked)
        except Refused as refused:
            return self._tell(error=refused.text)
        except Exception as error:
            log.error("command_failed", command=asked[0], error=type(error).__name__)
            unforeseen = f"程序出错（{type(error).__name__}），没有完成；详情见服务的日志"
            return self._tell(error=foreseen(error) or unforeseen)
        return self._tell(result={})

    def _perform(self, command: str, arguments: Mapping[str, Any]) -> None:
        assert isinstance(self.server, _Server)
        log.info("command", command=command)
        self.server.perform(command, arguments, lambda text: self._tell(progress=text), self._mention)

    def _mention(self, text: str) -> None:
        """Whoever asked may have gone away; that ends nothing that was begun."""
        with suppress(OSError):
            self._tell(passing=text)

    def _tell(self, **line: object) -> None:
        self.wfile.write(orjson.dumps(line) + b"\n")


def _request(line: bytes) -> tuple[str, dict[str, Any]] | None:
    try:
        asked = orjson.loads(line)
        command, arguments = asked["command"], asked["arguments"]
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return None
    return (command, arguments) if isinstance(command, str) and isinstance(arguments, dict) else None
