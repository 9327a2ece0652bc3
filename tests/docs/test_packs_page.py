"""The pages about packs, permissions and retention name every key that a pack may hold."""

from pathlib import Path
from typing import Any

import pytest

from domain.pack import pack_schema

DOCS = Path(__file__).parents[2] / "docs"
PAGE = "".join((DOCS / name).read_text("utf-8") for name in ("packs.md", "permissions.md", "retention.md"))


def keys(schema: dict[str, Any]) -> list[str]:
    parts = [schema, *schema["$defs"].values()]
    return sorted({key for part in parts for key in part.get("properties", {})})


def words(schema: dict[str, Any]) -> list[str]:
    return sorted({word for part in schema["$defs"].values() for word in part.get("enum", ())})


@pytest.mark.parametrize("name", [*keys(pack_schema()), *words(pack_schema())])
def test_the_page_names_it(name: str) -> None:
    assert f"`{name}`" in PAGE or f"{name}:" in PAGE
