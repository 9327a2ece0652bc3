"""Who still belongs to a closed org unit: told with the import, for their leaders may look for them in vain."""

from collections.abc import Collection, Iterator
from functools import partial

import sqlalchemy as sa

from storage.database import Database
from storage.imports.checks import Value
from storage.imports.delta import Delta
from storage.imports.examine import Examined
from storage.imports.format import CUSTOMERS, ORG_UNITS, STAFF
from storage.imports.rejection import Rejection
from storage.imports.tables import TABLES, column_of
from storage.unit import Unit

_WHO = {ORG_UNITS.name: "下级机构", STAFF.name: "在职员工", CUSTOMERS.name: "客户"}
_ACTIVE = "active"


class ClosedUnits:
    """The units that are closed in the database, or will be by the org_units file of this import."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._closed: set[Value] = database.read_now(_closed)

    def told(self, examined: Examined, delta: Delta, others: Collection[str]) -> tuple[Rejection, ...]:
        """What to tell about a file; `others` are the files that this import brings, and that speak for themselves."""
        here = examined.spec.name
        if here not in _WHO:
            return ()
        gone: set[Value] = {key[0] for key in delta.closed} if here == ORG_UNITS.name else set()
        if here == ORG_UNITS.name:
            self._closed = (self._closed | gone) - {key[0] for key in examined.good}
        left = [name for name in (STAFF.name, CUSTOMERS.name) if name not in others] if gone else []
        return (*_in_file(examined, self._closed), *self._in_database(examined.file, left, gone))

    def _in_database(self, file: str, names: list[str], gone: set[Value]) -> Iterator[Rejection]:
        for name in names:
            counts = self._database.read_now(partial(_belonging, name=name, units=gone))
            for unit_id, count in counts:
                reason = f"机构“{unit_id}”本次关闭，库里仍有 {count} 个{_WHO[name]}归属它；请随后导入改好的 {name}.csv"
                yield Rejection(file, 0, "unit_id", reason)


def _in_file(examined: Examined, closed: set[Value]) -> Iterator[Rejection]:
    spec = examined.spec
    name = next(column.name for column in spec.columns if column.refers == ORG_UNITS.name)
    for good in examined.good.values():
        if good.values[name] in closed and good.values.get("status", _ACTIVE) == _ACTIVE:
            reason = f"机构“{good.values[name]}”已关闭，仍有{_WHO[spec.name]}归属它；请改归属，或在 org_units 里恢复它"
            yield Rejection(examined.file, good.row.line, name, reason)


def _closed(unit: Unit) -> set[Value]:
    table = TABLES[ORG_UNITS.name]
    return {row.unit_id for row in unit.rows(sa.select(table.c.unit_id).where(table.c.closed_as_of.is_not(None)))}


def _belonging(unit: Unit, name: str, units: set[Value]) -> list[tuple[str, int]]:
    """How many still belong to each of the units."""
    spec = next(spec for spec in (STAFF, CUSTOMERS) if spec.name == name)
    table, unit_id = TABLES[name], column_of(spec, "unit_id")
    inside = sa.and_(unit_id.in_(sorted(map(str, units))), table.c.closed_as_of.is_(None))
    here = sa.select(unit_id, sa.func.count().label("people")).where(inside)
    working = here.where(table.c.status == _ACTIVE) if spec is STAFF else here
    return [(row.unit_id, row.people) for row in unit.rows(working.group_by(unit_id).order_by(unit_id))]
