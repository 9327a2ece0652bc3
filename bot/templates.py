"""The files of a pack of papers: beside it, with the content that it writes down, of a kind that WeCom carries."""

from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path

from domain.pack import Pack, load_pack
from domain.pack_checks import Fault
from domain.pack_source import Problem, read
from domain.suitability.papers import ROOT, Paper

FOLDER, RULES = "papers", "suitability.yaml"
MOST_BYTES = 20 * 1024 * 1024
"""The largest file that WeCom carries (page 90253)."""
_PDF = b"%PDF-"


def file_of(pack_file: Path, paper: Paper) -> Path:
    return pack_file.parent / FOLDER / paper.file


def problems(pack_file: Path, text: str, pack: Pack) -> list[Problem]:
    """What is wrong with the files, each at its place in the pack; a pack without papers has none."""
    faults = [*_key_faults(pack_file, pack), *_file_faults(pack_file, pack)]
    source = read(text) if faults else None
    return [source.problem(path, message) for path, message in faults] if source else []


def without_file(pack_file: Path, pack: Pack) -> list[str]:
    """What the rules beside the pack have signed and nobody gave a file of, by its Chinese name."""
    given = {paper.paper for paper in pack.papers or ()}
    return [label for key, label in _asked_for(pack_file).items() if key not in given]


def _asked_for(pack_file: Path) -> dict[str, str]:
    rules = pack_file.parent / RULES
    table = load_pack(rules.read_text("utf-8")).suitability if rules.is_file() else None
    return dict(table.papers) if table else {}


def _key_faults(pack_file: Path, pack: Pack) -> Iterator[Fault]:
    asked_for = _asked_for(pack_file) if pack.papers else {}
    for index, paper in enumerate(pack.papers or ()):
        if asked_for and paper.paper not in asked_for:
            yield (*ROOT, index, "paper"), f"{RULES} 的 papers 里没有“{paper.paper}”"


def _file_faults(pack_file: Path, pack: Pack) -> Iterator[Fault]:
    for index, paper in enumerate(pack.papers or ()):
        file, path = file_of(pack_file, paper), (*ROOT, index, "file")
        if not file.is_file():
            yield path, f"没有文件 {FOLDER}/{paper.file}：请放到 {pack_file.name} 旁边的 {FOLDER} 目录里"
        elif file.stat().st_size > MOST_BYTES:
            yield path, f"{FOLDER}/{paper.file} 超过 20 MB，企业微信发不出去"
        elif not _is_pdf(file):
            yield path, f"{FOLDER}/{paper.file} 不是 PDF"
        elif (found := _digest(file)) != paper.sha256:
            told = f"{FOLDER}/{paper.file} 的内容与登记的不一致：文件现在是 {found}；换了文件要写新的 version 和 sha256"
            yield (*ROOT, index, "sha256"), told


def _is_pdf(file: Path) -> bool:
    with file.open("rb") as opened:
        return opened.read(len(_PDF)) == _PDF


def _digest(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()
