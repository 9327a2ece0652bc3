"""What a spreadsheet would calculate is text; everything else is left as it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.export.guard import guarded

FORMULAS = (
    "=1+1", "+86 199", "-5", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠A", "  =1",
    "\u200b=1", "\ufeff=1", "\u3000=cmd|' /C calc'!A0", "=HYPERLINK(\"http://evil\")",
)  # fmt: skip


@pytest.mark.parametrize("text", FORMULAS)
def test_it_gets_a_quote_and_keeps_its_words(text: str) -> None:
    assert guarded(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "王秀兰", "50–100 万", "3=2+1", "C00000001", "不足 1 万", "'已有引号", "0.5"])
def test_what_is_no_formula_is_left_alone(text: str) -> None:
    assert guarded(text) == text


@given(st.text(max_size=20))
def test_nothing_begins_like_a_formula_afterwards(text: str) -> None:
    begin = guarded(text).lstrip(" \u3000\u200b\u200c\u200d\u2060\ufeff\t\r\n")[:1]
    assert begin not in tuple("=+-@＝＋－＠")
