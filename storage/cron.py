"""What runs once in a slot of business time, whatever the number of replicas: a unique row is the run.

A slot begins with its day, by which retention finds it when it is old.
"""

import sqlalchemy as sa

from storage import schema
from storage.unit import Unit

_RUN = schema.cron_run.c
_MARK = sa.text("INSERT INTO cron_run (job, slot) VALUES (:job, :slot) ON CONFLICT DO NOTHING")


def mark(unit: Unit, job: str, slot: str) -> bool:
    """True for the one unit whose commit this run is."""
    return unit.changed(_MARK, {"job": job, "slot": slot})


def marked(unit: Unit, job: str, slot: str) -> bool:
    return unit.row(sa.select(_RUN.job).where(_RUN.job == job, _RUN.slot == slot)) is not None


def ever(unit: Unit, job: str) -> bool:
    """Whether the job is remembered at all."""
    return unit.row(sa.select(schema.cron_run.c.slot).where(schema.cron_run.c.job == job).limit(1)) is not None
