"""What the 360° view draws: the split of the assets, their year, money in and out by month, who belongs to whom.

A chart holds only what its reader may read: where amounts are bands to them, a point lies on the band and nowhere in
it, for a line that is exact between two bands would give the amounts away.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from domain.amount import BANDS, band_number
from domain.customer import CustomerFacts
from domain.profile import NOBODY_ELSE
from domain.sharing import Audience, Datum, Field, Form, form_for, redact, title_of
from domain.summary import allocation
from domain.tiering import aum_at
from domain.view.relations import called

_FEN_OF_WAN = 1_000_000
_MONTHS = 12
_MOST_TIES = 12


class Shape(StrEnum):
    PARTS = "parts"
    LINE = "line"
    BARS = "bars"
    GRAPH = "graph"


@dataclass(frozen=True, slots=True)
class Series:
    """One row of values, each with the words a reader sees for it. None is a gap."""

    name: str
    values: tuple[float | None, ...]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """Something drawn and, for who cannot see it, a table of the same. `bands`: the names of the whole numbers that the
    values then are; otherwise they are 万 or, of parts, percent.
    """

    key: str
    shape: Shape
    title: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    bands: tuple[str, ...] = ()


Draw = Callable[[CustomerFacts, Audience, date], Chart | None]


def parts(facts: CustomerFacts, audience: Audience, today: date) -> Chart | None:
    """The split of the assets by kind of product."""
    shares = allocation(facts)
    if not shares or form_for(Field.SHARE, audience) is Form.WITHHELD:
        return None
    texts = [redact((Datum(Field.AMOUNT, share.fen),), audience) for share in shares]
    series = Series(
        "占比",
        tuple(float(share.percent) for share in shares),
        tuple(f"{share.percent}%" + (f"，{text}" if text else "") for share, text in zip(shares, texts, strict=True)),
    )
    return Chart("parts", Shape.PARTS, "资产配置", tuple(share.title for share in shares), (series,))


def year_of_assets(facts: CustomerFacts, audience: Audience, today: date) -> Chart | None:
    """The assets at the end of each of twelve months, the last of them so far."""
    days = [min(_last_day(month), facts.business_day) for month in _months(facts.business_day)]
    amounts = [aum_at(facts.aum, day) for day in days]
    series = _amounts("AUM", Field.AMOUNT, amounts, audience)
    if series is None or sum(amount is not None for amount in amounts) < 2:
        return None
    labels = tuple(f"{day:%y-%m}" for day in days)
    return Chart("aum", Shape.LINE, "近12个月 AUM", labels, (series,), _bands(Field.AMOUNT, audience))


def flows(facts: CustomerFacts, audience: Audience, today: date) -> Chart | None:
    """Money in and out of twelve months; before the first that is known there is a gap, not a nought."""
    kept = {month.month: month for month in facts.months}
    names = [f"{first:%Y-%m}" for first in _months(today)]
    first = min(kept, default=names[0])
    come = [None if name < first else kept[name].inflow if name in kept else 0 for name in names]
    gone = [None if name < first else kept[name].outflow if name in kept else 0 for name in names]
    both = [_amounts(name, Field.FLOW, sums, audience) for name, sums in (("流入", come), ("流出", gone))]
    drawn = tuple(series for series in both if series is not None)
    if not drawn or not any(come + gone):
        return None
    labels = tuple(name[2:] for name in names)
    return Chart("flows", Shape.BARS, "近12个月资金进出", labels, drawn, _bands(Field.FLOW, audience))


def circle(facts: CustomerFacts, audience: Audience, today: date) -> Chart | None:
    """Who belongs to the customer; the first label is the customer."""
    if not facts.ties or form_for(Field.RELATION, audience) is Form.WITHHELD:
        return None
    customer = facts.customer
    shown = facts.ties[:_MOST_TIES]
    labels = (
        title_of(customer.name, customer.customer_id, audience),
        *(redact(called(tie), audience) or NOBODY_ELSE for tie in shown),
    )
    kinds = tuple(tie.kind for tie in shown)
    return Chart("circle", Shape.GRAPH, "关系图", labels, (Series("关系", (None,) * len(kinds), kinds),))


CHARTS: dict[str, tuple[Draw, ...]] = {
    "assets": (parts, year_of_assets),
    "transactions": (flows,),
    "relations": (circle,),
}
"""The charts of each dimension."""


def charts_of(key: str, facts: CustomerFacts, audience: Audience, today: date) -> tuple[Chart, ...]:
    """What a dimension draws for this reader; what there is nothing of is not drawn."""
    return tuple(chart for draw in CHARTS.get(key, ()) if (chart := draw(facts, audience, today)) is not None)


def _amounts(name: str, field: Field, amounts: Sequence[int | None], audience: Audience) -> Series | None:
    form = form_for(field, audience)
    if form is Form.WITHHELD:
        return None
    values = tuple(None if amount is None else _place(amount, form) for amount in amounts)
    texts = tuple("" if amount is None else redact((Datum(field, amount),), audience) or "" for amount in amounts)
    return Series(name, values, texts)


def _place(amount: int, form: Form) -> float:
    return float(band_number(amount)) if form is Form.BAND else round(amount / _FEN_OF_WAN, 2)


def _bands(field: Field, audience: Audience) -> tuple[str, ...]:
    return BANDS if form_for(field, audience) is Form.BAND else ()


def _months(last: date) -> list[date]:
    """The first days of twelve months up to that of `last`."""
    number = last.year * 12 + last.month - 1
    return [date(month // 12, month % 12 + 1, 1) for month in range(number - _MONTHS + 1, number + 1)]


def _last_day(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
