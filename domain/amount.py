"""Amounts of money: read the way people write them, kept in fen, shown in yuan, in 万 or as a band."""

import re
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from typing import Final

from domain.ids import Fen
from domain.normalise import compact
from domain.numerals import cardinal, western
from domain.unreadable import Unreadable

LARGEST: Final[Fen] = 10**15
_WAN: Final[Fen] = 10**4 * 100
_YI: Final[Fen] = 10**8 * 100

_GROUPS: Final = re.compile(r"\d{1,3}(,\d{3})+(?!\d)")
_CURRENCY: Final = re.compile(r"^(?:¥|rmb|cny|人民币)|(?:rmb|cny|人民币)$")
_FOREIGN: Final = re.compile(r"[$€£₩]|usd|hkd|eur|gbp|jpy|[美欧港日英澳]元|英镑|港币|日币")
_SPOKEN: Final = re.compile(
    r"(?:(?P<yuan>[^元块角毛分]+)(?:(?:元|块钱?)(?P<loose>\d(?=$))?)?)?"
    r"(?:0?(?P<jiao>\d)[角毛])?(?:0?(?P<fen>\d)分)?[整正]?"
)
_BOUNDS: Final = (1, 5, 20, 50, 100, 600, 1000, 5000)
BANDS: Final = (
    f"不足 {_BOUNDS[0]} 万",
    *(f"{low}–{high} 万" for low, high in pairwise(_BOUNDS)),
    f"{_BOUNDS[-1]} 万以上",
)
"""The bands of 万, lowest first."""
_GROWTHS: Final = (("小幅", 50), ("明显", 200))


def parse_amount(text: str) -> Fen | Unreadable:
    """Read 五十万, 50w, ￥1,200.5万元, 一百五, 壹佰元整; never a float, never rounded, at most 10^15 fen."""
    typed = _CURRENCY.sub("", compact(text)).rstrip("。")
    if not typed or len(typed) > 40:
        return Unreadable("请写一个金额，例如 50万 或 1200.50")
    if typed[0] in "-−负":
        return Unreadable("金额不能是负数，请写一个正数")
    if _FOREIGN.search(typed):
        return Unreadable("这里只认人民币，请折成人民币再写")
    if "," in (plain := _GROUPS.sub(lambda m: m[0].replace(",", ""), typed)):
        return Unreadable("逗号的位置不对，千分位请写成 1,200.50")
    value = _spoken(western(plain))
    return _in_fen(value) if value is not None else Unreadable("没看懂这个金额，请写成 50万 或 1200.50")


def yuan(amount: Fen) -> str:
    """Exact: `1,200.50 元`."""
    return f"{Decimal(amount) / 100:,.2f} 元"


def in_wan(amount: Fen) -> str:
    """For reading: `3,200.00 元` below 1 万, `120.50 万`, `1.20 亿`; two decimals, half away from zero."""
    value, unit = _scaled(amount)
    return f"{value:,.2f} {unit}"


def wan_short(amount: Fen) -> str:
    """For narrow places: the same number without spaces and trailing zeros: `120.5万`."""
    value, unit = _scaled(amount)
    return f"{value:,.2f}".rstrip("0").rstrip(".") + unit


def band(amount: Fen) -> str:
    """The band of 万 an amount lies in, lower bound inclusive, for those who may not see the number."""
    return BANDS[band_number(amount)]


def band_number(amount: Fen) -> int:
    """Which of `BANDS` it is."""
    return sum(amount >= bound * _WAN for bound in _BOUNDS)


def permille_text(permille: int) -> str:
    """+3.2%."""
    whole, tenth = divmod(abs(permille), 10)
    return f"{'-' if permille < 0 else '+'}{whole}.{tenth}%"


def growth_word(permille: int) -> str:
    """How much a change is, for those who may not see the number: 小幅 below 5 %, 明显 below 20 %, 大幅 from there."""
    return next((word for word, bound in _GROWTHS if abs(permille) < bound), "大幅")


def _spoken(text: str) -> Decimal | None:
    """Yuan from western digits with 元, 角, 分 in between: 5元5角, 100块5, 3毛."""
    match = _SPOKEN.fullmatch(text)
    if not match or not any(match.group("yuan", "jiao", "fen")):
        return None
    whole = cardinal(match["yuan"] or "0")
    tenths, hundredths = match["jiao"] or match["loose"] or "0", match["fen"] or "0"
    if whole is None or (whole != int(whole) and (tenths, hundredths) != ("0", "0")):
        return None
    return whole + Decimal(tenths) / 10 + Decimal(hundredths) / 100


def _in_fen(value: Decimal) -> Fen | Unreadable:
    amount = value * 100
    if amount != int(amount):
        return Unreadable("金额最多两位小数（精确到分）")
    if amount > LARGEST:
        return Unreadable("金额太大了，请检查单位是不是多写了“万”或“亿”")
    return int(amount)


def _scaled(amount: Fen) -> tuple[Decimal, str]:
    """Choose the unit after rounding, so that no amount reads `10,000.00 万`."""
    for size, unit in ((100, "元"), (_WAN, "万")):
        value = (Decimal(amount) / size).quantize(Decimal("0.01"), ROUND_HALF_UP)
        if abs(value) < 10_000:
            return value, unit
    return (Decimal(amount) / _YI).quantize(Decimal("0.01"), ROUND_HALF_UP), "亿"
