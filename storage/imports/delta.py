"""What a file changes: its rows against those already kept, key by key."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from storage.imports.examine import Examined
from storage.imports.format import FileSpec, Kind
from storage.imports.tables import TABLES, Key, Values, column_of, key_of, opened
from storage.unit import Unit
from storage.vault import Vault

_KEYS_PER_QUERY = 500


@dataclass
class Delta:
    """Rows to insert, rows to write over, keys to close; everything else stays as it is."""

    inserted: list[Values] = field(default_factory=list)
    updated: list[Values] = field(default_factory=list)
    closed: list[Key] = field(default_factory=list)
    unchanged: int = 0


def compare(kept: Iterable[sa.RowMapping], examined: Examined, vault: Vault) -> Delta:
    """What the good rows change in the rows kept. A row that says something else about a key of an append file is
    rejected here.
    """
    delta = Delta()
    waiting = {key: good.values for key, good in examined.good.items()}
    for row in kept:
        values = opened(examined.spec, row, vault)
        key, is_closed = key_of(examined.spec, values), row["closed_as_of"] is not None
        if (new := waiting.pop(key, None)) is not None:
            _compare_row(delta, examined, key, new, values, is_closed)
        elif examined.spec.kind is Kind.SNAPSHOT and key not in examined.seen and not is_closed:
            delta.closed.append(key)
    delta.inserted = list(waiting.values())
    return delta


def _compare_row(delta: Delta, examined: Examined, key: Key, new: Values, old: Values, is_closed: bool) -> None:
    spec = examined.spec
    told = examined.header if spec.kind is Kind.APPEND else spec.kept
    changed = next((name for name in told if new[name] != old[name]), None)
    if changed is None and not is_closed:
        delta.unchanged += 1
    elif spec.kind is Kind.APPEND and not spec.corrects:
        examined.drop(key, changed or spec.key[0], "已存在且内容不同；流水一经导入不再改动")
    else:
        delta.updated.append(new)


def kept_rows(unit: Unit, examined: Examined) -> list[sa.RowMapping]:
    """The stored rows that matter: all of a snapshot's table, and those with the file's own keys otherwise."""
    table = TABLES[examined.spec.name]
    if examined.spec.kind is Kind.SNAPSHOT:
        return [row._mapping for row in unit.rows(sa.select(table))]
    first = column_of(examined.spec, examined.spec.key[0])
    return [
        row._mapping
        for some in _chunks(dict.fromkeys(key[0] for key in examined.good))
        for row in unit.rows(sa.select(table).where(first.in_(some)))
    ]


def _chunks(values: Iterable[Any]) -> Iterator[list[Any]]:
    every = list(values)
    return (every[start : start + _KEYS_PER_QUERY] for start in range(0, len(every), _KEYS_PER_QUERY))


def keys_kept(unit: Unit, spec: FileSpec) -> set[Any]:
    """Every key in the database of a file that others refer to (those have a key of one column)."""
    return set(unit.connection.scalars(sa.select(column_of(spec, spec.key[0]))).all())


def parents_kept(unit: Unit, spec: FileSpec, name: str) -> dict[Any, Any]:
    """Who stands above whom now, for a file whose rows refer to each other by column `name`."""
    statement = sa.select(column_of(spec, spec.key[0]).label("lower"), column_of(spec, name).label("upper"))
    return {row.lower: row.upper for row in unit.rows(statement)}
