"""How a command reaches the database: through the service that has it, or by opening it while nobody else does."""

import getpass
import sys
from typing import Any

from bot import control
from bot.commands.passing import PassingLine
from bot.control import Say
from bot.settings import Settings


def run_errand(settings: Settings, command: str, say: Say, **arguments: Any) -> None:
    """Have `command` done, by whoever holds the database. Raises Refused."""
    given = {**arguments, "actor": f"cli:{_account()}"}
    passing = PassingLine(sys.stderr)

    def lasting(text: str) -> None:
        passing.over()
        say(text)

    try:
        if not control.call(settings.state, command, given, lasting, passing):
            from bot.commands.alone import perform_alone

            perform_alone(settings, command, given, lasting, passing)
    finally:
        passing.over()


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"
