"""Rows of one feed from anywhere into the database: judged as they pass, written invisibly in small units of work,
visible at once.

However many they are, memory holds a thousand rows and 12 bytes or so for each key. What is being written is part of
the feed's next version; until that is put in force nobody sees any of it, and a process that dies leaves nothing but
rows that the next import clears away (docs/decisions/imports.md).
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from itertools import compress

from domain.conflict import USUAL, PostRules
from domain.refusal import Refused
from storage import overrides
from storage.database import Closed, Database
from storage.imports import versions
from storage.imports.batch import Batch
from storage.imports.closed import Witness
from storage.imports.examine import header_of
from storage.imports.format import FIRST, FileSpec
from storage.imports.judging import Judging
from storage.imports.known import Known
from storage.imports.layout import Layout
from storage.imports.pen import Pen
from storage.imports.reader import Row
from storage.imports.rejection import NONE_BAD, FileRefused, MaxBad, Rejection
from storage.imports.rejects import Rejects
from storage.imports.report import FileReport
from storage.imports.rows import Rows
from storage.imports.same_person import doubles
from storage.imports.sieve import Sieve
from storage.imports.tables import Key
from storage.imports.weighing import Verdict, Weighing
from storage.unit import Unit

FROM_FILE = "file"
NOBODY = Witness()

Along = Callable[[Iterator[Row]], Iterator[Row]]
Done = Callable[[Unit, FileReport], None]


@dataclass(frozen=True)
class Order:
    """What is to be done with rows of one kind; `whole` means that a row that is not among them is gone.

    `source` is who delivers, kept with every row; `expected` is how many rows there are at most, 0 where nobody knows,
    `documents` whether customers who share an identity document are told of.
    """

    spec: FileSpec
    file: str
    as_of: date
    now: datetime
    source: str = FROM_FILE
    whole: bool = True
    max_bad: MaxBad = NONE_BAD
    dry_run: bool = False
    expected: int = 0
    post_rules: PostRules = USUAL
    documents: bool = False

    @property
    def name(self) -> str:
        return self.spec.name


def no_more(_unit: Unit, _report: FileReport) -> None:
    """Nothing else belongs to the flip."""


def take_in(
    database: Database,
    order: Order,
    rows: Iterator[Row],
    *,
    known: Known | None = None,
    rejects: Rejects | None = None,
    witness: Witness = NOBODY,
    along: Along = iter,
    done: Done = no_more,
) -> FileReport:
    """Judge and write `rows`, the header first; blocks. All or nothing, but for rows that `max_bad` leaves out.

    `done` is called in the unit of work that makes the rows visible, or in one of its own where nothing is written.
    FileRefused where the whole cannot be read; Refused while the same feed is being written by somebody else.
    """
    with database.claim(f"feed:{order.name}") as is_ours:
        if not is_ours:
            raise Refused(f"另一批导入正在写入 {order.name}，本次未作改动，请等它结束后重新导入")
        intake = Intake(database, order, header_of(order.file, rows), known or Known(database), rejects or Rejects())
        intake.witness = witness
        try:
            return intake.run(along(rows), done)
        except Exception:
            with suppress(Closed):
                intake.give_up()
            raise


class Intake:
    """One order under way."""

    def __init__(self, database: Database, order: Order, header: Row, known: Known, rejects: Rejects) -> None:
        self._database, self._order, self._known, self._rejects = database, order, known, rejects
        self._spec = order.spec
        dialect = database.read_now(lambda unit: unit.connection.dialect.name)
        self._layout = Layout(order.spec, database.vault, dialect)
        self._sieve = Sieve(
            order.spec, order.file, header, rejects, self._layout.keys, order.expected, order.post_rules
        )
        self._rows = Rows(self._layout, database.read_now(partial(versions.version_of, name=order.name)) + 1)
        self._weighing = Weighing(database, self._sieve, self._rows)
        self._pen: Pen | None = None
        self._report = FileReport(order.name, order.file)
        self._is_empty = database.read_now(self._rows.is_empty)
        self.witness = NOBODY

    def run(self, rows: Iterator[Row], done: Done) -> FileReport:
        order, version = self._order, self._rows.version
        self._stamps = self._layout.stamps(order.as_of, order.now, order.source, version)
        judging = Judging(self._database, self._sieve, self._known, self._rejects)
        for some in judging.good(rows):
            self._take(some)
            self._rejects.flush()
        if self._order.whole:
            self._close()
        report = self._counted()
        if report.refused or self._order.dry_run:
            self.give_up()
            self._database.run(lambda unit: done(unit, report), f"import.{self._order.name}")
            return report
        return self._flip(report, done)

    # --- writing ------------------------------------------------------------------------------------------------------

    def _take(self, batch: Batch) -> None:
        """Compare with what there is, and write what is new or different."""
        digests = self._layout.digests(batch.columns)
        verdicts = [Verdict.NEW] * len(batch) if self._is_empty else self._weighing.verdicts(batch, digests)
        new, changed, same = map(verdicts.count, (Verdict.NEW, Verdict.CHANGED, Verdict.SAME))
        self._count(inserted=new, updated=changed, unchanged=same)
        self._told_of(batch)
        if new + changed and not (self._order.dry_run or self._is_hopeless):
            self._write(batch, digests, verdicts)

    def _told_of(self, batch: Batch) -> None:
        self.witness.good(batch)
        if self._order.dry_run and len(self._spec.key) == 1:
            self._known.bring(self._spec.name, batch.columns[self._spec.key[0]])

    def _write(self, batch: Batch, digests: list[int], verdicts: list[Verdict]) -> None:
        pen = self._begun()
        # Where the feed has come before, new ones as well: a single row may have come meanwhile.
        replaced = (Verdict.CHANGED,) if self._rows.is_first else (Verdict.CHANGED, Verdict.NEW)
        pen.replace(list(compress(batch.keys, [verdict in replaced for verdict in verdicts])))
        chosen = [verdict in (Verdict.NEW, Verdict.CHANGED) for verdict in verdicts]
        columns = batch.only(chosen).columns
        pen.add(self._layout.rows(columns, self._stamps, list(compress(digests, chosen))))

    def _begun(self) -> Pen:
        if self._pen is None:
            versions.take(self._database, self._rows, self._order.name)
            self._pen = Pen(self._database, self._rows, self._order.name)
        return self._pen

    @property
    def _is_hopeless(self) -> bool:
        """So many bad rows that the file will be refused whatever follows."""
        bad = self._rejects.count
        return bool(bad) and not self._order.max_bad.allows(bad, self._order.expected or max(self._sieve.rows, 1) << 20)

    def _close(self) -> None:
        """What the whole picture does not show has ended."""
        if self._spec.name in FIRST and not self._sieve.rows:
            raise FileRefused(Rejection(self._order.file, 1, "", "没有数据行；为免误关全部记录，不予导入"))
        if self._sieve.nameless and not self._is_empty:
            self._report = replace(self._report, warnings=(_nameless(self._order, self._sieve.nameless),))
            return
        for keys in () if self._is_empty else self._gone():
            self._count(closed=len(keys))
            self.witness.gone(keys)
            if not (self._order.dry_run or self._is_hopeless):
                self._begun().close(keys, self._order.as_of)

    def _gone(self) -> Iterator[list[Key]]:
        after: Key | None = None
        while window := self._database.read_now(partial(self._rows.open_keys, after=after)):
            after = window[-1]
            if gone := [key for key in window if key not in self._sieve.seen]:
                yield gone

    # --- the end ------------------------------------------------------------------------------------------------------

    def _count(self, **more: int) -> None:
        self._report = replace(self._report, **{name: getattr(self._report, name) + n for name, n in more.items()})

    def _counted(self) -> FileReport:
        self._rejects.flush()
        bad, first = self._rejects.count, tuple(self._rejects.first)
        told = replace(self._report, rows=self._sieve.rows, rejections=first, more_rejected=bad - len(first))
        if self._order.max_bad.allows(bad, told.rows):
            return told
        return replace(told, refused=True, inserted=0, updated=0, closed=0, unchanged=0, warnings=())

    def give_up(self) -> None:
        """Leave nothing of what was written."""
        if self._pen is not None:
            with suppress(Exception):
                self._pen.finish()
            versions.give_up(self._database, self._rows, self._order.name)
            self._pen = None

    def _flip(self, report: FileReport, done: Done) -> FileReport:
        self._begun().finish()
        order, version = self._order, self._rows.version
        if order.documents:
            told_of = partial(doubles, file=order.file, version=version, whole=order.whole)
            report = replace(report, warnings=(*report.warnings, *self._database.read_now(told_of)))
        arrival = versions.Arrival(order.as_of, order.now, report.rows, order.source)
        counts = {"inserted": report.inserted, "updated": report.updated, "closed": report.closed}
        told = {"as_of": order.as_of.isoformat(), "version": version, **counts}

        def flip(unit: Unit) -> None:
            done(unit, report)
            versions.put_in_force(unit, order.name, version, arrival)
            overrides.settle(unit, order.name)
            unit.audit("import", order.name, told)

        self._database.run(flip, f"import.{order.name}")
        self._pen = None
        self._known.forget(order.name)
        versions.sweep(self._database, self._rows, order.name)
        return report


def _nameless(order: Order, count: int) -> Rejection:
    """Whoever stands in a row that cannot be read must not count as gone."""
    return Rejection(
        order.file, 0, "", f"有 {count} 行读不出主键，不知道是谁的，所以本次没有关闭任何记录：请改好后重新导入"
    )
