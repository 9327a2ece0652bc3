"""Why a row or a whole file was not taken, in words that name file, line and field."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation


@dataclass(frozen=True)
class Rejection:
    """One refused row (or, with line 1 or 0, a refused file); `cells` are its cells as they were read."""

    file: str
    line: int
    field: str
    reason: str
    cells: tuple[str, ...] = ()

    def __str__(self) -> str:
        place = [self.file, f"第 {self.line} 行" if self.line else "", f"字段 {self.field}" if self.field else ""]
        return " ".join(part for part in place if part) + f"：{self.reason}"


class FileRefused(Exception):
    """The whole file cannot be read; no number of tolerated rows helps."""

    def __init__(self, rejection: Rejection) -> None:
        super().__init__(str(rejection))
        self.rejection = rejection


@dataclass(frozen=True)
class MaxBad:
    """How many bad rows a file may have and still be loaded without them: a count, or a share of its rows."""

    limit: Decimal = Decimal(0)
    percent: bool = False

    def allows(self, bad: int, rows: int) -> bool:
        """Whether a file of `rows` rows may be loaded when `bad` of them are left out."""
        return bad * 100 <= self.limit * rows if self.percent else bad <= self.limit


NONE_BAD = MaxBad()


def parse_max_bad(written: str) -> MaxBad:
    """Read `5` or `0.5%`; ValueError with a Chinese reason otherwise."""
    try:
        limit = Decimal(written.strip().removesuffix("%"))
    except InvalidOperation:
        limit = Decimal(-1)
    percent = written.strip().endswith("%")
    if not limit.is_finite() or limit < 0 or (percent and limit > 100) or (not percent and limit != int(limit)):
        raise ValueError(f"允许的坏行数写成整数（如 5）或百分比（如 0.5%），而不是“{written}”")
    return MaxBad(limit, percent)
