"""How an export is told: on the card to confirm, to who decides, and to who waits for it. No customer is named."""

from domain.daytext import moment_text
from domain.export.wish import Format
from domain.ids import UserId
from handlers.context import Context
from storage import directory
from storage.exports import Export

_FORMATS = {Format.XLSX: "Excel（.xlsx）", Format.CSV: "CSV（UTF-8）"}


def title_of(export: Export) -> str:
    return f"导出{export.wish.list}清单"


def lines_of(context: Context, export: Export) -> list[tuple[str, str]]:
    """Which list, how much, what for; the reason stands beside them wherever they are shown."""
    wish = export.wish
    units = {key: each.name for key, each in context.units.units.items()} if wish.narrowing.units else {}
    return [
        ("范围", wish.narrowing.said(units, context.now.date()) or "全部"),
        ("行数", f"{export.rows:,} 行"),
        ("目的", wish.purpose),
        ("格式", _FORMATS[wish.format]),
        *([("手机号", "明文")] if wish.plain else []),
    ]


def agreed_text(context: Context, export: Export) -> str:
    names = directory.names(context.unit, export.agreed_by)
    return "、".join(names.values()) or "不用审批"


def made_text(context: Context, export: Export) -> str:
    when = moment_text(export.made_at, context.now) if export.made_at else ""
    return f"{when} 生成".strip()


def name_of(context: Context, person: UserId) -> str:
    return directory.names(context.unit, [person])[person]
