"""What somebody wants as a file, how much of it that may be, and who has to agree."""

from collections.abc import Mapping
from enum import StrEnum

from domain.export.narrowing import Narrowing
from domain.limit import Limit, LimitKey
from domain.part import Part
from domain.purpose import Purpose
from domain.refusal import Refused


class ListKind(StrEnum):
    CUSTOMERS = "客户"
    VISITS = "拜访"
    TODOS = "待办"
    COMPLAINTS = "投诉"


class Format(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


class Wish(Part):
    """`plain`: with the customers' numbers in full, which a page shows only after a second verification."""

    list: ListKind
    narrowing: Narrowing = Narrowing()
    purpose: Purpose
    reason: str
    format: Format
    plain: bool = False


class Desk(StrEnum):
    """Who has to agree, one after the other."""

    SUPERIOR = "上级"
    SECURITY = "数据安全岗"
    COMPLIANCE = "合规岗"


NOTHING = "没有可以导出的{list}：范围里一行也没有。请放宽范围再试。"
TOO_MANY = (
    "{list}超过一次最多 {most:,} 行，没有提交。请缩小范围，例如写一个分层、一个机构或一段时间；"
    "24 小时内几次导出合起来算审批，分开导出不会少批。确实要取全，请联系数据安全岗另行办理。"
)
Limits = Mapping[LimitKey, Limit]


def refusal(kind: ListKind, rows: int, limits: Limits) -> Refused | None:
    """Nothing, or more than one file may hold."""
    most = limits[LimitKey.EXPORT_ROWS].value
    if rows == 0:
        return Refused(NOTHING.format(list=kind), reason="nothing to export")
    if rows > most:
        return Refused(TOO_MANY.format(list=kind, most=most), reason="over the row cap")
    return None


def desks(rows: int, *, plain: bool, limits: Limits) -> tuple[Desk, ...]:
    """Who has to agree to a file, given its rows and those that its owner confirmed in the day before: nobody to few,
    security and the superior to more, compliance too to many or to numbers in full.
    """
    if plain or rows > limits[LimitKey.EXPORT_COMPLIANCE].value:
        return tuple(Desk)
    return (Desk.SUPERIOR, Desk.SECURITY) if rows > limits[LimitKey.EXPORT_ALONE].value else ()
