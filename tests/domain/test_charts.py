"""What is drawn: exact where the reader may read it, elsewhere on bands and nowhere in them; a table of the same."""

from dataclasses import replace
from datetime import date, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.customer import AumPoint, Customer, CustomerFacts, Holding, Product
from domain.ids import CustomerId, ProductId
from domain.policy import Relation
from domain.profile import Month, Tie
from domain.view.charts import Chart, charts_of
from domain.view.picture import charts_for
from tests.policies import seen_by

CN = timezone(timedelta(hours=8))
TODAY = date(2026, 11, 23)
WAN = 10_000 * 100
BOUNDS = (1, 5, 20, 50, 100, 600, 1000, 5000)
OWN, OTHERS = Relation.OWN_BOOK, Relation.IN_SCOPE


def held(key: str, kind: str, wan: int) -> Holding:
    return Holding(key, Product(ProductId(key), f"示例{key}", kind), wan * WAN)


FACTS = CustomerFacts(
    Customer(CustomerId("C00000001"), "王示例"),
    date(2026, 11, 22),
    aum=(AumPoint(date(2026, 3, 10), 90 * WAN), AumPoint(date(2026, 11, 20), 700 * WAN)),
    holdings=(held("H1", "wealth", 60), held("H2", "fund", 40)),
    months=(Month("2025-12", 3 * WAN, 0), Month("2026-11", 70 * WAN, 2 * WAN)),
    ties=(Tie("配偶", CustomerId("C00000002"), OWN), Tie("子女", CustomerId("C00000003"))),
)


def drawn(key: str, name: str, who: Relation, facts: CustomerFacts = FACTS) -> Chart | None:
    return next((chart for chart in charts_of(key, facts, seen_by(who), TODAY) if chart.key == name), None)


def test_the_split() -> None:
    chart = drawn("assets", "parts", OWN)
    assert chart is not None
    assert (chart.labels, chart.series[0].values) == (("理财", "基金"), (60.0, 40.0))
    assert chart.series[0].texts == ("60%，60.00 万", "40%，40.00 万")
    others = drawn("assets", "parts", OTHERS)
    assert others is not None
    assert others.series[0].texts == ("60%，50–100 万", "40%，20–50 万")


def test_a_year_of_assets_ends_on_the_business_day() -> None:
    chart = drawn("assets", "aum", OWN)
    assert chart is not None
    assert chart.labels == ("25-12", *(f"26-{month:02}" for month in range(1, 12)))
    assert chart.series[0].values == (None,) * 3 + (90.0,) * 8 + (700.0,)
    assert chart.series[0].texts[2:4] == ("", "90.00 万")
    assert chart.bands == ()


def test_who_reads_bands_gets_steps() -> None:
    chart = drawn("assets", "aum", OTHERS)
    assert chart is not None
    assert [chart.bands[int(value)] for value in chart.series[0].values if value is not None] == [
        *["50–100 万"] * 8,
        "600–1000 万",
    ]


@given(st.integers(0, 9_000 * WAN), st.sampled_from([OTHERS]))
def test_nothing_between_two_bands_is_drawn(amount: int, who: Relation) -> None:
    """Two amounts of one band make the same chart."""
    wan = amount // WAN
    low = max((bound for bound in BOUNDS if bound <= wan), default=0)
    charts = []
    for fen in (amount, low * WAN):
        points = (AumPoint(date(2025, 1, 1), fen), AumPoint(date(2026, 5, 1), fen))
        charts.append(drawn("assets", "aum", who, replace(FACTS, aum=points)))
    assert charts[0] == charts[1]


def test_flows_have_every_month() -> None:
    chart = drawn("transactions", "flows", OWN)
    assert chart is not None
    assert [series.name for series in chart.series] == ["流入", "流出"]
    assert chart.series[0].values == (3.0, *(0.0,) * 10, 70.0)
    assert chart.series[1].texts[-1] == "2.00 万"


def test_flows_before_the_first_month_known_are_a_gap() -> None:
    known = tuple(month for month in FACTS.months if month.month != min(each.month for each in FACTS.months))
    chart = drawn("transactions", "flows", OWN, replace(FACTS, months=known))
    assert chart is not None
    assert chart.series[0].values == (*(None,) * 11, 70.0)
    assert chart.series[1].texts == (*("",) * 11, "2.00 万")


def test_third_persons_are_called_as_the_reader_may_call_them() -> None:
    chart = drawn("relations", "circle", OWN)
    assert chart is not None
    assert chart.labels == ("王示例 · 客户号 C00000001", "C00000002", "行内客户")
    assert chart.series[0].texts == ("配偶", "子女")
    others = drawn("relations", "circle", OTHERS)
    assert others is not None
    assert others.labels[0] == "王*例 · 客户号 尾号0001"


def test_nothing_is_not_drawn() -> None:
    empty = CustomerFacts(Customer(CustomerId("C1"), "赵示例"), TODAY)
    assert [charts_of(key, empty, seen_by(OWN), TODAY) for key in ("assets", "transactions", "relations", "basic")] == [
        ()
    ] * 4


@pytest.mark.parametrize("who", [OWN, OTHERS])
def test_a_picture_holds_what_a_phone_can_show_and_no_third_person(who: Relation) -> None:
    charts = charts_for(FACTS, seen_by(who), TODAY)
    assert [chart.key for chart in charts] == ["parts", "aum", "flows"]
    assert {len(chart.labels) for chart in charts} == {2, 12, 6}
    assert all(
        len(series.values) == len(series.texts) == len(chart.labels) for chart in charts for series in chart.series
    )
    assert "C00000002" not in repr(charts)
