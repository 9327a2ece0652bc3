"""Ranges of working time as people write them."""

import pytest

from domain.working_hours import USUAL, minutes_of, read_hours, write_hours


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("09:00-12:00|13:30-17:30", 7 * 60),
        ("00:00-24:00", 24 * 60),
        ("08:00-08:01", 1),
        ("06:00-09:00|10:00-14:00|15:00-19:00|20:00-24:00", 15 * 60),
        (" 09:00-12:00 | 13:00-17:00 ", 7 * 60),
    ],
)
def test_is_read_and_written(written: str, minutes: int) -> None:
    hours = read_hours(written)
    assert minutes_of(hours) == minutes
    assert write_hours(hours) == written.replace(" ", "")


def test_the_usual_day_has_seven_hours() -> None:
    assert write_hours(USUAL) == "09:00-12:00|13:30-17:30"


@pytest.mark.parametrize(
    ("written", "says"),
    [
        ("", "“”不是时段"),
        ("9:00-12:00", "“9:00-12:00”不是时段"),
        ("09:00~12:00", "不是时段"),
        ("09:00-12:60", "不是时段"),
        ("09:00-24:30", "不是时段"),
        ("24:00-24:00", "不是时段"),
        ("09:00-12:00|", "“”不是时段"),
        ("12:00-09:00", "结束要晚于开始"),
        ("22:00-22:00", "结束要晚于开始"),
        ("09:00-12:00|11:00-13:00", "互不重叠"),
        ("09:00-12:00|12:00-13:00", "互不相接"),
        ("13:00-17:00|09:00-12:00", "从早到晚"),
        ("٠٩:٠٠-١٢:٠٠", "不是时段"),
    ],
)
def test_says_what_is_wrong(written: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        read_hours(written)
