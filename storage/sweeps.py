"""The nightly look at every member in WeCom: one outbox row after another, each a few people, with what was found."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from domain.ids import UserId
from storage import cron, outbox, overrides, schema
from storage.outbox import Lane, OutKind
from storage.unit import Unit

JOB = "staff.sweep"
RECIPIENT = "members"  # one recipient, so that one row leaves after another
AT_ONCE = 20
_STAFF = schema.staff.c


@dataclass(frozen=True)
class Sweep:
    """How far it is: the last userid looked at, how many were, who is gone, and who is back that WeCom had stopped."""

    day: str
    after: str = ""
    looked: int = 0
    gone: tuple[str, ...] = ()
    back: tuple[str, ...] = ()

    @classmethod
    def of(cls, body: Mapping[str, Any]) -> "Sweep":
        lists = {"gone": tuple(body["gone"]), "back": tuple(body["back"])}
        return cls(body["day"], body["after"], body["looked"], **lists)


def begin(unit: Unit, day: date) -> None:
    """Once a night, whoever asks."""
    if cron.mark(unit, JOB, day.isoformat()):
        put(unit, Sweep(day.isoformat()))


def put(unit: Unit, sweep: Sweep) -> None:
    """The next few people wait for their turn."""
    key = f"{JOB}:{sweep.day}:{sweep.after}"
    kind, lane = OutKind.MEMBERS, Lane.DIGEST
    outbox.put(unit, msg_key=key, lane=lane, kind=kind, recipient=RECIPIENT, body=asdict(sweep), task_id=None)


def people(unit: Unit, after: str) -> list[tuple[UserId, str, bool]]:
    """The next of those who work here or whom WeCom had stopped: userid, as WeCom spells it, and whether at work."""
    stopped = [each.key for each in overrides.every(unit, overrides.STATUS) if each.why == overrides.WECOM]
    wanted = sa.or_(_STAFF.status == "active", _STAFF.userid.in_(stopped))
    chosen = sa.select(_STAFF.userid, _STAFF.wecom_userid, _STAFF.status).where(
        _STAFF.closed_as_of.is_(None), wanted, _STAFF.userid > after
    )
    rows = unit.rows(chosen.order_by(_STAFF.userid).limit(AT_ONCE))
    return [(UserId(row.userid), row.wecom_userid, row.status == "active") for row in rows]
