"""Prints the sample papers that ship beside `deploy/packs/papers.yaml` (`python -m tools.sample_papers`).

One page each, plainly a sample: a bank replaces them by its own. Another font or another typesetter makes other bytes,
so the digests in the pack are renewed along with the files.
"""

import re
from hashlib import sha256
from pathlib import Path

import orjson
import typst

from bot.drawing import FONTS

PACK = Path(__file__).parents[1] / "deploy" / "packs" / "papers.yaml"
PAGE = Path(__file__).with_name("sample_paper.typ")
_ENTRY = re.compile(
    r"title: (?P<title>\S+), file: (?P<file>\S+), version: (?P<version>\d+), sha256: (?P<digest>\w{64})"
)


def main() -> None:
    """Draw every paper that the pack names, and write its digest into the pack."""
    pack = PACK.read_text("utf-8")
    for entry in _ENTRY.finditer(pack):
        content = drawn(entry["title"], entry["version"])
        (PACK.parent / "papers" / entry["file"]).write_bytes(content)
        pack = pack.replace(entry[0], entry[0].replace(entry["digest"], sha256(content).hexdigest()))
        print(f"{entry['file']} {len(content) // 1024 + 1} KB")
    PACK.write_text(pack, "utf-8")


def drawn(title: str, version: str) -> bytes:
    """One page of PDF without the time it was made at."""
    families = [family for family in FONTS if family in typst.Fonts().families()]
    data = orjson.dumps({"title": title, "version": version, "fonts": families[:1]}).decode()
    page = typst.Compiler(PAGE.read_bytes()).compile(format="pdf", sys_inputs={"data": data})
    assert isinstance(page, bytes)
    return page


if __name__ == "__main__":
    main()
