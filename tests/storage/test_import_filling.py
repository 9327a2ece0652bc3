"""A value that is kept, written as a cell again, is read as the same value: what others own comes through unchanged."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.imports.checks import read_cell
from storage.imports.column import Type
from storage.imports.filling import written
from storage.imports.format import FILES, LOANS, FileSpec
from storage.imports.stream import cell_of
from tests.storage.import_bank import BANK

BALANCE, RATE = LOANS.column("balance"), LOANS.column("rate")


@pytest.mark.parametrize("spec", FILES, ids=lambda spec: spec.name)
def test_every_cell_of_the_bank(spec: FileSpec) -> None:
    for row in csv.DictReader(io.StringIO(BANK[spec.name])):
        for name, cell in row.items():
            column = spec.column(name)
            value = read_cell(cell.strip(), column)
            assert read_cell(written(value, is_amount=column.type is Type.AMOUNT), column) == value


@given(st.integers(min_value=-(10**17) + 1, max_value=10**17 - 1))
def test_every_amount(fen: int) -> None:
    column = next(column for spec in FILES for column in spec.columns if column.signed)
    assert read_cell(written(fen, is_amount=True), column) == fen


@given(st.decimals(min_value=0, max_value=10**12, places=2, allow_nan=False))
def test_an_amount_as_a_number_of_json(yuan: object) -> None:
    """As long as fifteen digits carry it, a number is what the same text is."""
    assert read_cell(cell_of(float(str(yuan))), BALANCE) == read_cell(str(yuan), BALANCE)


@given(st.floats(min_value=0, max_value=100, allow_nan=False).map(lambda rate: round(rate, 9)))
def test_a_rate_as_a_number_of_json(rate: float) -> None:
    assert float(str(read_cell(cell_of(rate), RATE))) == rate
