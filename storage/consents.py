"""The register of consents: rows are added, never changed; what holds is the word of the latest day."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from domain.consent import Consent, ConsentKind
from domain.ids import CustomerId, UserId
from storage import schema
from storage.unit import Unit

_CUSTOMER = schema.customer.c


def latest(
    kind: ConsentKind, customer_id: sa.ColumnElement[str], value: Callable[[Any], sa.ColumnElement[bool]]
) -> sa.ScalarSelect[bool]:
    """Something of the latest word of a kind; NULL where there was none."""
    said = schema.consent.alias()
    here = sa.select(value(said.c)).where(said.c.customer_id == customer_id, said.c.kind == kind.value)
    newest_first = here.order_by(said.c.day.desc(), said.c.recorded_at.desc(), said.c.id.desc())
    return newest_first.limit(1).correlate_except(said).scalar_subquery()


def _or_newer(said: Any) -> sa.ColumnElement[bool]:
    """The word, or the bank's data where these have changed since."""
    same = said.fed == _CUSTOMER.marketing_consent
    return sa.case((same, said.agreed), else_=_CUSTOMER.marketing_consent)


WILLING: sa.ColumnElement[bool] = sa.func.coalesce(
    latest(ConsentKind.MARKETING, _CUSTOMER.customer_id, _or_newer), _CUSTOMER.marketing_consent
)
"""Whether the customer of the statement may be addressed with products."""


def trail_refused(customer_id: sa.ColumnElement[str]) -> sa.ColumnElement[bool]:
    """Whether a customer does not want their steps looked at."""
    return latest(ConsentKind.TRAIL, customer_id, lambda said: said.agreed).is_(False)


def add(unit: Unit, consent: Consent) -> None:
    key = consent.consent_id
    unit.execute(
        schema.consent.insert().values(
            id=key,
            customer_id=consent.customer_id,
            kind=consent.kind.value,
            agreed=consent.agreed,
            day=consent.day,
            channel=consent.channel,
            evidence=unit.vault.seal("consent", "evidence", key, consent.evidence),
            fed=consent.fed,
            recorded_by=consent.recorded_by,
            recorded_at=consent.recorded_at,
        )
    )
    detail = {"kind": consent.kind.value, "agreed": consent.agreed, "day": consent.day.isoformat()}
    unit.audit("consent.recorded", f"customer:{consent.customer_id}", detail, [consent.customer_id])


def of(unit: Unit, customer_id: CustomerId, limit: int) -> Sequence[Consent]:
    """What a customer said, the latest first."""
    said = schema.consent.c
    here = sa.select(schema.consent).where(said.customer_id == customer_id)
    newest_first = here.order_by(said.day.desc(), said.recorded_at.desc(), said.id.desc())
    return [_consent(unit, row) for row in unit.rows(newest_first.limit(limit))]


def fed(unit: Unit, customer_id: CustomerId) -> bool:
    """What the bank's own data say of marketing."""
    here = sa.select(_CUSTOMER.marketing_consent).where(_CUSTOMER.customer_id == customer_id)
    return bool(unit.execute(here).scalar())


def willing(unit: Unit, customer_id: CustomerId) -> bool:
    """What holds of marketing, the data and the register taken together."""
    return bool(unit.execute(sa.select(WILLING).where(_CUSTOMER.customer_id == customer_id)).scalar())


def _consent(unit: Unit, row: Any) -> Consent:
    return Consent(
        consent_id=row.id,
        customer_id=CustomerId(row.customer_id),
        kind=ConsentKind(row.kind),
        agreed=row.agreed,
        day=row.day,
        channel=row.channel,
        evidence=unit.vault.open("consent", "evidence", row.id, row.evidence),
        fed=row.fed,
        recorded_by=UserId(row.recorded_by),
        recorded_at=row.recorded_at,
    )
