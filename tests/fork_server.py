"""Starts the program by forking a process that has read it already: tests start it some two hundred times, and from
nothing each start reads 1,700 modules. That it starts from nothing, too, is shown by tests/bot/test_cli.py,
tests/bot/test_demo.py and tests/ground/test_wheel.py.

One server for all workers of a run reads the program when it is first asked. `tests/launch.py` asks it, stands for the
process that it gets, and ends as that ends.
"""

import gc
import marshal
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PLACE = "TESTS_FORK_SERVER"
"""Says in the environment where the socket of this run is."""
RMBOT = "tests.fork_server:rmbot"
_READ = (
    "bot.app", "bot.cli", "bot.commands.errands", "bot.commands.serving", "pytest", "simulator.bank",
    "tests.storage.deeds",
)  # fmt: skip


def command(call: str, *words: str, tell: int | None = None) -> list[str]:
    """What to execute for a call of the function `call`, as module:name, with those words."""
    launch = str(ROOT / "tests" / "launch.py")
    return [sys.executable, "-I", "-S", launch, os.environ[PLACE], "" if tell is None else str(tell), call, *words]


class Forked(subprocess.Popen[Any]):
    """A process like any other, whose `pid` is that of the program and not of who stands for it."""

    def __init__(self, call: str, *words: str, **options: Any) -> None:
        told, tell = os.pipe()
        super().__init__(command(call, *words, tell=tell), pass_fds=[tell], **options)
        os.close(tell)
        with os.fdopen(told) as line:
            self.program = int(line.read())

    def send_signal(self, sig: int) -> None:
        """To the program itself: once this process has ended, that has, too."""
        if self.poll() is None:
            os.kill(self.program, sig)


class ForkServer:
    """Owned by the process that pytest was called as."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="rmbot-fork-")
        os.environ[PLACE] = f"{self._folder.name}/socket"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(os.environ[PLACE])
            listener.listen(64)
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.fork_server", str(listener.fileno())],
                cwd=ROOT, env=os.environ | {"OPENBLAS_NUM_THREADS": "1"}, stdin=subprocess.PIPE,
                pass_fds=[listener.fileno()], start_new_session=True,
            )  # fmt: skip

    def close(self) -> None:
        self._process.communicate()
        self._folder.cleanup()
        del os.environ[PLACE]


def serve(listener: socket.socket) -> Callable[[], object]:
    """Fork for whoever asks until standard input ends; returns in each fork, with what it has to do."""
    read = False
    while listener in select.select([listener, 0], [], [])[0]:
        if not read:
            read = _read()
        _reap()
        line, _ = listener.accept()
        with line:
            if os.fork() == 0:
                listener.close()
                return _begin(line)
    sys.exit()


def _read() -> bool:
    for name in _READ:
        import_module(name)
    gc.collect()
    gc.freeze()
    return True


def _reap() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def _begin(line: socket.socket) -> Callable[[], object]:
    """Fork once more: the child is the program, the parent tells of its birth and of its end."""
    size, files, _, _ = socket.recv_fds(line, 8, 3)
    with line.makefile("rb") as sent:
        order = marshal.loads(sent.read(int.from_bytes(size)))
    wakes, waking = os.pipe()
    os.set_blocking(waking, False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waking)
    if (child := os.fork()) == 0:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        for end in (wakes, waking, line.detach()):
            os.close(end)
        return _become(order, files)
    for file in files:
        os.close(file)
    line.sendall(child.to_bytes(8))
    if line in select.select([line, wakes], [], [])[0]:
        os.kill(child, signal.SIGKILL)  # whoever stood for it is gone
    status = os.waitpid(child, 0)[1]
    with suppress(OSError):
        line.sendall(status.to_bytes(8))
    os._exit(0)


def _become(order: dict[str, Any], files: list[int]) -> Callable[[], object]:
    for standard, file in enumerate(files):
        os.dup2(file, standard)
        os.close(file)
    sys.stdin, sys.stdout, sys.stderr = (os.fdopen(fd, mode, 1, "utf-8") for fd, mode in enumerate("rww"))
    os.environ.clear()
    os.environ.update(order["env"])
    os.chdir(order["cwd"])
    module, _, name = order["call"].partition(":")
    return partial(getattr(import_module(module), name), *order["words"])


def rmbot(*words: str) -> None:
    """The command line."""
    sys.argv = ["rmbot", *words]
    import_module("bot.cli").main()


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))()
