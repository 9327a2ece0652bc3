"""Legal holds at rest: laid, looked up, released; none is ever forgotten while it is in force."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from domain.ids import ApprovalId, CaseId, CustomerId, UserId
from domain.retention.hold import HoldWish
from storage import schema
from storage.unit import Unit

_HOLD, _FILE = schema.legal_hold.c, schema.case_file.c
_IN_FORCE = _HOLD.released_at.is_(None)


@dataclass(frozen=True)
class Hold:
    """One in force: on a case where it names one, else on a customer."""

    hold_id: str
    case_id: CaseId | None
    reference: str
    reason: str
    asked_by: UserId
    since: datetime


def lay(unit: Unit, approval_id: ApprovalId, wish: HoldWish, reason: str, asked_by: UserId, agreed_by: UserId) -> None:
    """From this commit on; a case takes its customer along."""
    key, seal = str(approval_id), unit.vault.seal
    customer_id = _customer_of(unit, wish.case_id) if wish.case_id else wish.customer_id
    unit.execute(
        schema.legal_hold.insert().values(
            id=key,
            customer_id=customer_id,
            case_id=wish.case_id,
            reason=seal("legal_hold", "reason", key, reason),
            reference=seal("legal_hold", "reference", key, wish.reference),
            asked_by=asked_by,
            agreed_by=agreed_by,
            since=unit.now,
        )
    )


def release(unit: Unit, hold_id: str, by: UserId) -> bool:
    """False for one that is not in force."""
    here = schema.legal_hold.update().where(_HOLD.id == hold_id, _IN_FORCE)
    return unit.changed(here.values(released_at=unit.now, released_by=by))


def laid_on(unit: Unit, about: str) -> list[Hold]:
    """Those that name exactly this customer or this case."""
    family, _, thing = about.partition(":")
    if family == "case":
        return _holds(unit, _HOLD.case_id == thing)
    return _holds(unit, sa.and_(_HOLD.customer_id == thing, _HOLD.case_id.is_(None)))


def reaching(unit: Unit, customer_id: CustomerId) -> list[Hold]:
    """All that keep a customer, those on one of their cases included."""
    return _holds(unit, _HOLD.customer_id == customer_id)


def reaching_case(unit: Unit, case_id: CaseId, customer_id: CustomerId | None) -> list[Hold]:
    on_customer = sa.and_(_HOLD.customer_id == customer_id, _HOLD.case_id.is_(None))
    return _holds(unit, sa.or_(_HOLD.case_id == case_id, on_customer))


def _holds(unit: Unit, which: sa.ColumnElement[bool]) -> list[Hold]:
    rows = unit.rows(sa.select(schema.legal_hold).where(_IN_FORCE, which).order_by(_HOLD.since, _HOLD.id))
    return [_opened(unit, row) for row in rows]


def _opened(unit: Unit, row: "sa.Row[tuple[str, ...]]") -> Hold:
    reference, reason = (
        unit.vault.open("legal_hold", name, row.id, getattr(row, name)) for name in ("reference", "reason")
    )
    case_id = CaseId(row.case_id) if row.case_id else None
    return Hold(row.id, case_id, reference, reason, UserId(row.asked_by), row.since)


def _customer_of(unit: Unit, case_id: CaseId) -> CustomerId | None:
    found: Sequence[str | None] = unit.rows(sa.select(_FILE.customer_id).where(_FILE.id == case_id))[0]
    return CustomerId(found[0]) if found[0] else None
