"""Runs that make labels: claimed by one process, and in force once they are published."""

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from storage import schema
from storage.unit import Unit

LEASE = 60.0  # machine seconds until a run that nobody works on may be taken over
_RUN = schema.label_run.c
PUBLISHED = (
    sa.select(sa.func.coalesce(sa.func.max(_RUN.run), 0)).where(_RUN.published_at.is_not(None)).scalar_subquery()
)


@dataclass(frozen=True)
class Run:
    """One making of all labels: of `day`, from data through `data_day`; `changed` customers got other ones. `rules`
    and `feeds` tell of which rules and which versions of the feeds."""

    run: int
    day: date
    data_day: date
    changed: int = 0
    rules: str = ""
    feeds: str = ""


def head(unit: Unit) -> Run | None:
    """The run in force; None before the first."""
    row = unit.row(sa.select(schema.label_run).where(_RUN.run == PUBLISHED))
    return None if row is None else _run(row)


def run_of(unit: Unit, day: date) -> Run | None:
    """The last run whose labels held on `day`."""
    held = sa.select(schema.label_run).where(_RUN.published_at.is_not(None), _RUN.day <= day)
    row = unit.row(held.order_by(_RUN.run.desc()).limit(1))
    return None if row is None else _run(row)


def run_numbered(unit: Unit, run: int) -> Run | None:
    row = unit.row(sa.select(schema.label_run).where(_RUN.run == run))
    return None if row is None else _run(row)


def _run(row: sa.Row[Any]) -> Run:
    return Run(row.run, row.day, row.data_day, row.changed, row.rules, row.feeds)


@dataclass(frozen=True)
class Claim:
    """A run under way in the hands of one process; `again`: an earlier one broke off and left rows."""

    run: Run
    published: int
    holder: str
    again: bool


def claim(unit: Unit, day: date, data_day: date, rules_from: date, rules: str = "", feeds: str = "") -> Claim | None:
    """Begin the next run; None while another process works on it."""
    published = unit.execute(sa.select(PUBLISHED)).scalar_one()
    holder, number = secrets.token_hex(8), published + 1
    left = unit.row(sa.select(schema.label_run).where(_RUN.run == number).with_for_update())
    values = {
        "day": day, "data_day": data_day, "rules_from": rules_from, "begun_at": unit.now, "holder": holder,
        "lease_until": unit.machine_now + LEASE, "rules": rules, "feeds": feeds,
    }  # fmt: skip
    if left is not None and left.lease_until > unit.machine_now:
        return None
    if left is None:
        unit.execute(schema.label_run.insert().values(run=number, **values))
    else:
        unit.execute(schema.label_run.update().where(_RUN.run == number).values(**values))
    return Claim(Run(number, day, data_day, 0, rules, feeds), published, holder, left is not None)


def hold(unit: Unit, claim: Claim) -> bool:
    """Go on holding it; False once somebody else has taken it over."""
    ours = schema.label_run.update().where(_RUN.run == claim.run.run, _RUN.holder == claim.holder)
    return unit.changed(ours.values(lease_until=unit.machine_now + LEASE))


def publish(unit: Unit, claim: Claim, changed: int) -> bool:
    """Make the run the one in force; False when it is no longer ours."""
    ours = schema.label_run.update().where(_RUN.run == claim.run.run, _RUN.holder == claim.holder)
    if not unit.changed(ours.values(published_at=unit.now, changed=changed, holder=None)):
        return False
    run = claim.run
    detail = {"day": run.day.isoformat(), "data_day": run.data_day.isoformat(), "changed": changed}
    unit.audit("labels.published", f"label_run:{run.run}", detail)
    return True
