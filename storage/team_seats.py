"""Seats in customers' service teams: the feed says whose each is, and a handover gives it to somebody else.

A seat that was given away goes on while the feed says that it is the leaver's. When it no longer does, the house's word
is over, whoever the feed names instead.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa

from domain.handover import TeamSeat
from domain.ids import CustomerId, UserId
from storage import schema
from storage.handovers import SEAT, Item
from storage.unit import Unit

_FED, _GIVEN, _CUSTOMER = schema.service_team.c, schema.team_seat.c, schema.customer.c
_SAME = sa.and_(
    _GIVEN.customer_id == _FED.customer_id, _GIVEN.role == _FED.role, _GIVEN.fed == _FED.userid
)  # fmt: skip
_OPEN = _FED.closed_as_of.is_(None)
_COLUMNS = (_FED.customer_id, _FED.role, _FED.from_day, _FED.until_day, _FED.userid.label("fed"))
SEATS = sa.union_all(  # and no outer join: each half is found by an index on who sits there
    sa.select(_FED.userid, *_COLUMNS).where(_OPEN, sa.not_(sa.exists().where(_SAME))),
    sa.select(_GIVEN.userid, *_COLUMNS).join_from(schema.team_seat, schema.service_team, _SAME).where(_OPEN),
).subquery("seat")
"""Who sits where, and who does by the feed."""


def on_day(today: date | sa.BindParameter[date]) -> sa.ColumnElement[bool]:
    """The seats that are somebody's on that day."""
    return sa.and_(SEATS.c.from_day <= today, sa.or_(SEATS.c.until_day.is_(None), SEATS.c.until_day >= today))


def held_by(unit: Unit, person: UserId) -> list[TeamSeat]:
    """The seats of one person today, at customers the bank still has."""
    seats = SEATS.c
    mine = (seats.userid == person, on_day(unit.now.date()), _CUSTOMER.closed_as_of.is_(None))
    chosen = sa.select(seats.customer_id, seats.role, seats.fed).distinct()
    found = chosen.join(schema.customer, _CUSTOMER.customer_id == seats.customer_id).where(*mine)
    return sorted(TeamSeat(CustomerId(row.customer_id), row.role, UserId(row.fed)) for row in unit.rows(found))


def give(unit: Unit, seats: Iterable[TeamSeat], before: UserId, after: UserId) -> list[Item]:
    """Those that are still `before`'s are `after`'s from this commit on, whatever the feed repeats."""
    theirs = sorted(set(seats).intersection(held_by(unit, before)))
    _forget(unit, theirs)
    rows = [
        {**_key(seat), "userid": after, "decided_by": unit.actor, "decided_at": unit.now}
        for seat in theirs
        if seat.fed != after
    ]
    if rows:
        unit.execute(schema.team_seat.insert(), rows)
    return [Item(SEAT, seat.key, moved=True) for seat in theirs]


def _forget(unit: Unit, seats: Sequence[TeamSeat]) -> None:
    here = (_GIVEN[name] == sa.bindparam(f"of_{name}") for name in ("customer_id", "role", "fed"))
    keys = [{f"of_{name}": value for name, value in _key(seat).items()} for seat in seats]
    if keys:
        unit.execute(schema.team_seat.delete().where(*here), keys)


def _key(seat: TeamSeat) -> dict[str, Any]:
    return {"customer_id": seat.customer_id, "role": seat.role, "fed": seat.fed}


def settle(unit: Unit) -> None:
    """After rows of the feed came into force, in the same commit: what it no longer says is nobody's to give."""
    unit.execute(schema.team_seat.delete().where(sa.not_(sa.exists().where(_SAME, _OPEN))))
