"""What a run reads of one window of customers: who changed, with the evidence for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from domain.customer import RiskAssessment
from domain.ids import CustomerId
from domain.labels.fields import MEASURED
from domain.labels.measures import Measures
from domain.labels.standing import Evidence
from domain.tier import Tier
from storage import customers, schema
from storage.label_inputs import Task, parameters
from storage.label_sql import statement
from storage.labels import standing
from storage.unit import Unit

_RISK, _GIVEN = schema.risk_assessment.c, schema.tier_override.c
_ATTRIBUTES = tuple(attribute for attribute, _ in MEASURED.values())
# The planner knows nothing of a step's rows, takes them for few, and would compare everybody with everybody; and to
# compile so many expressions takes longer than to work them out.
_PLANNED = (sa.text("SET LOCAL enable_nestloop = off"), sa.text("SET LOCAL jit = off"))
_FLAGS = frozenset({"closed", "funded"})


@dataclass(frozen=True)
class Windows:
    """One run's question, put together once for each database. `everybody` answers also for who did not change;
    `planned` tells PostgreSQL, to the end of the transaction, that the windows are large.
    """

    task: Task
    published: int
    everybody: bool = False
    planned: bool = True

    @cached_property
    def _statements(self) -> dict[str, sa.TextClause]:
        return {name: statement(self.task, name, everybody=self.everybody) for name in ("sqlite", "postgresql")}

    def rows(self, unit: Unit, after: str, until: str) -> list[Any]:
        """The raw answer: measures, what stands, what the rules say now."""
        given = {"after": after, "until": until, "published": self.published, **parameters(self.task)}
        dialect = unit.connection.dialect.name
        if dialect == "postgresql" and self.planned:
            for setting in _PLANNED:
                unit.execute(setting)
        return list(unit.rows(self._statements[dialect], given))

    def evidence(self, unit: Unit, after: str, until: str) -> list[tuple[int | None, Evidence]]:
        """Of each customer who may have changed: the run of the row that stands, and what to judge by."""
        rows = self.rows(unit, after, until)
        ids = [CustomerId(row.customer_id) for row in rows]
        points = customers.aum_of(unit, ids)
        risks, given = self._risks(unit, ids), self._given(unit, ids)
        return [
            (row.stands_run, Evidence(
                customer_id=who,
                measures=measures_of(row),
                points=points[who],
                risk=risks.get(who),
                given=given.get(who),
                before=standing(row) if row.stands_run is not None else None,
                tier=tuple(Tier)[row.new_rank] if row.stands_run is not None and not row.provisional else None,
            ))
            for who, row in zip(ids, rows, strict=True)
        ]  # fmt: skip

    def _risks(self, unit: Unit, ids: list[CustomerId]) -> Mapping[CustomerId, RiskAssessment]:
        until = sa.func.coalesce(_RISK.valid_until, _RISK.assessed_on)
        rows = unit.rows(
            sa.select(_RISK.customer_id, _RISK.level, _RISK.assessed_on, _RISK.valid_until)
            .where(_RISK.customer_id.in_(ids), _RISK.assessed_on <= self.task.last)
            .order_by(_RISK.customer_id, _RISK.assessed_on, until)
        )
        return {  # the last one of each wins
            CustomerId(row.customer_id): RiskAssessment(row.level, row.assessed_on, row.valid_until or row.assessed_on)
            for row in rows
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
    before = sa.select(sa.func.coalesce(sa.func.max(schema.customer.c.customer_id), ""))
    after = unit.execute(before.where(schema.customer.c.customer_id < customer_id)).scalar_one()
    windows = Windows(task, published=0, everybody=True, planned=False)
    ((_, evidence),) = windows.evidence(unit, after, customer_id)
    return evidence


def measures_of(row: Any) -> Measures:
    """The columns of an answer as the definition's value."""
    values = {name: getattr(row, name) for name in _ATTRIBUTES}
    return Measures(**{name: bool(value) if name in _FLAGS else value for name, value in values.items()})
