"""docs/commands.md: no command or option is missing from it."""

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

from bot.cli import app
from tests.bot.rmbot_process import ROOT

PAGE = (ROOT / "docs" / "commands.md").read_text("utf-8")


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
