"""Width, quotes, spaces and invisible characters make no difference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.normalise import compact, digits, normalise, normalise_name, normalise_note


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("　查　王秀兰 ", "查 王秀兰"),
        ("／查：ＡＢＣ１２３", "/查:ABC123"),
        ("“老客户”‘重要’", "\"老客户\"'重要'"),
        ("王\u200b秀\ufeff兰", "王秀兰"),
        ("a\tb\r\nc\x00d", "a b cd"),
        ("￥１，２００", "¥1,200"),
        ("", ""),
    ],
)
def test_normalise(text: str, expected: str) -> None:
    assert normalise(text) == expected


def test_a_note_keeps_lines_punctuation_and_emoji() -> None:
    typed = "  聊了理财，很好。\r\n\r\n\r\n\r\n下周  再约👨\u200d👩\u200d👧\x07\t!\n"
    assert normalise_note(typed) == "聊了理财，很好。\n\n下周 再约👨\u200d👩\u200d👧 !"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("王 秀 兰", "王秀兰"),
        ("阿依古丽 • 买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("John  Smith", "John Smith"),
    ],
)
def test_names(text: str, expected: str) -> None:
    assert normalise_name(text) == expected


def test_compact_and_digits() -> None:
    assert compact(" 查 Ｗang ") == "查wang"
    assert digits(" １３８-0000 1234转") == "13800001234"


@given(st.text())
def test_normalising_again_changes_nothing_and_leaves_one_clean_line(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert "\n" not in once
    assert once == once.strip()
    assert "  " not in once


@given(st.text())
def test_a_note_is_stable_and_can_be_stored(text: str) -> None:
    once = normalise_note(text)
    assert normalise_note(once) == once
    once.encode()
    assert "\x00" not in once
