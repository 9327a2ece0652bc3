"""How an export is told: on the card to confirm, to who decides, and to who waits for it. No customer is named."""

from domain.export.wish import Format
from handlers.context import Context
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
