"""docs/commands.md names every command and every option of the program, and no other."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from bot.cli import app

PAGE = (Path(__file__).parents[2] / "docs" / "commands.md").read_text("utf-8")


def commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Each command with the words that call it."""
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, (*words, name))
    if not hasattr(command, "commands"):
        yield " ".join(words), command


COMMANDS = dict(commands(typer.main.get_command(app)))


def headings(words: str) -> list[str]:
    return [line for line in PAGE.splitlines() if line.startswith("##") and re.search(rf"`rmbot {words}\b", line)]


@pytest.mark.parametrize("words", COMMANDS)
def test_each_command_has_its_place(words: str) -> None:
    assert len(headings(words)) == 1


@pytest.mark.parametrize("words", [words for words, command in COMMANDS.items() if command.params])
def test_each_option_is_explained(words: str) -> None:
    (heading,) = headings(words)
    part = PAGE.split(heading, 1)[1].split("\n##", 1)[0] + heading
    options = [name for parameter in COMMANDS[words].params for name in parameter.opts if name.startswith("--")]
    assert [option for option in options if option not in part and option != "--help"] == []


def test_it_names_no_other() -> None:
    named = re.findall(r"^#+ `rmbot ([a-z]+(?: [a-z]+){0,2})", PAGE, re.MULTILINE)
    assert [words for words in named if words not in COMMANDS] == []
