"""One row of a feed written at once, beside whatever an import is preparing for the feed's next version."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from storage import label_due
from storage.imports.layout import Layout
from storage.imports.tables import Values
from storage.statement import run_text
from storage.unit import Unit


@dataclass(frozen=True)
class Single:
    """`version` is the feed's version in force, whose row the unit of work holds."""

    layout: Layout
    version: int
    as_of: date
    now: datetime
    source: str

    def put(self, unit: Unit, values: Values) -> None:
        """The row is seen with this commit, in this version and in one that is being written."""
        stamps = self.layout.stamps(self.as_of, self.now, self.source, 0)
        cells = self.layout.row(values, stamps, self.layout.digest(values))
        row = dict(zip(self.layout.names, cells, strict=True))
        changing = {name: cell for name, cell in row.items() if name not in (*self.layout.key, "since")}
        changing["closed_as_of"] = None
        label_due.mark_for(unit, self.layout.spec.name, values)
        if not self._write_over(unit, values, changing):
            self._add(unit, values, row)

    def close(self, unit: Unit, values: Values) -> None:
        day: Any = self.as_of.isoformat() if self._is_sqlite else self.as_of
        label_due.mark_for(unit, self.layout.spec.name, values)
        self._write_over(unit, values, {"closed_as_of": day})

    @property
    def _is_sqlite(self) -> bool:
        return self.layout.dialect == "sqlite"

    @property
    def _mark(self) -> str:
        return "?" if self._is_sqlite else "%s"

    @property
    def _at_key(self) -> str:
        return " AND ".join(f"{name} = {self._mark}" for name in self.layout.key)

    def _write_over(self, unit: Unit, values: Values, cells: dict[str, Any]) -> bool:
        """Whether there was a row to be seen; one that an import has prepared is changed with it."""
        told, key = ", ".join(f"{name} = {self._mark}" for name in cells), self.layout.key_of(values)
        here = f"UPDATE {self.layout.table} SET {told} WHERE {self._at_key} AND "
        seen = f"since <= {self.version} AND (until IS NULL OR until > {self.version})"
        run_text(unit.connection, f"{here} since > {self.version}", [*cells.values(), *key])
        return bool(run_text(unit.connection, here + seen, [*cells.values(), *key]).rowcount)

    def _add(self, unit: Unit, values: Values, row: dict[str, Any]) -> None:
        """Until the row takes over that an import has prepared, if any."""
        table, marks = self.layout.table, ", ".join(self._mark for _ in row)
        prepared = f"(SELECT min(since) FROM {table} WHERE {self._at_key} AND since > {self.version})"
        text = f"INSERT INTO {table} ({', '.join(row)}, until) VALUES ({marks}, {prepared})"
        run_text(unit.connection, text, [*row.values(), *self.layout.key_of(values)])
