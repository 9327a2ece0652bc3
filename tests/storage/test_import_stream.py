"""Rows that stream in: however many, whoever else writes meanwhile, and whatever stops them."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from xlsxwriter import Workbook

from domain.refusal import Refused
from storage import schema
from storage.database import Database
from storage.imports.delivery import Delivery
from storage.imports.format import CUSTOMERS, PRODUCT_NAV, TRANSACTIONS
from storage.imports.intake import Order, take_in
from storage.imports.judging import AT_ONCE
from storage.imports.keys import Keys
from storage.imports.load import run_import
from storage.imports.one_row import put_row
from storage.imports.ownership import read_grant
from storage.imports.reader import Row, rows_of
from storage.imports.rejection import FileRefused, Rejection, parse_max_bad
from storage.imports.report import ImportReport
from tests.storage.import_bank import write_bank, write_files
from tests.storage.test_import_load import NEXT, NOW, database

__all__ = ["database"]
TXN = ("txn_id", "customer_id", "booked_at", "amount", "kind", "channel", "counterparty", "customer_initiated")
ORDER = Order(TRANSACTIONS, "transactions.csv", NEXT, NOW, whole=False)


def load(database: Database, folder: Path, max_bad: str = "0", dry_run: bool = False) -> ImportReport:
    given = {"as_of": NEXT, "now": NOW, "clock": time.monotonic, "max_bad": parse_max_bad(max_bad)}
    return run_import(database, folder, dry_run=dry_run, **given)


def booked(first: int, last: int) -> Iterator[Row]:
    """The header and so many transactions."""
    yield Row(1, TXN)
    for number in range(first, last):
        cells = (f"N{number}", "C001", "2026-11-22T10:00:00+08:00", f"{number}.00", "转账", "", "", "1")
        yield Row(number - first + 2, cells)


def held(database: Database, view: sa.Table) -> dict[tuple[int, int | None], int]:
    """How many rows lie there, by the versions that brought and replaced them."""
    rows = schema.rows_of(view).c
    found = sa.select(rows.since, rows.until, sa.func.count()).group_by(rows.since, rows.until)
    return {(since, until): count for since, until, count in database.read_now(lambda unit: unit.rows(found))}


def count(database: Database, view: sa.Table) -> int:
    return int(database.read_now(lambda unit: unit.execute(sa.select(sa.func.count()).select_from(view)).scalar_one()))


@given(st.lists(st.tuples(st.text(max_size=3), st.integers(0, 9)), max_size=200), st.integers(0, 5))
def test_keys_know_where_each_was_first(keys: list[tuple[str, int]], expected: int) -> None:
    first: dict[tuple[str, int], int] = {}
    ours = Keys(expected)
    for line, key in enumerate(keys, 2):
        assert ours.add(key, line) == first.get(key)
        first.setdefault(key, line)
    assert len(ours) == len(first)
    assert all(key in ours for key in first)
    assert ("four", 4) not in ours


def test_keys_grow() -> None:
    ours = Keys()
    assert all(ours.add((number,), number) is None for number in range(5_000))
    assert [ours.add((number,), 0) for number in range(5_000)] == list(range(5_000))


def test_a_file_that_turns_out_bad_late_leaves_nothing(database: Database, tmp_path: Path) -> None:
    """Thousands of good rows were written when the last one is found to repeat the first."""
    load(database, write_bank(tmp_path / "feed"))
    before = held(database, schema.txn)
    rows = [*booked(0, 3 * AT_ONCE), Row(9, next(iter(list(booked(0, 1))[1:])).cells)]
    report = take_in(database, ORDER, iter(rows))
    assert (report.refused, report.rejected, report.inserted) == (True, 1, 0)
    assert "与第 2 行的主键（txn_id）重复" in report.rejections[0].reason
    assert held(database, schema.txn) == before == {(1, None): 3}
    assert database.read_now(lambda unit: unit.rows(sa.select(schema.feed_staging))) == []


def test_a_stream_that_breaks_leaves_nothing(database: Database, tmp_path: Path) -> None:
    load(database, write_bank(tmp_path / "feed"))

    def broken() -> Iterator[Row]:
        yield from booked(0, 2 * AT_ONCE)
        raise FileRefused(Rejection("transactions.csv", 9, "", "无法分列"))

    with pytest.raises(FileRefused):
        take_in(database, ORDER, broken())
    assert held(database, schema.txn) == {(1, None): 3}
    assert take_in(database, ORDER, booked(0, 5)).inserted == 5
    assert held(database, schema.txn) == {(1, None): 3, (2, None): 5}


def test_two_imports_of_one_feed_do_not_mix(database: Database, tmp_path: Path) -> None:
    """The second is told to wait; another feed is no obstacle."""
    load(database, write_bank(tmp_path / "feed"))
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> Iterator[Row]:
        yield from booked(0, 2 * AT_ONCE)
        begun.set()
        go_on.wait()

    with ThreadPoolExecutor() as pool:
        first = pool.submit(take_in, database, ORDER, slow())
        begun.wait()
        try:
            with pytest.raises(Refused, match="另一批导入正在写入 transactions"):
                take_in(database, ORDER, booked(0, 5))
            navs = iter([Row(1, ("product_id", "day", "nav")), Row(2, ("P1", "2026-11-22", "1.1"))])
            assert take_in(database, replace(ORDER, spec=PRODUCT_NAV), navs).inserted == 1
            assert count(database, schema.txn) == 3
        finally:
            go_on.set()
        assert first.result().inserted == 2 * AT_ONCE
    assert count(database, schema.txn) == 3 + 2 * AT_ONCE


def customers(folder: Path, begun: threading.Event, go_on: threading.Event) -> Iterator[Row]:
    """The bank's customers, each changed, then so many new ones that the first are written; then a pause."""
    header, *rows = rows_of(folder / "customers.csv")
    yield header
    yield from (row._replace(cells=(row.cells[0], f"{row.cells[1]}改", *row.cells[2:])) for row in rows)
    for number in range(AT_ONCE):
        yield Row(100 + number, (f"N{number:05}", "新样", *rows[-1].cells[2:]))
    begun.set()
    go_on.wait()


@pytest.mark.parametrize("key", ["C003", "C009"])
def test_a_single_row_put_meanwhile_stays(database: Database, tmp_path: Path, key: str) -> None:
    """One that the import has prepared, and one that nobody knew: seen at once, and after the flip."""
    load(database, write_bank(tmp_path / "feed"))
    grant = read_grant(["customers"])
    delivery = Delivery(CUSTOMERS, grant, NEXT, NOW, "核心系统")
    header, *rows = rows_of(tmp_path / "feed" / "customers.csv")
    cells = dict(zip(header.cells, rows[2].cells, strict=True)) | {"customer_id": key, "occupation": "教师"}

    def occupation() -> list[str]:
        seen = sa.select(schema.customer.c.occupation).where(schema.customer.c.customer_id == key)
        return [row.occupation for row in database.read_now(lambda unit: unit.rows(seen))]

    begun, go_on = threading.Event(), threading.Event()
    whole = Order(CUSTOMERS, "customers.csv", NEXT, NOW, whole=False)
    with ThreadPoolExecutor() as pool:
        importing = pool.submit(take_in, database, whole, customers(tmp_path / "feed", begun, go_on))
        begun.wait()
        while (1, None) in held(database, schema.customer) and not importing.done():
            time.sleep(0.01)
        try:
            report = database.run(lambda unit: put_row(unit, delivery, cells))
            assert not report.refused, report.rejections
            assert occupation() == ["教师"]
        finally:
            go_on.set()
        assert importing.result().inserted == AT_ONCE
    assert occupation() == ["教师"]


def test_sheets_and_texts_of_tens_of_thousands_say_the_same(database: Database, tmp_path: Path) -> None:
    load(database, write_bank(tmp_path / "feed"))
    rows = [row.cells for row in booked(0, 20_000)]
    folder = write_files(tmp_path / "second", transactions="\n".join(map(",".join, rows)) + "\n")
    assert load(database, folder, dry_run=True).files[0].inserted == 20_000
    assert held(database, schema.txn) == {(1, None): 3}
    [text] = load(database, folder).files
    (folder / "transactions.csv").unlink()
    with Workbook(folder / "transactions.xlsx", {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
    [sheet_report] = load(database, folder).files
    assert (text.inserted, sheet_report.unchanged, sheet_report.rows) == (20_000, 20_000, 20_000)
    total = sa.select(sa.func.sum(schema.txn.c.amount)).where(schema.txn.c.txn_id.like("N%"))
    assert database.read_now(lambda unit: unit.execute(total).scalar_one()) == 100 * sum(range(20_000))


def test_bad_rows_without_end_are_counted_and_written_down(database: Database, tmp_path: Path) -> None:
    """Thousands of them: the report keeps the first, the rejected file has every one."""
    load(database, write_bank(tmp_path / "feed"))
    rows = [row.cells for row in booked(0, 3_000)]
    bad = "\n".join([",".join(rows[0]), *(",".join(cells).replace("C001", "C404") for cells in rows[1:])]) + "\n"
    folder = write_files(tmp_path / "second", transactions=bad)
    report = load(database, folder, max_bad="99%")
    [file] = report.files
    assert (file.refused, file.rejected, len(file.rejections)) == (True, 3_000, 1_000)
    assert any("另有 2980 处" in line for line in report.lines())
    written = (folder / "rejected" / "transactions.csv").read_text("utf-8").splitlines()
    assert len(written) == 3_001
    assert [line.split(",")[0] for line in written[1:]] == [str(line) for line in range(2, 3_002)]


def test_every_row_says_who_brought_it(database: Database, tmp_path: Path) -> None:
    load(database, write_bank(tmp_path / "feed"))
    take_in(database, replace(ORDER, source="流水平台"), booked(0, 2))
    txn = schema.txn.c
    told = sa.select(txn.source, sa.func.count()).group_by(txn.source)
    assert sorted(tuple(row) for row in database.read_now(lambda unit: unit.rows(told))) == [
        ("file", 3),
        ("流水平台", 2),
    ]
