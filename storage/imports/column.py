"""What one column of a feed file may hold: its type, its words, whether a cell may be empty, what it refers to."""

from dataclasses import dataclass
from enum import StrEnum


class Type(StrEnum):
    """How a cell is read; the Chinese value is what the documentation calls it."""

    TEXT = "文本"
    WORD = "固定用词"
    LIST = "列表（以 | 分隔）"
    DAY = "日期"
    TIME = "时间（带时区）"
    AMOUNT = "金额（元）"
    NATURAL = "非负整数"
    DECIMAL = "小数"
    FLAG = "0/1"
    LUNAR = "农历生日"
    USERID = "企业微信账号"
    NUMBER = "编号（字母、数字和符号，无空格和汉字）"
    MOBILE = "电话号码"
    QUALIFICATIONS = "资格（代码:有效期，以 | 分隔）"
    HOURS = "时段（09:00-12:00，以 | 分隔）"


@dataclass(frozen=True)
class Column:
    """One column; `optional` means the column may be absent, `empty` that a single cell may be.

    `spelling` names the value under which the cell is also kept as it was written.
    """

    name: str
    type: Type
    about: str
    empty: bool = False
    optional: bool = False
    words: tuple[str, ...] = ()
    refers: str = ""
    limit: int = 64
    signed: bool = False
    default: str | None = None
    spelling: str = ""


def text(name: str, about: str, *, limit: int = 64, empty: bool = False, optional: bool = False) -> Column:
    """A column of free text or of the bank's own words."""
    return Column(name, Type.TEXT, about, empty=empty or optional, optional=optional, limit=limit)


def word(name: str, about: str, words: str, *, empty: bool = False, optional: bool = False) -> Column:
    """A column whose cells are one of the given words (separated by spaces)."""
    return Column(name, Type.WORD, about, empty=empty or optional, optional=optional, words=tuple(words.split()))


def ref(name: str, file: str, about: str, *, empty: bool = False, optional: bool = False) -> Column:
    """A column that names a row of another file by its key."""
    kind = Type.USERID if file == "staff" else Type.TEXT
    return Column(name, kind, about, empty=empty or optional, optional=optional, refers=file)


def day(name: str, about: str, *, empty: bool = False) -> Column:
    """A calendar day, ISO."""
    return Column(name, Type.DAY, about, empty=empty)


def amount(name: str, about: str, *, empty: bool = False, optional: bool = False, signed: bool = False) -> Column:
    """An amount in yuan, kept as integer fen."""
    return Column(name, Type.AMOUNT, about, empty=empty or optional, optional=optional, signed=signed)


def natural(name: str, about: str, *, empty: bool = False, optional: bool = False) -> Column:
    """A whole number from zero up."""
    return Column(name, Type.NATURAL, about, empty=empty or optional, optional=optional)


def flag(name: str, about: str, *, optional: bool = False) -> Column:
    """A yes or no, written 1 or 0."""
    return Column(name, Type.FLAG, about, empty=optional, optional=optional)


def currency() -> Column:
    """The ISO code of a currency; the bank's own when nothing is said."""
    return Column("currency", Type.TEXT, "币种", empty=True, optional=True, limit=3, default="CNY")
