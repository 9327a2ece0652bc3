"""Cells of a foreign file in the writing of the import format: days, times, amounts, lists, values by other names."""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal

from storage.imports.column import Column, Type
from storage.imports.mapping import Amounts, FileMap, Rule

Shape = Callable[[str], str]
_NUMBER = re.compile(r"[+-]?\d{1,15}(\.\d{1,6})?", re.ASCII)
_PLACES = {"元": 0, "分": -2, "万元": 4}
_LISTS = (Type.LIST, Type.QUALIFICATIONS)
_PLAIN_TIMES = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d")  # a workbook shows midnight as the day alone


def shape_of(column: Column | None, file: FileMap) -> Shape:
    """What makes a cell for `column` one of ours; what is not understood stays as it is and is judged later."""
    match column and column.type:
        case Type.DAY if file.dates:
            return lambda value: _day(value, file.dates or ())
        case Type.TIME if file.times or file.offset:
            return lambda value: _time(value, file.times or (), file.offset or "")
        case Type.AMOUNT if file.amounts:
            return _amount(file.amounts)
        case Type.LIST | Type.QUALIFICATIONS if file.lists:
            return lambda value: value.replace(file.lists or "|", "|")
    return lambda value: value


def renamed(column: Column | None, rule: Rule) -> Shape:
    """The value by its name here; of a list each part."""
    names, otherwise = rule.values, rule.otherwise

    def one(value: str) -> str:
        return names.get(value, value if otherwise is None else otherwise)

    if column is not None and column.type in _LISTS:
        return lambda value: "|".join(one(part.strip()) for part in value.split("|"))
    return one


def negated(value: str) -> str:
    """The same amount with the other sign; nothing stays nothing."""
    return value and (value.removeprefix("-") if value.startswith("-") else f"-{value.removeprefix('+')}")


def _amount(forms: Amounts) -> Shape:
    signs = [form.split("#") for form in forms.negatives]
    groups = re.compile(rf"[+-]?\d{{1,3}}({re.escape(forms.grouping)}\d{{3}})+(\.\d+)?", re.ASCII)

    def plain(value: str) -> str:
        return value.replace(forms.grouping, "") if forms.grouping and groups.fullmatch(value) else value

    def make(value: str) -> str:
        for before, after in signs:
            if value.startswith(before) and value.endswith(after):
                inner = value.removeprefix(before).removesuffix(after).strip()
                return negated(_yuan(plain(inner), forms.unit))
        return _yuan(plain(value), forms.unit)

    return make


def _yuan(value: str, unit: str) -> str:
    if not (places := _PLACES[unit]) or not _NUMBER.fullmatch(value):
        return value
    exact = f"{Decimal(value).scaleb(places):f}"
    return exact.rstrip("0").rstrip(".") if "." in exact else exact


def _day(value: str, forms: Sequence[str]) -> str:
    found = _read(value, forms)
    return value if found is None else found.date().isoformat()


def _time(value: str, forms: Sequence[str], offset: str) -> str:
    found = _read(value, (*forms, *_PLAIN_TIMES))
    if found is None:
        return value
    return found.isoformat() + (offset if found.tzinfo is None else "")


def _read(value: str, forms: Sequence[str]) -> datetime | None:
    for form in forms:
        try:
            return datetime.strptime(value, form)  # noqa: DTZ007 - the offset is added by who asked
        except ValueError:
            continue
    return None
