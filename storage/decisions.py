"""Suitability decisions on record: sealed with all they were made from, under numbers that nobody counts up."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from domain.ids import CustomerId, DecisionId, UserId
from domain.policy import Purpose
from domain.suitability.deciding import Decision
from domain.suitability.facts import Question
from storage import schema
from storage.statement import Statement
from storage.unit import Unit

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # no sign that is mistaken for another
_ADD = Statement(schema.suitability_decision.insert())
_LOAD = Statement(
    sa.select(schema.suitability_decision).where(schema.suitability_decision.c.id == sa.bindparam("number"))
)


@dataclass(frozen=True)
class Made:
    """A decision on record."""

    number: DecisionId
    customer_id: CustomerId
    question: Question
    decision: Decision
    asked_by: UserId
    asked_at: datetime
    purpose: Purpose


def keep(
    unit: Unit, customer_id: CustomerId, made: Sequence[tuple[Question, Decision]], purpose: Purpose
) -> list[DecisionId]:
    """Put decisions on record under new numbers, sealed with all they were made from."""
    numbers = [_number(question.day) for question, _ in made]
    rows = [_row(unit, number, customer_id, *each, purpose) for number, each in zip(numbers, made, strict=True)]
    if rows:
        _ADD.run_many(unit.connection, rows)
    for row in rows:
        detail = {"product": row["product_id"], "verdict": row["verdict"], "rules": row["rule_version"]}
        unit.audit(
            "suitability.decided", f"suitability:{row['id']}", {**detail, "purpose": purpose.value}, [customer_id]
        )
    return numbers


def _row(
    unit: Unit, number: DecisionId, customer_id: CustomerId, question: Question, decision: Decision, purpose: Purpose
) -> Mapping[str, Any]:
    def sealed(column: str, part: Question | Decision) -> bytes:
        return unit.vault.seal("suitability_decision", column, number, part.model_dump_json())

    return {
        "id": number,
        "customer_id": customer_id,
        "product_id": question.offer.product_id,
        "amount": question.amount,
        "verdict": decision.verdict.value,
        "rule_version": decision.rule_version,
        "day": question.day,
        "asked_by": unit.actor,
        "asked_at": unit.now,
        "purpose": purpose.value,
        "question": sealed("question", question),
        "decision": sealed("decision", decision),
    }


def _number(day: date) -> DecisionId:
    """S261123-K7Q2MZ: a day, and signs that nobody counts up from another's."""
    return DecisionId(f"S{day:%y%m%d}-{''.join(secrets.choice(_ALPHABET) for _ in range(6))}")


def load(unit: Unit, number: DecisionId) -> Made | None:
    """A decision by its number; who may read it is decided by who asks."""
    row = unit.row(_LOAD, {"number": number})
    if row is None:
        return None

    def opened(column: str) -> str:
        return unit.vault.open("suitability_decision", column, number, getattr(row, column))

    return Made(
        number=number,
        customer_id=CustomerId(row.customer_id),
        question=Question.model_validate_json(opened("question")),
        decision=Decision.model_validate_json(opened("decision")),
        asked_by=UserId(row.asked_by),
        asked_at=row.asked_at,
        purpose=Purpose(row.purpose),
    )
