"""What a run reads of one window of customers: who changed, with the evidence for it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import orjson
import sqlalchemy as sa

from domain.customer import RiskAssessment
from domain.ids import CustomerId
from domain.labels.due import Ahead
from domain.labels.fields import MEASURED
from domain.labels.measures import Measures
from domain.labels.standing import Evidence
from domain.tier import Tier
from storage import customers, schema
from storage.label_ahead import NEVER
from storage.label_inputs import Task, day_of, parameters
from storage.label_sql import statement
from storage.labels import standing
from storage.risk_tests import VALID_UNTIL, risk_of
from storage.unit import Unit

_RISK, _GIVEN = schema.risk_assessment.c, schema.tier_override.c
_ATTRIBUTES = tuple(attribute for attribute, _ in MEASURED.values())
# The planner knows nothing of a step's rows, takes them for few, and would compare everybody with everybody; and to
# compile so many expressions takes longer than to work them out.
_PLANNED = (sa.text("SET LOCAL enable_nestloop = off"), sa.text("SET LOCAL jit = off"))
_LISTED = (sa.text("SET LOCAL enable_seqscan = off"), sa.text("SET LOCAL max_parallel_workers_per_gather = 0"))
"""A list is a few of all customers: their rows are found by index, not by reading everybody's for each list."""
_TIERS = tuple(Tier)
_FLAGS = frozenset({"closed", "funded"})


@dataclass(frozen=True)
class Window:
    """Some customers: those after one number up to another, or those of a list."""

    after: str = ""
    until: str = ""
    listed: Sequence[str] | None = None

    def parameters(self, dialect: str) -> dict[str, Any]:
        if self.listed is None:
            return {"after": self.after, "until": self.until}
        return {"listed": orjson.dumps(self.listed).decode() if dialect == "sqlite" else list(self.listed)}


@dataclass(frozen=True)
class Seen:
    """What is known of one customer: the run of the row that stands, what to judge by, what lies ahead. Who did not
    change has no evidence, but a tier.
    """

    customer_id: CustomerId
    tier: Tier | None
    ahead: Ahead
    stood: int | None = None
    evidence: Evidence | None = None


@dataclass(frozen=True)
class Windows:
    """One run's question, put together once for each database. `everybody` brings the evidence of all; `planned` tells
    PostgreSQL, to the end of the transaction, that the windows are large.
    """

    task: Task
    published: int
    everybody: bool = False
    planned: bool = True

    @cached_property
    def _statements(self) -> dict[tuple[str, bool], sa.TextClause]:
        return {
            (name, listed): statement(self.task, name, listed=listed, whole=self.everybody)
            for name in ("sqlite", "postgresql")
            for listed in (False, True)
        }

    def rows(self, unit: Unit, window: Window) -> list[Any]:
        """The raw answer: measures, what stands, what the rules say now."""
        dialect = unit.connection.dialect.name
        given = {**window.parameters(dialect), "published": self.published, **parameters(self.task)}
        if dialect == "postgresql" and self.planned:
            for setting in (*_PLANNED, *(_LISTED if window.listed is not None else ())):
                unit.execute(setting)
        return list(unit.rows(self._statements[dialect, window.listed is not None], given))

    def look(self, unit: Unit, window: Window) -> list[Seen]:
        """Everybody of the window, with evidence of those who may have changed."""
        rows = self.rows(unit, window)
        wanted = rows if self.everybody else [row for row in rows if row.changed]
        found = dict(zip([row.customer_id for row in wanted], self._evidence(unit, wanted), strict=True))
        return [
            Seen(who := CustomerId(row.customer_id), _tier(row), ahead_of(row), row.stands_run, found.get(who))
            for row in rows
        ]

    def _evidence(self, unit: Unit, rows: list[Any]) -> list[Evidence]:
        ids = [CustomerId(row.customer_id) for row in rows]
        points = customers.aum_of(unit, ids)
        risks, given = self._risks(unit, ids), self._given(unit, ids)
        return [
            Evidence(
                customer_id=who,
                measures=measures_of(row),
                points=points[who],
                risk=risks.get(who),
                given=given.get(who),
                before=standing(row) if row.stands_run is not None else None,
                tier=_tier(row),
            )
            for who, row in zip(ids, rows, strict=True)
        ]

    def _risks(self, unit: Unit, ids: list[CustomerId]) -> Mapping[CustomerId, RiskAssessment]:
        rows = unit.rows(
            sa.select(_RISK.customer_id, _RISK.level, _RISK.assessed_on, _RISK.valid_until)
            .where(_RISK.customer_id.in_(ids), _RISK.assessed_on <= self.task.last)
            .order_by(_RISK.customer_id, _RISK.assessed_on, VALID_UNTIL)
        )
        return {  # the last one of each wins
            CustomerId(row.customer_id): risk_of(row) for row in rows
        }

    def _given(self, unit: Unit, ids: list[CustomerId]) -> Mapping[CustomerId, tuple[Tier, date]]:
        day = self.task.day
        rows = unit.rows(
            sa.select(_GIVEN.customer_id, _GIVEN.tier, _GIVEN.until_day)
            .where(_GIVEN.customer_id.in_(ids))
            .where(_GIVEN.from_day <= day, _GIVEN.until_day >= day)
            .order_by(_GIVEN.decided_at)
        )
        return {CustomerId(row.customer_id): (Tier(row.tier), row.until_day) for row in rows}


def of_one(unit: Unit, customer_id: CustomerId, task: Task) -> Evidence:
    """What one customer's whole history has to say, whatever was found on other days."""
    windows = Windows(task, published=0, everybody=True, planned=False)
    (seen,) = windows.look(unit, Window(listed=[customer_id]))
    assert seen.evidence is not None, "asked for of everybody"
    return seen.evidence


def measures_of(row: Any) -> Measures:
    """The columns of an answer as the definition's value."""
    values = {name: getattr(row, name) for name in _ATTRIBUTES}
    return Measures(**{name: bool(value) if name in _FLAGS else value for name, value in values.items()})


def ahead_of(row: Any) -> Ahead:
    return Ahead(None if row.change >= NEVER else day_of(row.change), row.low_level, row.high_level)


def _tier(row: Any) -> Tier | None:
    """The computed one; None where the whole history has to tell."""
    return _TIERS[row.new_rank] if row.stands_run is not None and not row.provisional else None
