"""Ages, birthdays and what counts as having reached a customer."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.customer import Contact, Customer, RiskAssessment, age_band, last_contact, next_birthday
from domain.ids import CustomerId

CN = timezone(timedelta(hours=8))
TODAY = date(2026, 11, 23)
BASE = Customer(CustomerId("C0001"), "王秀兰")


@pytest.mark.parametrize(
    ("birth", "band"),
    [
        (None, "年龄未知"),
        (date(2008, 11, 24), "未成年"),
        (date(2008, 11, 23), "20岁以下"),
        (date(2006, 11, 24), "20岁以下"),
        (date(2006, 11, 23), "20多岁"),
        (date(1967, 11, 24), "50多岁"),
        (date(1966, 11, 23), "60多岁"),
        (date(1936, 11, 24), "80多岁"),
        (date(1936, 11, 23), "90岁以上"),
        (date(1910, 1, 1), "90岁以上"),
    ],
)
def test_age_band(birth, band):
    assert age_band(birth, TODAY) == band


@pytest.mark.parametrize(
    ("birth", "today", "expected"),
    [
        (date(1960, 11, 23), TODAY, date(2026, 11, 23)),
        (date(1960, 11, 22), TODAY, date(2027, 11, 22)),
        (date(1960, 2, 29), date(2027, 1, 1), date(2027, 2, 28)),
        (date(1960, 2, 29), date(2028, 1, 1), date(2028, 2, 29)),
        (date(1960, 2, 29), date(2027, 3, 1), date(2028, 2, 29)),
        (None, TODAY, None),
    ],
)
def test_next_birthday(birth, today, expected):
    assert next_birthday(replace(BASE, birth_date=birth), today) == expected


def test_who_keeps_the_lunar_birthday_is_not_greeted_by_the_solar_one():
    assert next_birthday(replace(BASE, birth_date=TODAY, birth_lunar="10-15"), TODAY) is None


@given(st.dates(date(1920, 1, 1), date(2020, 12, 31)), st.dates(date(2021, 1, 1), date(2040, 12, 31)))
def test_a_birthday_is_always_within_a_year(birth, today):
    day = next_birthday(replace(BASE, birth_date=birth), today)
    assert day is not None
    assert 0 <= (day - today).days <= 365


@pytest.mark.parametrize(
    ("channel", "kind", "direction", "reached", "counts"),
    [
        ("电话", "拜访", "out", True, True),
        ("电话", "拜访", "out", False, False),
        ("电话", "来电", "in", False, False),
        ("电话", "来电", "in", None, True),
        ("上门", "拜访", "both", None, True),
        ("企微", "问候", "out", None, False),
        ("企微", "群发", "out", True, False),
        ("群发", "活动", "both", None, False),
    ],
)
def test_what_counts_as_contact(channel, kind, direction, reached, counts):
    at = datetime(2026, 11, 20, 10, tzinfo=CN)
    assert Contact(at, channel, kind, direction, reached).counts is counts


def test_the_last_contact_is_the_latest_that_reached_the_customer():
    def at(day: int, reached: bool, kind: str = "拜访") -> Contact:
        return Contact(datetime(2026, 11, day, 10, tzinfo=CN), "电话", kind, "both", reached)

    assert last_contact([at(3, True), at(9, True), at(20, False), at(21, True, "群发")]) == at(9, True)
    assert last_contact([at(20, False)]) is None


def test_an_assessment_is_valid_through_its_last_day():
    risk = RiskAssessment("C3", date(2025, 11, 23), TODAY)
    assert risk.valid_on(TODAY)
    assert not risk.valid_on(TODAY + timedelta(days=1))
    assert risk.title == "C3 平衡型"
