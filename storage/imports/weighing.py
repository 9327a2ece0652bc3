"""What a row that comes does to the row that is there."""

from enum import Enum, auto
from functools import partial

import sqlalchemy as sa

from storage.database import Database
from storage.imports.batch import Batch, Good
from storage.imports.format import FileSpec, Kind
from storage.imports.rows import Kept, Rows
from storage.imports.sieve import Sieve
from storage.imports.tables import VIEWS, Key, Values, column_of, key_of, opened

CONTRADICTED = "已存在且内容不同；流水一经导入不再改动"


class Verdict(Enum):
    """DISPUTED: an append file says something else, or says it of a row that ended; who knows both rows decides."""

    NEW = auto()
    CHANGED = auto()
    SAME = auto()
    DISPUTED = auto()


def weigh(spec: FileSpec, there: Kept | None, digest: int) -> Verdict:
    """By key and digest alone."""
    if there is None:
        return Verdict.NEW
    if there.digest == digest and not there.closed:
        return Verdict.SAME
    if spec.kind is Kind.APPEND and not spec.corrects:
        return Verdict.DISPUTED
    return Verdict.CHANGED


class Weighing:
    """Of the rows of one file; what stays disputed is rejected by its sieve."""

    def __init__(self, database: Database, sieve: Sieve, rows: Rows) -> None:
        self._database, self._sieve, self._rows, self._spec = database, sieve, rows, sieve.spec

    def verdicts(self, batch: Batch, digests: list[int]) -> list[Verdict]:
        kept = self._database.read_now(partial(self._rows.find, keys=batch.keys)) if batch else {}
        verdicts = [weigh(self._spec, kept.get(key), digest) for key, digest in zip(batch.keys, digests, strict=True)]
        for place, verdict in enumerate(verdicts):
            if verdict is Verdict.DISPUTED:
                verdicts[place] = self._contradicted(batch.good(place), kept.get(batch.keys[place]))
        return verdicts

    def _contradicted(self, good: Good, there: Kept | None) -> Verdict:
        """A row of an append file that says something else than before; a column that is absent says nothing."""
        old = self._stored(key_of(self._spec, good.values))
        changed = next((name for name in self._sieve.header if good.values[name] != old[name]), None)
        if changed is None and there is not None and not there.closed:
            return Verdict.SAME
        self._sieve.reject(good.row, changed or self._spec.key[0], CONTRADICTED)
        return Verdict.DISPUTED

    def _stored(self, key: Key) -> Values:
        columns = zip((column_of(self._spec, name) for name in self._spec.key), key, strict=True)
        here = sa.select(VIEWS[self._spec.name]).where(*(column == value for column, value in columns))
        (row,) = self._database.read_now(lambda unit: unit.rows(here))
        return opened(self._spec, row._mapping, self._database.vault)
