"""What is told while an import runs: which file, how many rows of how many, how fast, how much longer."""

import re
from itertools import count
from pathlib import Path

import pytest

from storage.imports.load import run_import
from storage.imports.progress import Progress, rows_in
from storage.imports.report import ImportReport
from tests.storage.import_bank import BANK, write_bank, write_files
from tests.storage.test_import_load import DAY, NOW, Database, database

__all__ = ["database"]
TOLD = re.compile(r"(\S+)：共 ([\d,]+) / ([\d,]+) 行(?:，每秒 [\d,]+ 行，约剩 (?:\d+ 分 )?\d+ 秒)?")


class Seconds:
    """A clock that is looked at: each look is a quarter of a second later."""

    def __init__(self) -> None:
        self._looks = count()

    def __call__(self) -> float:
        return next(self._looks) / 4


def test_rows_speed_and_rest() -> None:
    now = [100.0]
    told: list[str] = []
    progress = Progress(told.append, lambda: now[0], {"a.csv": 1_000, "b.csv": 3_000})
    progress.begin("a.csv")
    for _ in progress.along(range(1_000)):
        now[0] += 0.002
    progress.end(1_200)  # its lines had told too little
    now[0] += 0.4
    progress.begin("b.csv")
    assert told[0] == "a.csv：共 0 / 4,000 行"
    assert told[-1] == "b.csv：共 1,200 / 4,200 行，每秒 500 行，约剩 6 秒"
    assert "a.csv：共 256 / 4,000 行，每秒 500 行，约剩 8 秒" in told
    assert len(told) == 5


def test_long_waits_are_told_in_minutes() -> None:
    now = [0.0]
    told: list[str] = []
    progress = Progress(told.append, lambda: now[0], {"a.csv": 100, "b.csv": 8_900})
    progress.begin("a.csv")
    progress.end(100)
    now[0] = 1.0
    progress.begin("b.csv")
    assert told[-1].endswith("每秒 100 行，约剩 1 分 29 秒")


def test_before_the_hundredth_part_nothing_is_guessed() -> None:
    now = [0.0]
    told: list[str] = []
    progress = Progress(told.append, lambda: now[0], {"a.csv": 99, "b.csv": 9_901})
    progress.begin("a.csv")
    progress.end(99)
    now[0] = 1.0
    progress.begin("b.csv")
    assert told[-1] == "b.csv：共 99 / 10,000 行"


@pytest.mark.parametrize(("content", "rows"), [("", 0), ("a\n", 0), ("a\n1\n2\n", 2), ("a\n1\n2", 1)])
def test_lines_tell_how_many_rows(tmp_path: Path, content: str, rows: int) -> None:
    file = tmp_path / "a.csv"
    file.write_text(content)
    assert rows_in(file) == rows


def test_an_import_tells_how_far_it_is(database: Database, tmp_path: Path) -> None:
    header, row = BANK["transactions"].splitlines()[:2]
    many = "\n".join([header, *(row.replace("T1,", f"T{number},", 1) for number in range(3_000))]) + "\n"
    folder = write_bank(tmp_path / "feed", transactions=many)
    told: list[str] = []
    assert load(database, folder, told).ok
    heard = [TOLD.fullmatch(text) for text in told]
    assert None not in heard
    done = [int(each[2].replace(",", "")) for each in heard if each]
    assert done == sorted(done)
    assert list(dict.fromkeys(each[1] for each in heard if each)) == [f"{name}.csv" for name in BANK]
    within = [each for each in heard if each and each[1] == "transactions.csv"]
    assert len(within) > 4
    assert all(int(each[2].replace(",", "")) <= int(each[3].replace(",", "")) for each in heard if each)


def test_a_file_that_is_refused_is_no_obstacle(database: Database, tmp_path: Path) -> None:
    load(database, write_bank(tmp_path / "feed"), [])
    folder = write_files(tmp_path / "second", holdings="nonsense\n1\n", loans=BANK["loans"])
    told: list[str] = []
    assert not load(database, folder, told).ok
    assert [text.split("：")[0] for text in told] == ["holdings.csv", "loans.csv"]


def load(database: Database, folder: Path, told: list[str]) -> ImportReport:
    return run_import(database, folder, as_of=DAY, now=NOW, clock=Seconds(), tell=told.append)
