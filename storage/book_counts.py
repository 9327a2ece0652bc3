"""How many customers of each tier a manager keeps, wherever they are: counted once a run, for heads of many."""

from collections import Counter
from collections.abc import Collection

import sqlalchemy as sa

from domain.ids import UnitId, UserId
from storage import schema
from storage.label_runs import PUBLISHED
from storage.unit import Unit

_COUNT, _STAFF = schema.book_count.c, schema.staff.c


def of_units(unit: Unit, units: Collection[UnitId] | None) -> dict[UserId, Counter[str]]:
    """The whole books of the managers of these units, or of the bank: against a limit, half a book tells nothing."""
    rows = sa.select(_COUNT.rm_userid, _COUNT.tier, _COUNT.customers).where(_COUNT.run == PUBLISHED)
    if units is not None:
        rows = rows.join(schema.staff, _STAFF.userid == _COUNT.rm_userid).where(_STAFF.unit_id.in_(sorted(units)))
    books: dict[UserId, Counter[str]] = {}
    for userid, tier, count in unit.rows(rows):
        books.setdefault(UserId(userid), Counter())[tier] = count
    return books
