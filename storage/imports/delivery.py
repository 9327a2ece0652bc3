"""What a source system delivers by itself: many rows of one kind, or a single one, judged and written as a file is."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

import sqlalchemy as sa

from domain.refusal import Refused
from storage import schema
from storage.database import Database
from storage.imports.checks import Unfit, Value, read_cell
from storage.imports.delta import Delta, compare, kept_rows, keys_kept, parents_kept
from storage.imports.examine import Examined, examine_rows
from storage.imports.format import FIRST, FileSpec
from storage.imports.ownership import SPECS, Grant
from storage.imports.reader import Row
from storage.imports.references import check_references, own_reference
from storage.imports.rejection import NONE_BAD, FileRefused, MaxBad, Rejection
from storage.imports.report import FileReport
from storage.imports.tables import TABLES, Values, column_of, opened
from storage.imports.write import Change, feed_days, feed_versions, prepare, write
from storage.unit import Unit

Done = Callable[[Unit, FileReport], None]


@dataclass(frozen=True)
class Delivery:
    """Rows of one kind by one system; `whole` means that a row that is not among them is gone."""

    spec: FileSpec
    grant: Grant
    as_of: date
    now: datetime
    whole: bool = False
    max_bad: MaxBad = NONE_BAD
    dry_run: bool = False

    @property
    def name(self) -> str:
        return self.spec.name


def deliver(database: Database, delivery: Delivery, rows: Iterator[Row], done: Done) -> FileReport:
    """Judge and write; blocks. `done` is called in the unit of work that makes the rows visible, or in one of its own
    where nothing is written. FileRefused where the whole cannot be read; Refused where somebody else was faster.
    """
    spec = delivery.spec
    _not_older(database.read_now(feed_days), delivery)
    version = database.read_now(feed_versions).get(spec.name, 0)
    examined = examine_rows(spec.name, _checked(rows, delivery), spec)
    if spec.name in FIRST and delivery.whole and not examined.rows:
        raise FileRefused(Rejection(spec.name, 1, "", "没有数据行；为免误关全部记录，不予导入"))
    delta = _judged(database, examined, delivery)
    report = _report(examined, delta, delivery)
    if report.refused or delivery.dry_run:
        database.run(lambda unit: done(unit, report), f"import.{spec.name}")
        return report
    stamps = {"as_of": delivery.as_of, "now": delivery.now, "rows": examined.rows, "version": version}
    change = prepare(spec, delta, database.vault, **stamps)  # type: ignore[arg-type]
    database.run(partial(_written, change=change, report=report, done=done), f"import.{spec.name}")
    return report


def _written(unit: Unit, change: Change, report: FileReport, done: Done) -> None:
    done(unit, report)
    write(unit, change)


def _not_older(days: Mapping[str, date], delivery: Delivery) -> None:
    newest = days.get(delivery.name)
    if delivery.whole and newest is not None and delivery.as_of < newest:
        reason = f"数据日期 {delivery.as_of} 早于库里已有的 {newest}；快照不能倒退，请核对 as_of"
        raise FileRefused(Rejection(delivery.name, 0, "", reason))


def _checked(rows: Iterator[Row], delivery: Delivery) -> Iterator[Row]:
    """The rows, once their header names nothing but columns of this kind, each once, that are this system's."""
    header = next(rows, None)
    if header is None:
        return
    mine, known = delivery.grant.columns(delivery.name), {column.name for column in delivery.spec.columns}
    counts = Counter(header.cells)
    for place, name in enumerate(header.cells, 1):
        if name not in known:
            reason = f"第 {place} 列不是 {delivery.name} 的列，它的列为 {'、'.join(mine)}"
            raise FileRefused(Rejection(delivery.name, header.line, "", reason))
        if counts[name] > 1:
            raise FileRefused(Rejection(delivery.name, header.line, name, "列名重复"))
        if name not in mine:
            raise NotTheirs(delivery.name, name)
    yield header
    yield from rows


class NotTheirs(Refused):
    """A column that belongs to another system."""

    def __init__(self, kind: str, column: str) -> None:
        super().__init__(
            f"这个密钥不能写 {kind}.{column}：请去掉这一列，或请系统管理员核对字段归属", reason="forbidden"
        )


def _judged(database: Database, examined: Examined, delivery: Delivery) -> Delta:
    spec, read = examined.spec, database.read_now
    known = {file: read(partial(keys_kept, spec=SPECS[file])) for file in spec.refers}
    above = own_reference(spec)
    check_references(examined, known, read(partial(parents_kept, spec=spec, name=above)) if above else {})
    delta = compare(read(partial(kept_rows, examined=examined)), examined, database.vault)
    return delta if delivery.whole else replace(delta, closed=[])


def _report(examined: Examined, delta: Delta, delivery: Delivery) -> FileReport:
    rejections = tuple(sorted(examined.rejections, key=lambda rejection: rejection.line))
    report = FileReport(delivery.name, delivery.name, examined.rows, rejections=rejections)
    if not delivery.max_bad.allows(len(rejections), examined.rows):
        return replace(report, refused=True)
    counts = {"inserted": len(delta.inserted), "updated": len(delta.updated), "closed": len(delta.closed)}
    return replace(report, **counts, unchanged=delta.unchanged)  # type: ignore[arg-type]


def refusal(delivery: Delivery, refused: FileRefused) -> FileReport:
    """What cannot be read as rows at all, as an outcome."""
    return FileReport(delivery.name, delivery.name, rejections=(refused.rejection,), refused=True)


class NotFound(Refused):
    """There is no such row."""

    def __init__(self, spec: FileSpec) -> None:
        super().__init__(f"没有这个主键的{spec.title}", reason="not_found")


class Conflict(Refused):
    """The row as it stands does not allow it."""

    def __init__(self, text: str) -> None:
        super().__init__(text, reason="conflict")


def put_row(unit: Unit, delivery: Delivery, cells: Mapping[str, str]) -> FileReport:
    """One row, in one unit of work: made, or the columns of this system written over. Rejections are in the report;
    raises Conflict.
    """
    spec = delivery.spec
    kept = _kept(unit, spec, cells[spec.key[0]])
    _row_not_older(kept, delivery.as_of)
    header, row = Row(0, tuple(cells)), Row(0, tuple(cells.values()))
    mine = spec if kept is None else _narrowed(spec, delivery.grant.columns(spec.name))
    try:
        examined = examine_rows(spec.name, iter([header, row]), mine)
    except FileRefused as refused:
        return refusal(delivery, refused)
    if kept is not None:
        _complete(examined, spec, opened(spec, kept, unit.vault))
    check_references(examined, _referred(unit, examined), _climb(unit, examined))
    delta = compare([kept] if kept is not None else [], examined, unit.vault)
    report = _report(examined, replace(delta, closed=[]), delivery)
    if not report.refused and not report.unchanged:
        _write_one(unit, delivery, delta)
    return report


def _narrowed(spec: FileSpec, names: tuple[str, ...]) -> FileSpec:
    return replace(spec, columns=tuple(column for column in spec.columns if column.name in names))


def _complete(examined: Examined, spec: FileSpec, kept: Values) -> None:
    """What belongs to other systems stays as it is."""
    examined.spec = spec
    for key, good in examined.good.items():
        examined.good[key] = replace(good, values=kept | good.values)


def close_row(unit: Unit, delivery: Delivery, key: str) -> bool:
    """End a row as of the day; False where it ended before. Raises NotFound and Conflict."""
    spec = delivery.spec
    kept = _kept(unit, spec, key)
    if kept is None:
        raise NotFound(spec)
    _row_not_older(kept, delivery.as_of)
    if kept["closed_as_of"] is not None:
        return False
    _write_one(unit, delivery, Delta(closed=[(kept[column_of(spec, spec.key[0]).name],)]))
    return True


def _kept(unit: Unit, spec: FileSpec, written: str) -> sa.RowMapping | None:
    """The row with this key, open or closed, held until the unit ends."""
    name = spec.key[0]
    try:
        key = read_cell(written, spec.column(name))
    except Unfit:
        return None
    row = unit.row(sa.select(TABLES[spec.name]).where(column_of(spec, name) == key).with_for_update())
    return None if row is None else row._mapping


def _row_not_older(kept: sa.RowMapping | None, as_of: date) -> None:
    if kept is not None and as_of < kept["as_of"]:
        raise Conflict(f"业务日 {as_of} 早于这一行已有的 {kept['as_of']}：迟到的数据不能盖过新的，请核对 as_of")


def _write_one(unit: Unit, delivery: Delivery, delta: Delta) -> None:
    """The feed's own day and arrival stay: a single row does not mean that the day's delivery has come."""
    spec, feed = delivery.spec, schema.feed
    row = unit.row(sa.select(feed).where(feed.c.name == spec.name).with_for_update())
    if row is None:
        raise Conflict(f"还没有导入过 {spec.name}：请先导入一次全部数据")
    stamps = {"as_of": delivery.as_of, "now": delivery.now, "rows": row.rows, "version": row.version}
    change = prepare(spec, delta, unit.vault, **stamps)
    write(unit, replace(change, day=row.as_of, arrived_at=row.arrived_at))


def _referred(unit: Unit, examined: Examined) -> dict[str, set[Value]]:
    """Of everything the row points at, what there is."""
    spec = examined.spec
    found: dict[str, set[Value]] = {file: set() for file in spec.refers}
    for good in examined.good.values():
        for column in spec.columns:
            if column.refers and (value := good.values[column.name]) is not None:
                target = column_of(SPECS[column.refers], SPECS[column.refers].key[0])
                found[column.refers] |= set(unit.connection.scalars(sa.select(target).where(target == value)).all())
    return found


def _climb(unit: Unit, examined: Examined) -> dict[Value, Value]:
    """Who stands above whom, from the row upwards; a circle ends the climb."""
    name = own_reference(examined.spec)
    if name is None:
        return {}
    key, upper = column_of(examined.spec, examined.spec.key[0]), column_of(examined.spec, name)
    above: dict[Value, Value] = {}
    here: Any = next((good.values[name] for good in examined.good.values()), None)
    while here is not None and here not in above:
        above[here] = unit.connection.scalar(sa.select(upper).where(key == here))
        here = above[here]
    return above


def feeds(unit: Unit) -> Iterable[Any]:
    """How every feed stands."""
    return unit.rows(sa.select(schema.feed).order_by(schema.feed.c.name))
