"""Who has to be looked at: whose day has come, about whom something is new, and who is marked.

Each run leaves behind by customer the day on which to look again (`label_due`). What is new in a feed is seen by its
versions; what is written otherwise leaves a mark in the same commit (`label_mark`).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from domain.ids import CustomerId
from domain.zone import SHANGHAI
from storage import schema
from storage.columns import microseconds
from storage.feeds import feed_versions
from storage.label_runs import Claim, Run
from storage.statement import Statement
from storage.unit import Unit, unhurried

Dues = Sequence[tuple[CustomerId, date | None]]
EVERYBODY = ""
"""The mark of something that all customers may feel."""
_MARK, _DUE = schema.label_mark.c, schema.label_due.c
_DAY = timedelta(days=1)
_INSERTS: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
PRODUCTS = "products"
_RUN = "(SELECT coalesce(max(run), 0) FROM label_run WHERE published_at IS NOT NULL)"
_MARKS, _ONCE = "INSERT INTO label_mark (customer_id, run)", "ON CONFLICT DO NOTHING"
_ADD = Statement(sa.text(f"{_MARKS} VALUES (:who, {_RUN}) {_ONCE}"))


@dataclass(frozen=True)
class Source:
    """A feed that labels read. A row counts from its business days on, which are days or moments."""

    feed: str
    rows: sa.Table
    days: tuple[str, ...] = ()
    moment: str | None = None

    def fresh(self, before: Run, now: Run) -> str:
        """Rows whose day the data has only now reached."""
        first, last = before.data_day + _DAY, now.data_day
        if self.moment:
            return f"{self.moment} >= {_moment(first)} AND {self.moment} < {_moment(last + _DAY)}"
        return " OR ".join(f"{day} >= '{first}' AND {day} <= '{last}'" for day in self.days)


SOURCES = (
    Source("customers", schema.rows_of(schema.customer), ("opened_on", "closed_as_of")),
    Source("transactions", schema.rows_of(schema.txn), moment="booked_at"),
    Source("aum_daily", schema.rows_of(schema.aum_daily), ("day",)),
    Source("holdings", schema.rows_of(schema.holding), ("opened_on",)),
    Source("interactions", schema.rows_of(schema.interaction), moment="at"),
    Source("touchpoints", schema.rows_of(schema.touchpoint), moment="at"),
    Source("accounts", schema.rows_of(schema.account), ("opened_on", "closed_on", "closed_as_of")),
    Source("risk_assessments", schema.rows_of(schema.risk_assessment), ("assessed_on",)),
)
READ = frozenset(source.feed for source in SOURCES)


def mark(unit: Unit, customer_ids: Sequence[str] | sa.Select[tuple[str]]) -> None:
    """In the commit that changes something about them by which labels are made."""
    if isinstance(customer_ids, sa.Select):
        customer_ids = [row[0] for row in unit.rows(customer_ids)]
    for each in customer_ids:
        unit.execute(_ADD, {"who": each})


def mark_for(unit: Unit, feed: str, values: Mapping[str, Any]) -> None:
    """Of a row of a feed that is written by itself."""
    if feed == PRODUCTS:
        mark(unit, [EVERYBODY])
    elif feed in READ:
        mark(unit, [values["customer_id"]])


def mark_rows(unit: Unit, table: str, which: str) -> None:
    """Of rows that are about to go."""
    unit.execute(sa.text(f"{_MARKS} SELECT DISTINCT customer_id, {_RUN} FROM {table} WHERE {which} {_ONCE}"))


def remembered(unit: Unit) -> str:
    """The versions of the feeds that a run which begins now will have seen."""
    return orjson.dumps(feed_versions(unit), option=orjson.OPT_SORT_KEYS).decode()


def candidates(unit: Unit, claim: Claim, before: Run, most: int) -> list[CustomerId] | None:
    """Whose labels may differ from those of the run in force; None when there are more than `most`, or a change may
    concern everybody.
    """
    seen, now = orjson.loads(before.feeds or "{}"), feed_versions(unit)
    marked = sa.select(_MARK.customer_id).where(_MARK.run >= before.run - 1)
    if unit.row(marked.where(_MARK.customer_id == EVERYBODY)):
        return None
    unhurried(unit)
    asked = " UNION ".join(_asked(before, claim.run, seen, now))
    rows = unit.rows(sa.text(f"SELECT customer_id FROM ({asked}) c ORDER BY customer_id LIMIT {most + 1}"))
    return None if len(rows) > most else [CustomerId(row[0]) for row in rows]


def _asked(before: Run, run: Run, seen: Mapping[str, int], now: Mapping[str, int]) -> Iterator[str]:
    yield f"SELECT customer_id FROM label_due WHERE due_on <= '{run.day}' OR run > {before.run}"
    yield f"SELECT customer_id FROM label_mark WHERE run >= {before.run - 1}"
    yield (
        f"SELECT customer_id FROM tier_override WHERE from_day >= '{before.day}' AND from_day <= '{run.day}'"
        f" OR until_day >= '{before.day}' AND until_day < '{run.day}'"
    )
    yield (f"SELECT customer_id FROM risk_assessment WHERE valid_until >= '{before.day}' AND valid_until < '{run.day}'")
    if now.get(PRODUCTS, 0) != (version := seen.get(PRODUCTS, 0)):
        fresh = f"SELECT product_id FROM product_row WHERE since > {version} OR until > {version}"
        yield f"SELECT customer_id FROM holding_row WHERE product_id IN ({fresh})"
    for source in SOURCES:
        new = [source.fresh(before, run)] if run.data_day > before.data_day else []
        if now.get(source.feed, 0) != (version := seen.get(source.feed, 0)):
            new += [f"since > {version}", f"until > {version}"]
        if new:
            yield f"SELECT customer_id FROM {source.rows.name} WHERE {' OR '.join(f'({each})' for each in new)}"


def write(unit: Unit, run: int, dues: Dues) -> None:
    """When to look again at whom the run has looked."""
    insert = _INSERTS[unit.connection.dialect.name](schema.label_due)
    rows = [{"customer_id": who, "run": run, "due_on": due} for who, due in dues]
    new = insert.on_conflict_do_update(
        index_elements=["customer_id"], set_={"run": insert.excluded.run, "due_on": insert.excluded.due_on}
    )
    if rows:
        unit.execute(new, rows)


def forget(unit: Unit, run: int, most: int) -> bool:
    """Remove some marks that no run needs any more once `run` is in force; whether there may be more."""
    old = sa.select(_MARK.customer_id, _MARK.run).where(_MARK.run < run - 1).limit(most)
    gone = schema.label_mark.delete().where(sa.tuple_(_MARK.customer_id, _MARK.run).in_(old))
    return bool(unit.execute(gone).rowcount == most)


def _moment(day: date) -> int:
    return microseconds(datetime.combine(day, time(), tzinfo=SHANGHAI))
