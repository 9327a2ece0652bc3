"""What an import did, file by file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

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
    more_rejected: int = 0
    more_warnings: int = 0
    seconds: float = 0.0

    @property
    def rejected(self) -> int:
        """How many rows (or, for an unreadable file, how many files) were not taken; `rejections` has the first."""
        return len(self.rejections) + self.more_rejected

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
        """The first rejections of every file, in the order of loading."""
        return [rejection for file in self.files for rejection in file.rejections]

    def lines(self, at_most: int = 20) -> list[str]:
        """The report as the person at the command line reads it."""
        unsaid = sum(file.more_rejected for file in self.files)
        shown = _first(self.rejections, unsaid, at_most, "", "，见 rejected/ 下的文件")
        told = [warning for file in self.files for warning in file.warnings]
        warnings = _first(told, sum(file.more_warnings for file in self.files), at_most, "提醒：", "提醒")
        rest = []
        trial = ["试运行：数据库未作改动"] if self.dry_run else []
        problem = [self.problem] if self.problem else []
        if any(file.unwritten for file in self.files):
            rest.append("rejected/ 写不进去：请检查目录的写权限和剩余空间，再用 --dry-run 重新取得坏行")
        return problem + [str(file) for file in self.files] + shown + rest + warnings + trial


def _first(told: Sequence[Rejection], unsaid: int, at_most: int, before: str, where: str) -> list[str]:
    more = len(told) + unsaid - at_most
    return [f"{before}{each}" for each in told[:at_most]] + ([f"……另有 {more} 处{where}"] if more > 0 else [])
