"""A whole column read at once says what its cells say one by one; bad rows beside good ones change nothing for them."""

from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.ciphers import DIGESTS, keyed, keyed_by
from storage.imports.cells import column_reader
from storage.imports.checks import Unfit, Value, read_cell
from storage.imports.column import Column, Type
from storage.imports.format import FILES, TRANSACTIONS
from storage.imports.keys import Keys
from storage.imports.reader import Row
from storage.imports.rejects import Rejects
from storage.imports.sieve import AT_ONCE, Sieve

COLUMNS = sorted({column for spec in FILES for column in spec.columns}, key=lambda column: (column.type, column.name))
NUMBERS = [f"T{number}" for number in range(40)]
PLAIN = {
    Type.AMOUNT: st.from_regex(r"-?[0-9]{1,15}\.[0-9]{2}", fullmatch=True),
    Type.TIME: st.datetimes(datetime.fromisoformat("1899-01-01"), datetime.fromisoformat("2201-01-01")).map(
        lambda moment: f"{moment.isoformat()}+08:00"
    ),
    Type.NATURAL: st.integers(0, 10**9).map(str),
    Type.NUMBER: st.from_regex(r"[!-~]{1,70}", fullmatch=True),
    Type.MOBILE: st.from_regex(r"\+?[0-9 -]{5,24}", fullmatch=True),
}
ODD = st.sampled_from(
    ["", "0", "1", "12", "+7.00", "-0.05", "1.0\n2.00", "a\nb", "١٢.٠٠", "2026-02-30", "R1", "x" * 4001]
)


@st.composite
def many_cells(draw: st.DrawFn) -> tuple[Column, list[str]]:
    """A column and cells for it: nearly always plain ones, as in a file; now and then anything."""
    column = draw(st.sampled_from(COLUMNS))
    plain = PLAIN.get(column.type, st.sampled_from(column.words or ("甲", "2026-01-01", "1.5")))
    cell = draw(st.sampled_from([plain, st.one_of(plain, st.just("")), st.one_of(plain, ODD, st.text(max_size=70))]))
    return column, draw(st.lists(cell, max_size=8))


def one_by_one(column: Column, cells: list[str]) -> list[Value] | str:
    try:
        return [read_cell(cell, column) for cell in cells]
    except Unfit:
        return "unfit"


@given(many_cells())
@example((Column("x", Type.AMOUNT, ""), ["1.00\n2.00", "3.00"]))
@example((Column("x", Type.AMOUNT, "", signed=True), ["-0.05", "-0.00", "+1.00"]))
@example((Column("x", Type.TIME, "", empty=True), ["", "2026-11-23T25:00:00+08:00"]))
@example((Column("x", Type.TIME, ""), ["2026-11-23T09:00:00.5+08:00", "2026-11-23T09:00:00.123456-23:59"]))
@example((Column("x", Type.TEXT, "", limit=3), ["四个字的", "三个字"]))
@example((Column("x", Type.TEXT, ""), ["王样", "王\u202e样"]))
@example((Column("x", Type.TEXT, "", empty=True, limit=3, default="CNY"), ["", "USD", ""]))
def test_a_column_is_read_as_its_cells_are(drawn: tuple[Column, list[str]]) -> None:
    column, cells = drawn
    try:
        read = list(column_reader(column)(cells))
    except Unfit:
        assert one_by_one(column, cells) == "unfit"
        return
    expected = one_by_one(column, cells)
    assert read == expected
    assert [type(value) for value in read] == [type(value) for value in expected]


@given(st.lists(st.lists(st.sampled_from(NUMBERS)), max_size=6), st.integers(0, 60))
def test_keys_met_are_known_with_the_line_they_were_first_met_on(batches: list[list[str]], expected: int) -> None:
    keys, model, line = Keys(expected), dict[str, int](), 0
    for batch in batches:
        lines = list(range(line, line := line + len(batch)))
        twice = []
        for place, (key, at) in enumerate(zip(batch, lines, strict=True)):
            if model.setdefault(key, at) != at:
                twice.append((place, model[key]))
        assert keys.add_all(batch, lines) == twice
    assert len(keys) == len(model)
    assert {key for key in NUMBERS if key in keys} == set(model)


def booked(line: int, **cells: str) -> Row:
    values = {
        "txn_id": f"T{line}", "customer_id": "C1", "booked_at": "2026-11-23T09:00:00+08:00", "amount": "-1.00",
        "kind": "消费", "channel": "", "counterparty": "other", "customer_initiated": "1", **cells,
    }  # fmt: skip
    return Row(line, tuple(values.values()))


HEADER = Row(1, tuple(column.name for column in TRANSACTIONS.columns if not column.optional))


BAD = {"amount": {"amount": "x"}, "key": {"txn_id": "T2"}, "both": {"txn_id": "T2", "amount": "x"}, "fault": {}}
WHY = {
    "amount": ("amount", "“x”应是以元为单位、至多两位小数的金额，不带逗号和单位"),
    "both": ("amount", "“x”应是以元为单位、至多两位小数的金额，不带逗号和单位"),
    "key": ("txn_id", "与第 2 行的主键（txn_id）重复"),
    "fault": ("", "断行"),
}


@given(st.dictionaries(st.integers(3, AT_ONCE + 300), st.sampled_from(sorted(BAD))))
def test_bad_rows_among_good_ones_change_nothing_for_them(bad: dict[int, str]) -> None:
    rejects, lines = Rejects(), range(2, AT_ONCE + 301)
    sieve = Sieve(TRANSACTIONS, "transactions.csv", HEADER, rejects)
    rows = [booked(line, **BAD[bad[line]] if line in bad else {}) for line in lines]
    rows = [row._replace(fault="断行") if bad.get(row.line) == "fault" else row for row in rows]
    batches = list(sieve.through(iter(rows)))
    rejects.flush()
    assert [good.row.line for batch in batches for good in batch.goods()] == [line for line in lines if line not in bad]
    assert {each.line: (each.field, each.reason) for each in rejects.first} == {n: WHY[why] for n, why in bad.items()}
    assert (sieve.rows, rejects.count) == (len(rows), len(bad))
    assert all(good == batch.good(place) for batch in batches for place, good in enumerate(batch.goods()))


@pytest.mark.parametrize("digest", sorted(DIGESTS))
@given(st.binary(max_size=200), st.binary(min_size=16, max_size=64))
def test_a_hash_taken_up_after_its_key_is_the_same(digest: str, data: bytes, key: bytes) -> None:
    made = keyed_by(digest, key)
    assert [made(data), made(data + b"x")] == [keyed(digest, key, data), keyed(digest, key, data + b"x")]
