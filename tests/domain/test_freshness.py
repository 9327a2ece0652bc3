"""Which feed is late on which day, and which rules may judge: by a table, over weekends and the October holiday."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.freshness import EXPECTED, READS, TIMELY, late, lateness, may_judge, standing, surely_timely
from handlers.freshness import all_lines
from tests.domain.calendar_2026 import CALENDAR

# Feed, its day, the day we look, and whether it is late.
CASES = [
    ("customers", "2026-11-20", "2026-11-23", False),  # Friday's on Monday
    ("customers", "2026-11-19", "2026-11-23", True),
    ("customers", "2026-11-22", "2026-11-24", True),  # Sunday's on Tuesday
    ("customers", "2026-11-23", "2026-11-24", False),
    ("customers", "2026-09-30", "2026-10-08", False),  # over the National Day holiday
    ("customers", "2026-09-29", "2026-10-08", True),
    ("products", "2026-11-19", "2026-11-23", False),
    ("products", "2026-11-18", "2026-11-23", True),
    ("relations", "2026-11-16", "2026-11-23", False),
    ("relations", "2026-11-15", "2026-11-23", True),
]


@pytest.mark.parametrize(("feed", "as_of", "today", "is_late"), CASES)
def test_late_by_working_days(feed: str, as_of: str, today: str, is_late: bool) -> None:
    found = late(standing({feed: date.fromisoformat(as_of)}, CALENDAR, date.fromisoformat(today)))
    assert [each.expected.feed for each in found] == ([feed] if is_late else [])


def test_what_never_came_is_not_late() -> None:
    every = standing({}, CALENDAR, date(2026, 11, 23))
    assert len(every) == len(EXPECTED)
    assert late(every) == ()


@pytest.mark.parametrize(("feed", "as_of", "today", "is_late"), CASES)
def test_a_customer_s_data_says_what_is_late_and_what_it_should_be_of(
    feed: str, as_of: str, today: str, is_late: bool
) -> None:
    days, day = {feed: date.fromisoformat(as_of)}, date.fromisoformat(today)
    found = lateness(days, CALENDAR, day)
    assert list(found.late) == ([feed] if is_late else [])
    assert all(wanted > days[feed] and CALENDAR.is_workday(wanted) for wanted in found.late.values())
    assert found == TIMELY or not surely_timely(days, day), "who does not ask the calendar misses nothing"


@given(
    days=st.dictionaries(
        st.sampled_from([each.feed for each in EXPECTED]), st.dates(date(2026, 9, 20), date(2026, 11, 23))
    ),
    today=st.dates(date(2026, 9, 21), date(2026, 11, 24)),
)
def test_the_short_way_never_hides_what_is_late(days: dict[str, date], today: date) -> None:
    found = lateness(days, CALENDAR, today)
    assert found == TIMELY or not surely_timely(days, today)
    for kind, feeds in READS.items():
        if set(feeds) <= set(days):
            assert (kind in found.waiting) == (not may_judge(kind, days, CALENDAR, today))


MONDAY = date(2026, 11, 23)
FRESH = dict.fromkeys(("customers", "interactions", "aum_daily", "holdings"), date(2026, 11, 20))


@pytest.mark.parametrize("kind", list(READS))
@pytest.mark.parametrize("feed", list(FRESH))
@pytest.mark.parametrize("old", ["2026-11-19", "2026-11-09", "2026-11-06", None])
def test_no_rule_judges_by_what_is_late(kind: str, feed: str, old: str | None) -> None:
    """The 9th is ten working days back, the 6th eleven."""
    days = FRESH | {feed: date.fromisoformat(old)} if old else {k: v for k, v in FRESH.items() if k != feed}
    reads = {"silence": {"customers", "interactions", "aum_daily"}, "maturity": {"customers", "holdings"}}
    matters = feed in reads[kind]
    tolerated = kind == "maturity" and old in ("2026-11-19", "2026-11-09")
    assert may_judge(kind, days, CALENDAR, MONDAY) == (not matters or tolerated)


def test_who_administers_reads_the_late_ones_first_in_chinese_days() -> None:
    days = {each.feed: date(2026, 11, 20) for each in EXPECTED if each.feed != "touchpoints"}
    days |= {"customers": date(2026, 11, 18), "staff": date(2026, 11, 22)}
    assert all_lines(standing(days, CALENDAR, date(2026, 11, 23)), date(2026, 11, 23)) == [
        "迟到 1 项：",
        "· 客户：只到11月18日，应到11月20日",
        "按时：",
        "· 到11月22日：员工",
        "· 到11月20日：机构、服务团队、风险测评、产品、产品净值、账户、持仓、交易、每日资产、贷款、互动记录、历史投诉、客户关系",
        "没有导入过：触点",
    ]
    assert all_lines(standing({}, CALENDAR, date(2026, 11, 23)), date(2026, 11, 23))[0].startswith("没有导入过：机构、")
