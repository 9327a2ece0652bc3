"""How many customers of each unit have which label: counted once a run, so that a head's question costs nothing."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from domain.ids import UnitId, UserId
from domain.labels.label import Kind
from storage import schema
from storage.label_runs import PUBLISHED, Claim
from storage.labels import LABELLED, STANDS, under
from storage.unit import Unit, unhurried

_LABEL, _CUSTOMER, _COUNT = schema.label.c, schema.customer.c, schema.label_count.c
_HERE = schema.label.join(schema.customer, _CUSTOMER.customer_id == _LABEL.customer_id)
_SEPARATOR = "、"

Counts = dict[Kind, Counter[str]]


@dataclass(frozen=True)
class Counted:
    """The rows of a run that is about to be published: how many have which label, and who keeps how many."""

    labels: list[dict[str, Any]]
    books: list[dict[str, Any]]


def gather(unit: Unit, claim: Claim) -> Counted:
    """All customers are passed once, however many counts there are."""
    unhurried(unit)
    values = [_LABEL[name] for name in LABELLED.values()]
    seen = sa.select(_CUSTOMER.unit_id, _CUSTOMER.rm_userid, *values, sa.func.count()).select_from(_HERE)
    living = seen.where(under(claim.run.run), _CUSTOMER.closed_as_of.is_(None))
    found: Counter[tuple[str, Kind, str]] = Counter()
    books: Counter[tuple[str, str]] = Counter()
    for unit_id, userid, *words, count in unit.rows(living.group_by(_CUSTOMER.unit_id, _CUSTOMER.rm_userid, *values)):
        for kind, word in zip(LABELLED, words, strict=True):
            found[unit_id, kind, word] += count
        books[userid, words[0]] += count
    run = claim.run.run
    return Counted(
        [
            {"run": run, "unit_id": unit_id, "kind": kind.value, "value": word, "customers": count}
            for (unit_id, kind, word), count in found.items()
        ],
        [
            {"run": run, "rm_userid": userid, "tier": tier, "customers": count}
            for (userid, tier), count in books.items()
            if userid is not None
        ],
    )


def write(unit: Unit, claim: Claim, counted: Counted) -> None:
    """Those of this run, in the place of all others that are not in force."""
    for table, rows in ((schema.label_count, counted.labels), (schema.book_count, counted.books)):
        unit.execute(table.delete().where(table.c.run != claim.published))
        if rows:
            unit.execute(table.insert(), rows)


def of_units(unit: Unit, units: Collection[UnitId] | None) -> Counts:
    """The sums of these units, or of the whole bank."""
    total = sa.func.sum(_COUNT.customers)
    here = [_COUNT.run == PUBLISHED, *([_COUNT.unit_id.in_(sorted(units))] if units is not None else [])]
    rows = unit.rows(sa.select(_COUNT.kind, _COUNT.value, total).where(*here).group_by(_COUNT.kind, _COUNT.value))
    return _counted([(Kind(kind), value, int(count)) for kind, value, count in rows])


def of_book(unit: Unit, userid: UserId) -> Counts:
    """Those of somebody's own customers."""
    mine = sa.and_(_CUSTOMER.rm_userid == userid, _CUSTOMER.closed_as_of.is_(None), STANDS)
    values = [_LABEL[name] for name in LABELLED.values()]
    rows = unit.rows(sa.select(*values).select_from(_HERE).where(mine))
    return _counted([(kind, value, 1) for row in rows for kind, value in zip(LABELLED, row, strict=True)])


def _counted(found: list[tuple[Kind, str, int]]) -> Counts:
    """Who is in two segments counts in both."""
    counts: Counts = {kind: Counter() for kind in Kind}
    for kind, value, count in found:
        for word in value.split(_SEPARATOR):
            counts[kind][word] += count
    return counts
