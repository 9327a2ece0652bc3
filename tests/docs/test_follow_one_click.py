"""The page that follows one click names files that exist, and the pipeline's own steps."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "follow-one-click.md").read_text("utf-8")
NAMED = sorted(set(re.findall(r"`([a-z_]+/[a-z_/]+\.py)`", PAGE)))


def test_the_page_names_every_floor() -> None:
    assert {name.split("/")[0] for name in NAMED} == {"bot", "cards", "domain", "handlers", "scheduler", "storage"}


@pytest.mark.parametrize("name", NAMED)
def test_the_file_exists(name: str) -> None:
    assert (ROOT / name).is_file()


@pytest.mark.parametrize("page", sorted((ROOT / "docs" / "decisions").glob("*.md")), ids=lambda page: page.stem)
def test_each_decision_is_listed_and_short(page: Path) -> None:
    listed = (ROOT / "docs" / "decisions" / "README.md").read_text("utf-8")
    assert page.stem == "README" or f"({page.name})" in listed
    assert len(page.read_text("utf-8").splitlines()) <= 60
