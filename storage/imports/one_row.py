"""One row by a source system, in one unit of work: made, written over, or ended as of a day."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any

import sqlalchemy as sa

from domain.refusal import Refused
from storage import label_due, overrides, schema
from storage.imports import same_person
from storage.imports.checks import Unfit, Value, read_cell
from storage.imports.closed import still_belonging
from storage.imports.delivery import Delivery, refusal
from storage.imports.examine import Examined, examine_rows
from storage.imports.format import ORG_UNITS, FileSpec
from storage.imports.layout import Layout
from storage.imports.ownership import SPECS
from storage.imports.reader import Row
from storage.imports.references import check_references, own_reference
from storage.imports.rejection import FileRefused
from storage.imports.report import FileReport
from storage.imports.rows import Kept
from storage.imports.single import Single
from storage.imports.tables import VIEWS, Values, column_of, key_of, opened
from storage.imports.weighing import CONTRADICTED, Verdict, weigh
from storage.statement import Statement
from storage.unit import Unit

_FEED = schema.feed.c
_HELD = Statement(sa.select(_FEED.version).where(_FEED.name == sa.bindparam("feed")).with_for_update())


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
    _not_revived(kept, delivery)
    header, row = Row(0, tuple(cells)), Row(0, tuple(cells.values()))
    mine = spec if kept is None else _narrowed(spec, delivery.grant.columns(spec.name))
    try:
        examined = examine_rows(spec.name, iter([header, row]), mine, delivery.post_rules)
    except FileRefused as refused:
        return refusal(delivery, refused)
    if kept is not None:
        _complete(examined, spec, opened(spec, kept, unit.vault))
    check_references(examined, _referred(unit, examined), _climb(unit, examined))
    became = [_put(unit, delivery, kept, good.values, examined) for good in list(examined.good.values())]
    rejections = tuple(examined.rejections)
    if rejections:
        return FileReport(spec.name, spec.name, examined.rows, rejections=rejections, refused=True)
    counts = {name: became.count(name) for name in ("inserted", "updated", "unchanged")}
    told = same_person.others(unit, cells[spec.key[0]]) if delivery.brings_documents else ()
    return FileReport(spec.name, spec.name, examined.rows, warnings=told, **counts)  # type: ignore[arg-type]


def _put(unit: Unit, delivery: Delivery, kept: sa.RowMapping | None, values: Values, examined: Examined) -> str:
    """What became of the row, in the words of a report."""
    spec, layout = delivery.spec, Layout(delivery.spec, unit.vault, unit.connection.dialect.name)
    old = None if kept is None else opened(spec, kept, unit.vault)
    there = None if kept is None or old is None else Kept(layout.digest(old), kept["closed_as_of"] is not None)
    verdict = weigh(spec, there, layout.digest(values))
    if verdict is Verdict.DISPUTED and old is not None:
        name = next((name for name in examined.header if values[name] != old[name]), spec.key[0])
        examined.drop(key_of(spec, values), name, CONTRADICTED)
    elif verdict is not Verdict.SAME:
        _single(unit, delivery, layout).put(unit, values)
        if old is not None:
            label_due.mark_for(unit, spec.name, old)  # whose it was, where it is somebody else's now
        overrides.settle(unit, spec.name)
    return {Verdict.NEW: "inserted", Verdict.SAME: "unchanged"}.get(verdict, "updated")


def _single(unit: Unit, delivery: Delivery, layout: Layout) -> Single:
    """The feed's own day and arrival stay: a single row does not mean that the day's delivery has come."""
    name = delivery.spec.name
    feed = unit.row(_HELD, {"feed": name})
    if feed is None:
        raise Conflict(f"还没有导入过 {name}：请先导入一次全部数据")
    return Single(layout, feed.version, delivery.as_of, delivery.now, delivery.source)


def _narrowed(spec: FileSpec, names: tuple[str, ...]) -> FileSpec:
    return replace(spec, columns=tuple(column for column in spec.columns if column.name in names))


def _complete(examined: Examined, spec: FileSpec, kept: Values) -> None:
    """What belongs to other systems stays as it is."""
    examined.spec = spec
    for key, good in examined.good.items():
        examined.good[key] = good._replace(values=kept | good.values)


def close_row(unit: Unit, delivery: Delivery, key: str) -> bool:
    """End a row as of the day; False where it ended before. Raises NotFound and Conflict."""
    spec = delivery.spec
    kept = _kept(unit, spec, key)
    if kept is None:
        raise NotFound(spec)
    _row_not_older(kept, delivery.as_of)
    if kept["closed_as_of"] is not None:
        return False
    _nobody_left_behind(unit, spec, kept[spec.key[0]])
    layout = Layout(spec, unit.vault, unit.connection.dialect.name)
    _single(unit, delivery, layout).close(unit, opened(spec, kept, unit.vault))
    return True


def _nobody_left_behind(unit: Unit, spec: FileSpec, key: Value) -> None:
    """A file that closes a unit may bring the people's new ones along; a single row cannot."""
    if spec is ORG_UNITS and (left := still_belonging(unit, key)):
        raise Conflict(f"这个机构还有 {'、'.join(left)}：请先改好他们的归属，再关闭")


def _kept(unit: Unit, spec: FileSpec, written: str) -> sa.RowMapping | None:
    """The row with this key, open or closed; whoever writes it holds the feed's row meanwhile."""
    name = spec.key[0]
    try:
        key = read_cell(written, spec.column(name))
    except Unfit:
        return None
    unit.row(_HELD, {"feed": spec.name})
    row = unit.row(sa.select(VIEWS[spec.name]).where(column_of(spec, name) == key))
    return None if row is None else row._mapping


def _row_not_older(kept: sa.RowMapping | None, as_of: date) -> None:
    if kept is not None and as_of < kept["as_of"]:
        raise Conflict(f"业务日 {as_of} 早于这一行已有的 {kept['as_of']}：迟到的数据不能盖过新的，请核对 as_of")


def _not_revived(kept: sa.RowMapping | None, delivery: Delivery) -> None:
    """Whoever has some of the columns only neither makes a row nor brings one back."""
    if not delivery.grant.whole(delivery.name) and (kept is None or kept["closed_as_of"] is not None):
        raise NotFound(delivery.spec)


def _referred(unit: Unit, examined: Examined) -> dict[str, set[Value]]:
    """Of everything the row points at, what there is."""
    spec = examined.spec
    found: dict[str, set[Value]] = {file: set() for file in spec.refers}
    for good in examined.good.values():
        for column in spec.columns:
            if column.refers and (value := good.values[column.name]) is not None:
                found[column.refers] |= {row.key for row in unit.rows(_lookup(column.refers), {"wanted": value})}
    return found


@cache
def _lookup(kind: str) -> Statement:
    """Whether there is a row of that key."""
    target = column_of(SPECS[kind], SPECS[kind].key[0])
    return Statement(sa.select(target.label("key")).where(target == sa.bindparam("wanted", type_=target.type)))


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
