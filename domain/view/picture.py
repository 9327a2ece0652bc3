"""A picture of a customer for the chat: the charts that may leave through WeCom, for whom, and when."""

from dataclasses import dataclass, replace
from datetime import date

from domain.customer import CustomerFacts
from domain.sharing import Audience
from domain.view.charts import Chart, Draw, flows, parts, year_of_assets

_DRAWN: tuple[Draw, ...] = (parts, year_of_assets, flows)
_MONTHS = {"flows": 6}
"""How much of a chart a phone can show as bars. Third persons are not drawn: a picture is passed on too easily."""
_TITLES = {"flows": "近6个月资金进出"}


@dataclass(frozen=True, slots=True)
class Picture:
    """All strings come redacted; `closing` says for whom it was drawn."""

    title: str
    as_of: str
    charts: tuple[Chart, ...]
    closing: str


def charts_for(facts: CustomerFacts, audience: Audience, today: date) -> tuple[Chart, ...]:
    """What there is to draw for this reader, of a size for the chat."""
    drawn = (draw(facts, audience, today) for draw in _DRAWN)
    return tuple(_latest(chart) for chart in drawn if chart is not None)


def _latest(chart: Chart) -> Chart:
    months = _MONTHS.get(chart.key, len(chart.labels))
    series = tuple(replace(each, values=each.values[-months:], texts=each.texts[-months:]) for each in chart.series)
    return replace(chart, labels=chart.labels[-months:], series=series, title=_TITLES.get(chart.key, chart.title))
