"""Requests to see and copy one's personal data: registered once, moved on from the revision that was read."""

from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from domain.ids import CustomerId, FileId, TodoId, UserId
from domain.personal_data.request import RequestState, SubjectRequest
from storage import cases, schema
from storage.unit import Unit

LETTER = "P"
_COLUMNS = schema.subject_request.c


def next_number(unit: Unit) -> str:
    """P261123001."""
    return str(cases.number(unit, LETTER))


def add(unit: Unit, asked: SubjectRequest) -> None:
    unit.execute(
        schema.subject_request.insert().values(
            id=asked.number,
            received_at=asked.received_at,
            due_on=asked.due_on,
            state=asked.state.value,
            todo_id=asked.todo_id,
            **_told(unit, asked),
        )
    )
    _record(unit, asked, "registered", due_on=asked.due_on.isoformat())


def tell_again(unit: Unit, before: SubjectRequest, after: SubjectRequest) -> bool:
    """Who asked and how it was checked, said anew; number and days stay."""
    return _change(unit, before, **_told(unit, after))


def move(unit: Unit, before: SubjectRequest, to: RequestState, what: str, **values: Any) -> bool:
    """On to another state; False when somebody moved it meanwhile."""
    if not _change(unit, before, state=to.value, **values):
        return False
    _record(unit, replace(before, state=to), what, **{key: str(value) for key, value in values.items() if value})
    return True


def load(unit: Unit, number: str) -> SubjectRequest | None:
    row = unit.row(sa.select(schema.subject_request).where(_COLUMNS.id == number))
    return None if row is None else _request(unit, row)


def open_of(unit: Unit, customer_id: CustomerId) -> list[SubjectRequest]:
    """What a customer still waits for, the oldest first."""
    here = sa.and_(_COLUMNS.customer_id == customer_id, _COLUMNS.state != RequestState.ANSWERED.value)
    return [
        _request(unit, row) for row in unit.rows(sa.select(schema.subject_request).where(here).order_by(_COLUMNS.id))
    ]


def _change(unit: Unit, before: SubjectRequest, **values: Any) -> bool:
    here = sa.and_(_COLUMNS.id == before.number, _COLUMNS.revision == before.revision)
    return unit.changed(schema.subject_request.update().where(here).values(revision=before.revision + 1, **values))


def _told(unit: Unit, asked: SubjectRequest) -> dict[str, Any]:
    sealed = unit.vault.seal_optional
    return {
        "customer_id": asked.customer_id,
        "asker": asked.asker,
        "identity": sealed("subject_request", "identity", asked.number, asked.identity),
        "channel": asked.channel,
        "reference": sealed("subject_request", "reference", asked.number, asked.reference),
        "owner": asked.owner,
        "post": asked.post,
    }


def _record(unit: Unit, asked: SubjectRequest, what: str, **detail: str) -> None:
    about = {"request": asked.number, **detail}
    unit.audit(f"subject.{what}", f"customer:{asked.customer_id}", about, [asked.customer_id])


def _request(unit: Unit, row: Any) -> SubjectRequest:
    return SubjectRequest(
        number=row.id,
        customer_id=CustomerId(row.customer_id),
        asker=row.asker,
        identity=unit.vault.open("subject_request", "identity", row.id, row.identity),
        channel=row.channel,
        reference=unit.vault.open_optional("subject_request", "reference", row.id, row.reference),
        received_at=row.received_at,
        due_on=row.due_on,
        owner=UserId(row.owner),
        post=row.post,
        state=RequestState(row.state),
        todo_id=TodoId(row.todo_id) if row.todo_id else None,
        file_id=FileId(row.file_id) if row.file_id else None,
        revision=row.revision,
    )
