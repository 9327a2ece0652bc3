"""What an import did, file by file, and the rejected rows written back beside the files."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from storage.imports.rejection import Rejection


@dataclass(frozen=True)
class FileReport:
    """One file: rows read and what became of them; a refused file changed nothing."""

    name: str
    file: str
    rows: int = 0
    inserted: int = 0
    updated: int = 0
    closed: int = 0
    unchanged: int = 0
    rejections: tuple[Rejection, ...] = ()
    warnings: tuple[Rejection, ...] = ()
    refused: bool = False
    unwritten: bool = False
    seconds: float = 0.0

    @property
    def rejected(self) -> int:
        """How many rows (or, for an unreadable file, how many files) were not taken."""
        return len(self.rejections)

    def __str__(self) -> str:
        counts = (
            f"读 {self.rows} 行：新增 {self.inserted}，更新 {self.updated}，关闭 {self.closed}，未变 {self.unchanged}"
        )
        verdict = "已拒绝，未作改动" if self.refused else counts
        return f"{self.file} {verdict}" + (f"；不合格 {self.rejected}" if self.rejected else "")


@dataclass(frozen=True)
class ImportReport:
    """The whole import; `problem` says why nothing was tried at all."""

    as_of: date
    dry_run: bool
    files: tuple[FileReport, ...] = ()
    problem: str = ""

    @property
    def ok(self) -> bool:
        """True when no file was refused; rows left out under `--max-bad` are no refusal."""
        return not self.problem and not any(file.refused for file in self.files)

    @property
    def rejections(self) -> list[Rejection]:
        """Every rejection of every file, in the order of loading."""
        return [rejection for file in self.files for rejection in file.rejections]

    def lines(self, at_most: int = 20) -> list[str]:
        """The report as the person at the command line reads it."""
        shown = _first(self.rejections, at_most, "", "，见 rejected/ 下的文件")
        warnings = _first([warning for file in self.files for warning in file.warnings], at_most, "提醒：", "提醒")
        rest = []
        trial = ["试运行：数据库未作改动"] if self.dry_run else []
        problem = [self.problem] if self.problem else []
        if any(file.unwritten for file in self.files):
            rest.append("rejected/ 写不进去：请检查目录的写权限和剩余空间，再用 --dry-run 重新取得坏行")
        return problem + [str(file) for file in self.files] + shown + rest + warnings + trial


def _first(told: Sequence[Rejection], at_most: int, before: str, where: str) -> list[str]:
    more = len(told) - at_most
    return [f"{before}{each}" for each in told[:at_most]] + ([f"……另有 {more} 处{where}"] if more > 0 else [])


def write_rejected(folder: Path, name: str, header: Sequence[str], rejections: Sequence[Rejection]) -> bool:
    """Leave `rejected/<name>.csv` with exactly the rows of this import that were not taken (none = no file).

    False when the folder does not let us: what was loaded is loaded, so that is told and no error.
    """
    try:
        _replace(folder / "rejected" / f"{name}.csv", header, rejections)
    except OSError:
        return False
    return True


def _replace(path: Path, header: Sequence[str], rejections: Sequence[Rejection]) -> None:
    if not rejections:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["line", "field", "reason", *header])
        writer.writerows([each.line, each.field, each.reason, *each.cells] for each in rejections)
