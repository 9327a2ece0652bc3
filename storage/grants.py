"""Grants to single people: each with its reason, its window, who asked and who agreed."""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa

from domain.approval import State
from domain.grant import GrantKind
from domain.granting import Grant
from domain.ids import CustomerId, UserId
from storage import numbers, schema
from storage.unit import Unit

_ACCESS = schema.access.c
_HELD = sa.select(schema.access).where(_ACCESS.state == State.AGREED.value)
_LASTING = _HELD.where(_ACCESS.until_at > sa.bindparam("moment")).order_by(_ACCESS.until_at, _ACCESS.id)
_ONE = sa.select(schema.access).where(_ACCESS.id == sa.bindparam("grant"))


def add(unit: Unit, grant: Grant, action: str) -> None:
    unit.execute(
        schema.access.insert().values(
            id=grant.grant_id,
            userid=grant.userid,
            kind=grant.kind.value,
            what=grant.what,
            reason=unit.vault.seal("access", "reason", grant.grant_id, grant.reason),
            from_at=grant.from_at,
            until_at=grant.until_at,
            given_by=grant.given_by,
            asked_at=grant.asked_at,
            state=grant.state.value,
            decided_by=grant.decided_by,
            decided_at=grant.decided_at,
        )
    )
    record(unit, action, grant)


def load(unit: Unit, grant_id: str) -> Grant | None:
    row = unit.row(_ONE, {"grant": grant_id})
    return None if row is None else _grant(unit, row)


def lasting(unit: Unit) -> Sequence[Grant]:
    """What is in force, the first to end first."""
    return [_grant(unit, row) for row in unit.rows(_LASTING, {"moment": unit.now})]


def settle(unit: Unit, before: Grant, after: Grant, action: str) -> bool:
    """Write down that a grant was taken back; False when somebody else was faster."""
    here = schema.access.update().where(_ACCESS.id == before.grant_id, _ACCESS.state == before.state.value)
    decided = {"state": after.state.value, "decided_by": after.decided_by, "decided_at": after.decided_at}
    if not unit.changed(here.values(**decided)):
        return False
    record(unit, action, after)
    return True


def held_by(unit: Unit, person: UserId) -> Sequence[Grant]:
    """What somebody has beyond the post, the first to end first; a denial gives nothing."""
    return [each for each in lasting(unit) if each.userid == person and each.kind is not GrantKind.DENY]


def record(unit: Unit, action: str, grant: Grant) -> None:
    detail = {"grant": grant.grant_id, "kind": grant.kind.value, "what": grant.what, "given_by": grant.given_by}
    window = {"from": grant.from_at.isoformat(), "until": grant.until_at.isoformat()}
    subjects = [grant.what] if grant.what and grant.kind in (GrantKind.CUSTOMER, GrantKind.EMERGENCY) else []
    unit.audit(action, f"staff:{grant.userid}", {**detail, **window}, subjects)


def own_since(unit: Unit, person: UserId, since: datetime) -> int:
    """How often somebody opened a customer to themselves (紧急查看), or tried to."""
    own = sa.and_(_ACCESS.userid == person, _ACCESS.kind == GrantKind.EMERGENCY.value, _ACCESS.from_at > since)
    return int(unit.execute(sa.select(sa.func.count()).select_from(schema.access).where(own)).scalar_one())


def customer_called(unit: Unit, words: str) -> CustomerId | None:
    """Whom a grant would be about: the customer of that whole number, however its letters were typed."""
    customer, typed = schema.customer.c, numbers.written(words)
    here = sa.select(customer.customer_id).where(customer.customer_id.in_(typed), customer.closed_as_of.is_(None))
    found = {row.customer_id for row in unit.rows(here)}
    return next((CustomerId(each) for each in typed if each in found), None)


def _grant(unit: Unit, row: sa.Row[tuple[object, ...]]) -> Grant:
    return Grant(
        grant_id=row.id,
        userid=UserId(row.userid),
        kind=GrantKind(row.kind),
        what=row.what,
        reason=unit.vault.open("access", "reason", row.id, row.reason),
        from_at=row.from_at,
        until_at=row.until_at,
        given_by=UserId(row.given_by),
        asked_at=row.asked_at,
        state=State(row.state),
        decided_by=UserId(row.decided_by) if row.decided_by else None,
        decided_at=row.decided_at,
    )
