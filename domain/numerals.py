"""Numbers as Chinese writes them: 三百二十万零五百, 50w, 壹佰贰拾叁万, 一百五, 两万半."""

import re
from decimal import Decimal
from typing import Final

_DIGITS: Final = str.maketrans(
    "零〇一二三四五六七八九两壹贰叁肆伍陆柒捌玖貳參陸拾佰仟萬億點点圆圓wWkK",
    "001234567892123456789236十百千万亿..元元万万千千",
)
_UNITS: Final = (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10))
_LOOSE: Final = re.compile(r"[百千万亿]\d$")
_HEAD: Final = re.compile(r"[\d.]*")
_PLAIN: Final = re.compile(r"\d{1,16}(\.\d{1,8})?")


def western(text: str) -> str:
    """Digits become 0–9 and units one spelling each: 贰拾叁萬 → 2十3万, 五十w → 5十万."""
    return text.translate(_DIGITS).replace("廿", "2十").replace("卅", "3十")


def cardinal(text: str) -> Decimal | None:
    """The exact value of a number already in `western` spelling, None when it is not one."""
    for unit, size in _UNITS:
        if unit in text:
            return _with_unit(text, unit, size)
    return Decimal(text) if _PLAIN.fullmatch(text) else None


def whole(text: str) -> int | None:
    """A small whole number in either script: 12, 十二, 二十五."""
    value = cardinal(western(text))
    return int(value) if value is not None and value == int(value) else None


def _with_unit(text: str, unit: str, size: int) -> Decimal | None:
    head, _, tail = text.rpartition(unit)
    if unit in head or _LOOSE.search(head) or (size < 10_000 and not _HEAD.fullmatch(head)):
        return None
    count = Decimal(1) if not head and size == 10 else cardinal(head)
    rest = _after(tail, size)
    if count is None or rest is None or (size in (10, 100) and count >= 10) or (rest and count != int(count)):
        return None
    return count * size + rest


def _after(tail: str, size: int) -> Decimal | None:
    """What follows a unit: nothing, a half of it, the next lower unit left unsaid (一百五), or a smaller number."""
    if not tail:
        return Decimal(0)
    if tail == "半":
        return Decimal(size) / 2
    if len(tail) == 1 and tail.isdecimal():
        return Decimal(tail) * size / 10
    value = cardinal(tail.lstrip("0") or "0")
    return value if value is not None and value < size else None
