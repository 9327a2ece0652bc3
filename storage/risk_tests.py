"""Risk tests as they are read: one that names no end outlasts those of the same day that do."""

from datetime import date
from typing import Any

import sqlalchemy as sa

from domain.customer import RiskAssessment
from storage import schema

VALID_UNTIL = sa.func.coalesce(schema.risk_assessment.c.valid_until, sa.literal_column(f"'{date.max}'"))
"""To order by: where a blank stands among days is each database's own idea."""


def risk_of(row: Any) -> RiskAssessment:
    """A row of the table, regime and channel where they were asked for."""
    told = {name: getattr(row, name) for name in ("regime", "channel") if hasattr(row, name)}
    return RiskAssessment(row.level, row.assessed_on, row.valid_until or date.max, **told)
