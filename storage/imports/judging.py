"""Which rows of a stream are good: each by itself, then by what it points at; a thousand at a time."""

from collections.abc import Iterator
from functools import partial

from storage.database import Database
from storage.imports.batch import Batch, Good, batch_of
from storage.imports.examine import Examined
from storage.imports.known import Known
from storage.imports.reader import Row
from storage.imports.references import check_references, named, own_reference, parents_kept
from storage.imports.rejects import Rejects
from storage.imports.sieve import AT_ONCE, Sieve


class Judging:
    """Of one file; what is not good goes to `rejects`."""

    def __init__(self, database: Database, sieve: Sieve, known: Known, rejects: Rejects) -> None:
        self._database, self._sieve, self._known, self._rejects = database, sieve, known, rejects
        self._spec = sieve.spec

    def good(self, rows: Iterator[Row]) -> Iterator[Batch]:
        """Good rows, some at a time; where rows point at rows of the same file, all of them, and in no circle."""
        good, own = map(self._related, self._sieve.through(rows)), own_reference(self._spec)
        if own is None:
            yield from good
            return
        everyone = self._settled([each for batch in good for each in batch.goods()], own)
        yield from (batch_of(everyone[start : start + AT_ONCE]) for start in range(0, len(everyone), AT_ONCE))

    def _related(self, batch: Batch) -> Batch:
        """Those whose references to other files lead somewhere."""
        for name, file in [(c.name, c.refers) for c in self._spec.columns if c.refers and c.refers != self._spec.name]:
            column = batch.columns[name] if batch else ()
            if missing := self._known.missing(file, set(column) - {None}):
                for row, value in zip(batch.rows, column, strict=True):
                    if value in missing:
                        self._sieve.reject(row, name, named(file, value))
                batch = batch.only([value not in missing for value in column])
        return batch

    def _settled(self, rows: list[Good], own: str) -> list[Good]:
        kept = self._database.read_now(partial(parents_kept, spec=self._spec, name=own))
        examined = Examined(self._spec, self._sieve.file, self._sieve.header, 0, {good.key: good for good in rows})
        check_references(examined, {self._spec.name: set(kept)}, kept)
        for rejection in examined.rejections:
            self._rejects.add(rejection)
        return [good for good in rows if good.key in examined.good]
