"""The report: for each table one statement that counts, on a reader's connection; nobody who writes waits for it."""

from datetime import date
from functools import partial

import sqlalchemy as sa

from domain.retention.report import Line, Report, by_kind
from domain.retention.table import Edition, Rule
from storage.database import Database
from storage.retention.store import Store, day_of
from storage.retention.stores import stores
from storage.unit import Unit, unhurried


def count(database: Database, edition: Edition, day: date) -> Report:
    """What there is, what is due on `day` and what a hold keeps. A table that holds nothing a clock runs for counts
    with its rows alone."""
    lines = [
        database.read_now(partial(_line, store=store, rule=edition.table.rule(store.kind), day=day))
        for store in stores()
    ]
    return Report(day, edition.version, by_kind(lines))


def _line(unit: Unit, store: Store, rule: Rule, day: date) -> Line:
    unhurried(unit)
    if rule.stays or not store.starts:
        rows = unit.execute(sa.select(sa.func.count()).select_from(store.table)).scalar_one()
        return Line(store.kind, int(rows))
    row = unit.row(_counted(store, rule, day))
    next_due = day_of(row.next_begun)
    return Line(
        store.kind, row.rows_, row.due, row.held, day_of(row.oldest), rule.period.after(next_due) if next_due else None
    )


def _counted(store: Store, rule: Rule, day: date) -> sa.Executable:
    begun = store.begun(rule)
    looked = sa.select(
        begun.label("begun"),
        store.over(rule, day).label("is_over"),
        store.held.label("is_held"),
        store.only.label("runs"),
    ).select_from(store.table)
    if store.beside or store.blank:
        looked = looked.where(store.only)
    rows = looked.subquery()
    running = sa.and_(rows.c.runs, rows.c.begun.is_not(None))
    due = sa.and_(running, rows.c.is_over, sa.not_(rows.c.is_held))
    later = sa.and_(running, sa.not_(rows.c.is_over), sa.not_(rows.c.is_held))
    return sa.select(
        sa.func.count().label("rows_"),
        sa.func.count().filter(due).label("due"),
        sa.func.count().filter(rows.c.is_held).label("held"),
        sa.func.min(rows.c.begun).filter(running).label("oldest"),
        sa.func.min(rows.c.begun).filter(later).label("next_begun"),
    ).select_from(rows)
