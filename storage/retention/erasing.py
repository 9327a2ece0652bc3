"""Erases what is due: found some rows at a time on a reader's connection, ended in short units that look once more.

A row that came under a hold, or whose clock began anew, between the look and the unit stays. Nothing is remembered
but the rows themselves: what was broken off goes on where due rows are left.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import sqlalchemy as sa

from domain.retention.kinds import Kind
from domain.retention.table import Edition, Rule
from storage import schema
from storage.database import Database
from storage.retention.store import SEALED, Store
from storage.retention.stores import stores
from storage.sealed import SealedTable, sealed_tables
from storage.unit import Unit

ERASED = "（已到期删除）"
ACTION = "retention.erased"
LOOKED, FEWEST, MOST = 500, 4, 500  # rows: of one look; of one unit, adapted to how long the last one took
TARGET = 0.015
"""Seconds of one unit before its commit; no more than 50 ms are allowed."""
Tell = Callable[[Kind, int], None]


@dataclass(frozen=True)
class Order:
    """Whose word it is, by which report, of which day and rules."""

    actor: str
    report: str
    day: date
    edition: Edition
    kinds: frozenset[Kind] = frozenset(Kind)


class Eraser:
    """One pass over all tables; `tell` hears the kind and how many of its rows are gone so far."""

    def __init__(self, database: Database, order: Order, tell: Tell) -> None:
        self._database, self._order, self._tell = database, order, tell
        self._pace = FEWEST
        self.gone: dict[Kind, int] = {}

    def run(self) -> int:
        """How many rows are gone."""
        for store in stores():
            rule = self._order.edition.table.rule(store.kind)
            if store.starts and not rule.stays and store.kind in self._order.kinds:
                self._empty(store, rule)
        return sum(self.gone.values())

    def _empty(self, store: Store, rule: Rule) -> None:
        self._pace = FEWEST  # one table's rows are letters, another's are photos
        for keys in self._found(store, rule):
            start = 0
            while start < len(keys):
                some = keys[start : start + self._pace]
                start += len(some)
                self._end(store, rule, some)

    def _found(self, store: Store, rule: Rule) -> Iterator[Sequence[tuple[Any, ...]]]:
        """Keys of rows that are due, in their order: each is looked at once in a pass."""
        after: tuple[Any, ...] = ()
        while keys := self._database.read_now(partial(_keys, store=store, rule=rule, day=self._order.day, after=after)):
            yield keys
            after = keys[-1]

    def _end(self, store: Store, rule: Rule, keys: Sequence[tuple[Any, ...]]) -> None:
        seconds: list[float] = []
        machine = self._database.clocks.machine

        def run(unit: Unit) -> int:
            begun = machine()
            count = _erase(unit, self._order, store, rule, keys)
            seconds.append(machine() - begun)
            return count

        self.gone[store.kind] = self.gone.get(store.kind, 0) + self._database.run(run, "retention.apply")
        self._pace = _paced(len(keys), seconds[-1], self._pace)
        self._tell(store.kind, self.gone[store.kind])


def _paced(count: int, seconds: float, pace: int) -> int:
    fitting = int(count * TARGET / max(seconds, 0.000_1))
    return min(max(fitting, pace // 2, FEWEST), 2 * pace, MOST)


def _keys(unit: Unit, store: Store, rule: Rule, day: date, after: tuple[Any, ...]) -> list[tuple[Any, ...]]:
    found = sa.select(*store.key).where(store.due(rule, day))
    if after:
        last = (sa.literal(value, column.type) for value, column in zip(after, store.key, strict=True))
        found = found.where(sa.tuple_(*store.key) > sa.tuple_(*last))
    return [tuple(row) for row in unit.rows(found.order_by(*store.key).limit(LOOKED))]


def _among(store: Store, keys: Sequence[tuple[Any, ...]]) -> sa.ColumnElement[bool]:
    """One shape however many keys there are, so that it is written only once."""
    if len(store.key) == 1:
        return store.key[0].in_([key[0] for key in keys])
    return sa.tuple_(*store.key).in_(keys)


def _erase(unit: Unit, order: Order, store: Store, rule: Rule, keys: Sequence[tuple[Any, ...]]) -> int:
    """Counts and kind are on record, no value."""
    unit.actor = order.actor
    here = sa.and_(_among(store, keys), store.due(rule, order.day))
    if store.blank:
        gone = [tuple(row) for row in unit.rows(sa.select(*store.key).where(here))]
        _blank(unit, store, gone)
    else:
        gone = [tuple(row) for row in unit.rows(store.table.delete().where(here).returning(*store.key))]
    if not gone:
        return 0
    for each in store.along:
        unit.execute(each.table.delete().where(each.where([key[0] for key in gone])))
    detail = {"table": store.name, "rows": len(gone), "report": order.report, "rules": order.edition.version}
    unit.audit(ACTION, f"retention:{store.kind.value}", detail)
    return len(gone)


def _blank(unit: Unit, store: Store, keys: Sequence[tuple[Any, ...]]) -> None:
    if not keys:
        return
    table = next(each for each in sealed_tables() if each.table is store.table)
    at_key = [column == sa.bindparam(f"key_{column.name}") for column in store.key]
    rows = [
        {f"key_{column.name}": value for column, value in zip(store.key, key, strict=True)}
        | _cells(unit, store, table, key)
        for key in keys
    ]
    new = {name: sa.bindparam(f"new_{name}", type_=store.table.c[name].type) for name in store.blank}
    unit.execute(store.table.update().where(*at_key).values(new), rows)


def _cells(unit: Unit, store: Store, table: SealedTable, key: tuple[Any, ...]) -> dict[str, Any]:
    named = dict(zip((column.name for column in store.key), key, strict=True))
    bound = "|".join(str(named[name]) for name in table.bound)

    def cell(name: str, value: Any) -> Any:
        return unit.vault.seal(schema.read_as(store.table), name, bound, ERASED) if value is SEALED else value

    return {f"new_{name}": cell(name, value) for name, value in store.blank.items()}
