"""The AUM tier against a model that walks day by day."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.basis import Basis
from domain.customer import AumPoint
from domain.tier import Tier
from domain.tiering import SCALES, Change, TierScale, assess, aum_at, change_30d, window_before

WAN = 10_000 * 100
TODAY = date(2026, 11, 23)


def walk(points, first, last):
    """Every day of the window with its value, carried forward; None before the first point."""
    values, day = [], first
    while day <= last:
        before = [fen for at, fen in points if at <= day]
        values.append(before[-1] if before else None)
        day += timedelta(days=1)
    return values


days = st.dates(date(2026, 5, 1), date(2026, 12, 31))
rows = st.dictionaries(days, st.integers(0, 6000 * WAN), max_size=12).map(lambda d: sorted(d.items()))


@given(rows=rows, today=st.dates(date(2026, 7, 1), date(2027, 2, 28)))
def test_the_mean_and_the_tier_agree_with_a_daily_walk(rows, today):
    window = window_before(today)
    known = [value for value in walk(rows, window.first, window.last) if value is not None]
    if not known and rows:
        known = [value for value in walk(rows, rows[0][0], today) if value is not None]
    found = assess([AumPoint(day, fen) for day, fen in rows], today)
    mean = Fraction(sum(known), len(known)) if known else Fraction(0)
    assert found.days == len(known)
    assert found.mean == mean.numerator // mean.denominator
    floors = [(Tier.MASS, 0), (Tier.AFFLUENT, 50), (Tier.HIGH, 600), (Tier.ULTRA, 5000)]
    assert found.tier == [tier for tier, wan in floors if mean >= wan * WAN][-1]


@given(rows=rows, day=days)
def test_aum_is_carried_forward(rows, day):
    assert aum_at([AumPoint(at, fen) for at, fen in rows], day) == walk(rows, day, day)[0]


@pytest.mark.parametrize(
    ("today", "first", "last"),
    [
        (date(2026, 11, 23), date(2026, 8, 1), date(2026, 10, 31)),
        (date(2026, 11, 1), date(2026, 8, 1), date(2026, 10, 31)),
        (date(2026, 10, 31), date(2026, 7, 1), date(2026, 9, 30)),
        (date(2027, 1, 1), date(2026, 10, 1), date(2026, 12, 31)),
        (date(2027, 3, 31), date(2026, 12, 1), date(2027, 2, 28)),
        (date(2028, 3, 1), date(2027, 12, 1), date(2028, 2, 29)),
    ],
)
def test_the_last_three_full_months(today, first, last):
    window = window_before(today)
    assert (window.first, window.last) == (first, last)


@pytest.mark.parametrize(
    ("fen", "tier"),
    [
        (-1, Tier.MASS),
        (0, Tier.MASS),
        (50 * WAN - 1, Tier.MASS),
        (50 * WAN, Tier.AFFLUENT),
        (600 * WAN - 1, Tier.AFFLUENT),
        (600 * WAN, Tier.HIGH),
        (5000 * WAN - 1, Tier.HIGH),
        (5000 * WAN, Tier.ULTRA),
    ],
)
def test_lower_bounds_are_inclusive(fen, tier):
    assert assess([AumPoint(date(2026, 1, 1), fen)], TODAY).tier is tier


def test_one_fen_on_one_day_decides_without_rounding():
    floor = 600 * WAN
    points = [
        AumPoint(date(2026, 1, 1), floor),
        AumPoint(date(2026, 9, 1), floor - 1),
        AumPoint(date(2026, 9, 2), floor),
    ]
    assert assess(points, TODAY).tier is Tier.AFFLUENT


def test_this_months_money_does_not_count_beside_full_months():
    points = [AumPoint(date(2026, 8, 1), 10 * WAN), AumPoint(date(2026, 11, 1), 9000 * WAN)]
    found = assess(points, TODAY)
    assert (found.tier, found.mean, found.days) == (Tier.MASS, 10 * WAN, 92)


def test_who_is_new_this_month_is_judged_by_the_days_there_are():
    """Or the first feed of a bank would show its best customers as 大众 for months."""
    found = assess([AumPoint(date(2026, 11, 1), 9000 * WAN)], TODAY)
    assert (found.tier, found.mean, found.days) == (Tier.ULTRA, 9000 * WAN, 23)


def test_nothing_known_is_the_lowest():
    assert (assess([], TODAY).tier, assess([], TODAY).days) == (Tier.MASS, 0)


def test_days_before_the_first_row_are_no_customer_days():
    found = assess([AumPoint(date(2026, 10, 22), 600 * WAN)], TODAY)
    assert (found.tier, found.days) == (Tier.HIGH, 10)


def test_the_scale_in_force_decides():
    stricter = TierScale(Basis(date(2026, 11, 1), "示例"), ((Tier.MASS, 0), (Tier.HIGH, 1000 * WAN)))
    points = [AumPoint(date(2026, 1, 1), 600 * WAN)]
    assert assess(points, date(2026, 10, 31), (*SCALES, stricter)).tier is Tier.HIGH
    assert assess(points, date(2026, 11, 1), (*SCALES, stricter)).tier is Tier.MASS


def test_every_number_names_its_source():
    assert all(scale.basis.source and not scale.basis.verified for scale in SCALES)


@pytest.mark.parametrize(
    ("points", "change"),
    [
        ([], None),
        ([(date(2026, 11, 1), 5)], None),
        ([(date(2026, 1, 1), 1000)], Change(0, 0)),
        ([(date(2026, 1, 1), 1000), (date(2026, 11, 1), 1032)], Change(32, 32)),
        ([(date(2026, 1, 1), 1000), (date(2026, 11, 1), 1)], Change(-999, -999)),
        ([(date(2026, 1, 1), 2000), (date(2026, 11, 1), 2001)], Change(1, 1)),
        ([(date(2026, 1, 1), 2000), (date(2026, 11, 1), 1999)], Change(-1, -1)),
        ([(date(2026, 1, 1), 0), (date(2026, 11, 1), 7)], Change(7, None)),
        ([(date(2026, 10, 24), 100), (date(2026, 10, 25), 300)], Change(200, 2000)),
        ([(date(2026, 10, 25), 100)], None),
    ],
)
def test_change_against_thirty_days_before(points, change):
    assert change_30d([AumPoint(day, fen) for day, fen in points], TODAY) == change
