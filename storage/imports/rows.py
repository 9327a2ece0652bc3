"""The rows of one feed in one database: found by key, added as a new version, replaced, closed, and swept away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from storage import label_due
from storage.imports.layout import Cells, Layout
from storage.imports.tables import Key
from storage.statement import copy_in, run_text, run_text_many
from storage.unit import Unit

_WINDOW = 5_000


@dataclass(frozen=True)
class Kept:
    """What is known of a stored row without opening it; None for a digest where the house itself wrote the row."""

    digest: int | None
    closed: bool


class Rows:
    """Statements for one layout, in the words of its database. `version` is the one that is being written."""

    def __init__(self, layout: Layout, version: int) -> None:
        self._layout, self._version, self._table = layout, version, layout.table
        self._mark = "?" if self._is_sqlite else "%s"
        self._at_key = " AND ".join(f"{name} = {self._mark}" for name in layout.key)
        self._seen = f"since < {version} AND (until IS NULL OR until >= {version})"
        self._in_force = f"since < {version} AND until IS NULL"

    @property
    def _is_sqlite(self) -> bool:
        return self._layout.dialect == "sqlite"

    @property
    def version(self) -> int:
        return self._version

    # --- reading ------------------------------------------------------------------------------------------------------

    def is_empty(self, unit: Unit) -> bool:
        return not run_text(unit.connection, f"SELECT 1 FROM {self._table} LIMIT 1", ()).fetchall()

    def find(self, unit: Unit, keys: Sequence[Key]) -> dict[Key, Kept]:
        """What there is under each of the keys."""
        return {tuple(key): Kept(digest, bool(closed)) for *key, digest, closed in self._found(unit, keys)}

    def _found(self, unit: Unit, keys: Sequence[Key]) -> list[Any]:
        told = "digest, closed_as_of IS NOT NULL"
        if self._is_sqlite:
            one = f"SELECT {told} FROM {self._table} WHERE {self._at_key} AND {self._seen}"
            return [(*key, *row) for key in keys for row in run_text(unit.connection, one, key).fetchall()]
        arrays = ", ".join(f"%s::{kind}[]" for kind in self._layout.key_types)
        wanted = ", ".join(f"k{place}" for place in range(len(self._layout.key)))
        on = " AND ".join(f"r.{name} = w.k{place}" for place, name in enumerate(self._layout.key))
        many = f"SELECT {wanted}, {told} FROM unnest({arrays}) AS w({wanted}) JOIN {self._table} r ON {on}"
        columns = [list(column) for column in zip(*keys, strict=True)]
        found: list[Any] = run_text(unit.connection, f"{many} WHERE {self._seen}", columns).fetchall()
        return found

    def open_keys(self, unit: Unit, after: Key | None) -> list[Key]:
        """The next keys of rows that are not closed, in order."""
        key = ", ".join(self._layout.key)
        marks = ", ".join(self._mark for _ in self._layout.key)
        behind = f"({key}) > ({marks}) AND " if after else ""
        here = f"{behind}closed_as_of IS NULL AND {self._seen}"
        text = f"SELECT {key} FROM {self._table} WHERE {here} ORDER BY {key} LIMIT {_WINDOW}"
        return [tuple(row) for row in run_text(unit.connection, text, after or ()).fetchall()]

    def hold(self, unit: Unit) -> None:
        """Nobody writes a single row of this feed meanwhile (SQLite has one writer anyway)."""
        if not self._is_sqlite and not self.is_first:
            run_text(unit.connection, "SELECT 1 FROM feed WHERE name = %s FOR SHARE", (self._layout.spec.name,))

    @property
    def is_first(self) -> bool:
        """Whether the feed has never come before."""
        return self._version == 1

    # --- writing, invisible until the version is in force -------------------------------------------------------------

    def add(self, unit: Unit, rows: Sequence[Cells]) -> None:
        names = ", ".join(self._layout.names)
        if not rows:
            return
        if self._is_sqlite:
            marks = ", ".join("?" for _ in self._layout.names)
            run_text_many(unit.connection, f"INSERT INTO {self._table} ({names}) VALUES ({marks})", rows)
        else:
            copy_in(unit.connection, f"COPY {self._table} ({names}) FROM STDIN", rows)

    def replace(self, unit: Unit, keys: Sequence[Key]) -> None:
        """From the new version on these rows are no longer seen."""
        if keys:
            ends = f"UPDATE {self._table} SET until = {self._version} WHERE {self._at_key} AND {self._in_force}"
            run_text_many(unit.connection, ends, keys)

    def close(self, unit: Unit, keys: Sequence[Key], day: date) -> None:
        """In the new version the rows have ended as of a day."""
        self.replace(unit, keys)
        kept = [name for name in self._layout.names if name != "since"]
        names = ", ".join(kept)
        copies = (
            f"INSERT INTO {self._table} ({names}, closed_as_of, since) SELECT {names}, {self._mark}, {self._version}"
            f" FROM {self._table} WHERE {self._at_key} AND until = {self._version} AND since < {self._version}"
        )
        ended: Any = day.isoformat() if self._is_sqlite else day
        if keys:
            run_text_many(unit.connection, copies, [(ended, *key) for key in keys])

    # --- sweeping -----------------------------------------------------------------------------------------------------

    def revive(self, unit: Unit, most: int) -> bool:
        """Take back some of what a version that never came into force wanted to replace; whether there may be more."""
        return self._some(unit, f"UPDATE {self._table} SET until = NULL", f"until = {self._version}", most)

    def sweep(self, unit: Unit, most: int) -> bool:
        """Remove some of the rows that were replaced; whether there may be more."""
        which = f"until <= {self._version}"
        if self._is_whose_labels_miss:
            label_due.mark_rows(unit, self._table, self._places(which, most))
        return self._some(unit, f"DELETE FROM {self._table}", which, most)

    @property
    def _is_whose_labels_miss(self) -> bool:
        """Whether the row that took a swept one's place may be of another customer, whom nothing then tells of."""
        return self._layout.spec.name in label_due.READ and "customer_id" not in self._layout.key

    def _some(self, unit: Unit, act: str, which: str, most: int) -> bool:
        return bool(run_text(unit.connection, f"{act} WHERE {self._places(which, most)}", ()).rowcount == most)

    def _places(self, which: str, most: int) -> str:
        found = f"SELECT {self._place} FROM {self._table} WHERE {which} LIMIT {most}"
        return f"{self._place} IN ({found})" if self._is_sqlite else f"ctid = ANY(ARRAY({found}))"

    @cached_property
    def _place(self) -> str:
        return "rowid" if self._is_sqlite else "ctid"

    def windows(self, unit: Unit, size: int) -> Iterator[tuple[int, int]]:
        """Where rows may lie: windows of rows in SQLite, of pages in PostgreSQL."""
        last = f"SELECT max(rowid) FROM {self._table}" if self._is_sqlite else _PAGES.format(table=self._table)
        end = (run_text(unit.connection, last, ()).fetchall()[0][0] or 0) + 1
        step = size if self._is_sqlite else max(1, size // 50)
        return ((start, start + step) for start in range(0, end, step))

    def drop(self, unit: Unit, window: tuple[int, int]) -> None:
        """Remove what the version that is being written left in a window."""
        here = "rowid >= {} AND rowid < {}" if self._is_sqlite else "ctid >= '({},0)' AND ctid < '({},0)'"
        which = f"{here.format(*window)} AND since = {self._version}"
        run_text(unit.connection, f"DELETE FROM {self._table} WHERE {which}", ())


_PAGES = "SELECT pg_relation_size('{table}') / current_setting('block_size')::int"
