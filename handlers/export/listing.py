"""What somebody may read of a list, as they stand now: which rows, which columns, how plainly."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Self

from domain.export.lists import CaseRow, Column, Row, cells, offered
from domain.export.wish import ListKind, Wish
from domain.ids import CustomerId, UnitId
from domain.policy import Permission, Relation
from domain.purpose import Purpose
from domain.sharing import Audience, Field, Form, Surface, form_for
from domain.staff import Staff, UnitTree
from handlers.case.moving import known_version
from handlers.context import House
from handlers.rights import audience_of
from storage import directory, export_rows
from storage.case_lists import Sight
from storage.circles import CIRCLES
from storage.export_question import Counts, Question
from storage.export_rows import COMPLAINT
from storage.unit import Unit

MAY: Mapping[ListKind, Permission] = {
    ListKind.CUSTOMERS: Permission.CUSTOMER_READ,
    ListKind.VISITS: Permission.VISIT_LOG,
    ListKind.TODOS: Permission.TODO_LIST,
    ListKind.COMPLAINTS: Permission.CASE_READ,
}
"""Who may not see a list gets it in no file."""


@dataclass(frozen=True)
class Listing:
    """A list for one reader."""

    question: Question
    columns: tuple[Column, ...]
    audiences: Mapping[Relation, Audience]
    house: House

    def cells(self, row: Row) -> tuple[str, ...]:
        """The row as its reader may read it."""
        how = row.whose.relation if row.whose is not None else Relation.IN_SCOPE
        return cells(row, self.columns, self.audiences[how])

    def named(self, rows: Sequence[Row]) -> set[CustomerId]:
        """The customers of whom the reader is given anything."""
        whose = [row.whose for row in rows if row.whose is not None]
        return {who.customer_id for who in whose if who.relation in self.question.relations}

    def keys(self, unit: Unit, limit: int) -> list[str]:
        return export_rows.keys(unit, self.question, limit)

    def counts(self, unit: Unit, most: int) -> Counts:
        """How many rows there are, no further than `most`, by how the reader stands to the customer of each."""
        return export_rows.counts(unit, self.question, most)

    def of(self, counts: Counts) -> Self:
        """Without the columns that would be empty in each of these rows."""
        return replace(self, columns=offered(self.question.kind, [self.audiences[how] for how in counts if how]))

    def empty(self, counts: Counts) -> Mapping[tuple[Relation | None, ...], list[Column]]:
        """The columns that some of these rows leave empty, whatever is known of the customer, by which rows do."""
        found: dict[tuple[Relation | None, ...], list[Column]] = {}
        for column in self.columns:
            bare = tuple(how for how in counts if not column.shows(self.audiences[how] if how else None))
            if bare:
                found.setdefault(bare, []).append(column)
        return found

    def rows(self, unit: Unit, keys: Sequence[str]) -> list[Row]:
        found = export_rows.rows(unit, self.question, keys)
        return [_in_words(unit, self.house, row) if isinstance(row, CaseRow) else row for row in found]


def listing(unit: Unit, house: House, reader: Staff, wish: Wish) -> Listing:
    """The list that the wish means for this reader."""
    surface = Surface.EXPORT_PLAIN if wish.plain else Surface.EXPORT
    audiences = {how: audience_of(house, reader, how, wish.purpose, surface) for how in Relation}
    tree = directory.units(unit)
    scope = house.policy.scope(reader, tree)
    near = [audiences[circle.relation] for circle in CIRCLES[scope.kind]]
    named = [each.relation for each in near if form_for(Field.CUSTOMER_NUMBER, each) is not Form.WITHHELD]
    question = Question(
        kind=wish.list,
        scope=scope,
        sight=Sight(reader.userid, scope, Permission.CASE_OVERSEE in house.policy.permissions(reader)),
        tiers=wish.narrowing.tiers,
        units=_below(tree, wish.narrowing.units),
        since=_midnight(wish.narrowing.since, unit.now),
        before=_midnight(wish.narrowing.until, unit.now, later=1),
        willing=wish.purpose is Purpose.MARKETING,
        relations=frozenset(named),
    )
    return Listing(question, offered(wish.list, near), audiences, house)


def _in_words(unit: Unit, house: House, row: CaseRow) -> CaseRow:
    return replace(row, state=known_version(unit, house, COMPLAINT, row.version).states[row.state].label)


def _below(tree: UnitTree, units: Sequence[UnitId]) -> frozenset[UnitId] | None:
    return frozenset().union(*(tree.descendants(each) for each in units)) if units else None


def _midnight(day: date | None, now: datetime, later: int = 0) -> datetime | None:
    return datetime.combine(day + timedelta(days=later), time(0), now.tzinfo) if day else None
