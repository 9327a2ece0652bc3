"""The worked example of docs/import.md is imported as it stands there, and with tens of thousands of rows."""

import re
import time
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bot.clock import HouseClock
from storage import schema
from storage.imports.load import run_import
from storage.imports.report import ImportReport
from storage.opening import open_database

PAGE = Path(__file__).parents[2] / "docs" / "import.md"
FILE = re.compile(
    r"^`([\w.]+)`[^`\n]*(?:`[^`\n]*`[^`\n]*)*：\n\n```(?:text|yaml)\n(.*?)^```$", re.MULTILINE | re.DOTALL
)
DAY = date(2026, 11, 22)
SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=SHANGHAI)
MANY = 20_000


def example() -> dict[str, str]:
    section = PAGE.read_text("utf-8").split("### 例子：")[1].split("\n## ")[0]
    return dict(FILE.findall(section))


def write(folder: Path, files: dict[str, str]) -> Path:
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8" if name.endswith(".yaml") else "gbk", newline="")
    return folder


def imported(url: str, folder: Path, statement: sa.Select) -> tuple[ImportReport, list]:  # type: ignore[type-arg]
    database = open_database(url, folder.parent / "key", HouseClock())
    database.start(None)
    try:
        report = run_import(database, folder, as_of=DAY, now=NOW, clock=time.monotonic)
        return report, list(database.read_now(lambda unit: unit.rows(statement)))
    finally:
        database.stop()


def test_the_example_is_imported_as_it_stands(migrated_url: str, tmp_path: Path) -> None:
    files = example()
    assert list(files) == ["JG.csv", "YG.csv", "KHXX.csv", "ZHXX.csv", "JYLS.dat", "mapping.yaml"]
    txn = schema.txn.c
    told = sa.select(txn.txn_id, txn.customer_id, txn.booked_at, txn.amount, txn.kind, txn.channel, txn.source)
    report, rows = imported(migrated_url, write(tmp_path / "feed", files), told.order_by(txn.txn_id))
    assert report.ok, report.lines()
    assert [file.inserted for file in report.files] == [2] * 5
    half_past_nine = datetime(2026, 11, 21, 9, 30, tzinfo=SHANGHAI)
    assert rows == [
        ("20261121-1", "80001", half_past_nine, -20_000, "转账", "9", "file"),
        ("20261121-2", "80002", half_past_nine.replace(hour=10, minute=15), -321, "结息", None, "file"),
    ]


def test_the_same_with_tens_of_thousands_of_rows(migrated_url: str, tmp_path: Path) -> None:
    """Every second one out, one cent more each: the sum tells whether each came once and with its sign."""
    files = example()
    rows = (
        f"20261121;{number};093000;6200{1 + number % 2};{'DC'[number % 2]};{number // 100}.{number % 100:02};02;9\n"
        for number in range(3, MANY + 3)
    )
    files["JYLS.dat"] += "".join(rows)
    txn = schema.txn.c
    sums = sa.select(txn.customer_id, sa.func.count(), sa.func.sum(txn.amount)).group_by(txn.customer_id)
    report, found = imported(migrated_url, write(tmp_path / "feed", files), sums.order_by(txn.customer_id))
    assert report.ok, report.lines()
    odd, even = range(3, MANY + 3, 2), range(4, MANY + 3, 2)
    assert found == [("80001", len(even) + 1, -sum(even) - 20_000), ("80002", len(odd) + 1, sum(odd) - 321)]
