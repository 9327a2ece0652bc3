"""The sentences of SMS: written and read back, and nothing else taken for them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text_message import code, code_in, escalation, number_and_level

NUMBERS = st.from_regex(r"C[0-9]{4,12}", fullmatch=True)
LEVELS = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=20)


def test_it_reads_as_people_read_it() -> None:
    assert escalation("C26110001", "分行行长") == "案件 C26110001 已升级：分行行长，请登录企业微信查看"


@given(NUMBERS, LEVELS)
def test_what_was_written_is_read_back(number: str, level: str) -> None:
    assert number_and_level(escalation(number, level)) == (number, level)


@given(st.from_regex(r"[0-9]{6}", fullmatch=True), st.integers(1, 60))
def test_a_code_is_read_back_and_is_no_escalation(digits: str, minutes: int) -> None:
    assert code_in(code(digits, minutes)) == digits
    assert number_and_level(code(digits, minutes)) is None
    assert code_in(escalation("C26110001", digits)) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "案件 C26110001 已升级",
        "王秀兰的投诉已升级：分行行长，请登录企业微信查看",
        "案件 C1 已升级：，请登录企业微信查看",
    ],
)
def test_another_sentence_is_not_read(text: str) -> None:
    assert number_and_level(text) is None
