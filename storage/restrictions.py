"""Whose data is frozen: kept and nothing more, until it is unfrozen (PIPL 47)."""

from typing import Any

import sqlalchemy as sa

from domain.approval import CUSTOMER
from domain.ids import ApprovalId, CustomerId, UserId
from domain.refusal import Stopped
from storage import approvals, directory, schema
from storage.unit import Unit

FREEZE = "freeze"
"""The family of wishes to freeze."""
FROZEN = "这位客户的个人信息已冻结：除保存外停止一切处理，现在不能查看。如有需要请联系{name}。"
KEEPERS = "合规岗或消保岗"
_RESTRICTED = schema.restricted.c


def applies_to(customer_id: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether the customer of a statement is frozen."""
    return sa.exists(sa.select(sa.literal(1)).where(_RESTRICTED.customer_id == customer_id))


def is_asked_for(customer_id: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Whether a wish to freeze the customer of a statement waits to be decided."""
    about = sa.literal(CUSTOMER) + customer_id
    return approvals.is_waiting(about, FREEZE)


def asked_by(customer_id: sa.ColumnElement[str]) -> sa.ScalarSelect[str]:
    """Who had the customer frozen; NULL for one who is not."""
    here = sa.select(_RESTRICTED.asked_by).where(_RESTRICTED.customer_id == customer_id)
    return here.scalar_subquery()


def holds(unit: Unit, customer_id: CustomerId) -> UserId | None:
    """Who had a customer frozen; None for one who is not."""
    row = unit.row(sa.select(_RESTRICTED.asked_by).where(_RESTRICTED.customer_id == customer_id))
    return None if row is None else UserId(row.asked_by)


def refusal(unit: Unit, by: UserId) -> Stopped:
    """What a reader of a frozen customer is told, and whom to ask."""
    return Stopped(FROZEN.format(name=to_ask(unit, by)), reason="customer frozen")


def to_ask(unit: Unit, by: UserId) -> str:
    """Who had the customer frozen, while they are at work; then those who can unfreeze."""
    member = directory.member(unit, by)
    return member.name if member is not None and member.active else KEEPERS


def check(unit: Unit, customer_id: CustomerId) -> None:
    """Raises Stopped for a frozen customer: for what is done without loading them first."""
    by = holds(unit, customer_id)
    if by is not None:
        raise refusal(unit, by)


def hold(unit: Unit, customer_id: CustomerId, approval_id: ApprovalId, asked_by: UserId) -> None:
    """Frozen from this commit on."""
    lift(unit, customer_id)
    held = {"approval_id": approval_id, "asked_by": asked_by, "since": unit.now}
    unit.execute(schema.restricted.insert().values(customer_id=customer_id, **held))


def lift(unit: Unit, customer_id: CustomerId) -> None:
    unit.execute(schema.restricted.delete().where(_RESTRICTED.customer_id == customer_id))
