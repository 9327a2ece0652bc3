"""Whose data is frozen, and the wishes to freeze and to unfreeze."""

from typing import Any

import sqlalchemy as sa

from domain.command_change import State
from domain.ids import CustomerId, UserId
from domain.refusal import Refused
from domain.restriction import Restriction
from storage import directory, schema
from storage.unit import Unit

FROZEN = "这位客户的个人信息已冻结：除保存外停止一切处理，现在不能查看。如有需要请联系{name}。"
_ASKED, _RESTRICTED = schema.restriction.c, schema.restricted.c


def applies_to(customer_id: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether the customer of a statement is frozen."""
    return sa.exists(sa.select(sa.literal(1)).where(_RESTRICTED.customer_id == customer_id))


def is_asked_for(customer_id: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether a wish about the customer of a statement waits to be decided."""
    here = sa.select(sa.literal(1)).where(_ASKED.customer_id == customer_id, _ASKED.state == State.WAITING.value)
    return sa.exists(here)


def asked_by(customer_id: sa.ColumnElement[str]) -> sa.ScalarSelect[str]:
    """Who had the customer frozen; NULL for one who is not."""
    here = sa.select(_RESTRICTED.asked_by).where(_RESTRICTED.customer_id == customer_id)
    return here.scalar_subquery()


def holds(unit: Unit, customer_id: CustomerId) -> UserId | None:
    """Who had a customer frozen; None for one who is not."""
    row = unit.row(sa.select(_RESTRICTED.asked_by).where(_RESTRICTED.customer_id == customer_id))
    return None if row is None else UserId(row.asked_by)


def check(unit: Unit, customer_id: CustomerId) -> None:
    """Raises Refused for a frozen customer."""
    if by := holds(unit, customer_id):
        raise refusal(unit, by)


def refusal(unit: Unit, by: UserId) -> Refused:
    """What a reader of a frozen customer is told, and whom to ask."""
    return Refused(FROZEN.format(name=directory.names(unit, [by])[by]), reason="customer frozen")


def add(unit: Unit, asked: Restriction) -> None:
    key = asked.restriction_id
    unit.execute(
        schema.restriction.insert().values(
            id=key,
            customer_id=asked.customer_id,
            lifts=asked.lifts,
            reason=unit.vault.seal("restriction", "reason", key, asked.reason),
            requester=asked.requester,
            requested_at=asked.requested_at,
            state=asked.state.value,
        )
    )
    _record(unit, "requested", asked)


def load(unit: Unit, restriction_id: str) -> Restriction | None:
    row = unit.row(sa.select(schema.restriction).where(_ASKED.id == restriction_id))
    return None if row is None else _restriction(unit, row)


def waiting_for(unit: Unit, customer_id: CustomerId) -> bool:
    """Whether a wish about this customer waits to be decided."""
    here = (_ASKED.customer_id == customer_id, _ASKED.state == State.WAITING.value)
    return unit.row(sa.select(_ASKED.id).where(*here)) is not None


def settle(unit: Unit, decided: Restriction) -> bool:
    """Write the decision down and let it hold; False when somebody else's came first."""
    here = schema.restriction.update().where(_ASKED.id == decided.restriction_id, _ASKED.state == State.WAITING.value)
    values = {"state": decided.state.value, "decided_by": decided.decided_by, "decided_at": decided.decided_at}
    if not unit.changed(here.values(**values)):
        return False
    if decided.state is State.AGREED:
        _hold(unit, decided)
    _record(unit, decided.state.value, decided)
    return True


def _hold(unit: Unit, decided: Restriction) -> None:
    unit.execute(schema.restricted.delete().where(_RESTRICTED.customer_id == decided.customer_id))
    if not decided.lifts:
        held = {"restriction_id": decided.restriction_id, "asked_by": decided.requester, "since": decided.decided_at}
        unit.execute(schema.restricted.insert().values(customer_id=decided.customer_id, **held))


def _record(unit: Unit, what: str, each: Restriction) -> None:
    detail = {"restriction": each.restriction_id, "requester": each.requester}
    action = f"{'unfreeze' if each.lifts else 'freeze'}.{what}"
    unit.audit(action, f"customer:{each.customer_id}", detail, [each.customer_id])


def _restriction(unit: Unit, row: Any) -> Restriction:
    return Restriction(
        restriction_id=row.id,
        customer_id=CustomerId(row.customer_id),
        lifts=row.lifts,
        reason=unit.vault.open("restriction", "reason", row.id, row.reason),
        requester=UserId(row.requester),
        requested_at=row.requested_at,
        state=State(row.state),
        decided_by=UserId(row.decided_by) if row.decided_by else None,
        decided_at=row.decided_at,
    )
