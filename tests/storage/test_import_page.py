"""docs/import.md says what the import does."""

from pathlib import Path

from storage.imports.checks import Unfit, read_cell
from storage.imports.format import CUSTOMERS
from storage.imports.mapping import read_mapping
from storage.imports.rejection import Rejection
from tests.storage.test_import_mapping import MAPPING
from tools.import_page import PAGE, page

TEXT = PAGE.read_text(encoding="utf-8")


def block(language: str) -> str:
    return TEXT.partition(f"```{language}\n")[2].partition("```")[0]


def test_the_tables_are_those_of_the_format() -> None:
    assert page(TEXT) == TEXT, "write it anew: python -m tools.import_page"


def test_the_mapping_shown_is_the_one_that_is_tested(tmp_path: Path) -> None:
    (tmp_path / "mapping.yaml").write_text(block("yaml"), encoding="utf-8")
    shown = read_mapping(tmp_path)
    (tmp_path / "mapping.yaml").write_text(MAPPING, encoding="utf-8")
    assert shown == read_mapping(tmp_path)


def test_the_error_shown_is_the_one_that_is_given() -> None:
    try:
        read_cell("男性", CUSTOMERS.column("gender"))
    except Unfit as unfit:
        reason = str(unfit)
    assert block("text").strip() == str(Rejection("customers.csv", 4, "gender", reason))
