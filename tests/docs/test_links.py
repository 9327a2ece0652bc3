"""A link or picture in the pages leads to something that is there, and no picture is large."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINKS = [
    (page, target)
    for page in PAGES
    for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text("utf-8"))
    if not target.startswith(("http://", "https://"))
]
PICTURES = sorted((ROOT / "docs" / "images").iterdir())
LARGEST = 150_000  # bytes


@pytest.mark.parametrize(("page", "target"), LINKS, ids=lambda part: getattr(part, "stem", part))
def test_it_leads_somewhere(page: Path, target: str) -> None:
    assert (page.parent / target).exists()


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_each_picture_is_shown_and_small(picture: Path) -> None:
    assert picture in {(page.parent / target).resolve() for page, target in LINKS}
    assert picture.stat().st_size <= LARGEST
