"""The command line as people meet it: a process of its own, with nothing set but what a test sets."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.fork_server import RMBOT, Forked, command

ROOT = Path(__file__).parents[2]
READY = "已就绪"
FROM_NOTHING = [sys.executable, "-m", "bot.cli"]


@dataclass(frozen=True)
class Said:
    """How a command ended."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Rmbot:
    """`rmbot` for one state folder; every call is a new process. `from_nothing`: as it starts outside of tests."""

    state: Path
    settings: Mapping[str, str] = field(default_factory=dict)
    from_nothing: bool = False

    def __call__(self, *words: str, given: bytes | None = None, cwd: Path | None = None) -> Said:
        whole = [*FROM_NOTHING, *words] if self.from_nothing else command(RMBOT, *words)
        ended = subprocess.run(
            whole, cwd=cwd or ROOT, env=self.environment(), input=given, capture_output=True, check=False, timeout=60
        )
        return Said(ended.returncode, ended.stdout.decode(), ended.stderr.decode())

    def does(self, *words: str) -> Said:
        """A command on this state folder."""
        return self(*words, "--state", str(self.state))

    def environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("RMBOT_")}
        return kept | {"PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "PYTHONPATH": str(ROOT)} | dict(self.settings)

    @contextmanager
    def running(self, *words: str, ready: str = READY) -> Iterator["Service"]:
        """A long-lived command, from the line that says it is ready until the block ends."""
        given: dict[str, Any] = {"cwd": ROOT, "env": self.environment(), "text": True}
        given |= {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        words = ("--state", str(self.state), *words)
        started = subprocess.Popen([*FROM_NOTHING, *words], **given) if self.from_nothing else None
        process = started or Forked(RMBOT, *words, **given)
        service = Service(process)
        try:
            service.wait_for(ready)
            yield service
        finally:
            if process.poll() is None:
                process.kill()
            process.communicate()


@dataclass
class Service:
    """A running command and what it has said on standard output."""

    process: "subprocess.Popen[str]"
    said: str = ""

    def wait_for(self, text: str) -> None:
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        while text not in self.said:
            line = self.process.stdout.readline()
            if not line:
                raise AssertionError(f"ended without “{text}”: {self.said}{self.process.stderr.read()}")
            self.said += line

    def stop(self, number: int) -> tuple[int, float]:
        """Send a signal; exit code and the seconds it took."""
        began = time.monotonic()
        self.process.send_signal(number)
        return self.process.wait(20), time.monotonic() - began
