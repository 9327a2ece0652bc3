"""The one statement that reads a whole customer, as far as the reader may know it: 查, every dimension and the page
execute the same.

Where a history could grow without end, it is bounded by days or counted in the database, so that an old customer costs
no more than a new one.
"""

from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from domain.customer import BROADCAST
from domain.policy import Scope, ScopeKind
from storage import schema, team_seats
from storage.case_lists import in_sight
from storage.circles import around, relation_column, within
from storage.consents import WILLING, trail_refused
from storage.labels import LABELLED, STANDS
from storage.nested import MonthOf, nested
from storage.risk_tests import VALID_UNTIL
from storage.statement import Statement
from storage.unit import Unit

CONTACTS_SHOWN, HISTORY_SHOWN, TIES_SHOWN = 50, 12, 50
MONTHS = 12
_RECENT, _LONG = timedelta(days=30), timedelta(days=90)
_CUSTOMER, _STAFF, _FEED, _TODO = schema.customer.c, schema.staff.c, schema.feed.c, schema.todo.c
_AUM, _HELD, _PRODUCT, _ACCOUNT = schema.aum_daily.c, schema.holding.c, schema.product.c, schema.account.c
_RISK, _SEEN, _LOAN, _TXN = schema.risk_assessment.c, schema.interaction.c, schema.loan.c, schema.txn.c
_PAST, _FILE, _TEAM, _TOUCH = schema.complaint_history.c, schema.case_file.c, team_seats.SEATS.c, schema.touchpoint.c
_RELATION, _TIE, _UNIT = schema.relation.c, schema.tie.c, schema.org_unit.c
_LABEL, _GIVEN = schema.label.c, schema.tier_override.c

ONE: sa.BindParameter[str] = sa.bindparam("customer")
_TODAY: sa.BindParameter[date] = sa.bindparam("today")
_MONTH_AGO: sa.BindParameter[datetime] = sa.bindparam("month_ago", type_=_SEEN.at.type)
_QUARTER_AGO: sa.BindParameter[datetime] = sa.bindparam("quarter_ago", type_=_SEEN.at.type)
_NOW: sa.BindParameter[datetime] = sa.bindparam("now", type_=_SEEN.at.type)
_SINCE: sa.BindParameter[datetime] = sa.bindparam("since", type_=_SEEN.at.type)
_FROM_DAY: sa.BindParameter[date] = sa.bindparam("from_day", type_=sa.Date())

_UNSEEN = trail_refused(ONE)

# `Contact.counts` in SQL: spoken to or answered, never a broadcast.
REAL_CONTACT = sa.and_(
    _SEEN.closed_as_of.is_(None),
    _SEEN.kind != BROADCAST,
    _SEEN.channel != BROADCAST,
    sa.or_(_SEEN.reached.is_(True), sa.and_(_SEEN.reached.is_(None), _SEEN.direction.in_(("in", "both")))),
)


def _aum() -> sa.Select[Any]:
    """A year of points, and the one before it, which holds until the first of them."""
    before = sa.select(sa.func.max(_AUM.day)).where(_AUM.customer_id == ONE, _AUM.day <= _FROM_DAY)
    first = sa.func.coalesce(before.scalar_subquery(), _FROM_DAY)
    return sa.select(_AUM.day, _AUM.aum).where(_AUM.customer_id == ONE, _AUM.day >= first).order_by(_AUM.day)


def _labels() -> sa.Select[Any]:
    cells = [_LABEL[f"{name}{end}"] for name in LABELLED.values() for end in ("", "_since", "_why")]
    return sa.select(_LABEL.computed_tier, *cells).where(_LABEL.customer_id == ONE, STANDS)


def _given() -> sa.Select[Any]:
    """The tier that an override sets today."""
    holds = (_GIVEN.from_day <= _TODAY, _GIVEN.until_day >= _TODAY)
    cells = (_GIVEN.tier, _GIVEN.from_day, _GIVEN.until_day)
    return sa.select(*cells).where(_GIVEN.customer_id == ONE, *holds).order_by(_GIVEN.decided_at.desc()).limit(1)


def _holdings() -> sa.Select[Any]:
    return (
        sa.select(_HELD.holding_id, _HELD.amount, _HELD.opened_on, _HELD.matures_on, _PRODUCT.product_id)
        .add_columns(_PRODUCT.name, _PRODUCT.kind, _PRODUCT.risk)
        .join_from(schema.holding, schema.product, _HELD.product_id == _PRODUCT.product_id)
        .where(_HELD.customer_id == ONE, _HELD.closed_as_of.is_(None), _HELD.amount > 0)  # some stay after they ended
    )


def _accounts() -> sa.Select[Any]:
    columns = (_ACCOUNT.account_id, _ACCOUNT.kind, _ACCOUNT.balance, _ACCOUNT.opened_on, _ACCOUNT.closed_on)
    return sa.select(*columns, _ACCOUNT.currency).where(_ACCOUNT.customer_id == ONE, _ACCOUNT.closed_as_of.is_(None))


def _risks() -> sa.Select[Any]:
    columns = (_RISK.level, _RISK.assessed_on, _RISK.valid_until, _RISK.regime, _RISK.channel)
    latest = (_RISK.assessed_on.desc(), VALID_UNTIL.desc(), _RISK.regime)
    return sa.select(*columns).where(_RISK.customer_id == ONE).order_by(*latest).limit(HISTORY_SHOWN)


def _contacts() -> sa.Select[Any]:
    columns = (_SEEN.at, _SEEN.channel, _SEEN.kind, _SEEN.direction, _SEEN.reached, _SEEN.satisfaction)
    here = (_SEEN.customer_id == ONE, _SEEN.closed_as_of.is_(None))
    return sa.select(*columns).where(*here).order_by(_SEEN.at.desc())


def _todos() -> sa.Select[Any]:
    late = sa.func.coalesce(sa.func.sum(sa.case((_TODO.due_at < _NOW, 1), else_=0)), 0)
    pending = (_TODO.customer_id == ONE, _TODO.state.in_(("open", "snoozed")))
    return sa.select(sa.func.count().label("pending"), late.label("late")).where(*pending)


def _team() -> sa.Select[Any]:
    return (
        sa.select(_TEAM.userid, _TEAM.role, _TEAM.until_day, _STAFF.name)
        .join_from(team_seats.SEATS, schema.staff, _STAFF.userid == _TEAM.userid)
        .where(_TEAM.customer_id == ONE, team_seats.on_day(_TODAY))
        .order_by(_TEAM.role, _TEAM.userid)
    )


def _loans() -> sa.Select[Any]:
    columns = (_LOAN.loan_id, _LOAN.kind, _LOAN.principal, _LOAN.balance, _LOAN.days_overdue, _LOAN.application_state)
    due = (_LOAN.classification, _LOAN.matures_on, _LOAN.next_due_on, _LOAN.next_due_amount)
    here = (_LOAN.customer_id == ONE, _LOAN.closed_as_of.is_(None))
    return sa.select(*columns, *due).where(*here).order_by(_LOAN.balance.desc(), _LOAN.loan_id)


_BETWEEN_OWN = sa.func.coalesce(_TXN.counterparty, "") == "own"


def _moved(sign: int, since: sa.ColumnElement[datetime]) -> sa.ColumnElement[Any]:
    """The sum that came in (1) or went out (-1) since then, without moves between own accounts."""
    counted = sa.and_(_TXN.booked_at >= since, sa.not_(_BETWEEN_OWN), _TXN.amount * sign > 0)
    return sa.func.coalesce(sa.func.sum(sa.case((counted, _TXN.amount * sign), else_=0)), 0)


def _months() -> sa.Select[Any]:
    month = MonthOf(_TXN.booked_at).label("month")
    sums = (_moved(1, _SINCE).label("inflow"), _moved(-1, _SINCE).label("outflow"))
    return sa.select(month, *sums).where(_TXN.customer_id == ONE, _TXN.booked_at >= _SINCE).group_by(month)


def _habits() -> sa.Select[Any]:
    recent = sa.func.sum(sa.case((_TXN.booked_at >= _MONTH_AGO, 1), else_=0))
    sums = (
        recent.label("count_30"), sa.func.count().label("count_90"),
        _moved(1, _MONTH_AGO).label("in_30"), _moved(-1, _MONTH_AGO).label("out_30"),
        _moved(1, _QUARTER_AGO).label("in_90"), _moved(-1, _QUARTER_AGO).label("out_90"),
        sa.type_coerce(sa.func.max(_TXN.booked_at), _TXN.booked_at.type).label("last_at"),
    )  # fmt: skip
    way = (_TXN.kind, _TXN.channel, _TXN.customer_initiated.label("initiated"))
    return sa.select(*way, *sums).where(_TXN.customer_id == ONE, _TXN.booked_at >= _QUARTER_AGO).group_by(*way)


def _complaints() -> sa.Select[Any]:
    here = (_PAST.customer_id == ONE, _PAST.closed_as_of.is_(None))
    columns = (_PAST.received_at, _PAST.closed_at, _PAST.outcome)
    return sa.select(*columns).where(*here).order_by(_PAST.received_at.desc()).limit(HISTORY_SHOWN)


def _cases(kind: ScopeKind, oversees: bool) -> sa.Select[Any]:
    here = (_FILE.customer_id == ONE, in_sight(sa.bindparam("actor"), kind, oversees=oversees))
    columns = (_FILE.id.label("case_id"), _FILE.closed, _FILE.opened_at)
    return sa.select(*columns).where(*here).order_by(_FILE.closed, _FILE.opened_at.desc()).limit(HISTORY_SHOWN)


def _ties(kind: ScopeKind) -> sa.Select[Any]:
    """Out of the feed and out of what colleagues entered, seen from this customer; with each, how the reader stands to
    the other one."""
    said = sa.select(_RELATION.other_customer_id.label("other"), _RELATION.kind, sa.literal("").label("tie_id"))
    here = sa.select(_TIE.other_customer_id, _TIE.kind, _TIE.id).where(_TIE.customer_id == ONE)
    there = sa.select(_TIE.customer_id, _TIE.back, _TIE.id).where(_TIE.other_customer_id == ONE)
    rows = sa.union_all(
        said.where(_RELATION.customer_id == ONE, _RELATION.closed_as_of.is_(None)),
        here.where(_TIE.ended_at.is_(None)),
        there.where(_TIE.ended_at.is_(None)),
    ).subquery("tied")
    how = relation_column(kind, rows.c.other)
    return sa.select(rows.c.other, rows.c.kind, rows.c.tie_id, how.label("how")).limit(TIES_SHOWN)


def _touches() -> sa.Select[Any]:
    """Only where the bank has agreed to look (`trail`), and never what a wireless network tells of who walks by."""
    channel = sa.func.lower(sa.func.replace(_TOUCH.channel, "-", ""))
    walks_by = sa.or_(channel.contains("wifi"), channel.contains("探针"))
    here = (_TOUCH.customer_id == ONE, _TOUCH.at >= _QUARTER_AGO, sa.bindparam("trail", type_=sa.Boolean()))
    way = (_TOUCH.channel, _TOUCH.page, _PRODUCT.name.label("product"))
    last = sa.type_coerce(sa.func.max(_TOUCH.at), _TOUCH.at.type).label("last_at")
    sums = (sa.func.count().label("count"), sa.func.coalesce(sa.func.sum(_TOUCH.dwell_seconds), 0).label("seconds"))
    joined = schema.touchpoint.outerjoin(schema.product, _PRODUCT.product_id == _TOUCH.product_id)
    return (
        sa.select(*way, *sums, last)
        .select_from(joined)
        .where(*here, sa.not_(walks_by), sa.not_(_UNSEEN))
        .group_by(*way)
    )


def _above() -> sa.Select[Any]:
    """Where the customer is kept, and all that is above it."""
    kept = sa.select(_CUSTOMER.unit_id).where(_CUSTOMER.customer_id == ONE).correlate(None).scalar_subquery()
    units = sa.select(_UNIT.unit_id, _UNIT.name, _UNIT.kind, _UNIT.parent_id).where(_UNIT.closed_as_of.is_(None))
    here = units.where(_UNIT.unit_id == kept).cte("kept_in", recursive=True)
    return sa.select(here.union(units.where(_UNIT.unit_id == here.c.parent_id)))  # no row twice: a circle ends


@cache
def _statement(kind: ScopeKind, oversees: bool) -> Statement:
    """Put together when first asked for: most processes never do."""
    whole = (
        sa.select(schema.customer, _STAFF.name.label("rm_name"), WILLING.label("willing"))
        .join_from(schema.customer, schema.staff, _STAFF.userid == _CUSTOMER.rm_userid, isouter=True)
        .where(_CUSTOMER.customer_id == ONE)
        .add_columns(
            nested(sa.select(_FEED.name.label("feed"), _FEED.as_of, _FEED.arrived_at), "arrivals"),
            nested(_aum(), "aum"), nested(_labels(), "labels"), nested(_given(), "given"),
            nested(_holdings(), "holdings"), nested(_accounts(), "accounts"),
            nested(_risks(), "risks"), nested(_contacts().limit(CONTACTS_SHOWN), "contacts"),
            nested(_contacts().where(REAL_CONTACT).limit(1), "reached"), nested(_todos(), "todos"),
            nested(_team(), "team"), nested(_loans(), "loans"), nested(_months(), "months"),
            nested(_habits(), "habits"), nested(_complaints(), "complaints"),
            nested(_cases(kind, oversees), "cases"), nested(_ties(kind), "ties"), nested(_touches(), "touches"),
            nested(_above(), "above"),
        )
    )  # fmt: skip
    return within(whole)[kind]


def read(unit: Unit, scope: Scope, customer_id: str, *, oversees: bool, trail: bool) -> Any:
    """The row with everything in it; None outside the scope."""
    today = unit.now.date()
    months = today.year * 12 + today.month - MONTHS
    from_day = date(months // 12, months % 12 + 1, 1)
    values = {
        "customer": customer_id, "now": unit.now, "trail": trail,
        "month_ago": unit.now - _RECENT, "quarter_ago": unit.now - _LONG,
        "from_day": from_day, "since": datetime.combine(from_day, time(), unit.now.tzinfo),
    }  # fmt: skip
    return unit.row(_statement(scope.kind, oversees), {**values, **around(scope, unit.now)})
