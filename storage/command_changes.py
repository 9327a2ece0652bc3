"""Commands as the bank changed them: one small row that is in force."""

import sqlalchemy as sa
from pydantic import TypeAdapter

from domain.command_change import CommandChange
from domain.overlay import InForce, Terms, overlay, with_change
from domain.pack import Pack
from storage import outbox, schema
from storage.outbox import Lane, OutKind
from storage.unit import Unit

MENU = "application menu"  # the one recipient of menus, so that they leave one after another
_NAME = "commands"
_CHANGED: TypeAdapter[dict[str, Terms]] = TypeAdapter(dict[str, Terms])
_SETTING = schema.setting.c
# Built once: putting a statement together costs more than executing it, and this one runs with every update.
_READ = sa.select(_SETTING.version, _SETTING.body).where(_SETTING.name == _NAME)
_LOCK = _READ.with_for_update()
_BEGIN = sa.text("INSERT INTO setting (name, version, body) VALUES (:name, 0, '{}') ON CONFLICT DO NOTHING")
_PUT = schema.setting.update().where(_SETTING.name == _NAME)


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
