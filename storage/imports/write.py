"""A file's change, sealed beforehand and written in one unit of work: all of it becomes visible with one commit."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from domain.refusal import Refused
from storage import overrides, schema
from storage.imports.delta import Delta
from storage.imports.format import FileSpec
from storage.imports.tables import TABLES, Values, column_of, stored
from storage.unit import Unit
from storage.vault import Vault

_ROWS_PER_STATEMENT = 5_000


@dataclass(frozen=True)
class Change:
    """What one file will do to its table; `version` is the feed's version it was compared with, `day` and `arrived_at`
    what is said of the feed from then on.
    """

    spec: FileSpec
    as_of: date
    day: date
    arrived_at: datetime
    rows: int
    version: int
    inserts: Sequence[Mapping[str, Any]]
    updates: Sequence[Mapping[str, Any]]
    closes: Sequence[Mapping[str, Any]]


def prepare(
    spec: FileSpec,
    delta: Delta,
    vault: Vault,
    *,
    as_of: date,
    now: datetime,
    rows: int,
    version: int,
    along: Callable[[Iterable[Values]], Iterable[Values]] = iter,
) -> Change:
    """Seal and index every row; this is the slow part, and it happens outside the transaction."""
    stamps = {"as_of": as_of, "arrived_at": now, "closed_as_of": None}
    inserts = [stored(spec, values, vault) | stamps for values in along(delta.inserted)]
    updates = [_addressed(spec, stored(spec, values, vault) | stamps) for values in along(delta.updated)]
    closes = [dict(zip(_key_parameters(spec), key, strict=True)) for key in delta.closed]
    return Change(spec, as_of, as_of, now, rows, version, inserts, updates, closes)


def write(unit: Unit, change: Change) -> None:
    """Apply the change; Refused when another import was faster."""
    table, spec = TABLES[change.spec.name], change.spec
    _claim_version(unit, change)
    at_key = sa.and_(*(column_of(spec, name) == sa.bindparam(f"key_{name}") for name in spec.key))
    _execute(unit, table.insert(), change.inserts)
    if change.updates:
        changing: dict[str, Any] = {
            name: sa.bindparam(name) for name in change.updates[0] if not name.startswith("key_")
        }
        _execute(unit, table.update().where(at_key).values(changing), change.updates)
    _execute(unit, table.update().where(at_key).values(closed_as_of=change.as_of), change.closes)
    overrides.settle(unit, spec.name)
    counts = {"inserted": len(change.inserts), "updated": len(change.updates), "closed": len(change.closes)}
    unit.audit("import", spec.name, {"as_of": change.as_of.isoformat(), "version": change.version + 1, **counts})


def feed_versions(unit: Unit) -> dict[str, int]:
    """The version of every feed that has ever been loaded."""
    return {row.name: row.version for row in unit.rows(sa.select(schema.feed.c.name, schema.feed.c.version))}


def feed_days(unit: Unit) -> dict[str, date]:
    """The business day of every feed as it stands."""
    return {row.name: row.as_of for row in unit.rows(sa.select(schema.feed.c.name, schema.feed.c.as_of))}


def _claim_version(unit: Unit, change: Change) -> None:
    feed = schema.feed
    values = {"as_of": change.day, "arrived_at": change.arrived_at, "version": change.version + 1, "rows": change.rows}
    if change.version == 0:
        unit.execute(feed.insert().values(name=change.spec.name, **values))
        return
    ours = (feed.c.name == change.spec.name) & (feed.c.version == change.version)
    if not unit.changed(feed.update().where(ours).values(**values)):
        raise Refused("另一批导入刚刚写入了同一文件，本次未作改动，请重新导入")


def _execute(unit: Unit, statement: sa.Executable, rows: Sequence[Mapping[str, Any]]) -> None:
    for start in range(0, len(rows), _ROWS_PER_STATEMENT):
        unit.execute(statement, rows[start : start + _ROWS_PER_STATEMENT])


def _key_parameters(spec: FileSpec) -> Iterable[str]:
    return [f"key_{name}" for name in spec.key]


def _addressed(spec: FileSpec, row: dict[str, Any]) -> dict[str, Any]:
    """The row for an UPDATE: its key as parameters of the condition, the rest as values."""
    names = [column_of(spec, name).name for name in spec.key]
    key = {parameter: row[name] for parameter, name in zip(_key_parameters(spec), names, strict=True)}
    return {name: value for name, value in row.items() if name not in names} | key
