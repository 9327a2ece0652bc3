"""The command line in this process, and a sign of a library's English that a user must not read."""

import io
import os
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli import app
from bot.commands import usage
from tests.bot.rmbot_process import Said

ENGLISH = re.compile(r"(?<![A-Za-z'_.-])(?!rmbot )[A-Za-z']{2,} [A-Za-z']{2,} [A-Za-z']{2,}|Traceback")
"""Three words in a row, and no command of ours: a library speaks to the user."""


@dataclass(frozen=True)
class Inside:
    """The command line in this process: the same words, the same ends, without the start of an interpreter."""

    state: Path
    capsys: pytest.CaptureFixture[str]
    patch: pytest.MonkeyPatch

    def __call__(self, *words: str, given: bytes = b"", **settings: str) -> Said:
        self.patch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given)))
        for name, value in settings.items():
            self.patch.setenv(name, value)
        code = usage.run(app, words)
        told = self.capsys.readouterr()
        return Said(code, told.out, told.err)

    def does(self, *words: str, **settings: str) -> Said:
        return self(*words, "--state", str(self.state), **settings)


@pytest.fixture
def rmbot(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Inside:
    for name in [name for name in os.environ if name.startswith("RMBOT_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return Inside(tmp_path / "state", capsys, monkeypatch)
