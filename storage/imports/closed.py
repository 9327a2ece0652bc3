"""Who still belongs to a closed org unit: told with the import, for their leaders may look for them in vain."""

from collections.abc import Collection, Iterator, Sequence
from functools import partial

import sqlalchemy as sa

from storage.database import Database
from storage.imports.batch import Batch, Good
from storage.imports.checks import Value
from storage.imports.format import CUSTOMERS, ORG_UNITS, STAFF, FileSpec
from storage.imports.rejection import Rejection
from storage.imports.tables import VIEWS, Key, column_of
from storage.unit import Unit

SHOWN = 1_000
_WHO = {ORG_UNITS.name: "下级机构", STAFF.name: "在职员工", CUSTOMERS.name: "客户"}
_ACTIVE = "active"


class Witness:
    """Who looks on while rows are taken in; this one has nothing to say."""

    def good(self, batch: Batch) -> None:
        """Rows that are taken."""

    def gone(self, keys: Sequence[Key]) -> None:
        """Rows that are closed."""


class ClosedUnits:
    """The units that are closed in the database, or will be by the org_units file of this import."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.closed: set[Value] = database.read_now(_closed)

    def in_database(self, file: str, names: list[str], gone: set[Value]) -> Iterator[Rejection]:
        """Those of files that this import does not bring."""
        for name in names:
            counts = self._database.read_now(partial(_belonging, name=name, units=gone))
            for unit_id, count in counts:
                reason = f"机构“{unit_id}”本次关闭，库里仍有 {count} 个{_WHO[name]}归属它；请随后导入改好的 {name}.csv"
                yield Rejection(file, 0, "unit_id", reason)


class Watch(Witness):
    """One file of an import, looked at for who belongs to a closed unit."""

    def __init__(self, units: ClosedUnits, spec: FileSpec, file: str) -> None:
        self._units, self._spec, self._file = units, spec, file
        self._is_tree = spec.name == ORG_UNITS.name
        self._unit = next((c.name for c in spec.columns if c.refers == ORG_UNITS.name), "") if spec.name in _WHO else ""
        self._tree: list[Good] = []
        self._gone: set[Value] = set()
        self._told: list[Rejection] = []
        self.more = 0

    def good(self, batch: Batch) -> None:
        if self._is_tree:
            self._tree += batch.goods()
        elif self._unit and not self._units.closed.isdisjoint(batch.columns[self._unit]):
            for good in batch.goods():
                self._look(good)

    def gone(self, keys: Sequence[Key]) -> None:
        if self._is_tree:
            self._gone |= {key[0] for key in keys}

    def told(self, others: Collection[str]) -> tuple[Rejection, ...]:
        """What to tell once the file is taken; `others` are the files that this import brings, and that speak for
        themselves."""
        if self._is_tree:
            self._units.closed = (self._units.closed | self._gone) - {good.key[0] for good in self._tree}
            for good in self._tree:
                self._look(good)
        left = [name for name in (STAFF.name, CUSTOMERS.name) if name not in others] if self._gone else []
        return (*self._told, *self._units.in_database(self._file, left, self._gone))

    def _look(self, good: Good) -> None:
        name = self._unit
        if good.values[name] not in self._units.closed or good.values.get("status", _ACTIVE) != _ACTIVE:
            return
        reason = (
            f"机构“{good.values[name]}”已关闭，仍有{_WHO[self._spec.name]}归属它；请改归属，或在 org_units 里恢复它"
        )
        if len(self._told) < SHOWN:
            self._told.append(Rejection(self._file, good.row.line, name, reason))
        else:
            self.more += 1


def _closed(unit: Unit) -> set[Value]:
    table = VIEWS[ORG_UNITS.name]
    return {row.unit_id for row in unit.rows(sa.select(table.c.unit_id).where(table.c.closed_as_of.is_not(None)))}


def still_belonging(unit: Unit, unit_id: Value) -> list[str]:
    """Who would be left behind if this one closed, in words: how many of each."""
    counts = ((name, _belonging(unit, name, {unit_id})) for name in _WHO)
    return [f"{count} 个{_WHO[name]}" for name, found in counts for _, count in found]


def _belonging(unit: Unit, name: str, units: set[Value]) -> list[tuple[str, int]]:
    """How many still belong to each of the units."""
    spec = next(spec for spec in (ORG_UNITS, STAFF, CUSTOMERS) if spec.name == name)
    table, unit_id = VIEWS[name], column_of(spec, "parent_id" if spec is ORG_UNITS else "unit_id")
    inside = sa.and_(unit_id.in_(sorted(map(str, units))), table.c.closed_as_of.is_(None))
    here = sa.select(unit_id.label("unit_id"), sa.func.count().label("people")).where(inside)
    working = here.where(table.c.status == _ACTIVE) if spec is STAFF else here
    return [(row.unit_id, row.people) for row in unit.rows(working.group_by(unit_id).order_by(unit_id))]
