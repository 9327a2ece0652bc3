"""What is kept about customers: the bank's feeds, consents, suitability, labels; the customers themselves last."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from domain.retention.kinds import Kind, Start
from storage import schema
from storage.retention import held
from storage.retention.store import SEALED, Along, Cell, Store, Truth

_CUSTOMERS = schema.rows_of(schema.customer)
_RUN = schema.label_run.c
_OF_RUN = (
    sa.select(_RUN.day).where(_RUN.run == schema.label.c.until_run).correlate_except(schema.label_run).scalar_subquery()
)


def ended(customer_id: Cell) -> Cell:
    """When the bank's feed last knew the customer."""
    customer = schema.customer.c
    here = sa.select(customer.closed_as_of).where(customer.customer_id == customer_id)
    return here.correlate_except(schema.customer).scalar_subquery()


def _visible(view: sa.Table) -> Truth:
    """Not what an import is still writing."""
    feed = schema.feed.c
    here = sa.select(feed.version).where(feed.name == view.info["feed"])
    version = here.correlate_except(schema.feed).scalar_subquery()
    return schema.rows_of(view).c.since <= sa.func.coalesce(version, 0)


def fed(view: sa.Table, kind: Kind, happened: str | None = None, closed: Cell | None = None) -> Store:
    """A feed's rows about customers."""
    rows = schema.rows_of(view)
    gone = ended(rows.c.customer_id)
    starts: dict[Start, Cell] = {Start.RELATION_ENDED: gone}
    starts |= {Start.HAPPENED: rows.c[happened]} if happened else {}
    starts |= {Start.CLOSED: sa.func.coalesce(rows.c.closed_as_of, gone) if closed is None else closed}
    return Store(rows, kind, starts, held.by_customer(rows.c.customer_id), _visible(view))


def about(table: sa.Table, kind: Kind, starts: Mapping[Start, Cell], only: Truth | None = None) -> Store:
    """The house's own rows about customers; the end of the relation may start their clock as well."""
    customer_id = table.c.customer_id
    begun = {Start.RELATION_ENDED: ended(customer_id), **starts}
    return Store(table, kind, begun, held.by_customer(customer_id), sa.true() if only is None else only)


def _with_customer(table: sa.Table) -> Along:
    return Along(table, lambda key: table.c.customer_id.in_(key))


_BLANK_CUSTOMER: dict[str, Any] = {
    **dict.fromkeys(("name", "pinyin"), SEALED),
    "name_index": b"",
    "gender": "未知",
    "marketing_consent": False,
    **dict.fromkeys(
        ("birth_date", "birth_lunar", "id_type", "id_number", "id_number_index", "id_expiry", "mobile", "mobile_index",
         "mobile_tail_index", "address", "occupation", "opened_on", "rm_userid", "kyc_risk", "kyc_due",
         "contact_preference", "investor_class", "annual_income", "liquid_assets", "horizon_days", "frozen",
         "sanctioned", "collections", "digest"),
    ),
}  # fmt: skip
_NAMED = _CUSTOMERS.c.name_index != b""


def _customers(kind: Kind, only: Truth, *, beside: bool = False) -> Store:
    """The number stays, so that what the law keeps longer still knows whose it is; labels are made of the rest."""
    return Store(
        _CUSTOMERS,
        kind,
        {Start.RELATION_ENDED: _CUSTOMERS.c.closed_as_of},
        held.by_customer(_CUSTOMERS.c.customer_id),
        sa.and_(_visible(schema.customer), _NAMED, only),
        _BLANK_CUSTOMER,
        (_with_customer(schema.label),),
        beside,
    )


def of_customers() -> tuple[Store, ...]:
    account = schema.rows_of(schema.account).c
    closed = sa.func.coalesce(account.closed_on, account.closed_as_of, ended(account.customer_id))
    opened = _CUSTOMERS.c.opened_on.is_not(None)
    return (
        fed(schema.service_team, Kind.IDENTITY),
        fed(schema.relation, Kind.IDENTITY),
        about(schema.team_seat, Kind.IDENTITY, {}),
        about(schema.tie, Kind.IDENTITY, {}),
        fed(schema.account, Kind.TRANSACTIONS, closed=closed),
        fed(schema.holding, Kind.TRANSACTIONS),
        fed(schema.loan, Kind.TRANSACTIONS),
        # Carried forward from day to day: the last row counts for ever while the customer is one.
        fed(schema.aum_daily, Kind.TRANSACTIONS, closed=ended(schema.rows_of(schema.aum_daily).c.customer_id)),
        fed(schema.txn, Kind.TRANSACTIONS, closed=schema.rows_of(schema.txn).c.booked_at),
        fed(schema.risk_assessment, Kind.SUITABILITY, "assessed_on"),
        about(schema.suitability_decision, Kind.SUITABILITY, {Start.HAPPENED: schema.suitability_decision.c.asked_at}),
        about(schema.consent, Kind.CONSENTS, {}),
        about(schema.restricted, Kind.CONSENTS, {}),
        about(schema.subject_request, Kind.DECISIONS, {Start.CLOSED: schema.subject_request.c.answered_at}),
        fed(schema.touchpoint, Kind.TRAIL, "at"),
        about(schema.label, Kind.LABELS, {Start.REPLACED: _OF_RUN}),
        fed(schema.interaction, Kind.CONTACTS, "at"),
        # The customers last: what ends with the relation is found by them.
        _customers(Kind.LEADS, sa.not_(opened), beside=True),
        _customers(Kind.IDENTITY, opened),
    )
