"""A pack of papers beside files that are not as it writes them down: refused with the place, at the check and at the
start.
"""

import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

import bot.packs
from bot.packs import keep_packs, shipped_papers, shipped_processes, shipped_rules
from bot.templates import MOST_BYTES
from domain.refusal import Refused
from storage import paper_files
from tests.bot.inside import Inside, rmbot
from tests.storage.deeds import opened

__all__ = ["rmbot"]


@pytest.fixture
def packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = Path(shutil.copytree(bot.packs.SHIPPED, tmp_path / "packs"))
    monkeypatch.setattr(bot.packs, "SHIPPED", folder)
    return folder


def test_the_shipped_papers_are_there(rmbot: Inside, packs: Path) -> None:
    said = rmbot("pack", "check", str(packs / "papers.yaml"))
    assert said.code == 0
    assert f"{len(shipped_papers())} 份文件都在，内容与登记的一致" in said.out
    assert "规则里要签而没有文件的：双录" in said.out
    assert "待合规确认：风险揭示书第 1 版（随软件附带的样例，不是本行文件）" in said.out


FILE = "risk_disclosure-1.pdf"


@pytest.mark.parametrize(
    ("harm", "place", "said"),
    [
        (lambda file: file.unlink(), "file", f"没有文件 papers/{FILE}：请放到 papers.yaml 旁边的 papers 目录里"),
        (
            lambda file: file.write_bytes(b"%PDF-1.7 forged"),
            "sha256",
            f"papers/{FILE} 的内容与登记的不一致：文件现在是",
        ),
        (lambda file: file.write_bytes(b"PK\x03\x04 a document"), "file", f"papers/{FILE} 不是 PDF"),
        (lambda file: file.write_bytes(b"%PDF-" + bytes(MOST_BYTES)), "file", f"papers/{FILE} 超过 20 MB"),
    ],
)
def test_a_file_that_is_not_as_written_down_is_refused(
    rmbot: Inside, packs: Path, harm: Callable[[Path], object], place: str, said: str
) -> None:
    harm(packs / "papers" / FILE)
    manifest = packs / "papers.yaml"
    lines = manifest.read_text("utf-8").splitlines()
    line = next(number for number, text in enumerate(lines, 1) if FILE in text)
    index = next(number for number, paper in enumerate(bot.packs.load_pack(manifest.read_text("utf-8")).papers or ())
                 if paper.file == FILE)  # fmt: skip
    checked = rmbot("pack", "check", str(manifest))
    assert checked.code == 1
    assert f"{manifest} 第 {line} 行第 " in checked.err
    assert f"（papers[{index}].{place}）：{said}" in checked.err
    with pytest.raises(Refused) as refused:
        shipped_papers()
    assert f"{manifest} 第 {line} 行第 " in refused.value.text


def test_a_paper_that_no_rule_asks_for_is_refused(rmbot: Inside, packs: Path) -> None:
    manifest = packs / "papers.yaml"
    manifest.write_text(manifest.read_text("utf-8").replace("paper: risk_disclosure", "paper: riskdisclosure"), "utf-8")
    assert "suitability.yaml 的 papers 里没有“riskdisclosure”" in rmbot("pack", "check", str(manifest)).err


def test_what_was_given_out_is_kept_and_a_used_version_keeps_its_file(
    migrated_url: str, packs: Path, tmp_path: Path
) -> None:
    (given, *_) = [paper for paper in shipped_papers() if paper.file == FILE]
    file, manifest, other = packs / "papers" / FILE, packs / "papers.yaml", b"%PDF-1.7 another one"
    before = file.read_bytes()
    with opened(migrated_url, tmp_path) as database:
        for _ in range(2):
            database.run(lambda unit: keep_packs(unit, shipped_processes(), shipped_rules()))
        file.write_bytes(other)
        text = manifest.read_text("utf-8").replace(given.sha256, sha256(other).hexdigest())
        manifest.write_text(text.replace("name: papers\nversion: 1", "name: papers\nversion: 2"), "utf-8")
        with pytest.raises(Refused, match="“风险揭示书”第 1 版的文件变了"):
            database.run(lambda unit: keep_packs(unit, shipped_processes(), shipped_rules()))
        assert database.read_now(lambda unit: paper_files.content(unit, given.sha256)) == before
        assert database.read_now(lambda unit: paper_files.content(unit, sha256(other).hexdigest())) is None
