"""The tables of the house in every version that decided something, and the one that holds on a day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from domain.pack import Pack
from domain.suitability.table import Table

NAME = "suitability"
"""What the pack that holds the table is called."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A table and its version."""

    version: int
    table: Table


class Rulebook:
    """Tables by version; one that is known stays as it is, for a version never changes."""

    def __init__(self, packs: Iterable[Pack] = ()) -> None:
        self._tables: dict[int, Table] = {}
        for pack in packs:
            self.learn(pack)

    def learn(self, pack: Pack) -> None:
        """Take a version in; packs about other things are passed over."""
        if pack.suitability is not None and pack.name == NAME:
            self._tables.setdefault(pack.version, pack.suitability)

    def edition(self, version: int) -> Edition:
        """Raises KeyError for a version that is not in the house."""
        return Edition(version, self._tables[version])

    def on(self, day: date) -> Edition | None:
        """The newest version in effect on a day; before the first takes effect, the first, which then blocks; None
        without any."""
        ordered = sorted(self._tables.items())
        started = [(version, table) for version, table in ordered if table.effective_from <= day]
        return Edition(*(started[-1] if started else ordered[0])) if ordered else None
