"""Whose copy a list was: out of the numbers that were found in it."""

from collections.abc import Iterator, Sequence

from bot.clock import SHANGHAI
from bot.commands.desk import Desk
from domain.refusal import Refused
from storage import directory, exports, made_files
from storage.unit import Unit

UNKNOWN = "副本号 {copy}：这个库里没有，可能是别的环境导出的"


def trace(desk: Desk, copies: Sequence[str]) -> None:
    """Each copy with who had it; Refused where none is known here. The look is on record."""
    told = desk.change(lambda unit: [_told(unit, copy) for copy in copies], "export.trace")
    for lines in told:
        for line in lines:
            desk.say(line)
    if not any(len(lines) > 1 for lines in told):
        raise Refused("没有查到是谁的副本", reason="unknown copy")


def _told(unit: Unit, copy: str) -> list[str]:
    export = exports.load(unit, copy)
    unit.audit("export.traced", f"export:{copy}", {"found": export is not None, "surface": "cli"})
    return [UNKNOWN.format(copy=copy)] if export is None else list(_lines(unit, export))


def _lines(unit: Unit, export: exports.Export) -> Iterator[str]:
    names = directory.names(unit, [export.userid, *export.agreed_by])
    wish, file = export.wish, made_files.load(unit, export.file_id) if export.file_id else None
    agreed = "、".join(f"{names[each]}（{each}）" for each in export.agreed_by)
    made = f"{export.made_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if export.made_at else "没有"
    yield f"副本号 {export.export_id}：{names[export.userid]}（{export.userid}，{export.post or '未知岗位'}）"
    yield f"  清单  {wish.list}，{file.described if file and file.described else f'{export.rows} 行'}"
    yield f"  目的  {wish.purpose}：{wish.reason}"
    yield f"  同意  {agreed or '不用审批'}"
    yield f"  生成  {made}"
    yield f"  下载  {file.downloads if file else 0} 次"
