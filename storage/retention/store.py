"""One table as the retention rules see it: its kind, what starts its clock, what holds it, how a row ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import sqlalchemy as sa

from domain.retention.kinds import Kind, Start
from domain.retention.table import Rule
from domain.zone import SHANGHAI
from storage import schema
from storage.columns import Instant

Cell = sa.ColumnElement[Any]
Truth = sa.ColumnElement[bool]
SEALED = object()
"""In `blank`: a sealed cell that may not be empty says that it was erased."""


@dataclass(frozen=True)
class Along:
    """Rows of another table that go with a row of this one; `where` takes the row's keys."""

    table: sa.Table
    where: Callable[[list[str]], Truth]


@dataclass(frozen=True)
class Store:
    """`only` are the rows that a clock runs for at all; `blank` what is left in the cells of a row that is erased
    (nothing: the row goes). `beside` marks a second kind of rows in a table that has its kind."""

    table: sa.Table
    kind: Kind
    starts: Mapping[Start, Cell] = field(default_factory=dict)
    held: Truth = field(default_factory=sa.false)
    only: Truth = field(default_factory=sa.true)
    blank: Mapping[str, Any] = field(default_factory=dict)
    along: tuple[Along, ...] = ()
    beside: bool = False

    @property
    def name(self) -> str:
        return schema.read_as(self.table)

    @property
    def key(self) -> list[sa.Column[Any]]:
        return list(self.table.primary_key.columns)

    def begun(self, rule: Rule) -> Cell:
        assert rule.starts is not None
        return self.starts[rule.starts]

    def over(self, rule: Rule, day: date) -> Truth:
        """Whether the period of a row is over on `day`, holds aside."""
        if day < rule.effective_from:
            return sa.false()
        begun, latest = self.begun(rule), rule.period.latest_over(day)
        if isinstance(begun.type, Instant):
            return begun < sa.literal(_midnight_after(latest), Instant)
        if isinstance(begun.type, sa.Date):
            return begun <= sa.literal(latest, sa.Date)
        return begun <= latest.isoformat()

    def due(self, rule: Rule, day: date) -> Truth:
        """What may be erased on `day`: the pure decision, asked of a whole table."""
        return sa.and_(self.only, self.over(rule, day), sa.not_(self.held))


def _midnight_after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(0), SHANGHAI)


def day_of(begun: Any) -> date | None:
    """The day of a beginning, however its column keeps it."""
    if begun is None or (isinstance(begun, date) and not isinstance(begun, datetime)):
        return begun
    if isinstance(begun, datetime):
        return begun.astimezone(SHANGHAI).date()
    return date.fromisoformat(str(begun)[:10])
