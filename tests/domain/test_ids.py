"""A member is the same member however the userid was typed."""

import pytest

from domain.ids import userid


@pytest.mark.parametrize(
    ("text", "expected"),
    [("ZhangWei", "zhangwei"), (" rm01 ", "rm01"), ("RM01\n", "rm01"), ("li.si@Bank", "li.si@bank"), ("", "")],
)
def test_userid_ignores_case_and_edges(text: str, expected: str) -> None:
    assert userid(text) == expected
