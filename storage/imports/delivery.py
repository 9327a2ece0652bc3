"""What a source system delivers by itself: many rows of one kind, judged and written as a file is."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from domain.conflict import USUAL, PostRules
from domain.refusal import Refused
from storage.database import Database
from storage.feeds import feed_days
from storage.imports.filling import filled
from storage.imports.format import CUSTOMERS, FileSpec
from storage.imports.intake import Order, take_in
from storage.imports.ownership import Grant
from storage.imports.reader import Row
from storage.imports.rejection import NONE_BAD, FileRefused, MaxBad, Rejection
from storage.imports.report import FileReport
from storage.imports.same_person import FIELD
from storage.unit import Unit

Done = Callable[[Unit, FileReport], None]


@dataclass(frozen=True)
class Delivery:
    """Rows of one kind by one system; `whole` means that a row that is not among them is gone."""

    spec: FileSpec
    grant: Grant
    as_of: date
    now: datetime
    source: str
    whole: bool = False
    max_bad: MaxBad = NONE_BAD
    dry_run: bool = False
    post_rules: PostRules = USUAL

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def brings_documents(self) -> bool:
        """Whether identity documents are this system's: who delivers them hears whose are the same."""
        return self.spec is CUSTOMERS and FIELD in self.grant.columns(self.name)


def deliver(database: Database, delivery: Delivery, rows: Iterator[Row], done: Done) -> FileReport:
    """Judge and write; blocks. `done` is called in the unit of work that makes the rows visible, or in one of its own
    where nothing is written. FileRefused where the whole cannot be read; Refused where somebody else is at it.
    """
    _not_older(database.read_now(feed_days), delivery)
    order = Order(
        delivery.spec,
        delivery.name,
        delivery.as_of,
        delivery.now,
        source=delivery.source,
        whole=delivery.whole,
        max_bad=delivery.max_bad,
        dry_run=delivery.dry_run,
        post_rules=delivery.post_rules,
        documents=delivery.brings_documents,
    )
    checked = _checked(rows, delivery)
    if not delivery.grant.every(delivery.name):
        checked = filled(database, delivery.spec, delivery.grant, checked)
    return take_in(database, order, checked, done=done)


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


def refusal(delivery: Delivery, refused: FileRefused) -> FileReport:
    """What cannot be read as rows at all, as an outcome."""
    return FileReport(delivery.name, delivery.name, rejections=(refused.rejection,), refused=True)
