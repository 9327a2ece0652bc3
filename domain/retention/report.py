"""What a report on retention says: numbers of rows by kind, never a value of any."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from hashlib import sha256

import orjson

from domain.retention.kinds import Kind

_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Line:
    """One kind: how many rows there are, how many are due, how many of the rest a hold keeps; when the oldest clock
    began and when the next row will be due."""

    kind: Kind
    rows: int = 0
    due: int = 0
    held: int = 0
    oldest: date | None = None
    next_due: date | None = None

    def plus(self, other: "Line") -> "Line":
        """Two tables of one kind."""
        return replace(
            self,
            rows=self.rows + other.rows,
            due=self.due + other.due,
            held=self.held + other.held,
            oldest=_first(self.oldest, other.oldest),
            next_due=_first(self.next_due, other.next_due),
        )


@dataclass(frozen=True, slots=True)
class Report:
    """As of a day, by the rules of a version."""

    day: date
    version: str
    lines: tuple[Line, ...]

    @property
    def due(self) -> int:
        return sum(line.due for line in self.lines)

    def due_among(self, kinds: Collection[Kind]) -> tuple[Line, ...]:
        """The lines of these kinds with anything due, most of it first."""
        return tuple(
            sorted((line for line in self.lines if line.due and line.kind in kinds), key=lambda line: -line.due)
        )

    @property
    def held(self) -> int:
        return sum(line.held for line in self.lines)

    def body(self) -> str:
        """The lines as JSON: what is kept and what the digest is of."""
        return orjson.dumps({"day": self.day, "version": self.version, "lines": self.lines}).decode()

    @property
    def digest(self) -> str:
        """What who confirms must have read: it changes with any number."""
        return sha256(self.body().encode()).hexdigest()[:_DIGITS]

    @classmethod
    def of(cls, body: str) -> "Report":
        """The report that was kept."""
        said = orjson.loads(body)
        lines = tuple(Line(**{**line, **_dates(line), "kind": Kind(line["kind"])}) for line in said["lines"])
        return cls(date.fromisoformat(said["day"]), said["version"], lines)


def by_kind(lines: Iterable[Line]) -> tuple[Line, ...]:
    """One line a kind, in the order of the kinds."""
    found: dict[Kind, Line] = {}
    for line in lines:
        found[line.kind] = found[line.kind].plus(line) if line.kind in found else line
    return tuple(found[kind] for kind in Kind if kind in found)


def _first(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day), default=None)


def _dates(line: dict[str, str | None]) -> dict[str, date | None]:
    return {name: date.fromisoformat(text) if (text := line[name]) else None for name in ("oldest", "next_due")}
