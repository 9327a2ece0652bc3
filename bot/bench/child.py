"""A process of the measurement: started, spoken to in lines of JSON, ended by its own id."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

PATIENCE = 15.0


class ChildFailed(Exception):
    """A process of the measurement ended before it answered; the message is Chinese."""


class Child:
    """One process; `ask` sends a line and waits for the answering line."""

    def __init__(
        self, *arguments: str, python: str = sys.executable, environment: Mapping[str, str] | None = None, log: Path
    ) -> None:
        self.name, self._log = arguments[0], log
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("RMBOT_")}
        with open(log, "ab") as errors:
            self.process = subprocess.Popen(
                [python, "-m", *arguments] if not arguments[0].endswith(".py") else [python, *arguments],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=errors,
                env={**inherited, **(environment or {})},
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.end()

    def hear(self) -> dict[str, Any]:
        """The next line it says."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise ChildFailed(f"{self.name} 中途退出，见 {self._log}：{_last_line(self._log)}")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def tell(self, **command: Any) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(command).encode() + b"\n")
        self.process.stdin.flush()

    def ask(self, **command: Any) -> dict[str, Any]:
        self.tell(**command)
        return self.hear()

    def end(self) -> None:
        """SIGTERM, and SIGKILL to what does not listen."""
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


def _last_line(log: Path) -> str:
    lines: Sequence[str] = log.read_text("utf-8", "replace").strip().splitlines()
    return lines[-1] if lines else ""
