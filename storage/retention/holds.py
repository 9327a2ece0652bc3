"""Legal holds at rest: laid, looked up, released; none is ever forgotten while it is in force."""

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
    """From this commit on; a case takes along whoever it is filed under, also later (storage.retention.held)."""
    key, seal = str(approval_id), unit.vault.seal
    unit.execute(
        schema.legal_hold.insert().values(
            id=key,
            customer_id=wish.customer_id,
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
    return _holds(unit, _HOLD.customer_id == thing)


def reaching(unit: Unit, customer_id: CustomerId) -> list[Hold]:
    """All that keep a customer, those on one of their cases included."""
    return _holds(unit, _on(customer_id))


def reaching_case(unit: Unit, case_id: CaseId, customer_id: CustomerId | None) -> list[Hold]:
    """All that keep a case: its own, and those on its customer."""
    of_itself = _HOLD.case_id == case_id
    return _holds(unit, of_itself if customer_id is None else sa.or_(of_itself, _on(customer_id)))


def _on(customer_id: CustomerId) -> sa.ColumnElement[bool]:
    theirs = sa.select(_FILE.id).where(_FILE.customer_id == customer_id)
    return sa.or_(_HOLD.customer_id == customer_id, _HOLD.case_id.in_(theirs))


def _holds(unit: Unit, which: sa.ColumnElement[bool]) -> list[Hold]:
    rows = unit.rows(sa.select(schema.legal_hold).where(_IN_FORCE, which).order_by(_HOLD.since, _HOLD.id))
    return [_opened(unit, row) for row in rows]


def _opened(unit: Unit, row: "sa.Row[tuple[str, ...]]") -> Hold:
    reference, reason = (
        unit.vault.open("legal_hold", name, row.id, getattr(row, name)) for name in ("reference", "reason")
    )
    case_id = CaseId(row.case_id) if row.case_id else None
    return Hold(row.id, case_id, reference, reason, UserId(row.asked_by), row.since)
