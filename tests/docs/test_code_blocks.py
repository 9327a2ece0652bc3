"""Every ```sh block of the pages runs as it stands, in the order of its page; what cannot is listed with the reason."""

import os
import re
import shlex
import stat
import subprocess
from pathlib import Path

import pytest

from tests import fork_server

ROOT = Path(__file__).parents[2]
PAGES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
BLOCK = re.compile(r"^( *)```sh\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
SECONDS = 250

# A block that cannot run here, by its page and how it begins.
CANNOT_RUN = {
    (
        "README.md",
        "./run demo",
    ): "runs until Ctrl-C; tests/bot/test_demo.py starts the demo, and ./run test is this very run",
    ("README.md", "export RMBOT_WECOM__CORP_ID"): "needs a real corporation of WeCom",
    (
        "README.md",
        "./run rmbot audit export",
    ): "asks the demo that runs; tests/bot/test_verify_audit.py runs the program",
    (
        "README.md",
        "./run rmbot import var/demo",
    ): "asks the demo that runs; docs/import.md and docs/api.md run the same",
    ("docs/benchmarks.md", "./run bench"): "measures for minutes",
    (
        "docs/commands.md",
        "rmbot labels recompute",
    ): "needs the data of the last working day; tests/chats/test_labels.py runs it on one",
}
# The bank that stands for the reader's own files, and what a page takes for granted.
BEFORE = {
    "docs/import.md": "rmbot sample feed --customers 50 --seed 1 --as-of 2026-11-22",
    "docs/errors.md": "rmbot migrate",
    "docs/calendar.md": "rmbot migrate",
    "docs/retention.md": "rmbot migrate",
}


# What a page's blocks say when they do what the page tells.
SAID = {"docs/commands.md": ("customers.csv 读 200 行：新增 200", "示例客户 · 理财到期提醒")}


def blocks(page: Path) -> list[str]:
    return [
        re.sub(rf"^{indent}", "", block, flags=re.MULTILINE) for indent, block in BLOCK.findall(page.read_text("utf-8"))
    ]


def reason(page: Path, block: str) -> str | None:
    found = (
        why
        for (name, start), why in CANNOT_RUN.items()
        if str(page.relative_to(ROOT)) == name and block.startswith(start)
    )
    return next(found, None)


RUNNABLE = {page: [block for block in blocks(page) if reason(page, block) is None] for page in PAGES}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An empty folder with the packs in it, where `rmbot` is this program."""
    (tmp_path / "deploy").symlink_to(ROOT / "deploy")
    command = tmp_path / "bin" / "rmbot"
    command.parent.mkdir()
    start = shlex.join(fork_server.command(fork_server.RMBOT))
    command.write_text(f'#!/bin/sh\nexec {start} "$@"\n')
    command.chmod(command.stat().st_mode | stat.S_IXUSR)
    return tmp_path


def lasting(said: str) -> list[str]:
    """Without how far an import was, which it says every ten seconds where the machine is slow."""
    return [line for line in said.splitlines() if not re.match(r"\S+：共 [\d,]+ / [\d,]+ 行", line)]


@pytest.mark.timeout(300)
@pytest.mark.parametrize("page", [page for page, found in RUNNABLE.items() if found], ids=lambda page: page.stem)
def test_blocks_run(page: Path, place: Path) -> None:
    name = str(page.relative_to(ROOT))
    script = "\n".join(["set -eu", BEFORE.get(name, ""), *RUNNABLE[page]]).replace("/data/feed", "feed")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("RMBOT_")}
    environment["PATH"] = f"{place / 'bin'}:{environment['PATH']}"
    ran = subprocess.run(
        ["sh", "-c", script], cwd=place, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False
    )
    assert (ran.returncode, lasting(ran.stderr)) == (0, []), ran.stdout[-2000:]
    assert [words for words in SAID.get(name, ()) if words not in ran.stdout] == []


@pytest.mark.parametrize(("name", "start"), CANNOT_RUN)
def test_what_cannot_run_is_still_there(name: str, start: str) -> None:
    assert any(block.startswith(start) for block in blocks(ROOT / name))


def test_each_shell_block_is_marked() -> None:
    """A block of commands without a language would never be run."""
    unmarked = [
        page.name for page in PAGES if re.search(r"^ *```\n *(rmbot|\./run) ", page.read_text("utf-8"), re.MULTILINE)
    ]
    assert unmarked == []
