"""Stand-ins: who acts for whom, from when until when."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from domain.ids import UserId
from storage import schema
from storage.statement import Statement
from storage.unit import Unit

_COLUMNS = schema.stand_in.c
_LASTING = sa.select(schema.stand_in).where(_COLUMNS.until_at > sa.bindparam("moment"), _COLUMNS.ended_at.is_(None))
_FROM = _LASTING.where(_COLUMNS.principal == sa.bindparam("person"))
_OF = Statement(_FROM.order_by(_COLUMNS.from_at, _COLUMNS.id))
_NOW = Statement(_FROM.where(_COLUMNS.from_at <= sa.bindparam("moment")).order_by(_COLUMNS.from_at.desc(), _COLUMNS.id))
_BY = Statement(_LASTING.where(_COLUMNS.deputy == sa.bindparam("person")).order_by(_COLUMNS.from_at, _COLUMNS.id))


@dataclass(frozen=True)
class StandIn:
    """`deputy` acts for `principal` from `from_at` to before `until_at`."""

    id: str
    principal: UserId
    deputy: UserId
    from_at: datetime
    until_at: datetime


def add(unit: Unit, stand_in: StandIn) -> None:
    """One stand-in at a time: an earlier one of the same person that overlaps ends now."""
    for other in of(unit, stand_in.principal):
        if other.from_at < stand_in.until_at and stand_in.from_at < other.until_at:
            end(unit, other)
    values = {
        "id": stand_in.id,
        "principal": stand_in.principal,
        "deputy": stand_in.deputy,
        "from_at": stand_in.from_at,
        "until_at": stand_in.until_at,
    }
    unit.execute(schema.stand_in.insert(), values)
    window = {"deputy": stand_in.deputy, "from": stand_in.from_at.isoformat(), "until": stand_in.until_at.isoformat()}
    unit.audit("stand_in.set", f"staff:{stand_in.principal}", window)


def end(unit: Unit, stand_in: StandIn) -> None:
    unit.execute(schema.stand_in.update().where(_COLUMNS.id == stand_in.id).values(ended_at=unit.now))
    unit.audit("stand_in.ended", f"staff:{stand_in.principal}", {"deputy": stand_in.deputy})


def of(unit: Unit, principal: UserId) -> list[StandIn]:
    """The person's windows that are open or still to come, the next first."""
    return [_stand_in(row) for row in unit.rows(_OF, {"person": principal, "moment": unit.now})]


def deputies(unit: Unit, principal: UserId) -> tuple[UserId, ...]:
    """Who stands in for the person now."""
    return tuple(UserId(row.deputy) for row in unit.rows(_NOW, {"person": principal, "moment": unit.now}))


def principals(unit: Unit, deputy: UserId) -> list[StandIn]:
    """For whom the person stands in, now or soon."""
    return [_stand_in(row) for row in unit.rows(_BY, {"person": deputy, "moment": unit.now})]


def _stand_in(row: sa.Row[Any]) -> StandIn:
    return StandIn(row.id, UserId(row.principal), UserId(row.deputy), row.from_at, row.until_at)
