"""Labelled lines: nothing is lost while there is room, and the room is shared fairly."""

from hypothesis import given
from hypothesis import strategies as st

from cards.lines import lay_out, paragraph

PAIRS = st.lists(st.tuples(st.text(max_size=9), st.text(max_size=50)), max_size=12)


@given(PAIRS)
def test_every_line_is_placed_once(lines):
    laid = lay_out(lines)
    assert len(laid.horizontal) <= 6
    beside = {(line.keyname, line.value) for line in laid.horizontal}
    below = set(laid.below)
    for label, value in lines:
        label, value = " ".join(label.split()), " ".join(value.split())
        if label.isprintable() and value.isprintable() and label and value:
            assert ((label, value) in beside) != (f"{label}：{value}" in below)


@given(st.lists(st.text(), max_size=60), st.integers(60, 200))
def test_a_paragraph_keeps_within_its_room(lines, room):
    assert len(paragraph(lines, room) or "") <= room


def test_short_lines_stay_whole_beside_a_long_one():
    text = paragraph(["短", "长" * 300, "也短"], 100)
    assert text == "短\n" + "长" * 94 + "…\n也短"
    assert len(text) == 100


def test_nothing_is_no_paragraph():
    assert paragraph(["", "  "]) is None
