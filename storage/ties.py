"""Relations that colleagues entered: kept apart from the feed's, never deleted; one that was taken back has an end."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from domain.ids import CustomerId, UserId
from storage import schema
from storage.unit import Unit

_TIE = schema.tie.c
UNDONE, REVERSED = "undone", "reversed"


@dataclass(frozen=True)
class EnteredTie:
    """`other` is the `kind` of `customer`, who is the `back` of them: 李明 is the 子女 of 王秀兰, she the 父母 of him."""

    tie_id: str
    customer: CustomerId
    other: CustomerId
    kind: str
    back: str
    by: UserId
    at: datetime
    ended_at: datetime | None = None


def known(unit: Unit, tie: EnteredTie) -> bool:
    """Whether the same is already there, from whichever side it was entered."""
    here = sa.and_(_TIE.customer_id == tie.customer, _TIE.other_customer_id == tie.other, _TIE.kind == tie.kind)
    there = sa.and_(_TIE.customer_id == tie.other, _TIE.other_customer_id == tie.customer, _TIE.back == tie.kind)
    return unit.row(sa.select(_TIE.id).where(sa.or_(here, there), _TIE.ended_at.is_(None)).limit(1)) is not None


def add(unit: Unit, tie: EnteredTie) -> None:
    values = {"id": tie.tie_id, "customer_id": tie.customer, "other_customer_id": tie.other, "kind": tie.kind}
    unit.execute(schema.tie.insert().values(**values, back=tie.back, by_userid=tie.by, at=tie.at))
    unit.audit("relation.entered", f"tie:{tie.tie_id}", {"kind": tie.kind}, [tie.customer, tie.other])


def end(unit: Unit, tie: EnteredTie, how: str) -> bool:
    """Take one back (`undone`) or put it right later (`reversed`). True for the one that does."""
    here = schema.tie.update().where(_TIE.id == tie.tie_id, _TIE.ended_at.is_(None))
    if not unit.changed(here.values(ended_at=unit.now)):
        return False
    unit.audit(f"relation.{how}", f"tie:{tie.tie_id}", {"kind": tie.kind}, [tie.customer, tie.other])
    return True


def load(unit: Unit, tie_id: str) -> EnteredTie | None:
    return _one(unit, sa.select(schema.tie).where(_TIE.id == tie_id))


def latest_of(unit: Unit, userid: UserId) -> EnteredTie | None:
    """The person's latest entry that still holds."""
    mine = sa.select(schema.tie).where(_TIE.by_userid == userid, _TIE.ended_at.is_(None))
    return _one(unit, mine.order_by(_TIE.at.desc(), _TIE.id).limit(1))


def _one(unit: Unit, select: sa.Select[tuple[object, ...]]) -> EnteredTie | None:
    row = unit.row(select)
    if row is None:
        return None
    return EnteredTie(
        row.id,
        CustomerId(row.customer_id),
        CustomerId(row.other_customer_id),
        row.kind,
        row.back,
        UserId(row.by_userid),
        row.at,
        row.ended_at,
    )
