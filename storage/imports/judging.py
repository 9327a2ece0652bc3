"""Which rows of a stream are good: each by itself, then by what it points at; a thousand at a time."""

from collections.abc import Iterator
from functools import partial
from itertools import islice

from storage.database import Database
from storage.imports.checks import Value
from storage.imports.examine import Examined
from storage.imports.known import Known
from storage.imports.reader import Row
from storage.imports.references import check_references, named, own_reference, parents_kept
from storage.imports.rejects import Rejects
from storage.imports.sieve import Good, Sieve

AT_ONCE = 1_000


class Judging:
    """Of one file; what is not good goes to `rejects`."""

    def __init__(self, database: Database, sieve: Sieve, known: Known, rejects: Rejects) -> None:
        self._database, self._sieve, self._known, self._rejects = database, sieve, known, rejects
        self._spec = sieve.spec

    def good(self, rows: Iterator[Row]) -> Iterator[list[Good]]:
        """Good rows, some at a time; where rows point at rows of the same file, all of them, and in no circle."""
        good, own = self._sieve.through(rows), own_reference(self._spec)
        if own is not None:
            everyone = self._settled(self._related(list(good)), own)
            yield from (everyone[start : start + AT_ONCE] for start in range(0, len(everyone), AT_ONCE))
            return
        while some := list(islice(good, AT_ONCE)):
            yield self._related(some)

    def _related(self, rows: list[Good]) -> list[Good]:
        """Those whose references to other files lead somewhere."""
        for name, file in [(c.name, c.refers) for c in self._spec.columns if c.refers and c.refers != self._spec.name]:
            wanted: set[Value] = {value for good in rows if (value := good.values[name]) is not None}
            if missing := self._known.missing(file, wanted):
                for good in (each for each in rows if each.values[name] in missing):
                    self._sieve.reject(good.row, name, named(file, good.values[name]))
                rows = [good for good in rows if good.values[name] not in missing]
        return rows

    def _settled(self, rows: list[Good], own: str) -> list[Good]:
        kept = self._database.read_now(partial(parents_kept, spec=self._spec, name=own))
        examined = Examined(self._spec, self._sieve.file, self._sieve.header, 0, {good.key: good for good in rows})
        check_references(examined, {self._spec.name: set(kept)}, kept)
        for rejection in examined.rejections:
            self._rejects.add(rejection)
        return [good for good in rows if good.key in examined.good]
