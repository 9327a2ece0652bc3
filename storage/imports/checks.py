"""One cell of text to one typed value, or the reason in Chinese why not."""

import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache, partial

from domain.working_hours import read_hours, write_hours
from storage.imports.column import Column, Type

Value = str | int | bool | date | datetime | None

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(
    r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:?\d{2})", re.ASCII | re.IGNORECASE
)
_LOCAL_TIME = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?", re.ASCII)
_AMOUNT = re.compile(r"[+-]?\d{1,15}(\.\d{1,2})?", re.ASCII)
_NATURAL = re.compile(r"\d{1,9}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,12}(\.\d{1,12})?", re.ASCII)
_LUNAR = re.compile(r"L?(0[1-9]|1[0-2])-(0[1-9]|[12]\d|30)", re.ASCII)
_MOBILE = re.compile(r"\+?[\d -]{5,24}", re.ASCII)
_NUMBER = re.compile(r"[!-~]+", re.ASCII)
_USERID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{0,63}", re.ASCII)
_QUALIFICATION = re.compile(r"[^:|\s]+:(\d{4}-\d{2}-\d{2})", re.ASCII)
# A line break may stand inside a quoted cell; any other control character is damage.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

# Names, numbers and words of one line: what nobody sees there splits one from its like, or turns it round (UTR 36).
_ONE_LINE = 64
_STEP_UP = re.compile(r"(^|[/\\])\.\.([/\\]|$)")  # no name, and where it becomes part of an address it leads astray
_UNSEEN = re.compile("[\t\n\r\x85\xad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]")

# 0001-01-01 and 9999-12-31 stand for no moment, and no time zone can be reckoned with them.
_YEARS = range(1900, 2200)


class Unfit(ValueError):
    """The cell does not fit its column; the message is the reason for the user."""


def read_cell(written: str, column: Column) -> Value:
    """The value of a cell that stands in `column`; Unfit with the reason otherwise."""
    if not written:
        return _nothing(column)
    if _CONTROL.search(written):
        raise Unfit("含有不可见的控制字符")
    if len(written) > column.limit and column.type is not Type.LIST:
        raise Unfit(f"最长 {column.limit} 个字，现有 {len(written)} 个")
    return READERS[column.type](written, column)


def reader_of(column: Column) -> Callable[[str], Value]:
    """`read_cell` for one column, made for many rows: cells that come again and again are judged once."""
    judge = partial(read_cell, column=column)
    if column.type in _FEW:
        return lru_cache(maxsize=1 << 12)(judge)
    return judge


def _nothing(column: Column) -> Value:
    if not column.empty:
        raise Unfit("不能为空")
    if column.default is not None:
        return column.default
    return "" if column.type in (Type.LIST, Type.QUALIFICATIONS) else None


def _text(written: str, column: Column) -> Value:
    if column.limit <= _ONE_LINE and _UNSEEN.search(written):
        raise Unfit("含有换行或看不见的字符")
    if column.limit <= _ONE_LINE:
        _no_step_up(written)
    return written


def _no_step_up(written: str) -> None:
    if ".." in written and _STEP_UP.search(written):
        raise Unfit("含有 ../ 这样的路径")


def _word(written: str, column: Column) -> Value:
    if written not in column.words:
        raise Unfit(f"“{written}”不在规定用词内，应为 {'、'.join(column.words)} 之一")
    return written


def _list(written: str, column: Column) -> Value:
    parts = [part.strip() for part in written.split("|")]
    if "" in parts:
        raise Unfit(f"“{written}”里有一项是空的")
    if (longest := max(map(len, parts))) > column.limit:
        raise Unfit(f"一项最长 {column.limit} 个字，现有 {longest} 个")
    return "|".join(dict.fromkeys(parts))


def _day(written: str, column: Column) -> Value:
    return _calendar_day(written)


@lru_cache(maxsize=1 << 14)
def _calendar_day(written: str) -> date:
    try:
        return date.fromisoformat(_matching(_DAY, written, "应写成 2026-11-23 这样的日期"))
    except ValueError as error:
        raise Unfit(f"“{written}”不是有效日期，应写成 2026-11-23 这样") from error


def _time(written: str, column: Column) -> Value:
    if _TIME.fullmatch(written) is None and _LOCAL_TIME.fullmatch(written):
        raise Unfit(f"“{written}”缺少时区，应写成 2026-11-23T09:00:00+08:00 这样")
    try:
        moment = datetime.fromisoformat(
            _matching(_TIME, written, "应写成 2026-11-23T09:00:00+08:00 这样的时间").upper()
        )
    except ValueError as error:
        raise Unfit(f"“{written}”不是有效时间，应写成 2026-11-23T09:00:00+08:00 这样") from error
    if moment.year not in _YEARS:
        raise Unfit(f"“{written}”的年份要在 1900 到 2199 之间")
    return moment


def _amount(written: str, column: Column) -> Value:
    _matching(_AMOUNT, written, "应是以元为单位、至多两位小数的金额，不带逗号和单位")
    yuan, _, cents = written.partition(".")
    fen = int(yuan + cents.ljust(2, "0"))
    if fen < 0 and not column.signed:
        raise Unfit(f"金额“{written}”不能为负")
    return fen


def _natural(written: str, column: Column) -> Value:
    return int(_matching(_NATURAL, written, "应是非负整数"))


def _decimal(written: str, column: Column) -> Value:
    exact = f"{Decimal(_matching(_DECIMAL, written, '应是小数，如 1.0234')):f}"
    return exact.rstrip("0").rstrip(".") if "." in exact else exact


def _flag(written: str, column: Column) -> Value:
    if written not in ("0", "1"):
        raise Unfit(f"“{written}”应为 1（是）或 0（否）")
    return written == "1"


def _lunar(written: str, column: Column) -> Value:
    return _matching(_LUNAR, written, "应写成 MM-DD，闰月写 LMM-DD，如 08-15、L06-01")


def _userid(written: str, column: Column) -> Value:
    return _matching(_USERID, written, "不是企业微信账号（字母、数字和 _-@. ，最长 64 位）").lower()


def _number(written: str, column: Column) -> Value:
    _no_step_up(written)
    return _matching(_NUMBER, written, "不是编号（只能有字母、数字和符号，没有空格和汉字）")


def _mobile(written: str, column: Column) -> Value:
    if not _MOBILE.fullmatch(written):
        raise Unfit("不是电话号码")
    return written


def _qualifications(written: str, column: Column) -> Value:
    parts = [part.strip() for part in written.split("|")]
    for part in parts:
        if not (found := _QUALIFICATION.fullmatch(part)):
            raise Unfit(f"“{part}”应写成 代码:有效期，如 基金从业:2027-06-30")
        _calendar_day(found[1])
    return "|".join(parts)


def _hours(written: str, column: Column) -> Value:
    try:
        return write_hours(read_hours(written))
    except ValueError as error:
        raise Unfit(str(error)) from error


def _matching(pattern: re.Pattern[str], written: str, otherwise: str) -> str:
    if not pattern.fullmatch(written):
        raise Unfit(f"“{written}”{otherwise}")
    return written


_FEW = frozenset({Type.WORD, Type.LIST, Type.DAY, Type.FLAG, Type.LUNAR, Type.USERID, Type.QUALIFICATIONS})
READERS: dict[Type, Callable[[str, Column], Value]] = {
    Type.TEXT: _text,
    Type.WORD: _word,
    Type.LIST: _list,
    Type.DAY: _day,
    Type.TIME: _time,
    Type.AMOUNT: _amount,
    Type.NATURAL: _natural,
    Type.DECIMAL: _decimal,
    Type.FLAG: _flag,
    Type.LUNAR: _lunar,
    Type.USERID: _userid,
    Type.NUMBER: _number,
    Type.MOBILE: _mobile,
    Type.QUALIFICATIONS: _qualifications,
    Type.HOURS: _hours,
}
