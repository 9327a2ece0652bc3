"""docs/commands.md: its examples run as they stand, and no command or option is missing from it."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from bot.cli import app
from tests.bot.rmbot_process import ROOT, Rmbot

PAGE = (ROOT / "docs" / "commands.md").read_text("utf-8")


@pytest.mark.timeout(300)
def test_the_examples_run(tmp_path: Path) -> None:
    """In the order of the page, in one folder, stopping at the first that fails."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    script = bin_folder / "rmbot"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m bot.cli "$@"\n', "utf-8")
    script.chmod(0o755)
    environment = Rmbot(tmp_path).environment()
    environment["PATH"] = f"{bin_folder}:{environment['PATH']}"
    program = "set -e\n" + "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL))
    ended = subprocess.run(
        ["sh", "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False, timeout=250
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "customers.csv 读 200 行：新增 200" in ended.stdout
    assert "示例客户 · 理财到期提醒" in ended.stdout


def verbs(command: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every command that does something, with its words."""
    for name, inner in getattr(command, "commands", {}).items():
        yield from verbs(inner, f"{path} {name}".strip())
    if not hasattr(command, "commands"):
        yield path, command


def test_every_command_and_option_is_described() -> None:
    found = dict(verbs(get_command(app)))
    assert len(found) > 15
    silent = [words for words in found if f"`rmbot {words}" not in PAGE]
    options = [
        f"{words} {option}"
        for words, command in found.items()
        for parameter in command.params
        for option in (*parameter.opts, *parameter.secondary_opts)
        if option.startswith("--") and option != "--help" and option not in PAGE
    ]
    assert (silent, options) == ([], [])
