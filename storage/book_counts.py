"""How many customers of each tier a manager keeps, wherever they are: counted once a run, for heads of many."""

from collections import Counter
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from domain.ids import UnitId, UserId
from storage import schema
from storage.label_runs import PUBLISHED, Claim
from storage.labels import under
from storage.unit import Unit

_LABEL, _CUSTOMER, _COUNT, _STAFF = schema.label.c, schema.customer.c, schema.book_count.c, schema.staff.c
_HERE = schema.label.join(schema.customer, _CUSTOMER.customer_id == _LABEL.customer_id)
_GROUP = (_CUSTOMER.rm_userid, _LABEL.tier)


def gather(unit: Unit, claim: Claim) -> list[dict[str, Any]]:
    """The rows of a run that is about to be published."""
    kept = sa.and_(under(claim.run.run), _CUSTOMER.closed_as_of.is_(None), _CUSTOMER.rm_userid.is_not(None))
    rows = unit.rows(sa.select(*_GROUP, sa.func.count()).select_from(_HERE).where(kept).group_by(*_GROUP))
    return [
        {"run": claim.run.run, "rm_userid": userid, "tier": tier, "customers": count} for userid, tier, count in rows
    ]


def write(unit: Unit, claim: Claim, rows: list[dict[str, Any]]) -> None:
    """Those of this run, in the place of all others that are not in force."""
    table = schema.book_count
    unit.execute(table.delete().where(_COUNT.run != claim.published))
    if rows:
        unit.execute(table.insert(), rows)


def of_units(unit: Unit, units: Collection[UnitId] | None) -> dict[UserId, Counter[str]]:
    """The whole books of the managers of these units, or of the bank: against a limit, half a book tells nothing."""
    rows = sa.select(_COUNT.rm_userid, _COUNT.tier, _COUNT.customers).where(_COUNT.run == PUBLISHED)
    if units is not None:
        rows = rows.join(schema.staff, _STAFF.userid == _COUNT.rm_userid).where(_STAFF.unit_id.in_(sorted(units)))
    books: dict[UserId, Counter[str]] = {}
    for userid, tier, count in unit.rows(rows):
        books.setdefault(UserId(userid), Counter())[tier] = count
    return books
