"""What the repository must never carry, and that what it pins and vendors is what it says."""

import hashlib
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from tools.vendor import Asset, assets

ROOT = Path(__file__).parents[2]
# Written apart, so that this file is not its own first finding.
HOSTS = "|".join(
    f"{name}{end}"
    for name, end in [
        ("pypi", r"\.org"),
        ("pythonhosted", r"\.org"),
        ("npmjs", r"\.(org|com)"),
        ("npmmirror", r"\.com"),
        ("debian", r"\.org"),
        ("tsinghua", r"\.edu"),
        ("aliyun", r"\.com/(pypi|simple|debian)"),
    ]
)
FORBIDDEN = {
    "a package host": re.compile(rf"({HOSTS})"),
    "a path of one machine": re.compile(r"(?<![\w./:-])/(root|work|home)/\w"),
    "unfinished work": re.compile(r"((#|//|<!--)[^\n]*\bTO" + r"DO\b)|FIX" + r"ME\b|NotImplemented" + "Error"),
    "a merge left open": re.compile("^(<{7}|>{7}) ", re.MULTILINE),
}


def texts() -> list[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout.splitlines()
    kinds = {".py", ".md", ".toml", ".txt", ".yaml", ".yml", ".html", ".js", ".css", ".sh", ".ini", ".mako", ""}
    paths = [ROOT / name for name in listed if "/vendor/" not in name and name not in {"LICENSE", "issues"}]
    return [path for path in paths if path.suffix in kinds and path.is_file()]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_carries_no(what: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for path in texts()
        for text in [path.read_text("utf-8")]
        for match in FORBIDDEN[what].finditer(text)
    ]
    assert found == []


@pytest.mark.parametrize("asset", list(assets()), ids=lambda asset: f"{asset.package}-{Path(asset.source).name}")
def test_vendored_file_is_as_published(asset: Asset) -> None:
    assert asset.copies
    assert {hashlib.sha256(copy.read_bytes()).hexdigest() for copy in asset.copies} == {asset.sha256}


def test_vendored_folders_hold_nothing_else() -> None:
    listed = {copy for asset in assets() for copy in asset.copies}
    found = {path for path in ROOT.glob("*/**/static/vendor/**/*") if path.is_file()}
    assert found == listed


def pinned(name: str) -> dict[str, str]:
    """Library → everything said about it in one file of requirements."""
    blocks = re.split(r"\n(?=[A-Za-z])", (ROOT / "requirements" / f"{name}.txt").read_text("utf-8"))
    return {re.split(r"[=\[ ]", block)[0] + block.partition(";")[2][:60].partition("\\")[0]: block for block in blocks}


@pytest.mark.parametrize("name", ["run", "dev", "bench"])
def test_every_requirement_is_pinned_by_hash(name: str) -> None:
    loose = [key for key, block in pinned(name).items() if "==" not in block or "--hash=sha256:" not in block]
    assert loose == []
    assert not re.search(r"^\s*(-i|--\w*index|--find)", (ROOT / f"requirements/{name}.txt").read_text(), re.MULTILINE)


def test_what_runs_is_tested() -> None:
    assert {key: block for key, block in pinned("run").items() if pinned("dev").get(key) != block} == {}


def test_every_dependency_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = {re.split(r"[\[=<>]", line)[0].replace(".", "-").lower() for line in project["dependencies"]}
    assert named - {key.split(" ")[0] for key in pinned("run")} == set()
