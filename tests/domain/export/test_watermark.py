"""A copy's number comes out of whatever is left of its text, and out of nothing else."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from domain.export.watermark import LENGTH, LETTERS, MARK_SIGNS, SIGNS, bare, copies_in, mark_of, new_copy, woven

copies = st.text(st.sampled_from(LETTERS), min_size=LENGTH, max_size=LENGTH)
cells = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
tables = st.lists(st.tuples(cells, cells, cells), min_size=3, max_size=30)


def written(rows: list[tuple[str, str, str]], copy: str) -> list[str]:
    """The first cell is a key and stays clean; every row ends in a line break."""
    mark = mark_of(copy)
    return ["\t".join((key, woven(one, mark), woven(two, mark))) + "\n" for key, one, two in rows]


@given(copies, tables, st.data())
def test_any_two_rows_cut_out_at_random_places_are_enough(
    copy: str, rows: list[tuple[str, str, str]], data: st.DataObject
) -> None:
    lines = written(rows, copy)
    whole, longest = "".join(lines), max(map(len, lines))
    size = min(2 * longest, len(whole))
    start = data.draw(st.integers(0, len(whole) - size))
    fragment = whole[start : start + size]
    kept = any(woven(cell, mark_of(copy)) in fragment for row in rows for cell in row[1:] if bare(cell))
    assert (copies_in(fragment)[:1] == [copy]) is kept


@given(copies, cells)
def test_nobody_sees_it_and_the_text_comes_back(copy: str, text: str) -> None:
    marked = woven(text, mark_of(copy))
    assert bare(marked) == bare(text)
    assert len(marked) - len(bare(text)) == (MARK_SIGNS if bare(text) else 0)
    assert {unicodedata.category(sign) for sign in mark_of(copy)} == {"Cf"}, "format characters: no width"
    assert len(bare(text)) < 2 or marked == marked.strip(SIGNS), "trimming takes nothing of it away"


@given(st.text(st.sampled_from(SIGNS), min_size=MARK_SIGNS, max_size=MARK_SIGNS), copies)
def test_a_sign_that_is_not_ours_is_found_out(signs: str, copy: str) -> None:
    for found in copies_in(f"王{signs}秀兰"):
        assert mark_of(found) in signs, "what is read is what would have been written"
    mark = mark_of(copy)
    broken = SIGNS[SIGNS.index(mark[0]) - 1] + mark[1:]
    assert copies_in(broken) == [], "one sign changed is no mark"


@given(copies, copies, st.integers(1, 5))
def test_of_two_copies_mixed_the_more_frequent_comes_first(one: str, other: str, times: int) -> None:
    text = " ".join([woven("王秀兰", mark_of(one))] * (times + 1) + [woven("张伟", mark_of(other))] * times)
    assert copies_in(text) == ([one] if one == other else [one, other])


@given(copies)
def test_where_the_marks_were_lost_the_number_for_the_eye_is_read(copy: str) -> None:
    assert copies_in(f"仅供李明（rm01）用于“服务” · 副本号 {copy}\n王秀兰") == [copy]
    assert copies_in(f"副本号{copy}7A") == []


@given(st.text(max_size=300))
def test_what_is_not_ours_names_nobody(text: str) -> None:
    assert copies_in(bare(text).replace("副本号", "")) == []


def test_numbers_are_not_guessed() -> None:
    assert len({new_copy() for _ in range(1000)}) == 1000
