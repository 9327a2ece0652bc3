"""The file of an export: read in small steps as its owner may read it at that moment, each step on record."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from cards.export import ready_card
from cards.key import Seal
from domain.export.lists import Row
from domain.export.wish import refusal
from domain.ids import CustomerId
from domain.limit import LimitKey
from domain.policy import Permission
from domain.refusal import Refused
from domain.staff import Staff
from handlers.context import House
from handlers.export.approving import desks_for, load
from handlers.export.listing import MAY, Listing, listing
from handlers.export.sheets import MEDIA_TYPES, Sheet, written
from handlers.export.telling import title_of
from handlers.file_kind import CHANGED, FileKind, Made
from handlers.reply import Reply, new_task_id, say, show
from storage import export_customers, exports, made_files
from storage.database import Database
from storage.exports import Export, ExportState
from storage.made_files import Content, MadeFile
from storage.unit import Unit

AT_ONCE = 200
GROWN = "数据在申请之后变多了，超过已经同意的范围，没有生成文件。请重新申请。"
OUTDATED = "文件生成之后，里面有客户被冻结，或不再归您查看，这份文件不能再用。需要时请在企业微信里重新发“导出”。"
NOTICE = "仅供{name}（{userid}）用于“{purpose}”，不得转发或提供给行外 · {at:%Y-%m-%d %H:%M} · 副本号 {copy}"
NOTE = "文件带有您的姓名、账号和副本号，每次下载都记入审计。请勿转发；用完请删除。手机上打不开时，请在电脑版企业微信里下载。"


@dataclass(frozen=True)
class _Begun:
    """What a making stands on."""

    export: Export
    owner: Staff
    found: Listing
    keys: Sequence[str]
    sheet: Sheet


def make(database: Database, house: House, file: MadeFile) -> Made:
    """Raises Refused where the file may not be made any more."""
    begun = database.read_now(partial(_begin, house=house, file=file))
    rows: list[tuple[str, ...]] = []
    named: set[CustomerId] = set()
    for start in range(0, len(begun.keys), AT_ONCE):
        some = database.read_now(partial(begun.found.rows, keys=begun.keys[start : start + AT_ONCE]))
        database.run(partial(_record, begun=begun, file=file, rows=some), "export.read")
        rows += map(begun.found.cells, some)
        named |= begun.found.named(some)
    sheet = begun.sheet.with_rows(rows)
    limits = house.policy.limits
    content = Content(
        name=f"{title_of(begun.export).removeprefix('导出')}-{sheet.at:%Y%m%d}-{sheet.copy}.{begun.export.wish.format}",
        media_type=MEDIA_TYPES[begun.export.wish.format],
        described=f"{len(rows):,} 行 × {len(sheet.columns)} 列",
        data=written(sheet, begun.export.wish.format),
        lasts=limits[LimitKey.EXPORT_HOURS].hours,
        allowed=limits[LimitKey.EXPORT_DOWNLOADS].value,
        customers=tuple(sorted(named)),
    )
    return Made(content, partial(_told, house=house, file=file, content=content, rows=len(rows)))


def _begin(unit: Unit, house: House, file: MadeFile) -> _Begun:
    export = load(unit, file.subject)
    owner = FILE.owner(unit, house, file)
    found = listing(unit, house, owner, export.wish)
    limits = house.policy.limits
    most = limits[LimitKey.EXPORT_ROWS].value + 1
    keys, found = found.keys(unit, most), found.of(found.counts(unit, most))
    if refused := refusal(export.wish.list, len(keys), limits):
        raise refused
    if len(desks_for(unit, export, len(keys), limits)) > len(export.agreed_by):
        raise Refused(GROWN, reason="more than was agreed to")
    return _Begun(export, owner, found, keys, _sheet(unit, export, owner, found))


def _sheet(unit: Unit, export: Export, owner: Staff, found: Listing) -> Sheet:
    notice = NOTICE.format(
        name=owner.name, userid=owner.userid, purpose=export.wish.purpose, at=unit.now, copy=export.export_id
    )
    return Sheet(f"{export.wish.list}清单", notice, export.export_id, unit.now, found.columns)


def _record(unit: Unit, begun: _Begun, file: MadeFile, rows: Sequence[Row]) -> None:
    """Whose data went into it, so that it is known of each customer who took them along."""
    made_files.hold(unit, file)
    export, scope = begun.export, begun.found.question.scope
    unit.actor = begun.owner.userid
    unit.acting[begun.owner.userid] = begun.owner.post
    detail = {"purpose": export.wish.purpose, "rows": len(rows), "policy": scope.policy, "surface": "export"}
    seen = sorted({row.whose.customer_id for row in rows if row.whose is not None})
    unit.audit("export.read", export.subject, detail, list(seen))


def _told(unit: Unit, house: House, file: MadeFile, content: Content, rows: int) -> Reply:
    """In the commit that lets it be had: the one copy of this request."""
    export = load(unit, file.subject)
    if export.file_id != file.file_id or not exports.move(unit, export, ExportState.MADE, made_at=unit.now, rows=rows):
        raise Refused(GROWN, reason="not the file of the request")
    detail = {"list": export.wish.list, "rows": rows, "plain": export.wish.plain, "agreed_by": list(export.agreed_by)}
    unit.audit("export.made", export.subject, detail)
    hours = content.lasts // timedelta(hours=1)
    lines = [
        ("内容", content.described),
        ("副本号", export.export_id),
        ("有效", f"{hours} 小时，{content.allowed} 次下载"),
    ]
    card = ready_card(title_of(export), lines, Seal(new_task_id(), 0), f"{house.public_url}/h5/file/{file.file_id}")
    return (show(card, subject=export.subject),)


def undone(unit: Unit, file: MadeFile, text: str) -> Reply:
    """It will not be made; who asked hears why, if they still work here."""
    export = load(unit, file.subject)
    exports.move(unit, export, ExportState.OVER)
    return say(f"{title_of(export)}：{text}")


def _check(unit: Unit, house: House, file: MadeFile, owner: Staff) -> None:
    """Who may not read the list, or its numbers in full, has it in no file; nor has anybody a customer who was frozen
    or went to others since it was made.
    """
    wish = load(unit, file.subject).wish
    needed = (MAY[wish.list], *((Permission.EXPORT_PLAIN,) if wish.plain else ()))
    if any(house.policy.check(owner, each) for each in needed):
        raise Refused(CHANGED, reason="permission lost")
    named = made_files.customers(unit, file)
    if not export_customers.still(unit, listing(unit, house, owner, wish).question, named):
        raise Refused(OUTDATED, reason="a customer may not be taken along any more")


FILE = FileKind("导出清单", NOTE, Permission.EXPORT_ASK, make, undone, _check)
