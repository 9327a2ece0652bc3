"""Who the care rules have to look at: set-based, a window of customers or one day of maturities at a time."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from domain.customer import DO_NOT_DISTURB, Holding
from domain.ids import CustomerId, Fen, UserId
from storage import restrictions, schema
from storage.case_lists import hidden_from
from storage.consents import WILLING
from storage.customers import holding_of
from storage.statement import Statement
from storage.unit import Unit
from storage.whole import REAL_CONTACT

_CUSTOMER, _AUM, _SEEN = schema.customer.c, schema.aum_daily.c, schema.interaction.c
_HELD, _PRODUCT, _PAST = schema.holding.c, schema.product.c, schema.complaint_history.c
_FILE, _GIVEN = schema.case_file.c, schema.tier_override.c
_WANTS_NO_QUIET = _CUSTOMER.contact_preference.is_distinct_from(DO_NOT_DISTURB)
_FROZEN = restrictions.applies_to(_CUSTOMER.customer_id)


def _of_window(customer_id: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    return sa.and_(customer_id > sa.bindparam("after"), customer_id <= sa.bindparam("until"))


_WINDOW = (
    sa.select(_CUSTOMER.customer_id)
    .where(_CUSTOMER.customer_id > sa.bindparam("after"))
    .order_by(_CUSTOMER.customer_id)
    .limit(sa.bindparam("size"))
)
_WINDOW_END = sa.select(sa.func.max(_WINDOW.subquery().c.customer_id))
_MET = sa.and_(_SEEN.customer_id == _CUSTOMER.customer_id, REAL_CONTACT)
# A mean of at least the floor needs a day of at least the floor, so nobody of the tier is left out; and somebody may be
# treated as more than that, by hand and for a time. Those few first, within the window: what is asked of each would
# have PostgreSQL read every balance of the bank for each window.
_RICH = sa.union(
    sa.select(_AUM.customer_id).where(_of_window(_AUM.customer_id), _AUM.aum >= sa.bindparam("floor")),
    sa.select(_GIVEN.customer_id).where(_of_window(_GIVEN.customer_id), _GIVEN.until_day >= sa.bindparam("today")),
).cte("rich")
_UNREACHED = (
    sa.select(
        _CUSTOMER.customer_id,
        _CUSTOMER.opened_on,
        sa.select(sa.func.max(_SEEN.at)).where(_MET).scalar_subquery().label("met_at"),
    )
    .join_from(_RICH, schema.customer, _CUSTOMER.customer_id == _RICH.c.customer_id)
    .where(
        _CUSTOMER.closed_as_of.is_(None),
        ~sa.exists().where(_MET, _SEEN.at >= sa.bindparam("since", type_=_SEEN.at.type)),
    )
    .order_by(_CUSTOMER.customer_id)
)
_MATURING = (
    sa.select(_HELD.customer_id, _HELD.holding_id, _HELD.amount, _HELD.opened_on, _HELD.matures_on)
    .add_columns(_PRODUCT.product_id, _PRODUCT.name, _PRODUCT.kind, _PRODUCT.risk)
    .join_from(schema.holding, schema.product, _HELD.product_id == _PRODUCT.product_id)
    .join(schema.customer, _CUSTOMER.customer_id == _HELD.customer_id)
    .where(_HELD.matures_on == sa.bindparam("day"), _HELD.amount >= sa.bindparam("floor"))
    .where(_HELD.closed_as_of.is_(None), _CUSTOMER.closed_as_of.is_(None))
    .order_by(_HELD.customer_id, _HELD.holding_id)
)


_LATELY: sa.BindParameter[datetime] = sa.bindparam("lately", type_=_FILE.moved_at.type)
_OWNER: sa.BindParameter[str] = sa.bindparam("owner")


def _forbidden(owner: sa.BindParameter[str] | None) -> sa.ColumnElement[bool]:
    """Debts are collected, the customer is frozen, or a complaint or any other case is open or was closed lately; one
    that is hidden from the owner does not count, for what it stops would tell of it.
    """
    unsettled = sa.or_(_PAST.closed_at.is_(None), _PAST.closed_at >= _LATELY)
    before = sa.exists().where(_PAST.customer_id == _CUSTOMER.customer_id, unsettled)
    lively = sa.or_(_FILE.closed.is_(False), _FILE.moved_at >= _LATELY)
    theirs = sa.and_(_FILE.customer_id == _CUSTOMER.customer_id, sa.not_(hidden_from(owner)))
    return sa.or_(_CUSTOMER.collections.is_(True), _FROZEN, before, sa.exists().where(theirs, lively))


_ONE = sa.select(_CUSTOMER.customer_id).where(_CUSTOMER.customer_id == sa.bindparam("customer"))
_SUPPRESSED, _SUPPRESSED_FOR_ALL = (Statement(_ONE.where(_forbidden(owner))) for owner in (_OWNER, None))
_MAY_MARKET = Statement(_ONE.where(WILLING.is_(True), _WANTS_NO_QUIET, sa.not_(_forbidden(_OWNER))))


@dataclass(frozen=True)
class Unreached:
    """A customer with no real contact since a moment; `met_at` is the last one, if there was any."""

    customer_id: CustomerId
    opened_on: date | None
    met_at: datetime | None


def window_end(unit: Unit, after: str, size: int) -> str | None:
    """The last of the next `size` customer numbers; None when there are no more."""
    found = unit.execute(_WINDOW_END, {"after": after, "size": size}).scalar()
    return None if found is None else str(found)


def unreached(unit: Unit, after: str, until: str, *, since: datetime, floor: Fen) -> list[Unreached]:
    """Customers of the window whom nobody has reached since, and who once had as much as the lowest tier asks for."""
    values = {"after": after, "until": until, "since": since, "floor": floor, "today": unit.now.date()}
    return [Unreached(CustomerId(row.customer_id), row.opened_on, row.met_at) for row in unit.rows(_UNREACHED, values)]


def maturing(unit: Unit, day: date, floor: Fen) -> list[tuple[CustomerId, Holding]]:
    """Holdings of at least `floor` that mature on `day`."""
    rows = unit.rows(_MATURING, {"day": day, "floor": floor})
    return [(CustomerId(row.customer_id), holding_of(row)) for row in rows]


def suppressed(unit: Unit, customer_id: CustomerId, owner: UserId | None, quiet: timedelta) -> bool:
    """Whether no marketing of the owner's may reach the customer now (business-rules.md §4)."""
    statement = _SUPPRESSED if owner else _SUPPRESSED_FOR_ALL
    asked = {"customer": customer_id, "lately": unit.now - quiet, **({"owner": owner} if owner else {})}
    return unit.row(statement, asked) is not None


def may_market(unit: Unit, customer_id: CustomerId, owner: UserId, quiet: timedelta) -> bool:
    """Whether the owner may speak of products: the customer agreed and asked for no quiet, and nothing forbids it."""
    asked = {"customer": customer_id, "lately": unit.now - quiet, "owner": owner}
    return unit.row(_MAY_MARKET, asked) is not None
