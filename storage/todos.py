"""To-dos: each of one owner, changed only from the revision that was read."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from domain.ids import CustomerId, TodoId, UserId
from domain.todo import Todo, TodoState
from storage import restrictions, schema
from storage.unit import Unit

_COLUMNS = schema.todo.c
_SHOWN = sa.not_(restrictions.applies_to(_COLUMNS.customer_id))
_PENDING = (TodoState.OPEN.value, TodoState.SNOOZED.value)


def add(unit: Unit, todo: Todo, source_id: str) -> None:
    unit.execute(
        schema.todo.insert().values(
            id=todo.todo_id,
            owner=todo.owner,
            customer_id=todo.customer_id,
            title=unit.vault.seal("todo", "title", todo.todo_id, todo.title),
            due_at=todo.due_at or unit.now,
            state=todo.state.value,
            revision=todo.revision,
            source=todo.source,
            source_id=source_id,
            created_at=unit.now,
            position=todo.position,
        )
    )
    unit.audit("todo.created", f"todo:{todo.todo_id}", {"owner": todo.owner, "source": todo.source})


def load(unit: Unit, todo_id: TodoId) -> Todo | None:
    row = unit.row(sa.select(schema.todo).where(_COLUMNS.id == todo_id))
    return None if row is None else _todo(unit, row)


def pending_of(unit: Unit, owner: UserId) -> Sequence[Todo]:
    """By due moment; of those due at once the older first. What is about a frozen customer rests."""
    mine = sa.select(schema.todo).where(_COLUMNS.owner == owner, _COLUMNS.state.in_(_PENDING), _SHOWN)
    in_order = mine.order_by(_COLUMNS.due_at, _COLUMNS.created_at, _COLUMNS.position, _COLUMNS.id)
    return [_todo(unit, row) for row in unit.rows(in_order)]


def pending_about(unit: Unit, owner: UserId, customer_id: CustomerId) -> Sequence[Todo]:
    """What somebody still has to do for one customer, by due moment."""
    return [each for each in pending_of(unit, owner) if each.customer_id == customer_id]


def change(unit: Unit, before: Todo, after: Todo, event: str) -> bool:
    """Move a to-do on; False when somebody else did meanwhile."""
    done_at = unit.now if after.state in (TodoState.DONE, TodoState.CANCELLED) else None
    here = schema.todo.update().where(_COLUMNS.id == before.todo_id, _COLUMNS.revision == before.revision)
    values = {"state": after.state.value, "due_at": after.due_at, "revision": after.revision, "done_at": done_at}
    if not unit.changed(here.values(**values)):
        return False
    unit.audit(event, f"todo:{after.todo_id}", {"revision": after.revision})
    return True


def _todo(unit: Unit, row: sa.Row[Any]) -> Todo:
    return Todo(
        todo_id=TodoId(row.id),
        owner=UserId(row.owner),
        customer_id=CustomerId(row.customer_id) if row.customer_id else None,
        title=unit.vault.open("todo", "title", row.id, row.title),
        due_at=row.due_at,
        state=TodoState(row.state),
        revision=row.revision,
        source=row.source,
        position=row.position,
    )
