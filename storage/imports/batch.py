"""Rows of one kind that fit, held column by column: what is done to a thousand cells of one type at a time costs a
fraction of what it costs row by row.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import NamedTuple

from storage.imports.checks import Value
from storage.imports.reader import Row
from storage.imports.tables import Key, Values

Columns = Mapping[str, Sequence[Value]]


class Good(NamedTuple):
    """A row that fits its columns, with the cells it was read from."""

    row: Row
    key: Key
    values: Values


@dataclass(frozen=True)
class Batch:
    """`columns` are the values by their names, all as long as `rows`."""

    rows: Sequence[Row]
    keys: Sequence[Key]
    columns: Columns

    def __len__(self) -> int:
        return len(self.rows)

    def goods(self) -> Iterator[Good]:
        """Row by row, for who looks at few of them."""
        return map(Good, self.rows, self.keys, rows_in(self.columns))

    def good(self, place: int) -> Good:
        return Good(self.rows[place], self.keys[place], {name: cells[place] for name, cells in self.columns.items()})

    def only(self, chosen: Sequence[bool]) -> "Batch":
        """Those of the rows that are chosen."""
        if all(chosen):
            return self
        columns = {name: list(compress(column, chosen)) for name, column in self.columns.items()}
        return Batch(list(compress(self.rows, chosen)), list(compress(self.keys, chosen)), columns)


def rows_in(columns: Columns) -> Iterator[Values]:
    """The values of each row by their names."""
    names = tuple(columns)
    return (dict(zip(names, values, strict=True)) for values in zip(*columns.values(), strict=True))


def batch_of(goods: Sequence[Good]) -> Batch:
    names = goods[0].values if goods else ()
    columns = {name: [good.values[name] for good in goods] for name in names}
    return Batch([good.row for good in goods], [good.key for good in goods], columns)
