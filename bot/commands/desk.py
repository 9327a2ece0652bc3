"""Where an errand is done: an open database, the time, who asked, and two ways to speak while at it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.control import Say
from bot.settings import Settings
from storage.database import Database
from storage.group import Clocks
from storage.unit import Unit

T = TypeVar("T")


@dataclass(frozen=True)
class Desk:
    """What every errand is given before its own arguments; what is said stays, what is said in passing is of the
    moment; `settings` are those of whoever holds the database."""

    database: Database
    clock: Clocks
    actor: str
    say: Say
    passing: Say
    settings: Settings | None = None

    def change(self, work: Callable[[Unit], T], name: str) -> T:
        """One unit of work in the name of who asked."""

        def run(unit: Unit) -> T:
            unit.actor = self.actor
            return work(unit)

        return self.database.run(run, name)
