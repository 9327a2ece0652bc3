"""Commands as the bank changed them: one small row that is in force, and every change with its decision."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from domain.command_change import CommandChange, State
from domain.ids import ChangeId, UserId
from domain.overlay import InForce, Terms, overlay, with_change
from domain.pack import Pack
from storage import outbox, schema
from storage.outbox import Lane, OutKind
from storage.unit import Unit

MENU = "application menu"  # the one recipient of menus, so that they leave one after another
_NAME = "commands"
_CHANGED: TypeAdapter[dict[str, Terms]] = TypeAdapter(dict[str, Terms])
_SETTING, _CHANGE = schema.setting.c, schema.command_change.c
# Built once: putting a statement together costs more than executing it, and this one runs with every update.
_READ = sa.select(_SETTING.version, _SETTING.body).where(_SETTING.name == _NAME)
_LOCK = _READ.with_for_update()
_BEGIN = sa.text("INSERT INTO setting (name, version, body) VALUES (:name, 0, '{}') ON CONFLICT DO NOTHING")
_PUT = schema.setting.update().where(_SETTING.name == _NAME)
_ONE = sa.select(schema.command_change).where(_CHANGE.id == sa.bindparam("change"))
_WAITING = sa.select(schema.command_change).where(_CHANGE.state == State.WAITING.value).order_by(_CHANGE.requested_at)


def in_force(unit: Unit, pack: Pack) -> InForce:
    """The pack as it holds in this unit: a change holds everywhere from the commit that agreed to it."""
    row = unit.row(_READ)
    return InForce(pack) if row is None else overlay(pack, _CHANGED.validate_json(row.body), row.version)


def lock(unit: Unit, pack: Pack) -> InForce:
    """The same, and nobody else changes it before this unit's commit."""
    unit.execute(_BEGIN, {"name": _NAME})
    row = unit.rows(_LOCK)[0]
    return overlay(pack, _CHANGED.validate_json(row.body), row.version)


def put_in_force(unit: Unit, pack: Pack, change: CommandChange) -> None:
    """Lay an agreed change over the pack, under the lock; the application menu follows in the same commit."""
    row = unit.rows(_READ)[0]
    changed = with_change(pack, _CHANGED.validate_json(row.body), change.command, change.after)
    version, body = row.version + 1, _CHANGED.dump_json(changed, exclude_none=True).decode()
    unit.execute(_PUT, {"version": version, "body": body})
    renew_menu(unit, str(version))


def renew_menu(unit: Unit, why: str) -> None:
    """Have WeCom's menu made again from what is in force when its turn comes; `why` is said once only."""
    lane, kind = Lane.INTERACTIVE, OutKind.MENU
    outbox.put(unit, msg_key=f"menu:{why}", lane=lane, kind=kind, recipient=MENU, body={}, task_id=None)


def add(unit: Unit, change: CommandChange) -> None:
    unit.execute(
        schema.command_change.insert().values(
            id=change.change_id,
            command=change.command,
            before=change.before.model_dump_json(exclude_none=True),
            after=change.after.model_dump_json(exclude_none=True),
            requester=change.requester,
            requested_at=change.requested_at,
            state=change.state.value,
        )
    )
    _record(unit, "command.requested", change)


def load(unit: Unit, change_id: ChangeId) -> CommandChange | None:
    row = unit.row(_ONE, {"change": change_id})
    return None if row is None else _read(row)


def waiting(unit: Unit) -> Sequence[CommandChange]:
    """What nobody has decided yet, the oldest first."""
    return [_read(row) for row in unit.rows(_WAITING)]


def settle(unit: Unit, change: CommandChange) -> bool:
    """Write down how a change was decided; False when somebody else decided first."""
    here = schema.command_change.update().where(_CHANGE.id == change.change_id, _CHANGE.state == State.WAITING.value)
    decided = {"state": change.state.value, "decided_by": change.decided_by, "decided_at": change.decided_at}
    if not unit.changed(here.values(**decided)):
        return False
    _record(unit, f"command.{change.state.value}", change)
    return True


def _record(unit: Unit, action: str, change: CommandChange) -> None:
    """Aliases are words people made up, so the trail holds their digests; the row holds the words."""
    sides = {"before": change.before, "after": change.after}
    digests = {
        side: sha256(terms.model_dump_json(exclude_none=True).encode()).hexdigest() for side, terms in sides.items()
    }
    detail = {"change": change.change_id, "aspect": change.aspect, **digests}
    unit.audit(action, f"command:{change.command}", detail)


def _read(row: sa.Row[Any]) -> CommandChange:
    return CommandChange(
        change_id=ChangeId(row.id),
        command=row.command,
        before=Terms.model_validate_json(row.before),
        after=Terms.model_validate_json(row.after),
        requester=UserId(row.requester),
        requested_at=row.requested_at,
        state=State(row.state),
        decided_by=UserId(row.decided_by) if row.decided_by else None,
        decided_at=row.decided_at,
    )
