"""The data dictionary is what the schema says today."""

from storage import schema
from tools.dictionary_page import ABOUT, PAGE, page


def test_the_page_is_current() -> None:
    assert PAGE.read_text("utf-8") == page(), "run python -m tools.dictionary_page"


def test_every_table_is_explained() -> None:
    assert set(ABOUT) == {schema.read_as(table) for table in schema.metadata.tables.values()}
