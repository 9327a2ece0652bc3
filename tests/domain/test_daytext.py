"""Days and moments in Chinese."""

from datetime import date, datetime, timedelta, timezone

import pytest

from domain.daytext import days_left_text, end_of_day, moment_text

CN = timezone(timedelta(hours=8))
TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (-3, "3天前（11月20日）"),
        (-1, "昨天"),
        (0, "今天"),
        (1, "明天"),
        (2, "2天后（11月25日）"),
        (60, "60天后（2027年1月22日）"),
    ],
)
def test_days_left(days, text):
    assert days_left_text(TODAY + timedelta(days=days), TODAY) == text


def test_a_whole_day_is_due_at_its_last_minute():
    now = datetime(2026, 11, 23, 9, tzinfo=CN)
    due = end_of_day(date(2026, 12, 2), now)
    assert due == datetime(2026, 12, 2, 23, 59, tzinfo=CN)
    assert moment_text(due, now) == "12月2日"
