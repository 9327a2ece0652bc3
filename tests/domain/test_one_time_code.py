"""A code judged: right once, within its minutes, before too many tries; every edge by hand."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.one_time_code import CodeRules, Outcome, SentCode, judge, seconds_to_wait

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
RULES = CodeRules(timedelta(minutes=5), 5, timedelta(seconds=60))
CODES = st.from_regex(r"[0-9]{6}", fullmatch=True)


@pytest.mark.parametrize(
    ("tries", "seconds", "typed", "becomes"),
    [
        (0, 0, "012345", "right"),
        (4, 299, "012345", "right"),
        (4, 299, "012346", "locked"),
        (5, 0, "012345", "locked"),
        (5, 300, "012345", "locked"),
        (0, 300, "012345", "over"),
        (0, 300, "999999", "over"),
        (0, 0, "12345", "wrong"),
        (0, 0, "", "wrong"),
        (3, 1, "０１２３４５", "wrong"),
        (0, 0, "\ud800", "wrong"),
    ],
)
def test_every_edge(tries: int, seconds: int, typed: str, becomes: str) -> None:
    sent = SentCode("012345", NOW, tries)
    assert judge(sent, typed, NOW + timedelta(seconds=seconds), RULES) == becomes


@given(CODES, st.lists(CODES, max_size=8))
def test_whoever_guesses_has_so_many_guesses(code: str, guesses: list[str]) -> None:
    """However they are made: the sixth is never judged, the right one among the first five is."""
    tries, opened = 0, False
    for guess in guesses:
        outcome = judge(SentCode(code, NOW, tries), guess, NOW, RULES)
        opened = opened or outcome is Outcome.RIGHT
        tries += outcome is not Outcome.RIGHT
    before = guesses[: guesses.index(code)] if code in guesses else guesses
    assert opened is (code in guesses and len(before) < 5)


@pytest.mark.parametrize(("seconds", "left"), [(0, 60), (59, 1), (60, 0), (600, 0)])
def test_another_one_after_a_minute(seconds: int, left: int) -> None:
    assert seconds_to_wait(SentCode("012345", NOW, 0), NOW + timedelta(seconds=seconds), RULES) == left
