"""The word of others on an export: the superior's, then security's, and compliance's where it is long or in full."""

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from domain.approval import Approval, Seat, Wish
from domain.export.wish import Desk, Limits, desks
from domain.ids import UserId
from domain.policy import Permission
from domain.refusal import Refused
from handlers.approval.asking import check_people, submit, superior
from handlers.approval.family import Family
from handlers.context import Context
from handlers.export.telling import lines_of, title_of
from handlers.reply import Reply
from storage import exports, made_files
from storage.exports import Export, ExportState
from storage.unit import Unit

KIND = "export"
WAITS = timedelta(days=3)  # what was wanted longer ago is asked for anew
COUNTED = timedelta(days=1)
EFFECT = "文件正在生成，做好后发给申请人"
UNCHANGED = "没有生成文件；需要时请重新发“导出”"
GONE = "这次导出已经不在等审批了。"
_SEATS: Mapping[Desk, Callable[[Context], Seat]] = {
    Desk.SUPERIOR: lambda context: superior(context, Permission.EXPORT_AGREE),
    Desk.SECURITY: lambda _context: Seat(Permission.EXPORT_SECURE),
    Desk.COMPLIANCE: lambda _context: Seat(Permission.EXPORT_COMPLY),
}


def request(context: Context, export: Export, needed: Sequence[Desk]) -> Reply:
    """Nothing is made before the last of them has agreed."""
    if not exports.move(context.unit, export, ExportState.WAITING, confirmed_at=context.now):
        raise Refused(GONE, reason="confirmed already")
    return submit(context, EXPORT, _asked_for(context, export, needed))


def check(context: Context, export: Export, needed: Sequence[Desk]) -> None:
    """Raises Refused where there are not enough others to agree."""
    if needed:
        check_people(context, _asked_for(context, export, needed))


def _asked_for(context: Context, export: Export, needed: Sequence[Desk]) -> Wish:
    seats = tuple(_SEATS[desk](context) for desk in needed)
    return Wish(export.subject, export.wish.reason, seats, until=context.now + WAITS)


def begin(unit: Unit, export: Export, agreed_by: Sequence[UserId] = ()) -> None:
    """Let it be made. Raises Refused where that was done, or is over."""
    file_id = made_files.want(unit, KIND, export.subject, export.userid, export.post)
    confirmed_at = export.confirmed_at or unit.now
    given = {"file_id": file_id, "agreed_by": "|".join(agreed_by), "confirmed_at": confirmed_at}
    if not exports.move(unit, export, ExportState.AGREED, **given):
        raise Refused(GONE, reason="not waiting")


def rows_judged(unit: Unit, export: Export, rows: int) -> int:
    """The rows by which it is judged: its own and those that the same person confirmed in the day before, for whoever
    takes a list away in parts takes it away.
    """
    at = export.confirmed_at
    return rows + exports.rows_confirmed(unit, export.userid, (at or unit.now) - COUNTED, at)


def desks_for(unit: Unit, export: Export, rows: int, limits: Limits) -> tuple[Desk, ...]:
    return desks(rows_judged(unit, export, rows), plain=export.wish.plain, limits=limits)


def load(unit: Unit, subject: str) -> Export:
    export = exports.load(unit, subject.partition(":")[2])
    if export is None:
        raise Refused(GONE, reason="unknown export")
    return export


def _agreed(context: Context, asked: Approval) -> Reply:
    begin(context.unit, load(context.unit, asked.wish.about), asked.taken)
    return ()


def _closed(context: Context, asked: Approval) -> Reply:
    """Refused, taken back or out of time: no file comes of it."""
    exports.move(context.unit, load(context.unit, asked.wish.about), ExportState.OVER)
    return ()


EXPORT = Family(
    name=KIND,
    title=lambda context, asked, _reader: title_of(load(context.unit, asked.wish.about)),
    lines=lambda context, asked: lines_of(context, load(context.unit, asked.wish.about)),
    agreed=_agreed,
    closed=_closed,
    effect=lambda _context, _asked: EFFECT,
    unchanged=UNCHANGED,
)
